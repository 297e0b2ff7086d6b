import Diagnostics
import Testing

@testable import repro

@Suite struct LiveRegionTests {
    @Test func `a frame goes back over the last region and replaces it`() {
        var region = LiveRegion()
        #expect(region.frame(above: [], region: ["a", "b"]) == "a\u{1B}[K\nb\u{1B}[K\n\u{1B}[J")
        #expect(region.frame(above: ["done"], region: ["b"]) == "\u{1B}[2A\rdone\u{1B}[K\nb\u{1B}[K\n\u{1B}[J")
        #expect(region.frame(above: [], region: []) == "\u{1B}[1A\r\u{1B}[J")
    }

    @Test func `nothing to show draws nothing`() {
        var region = LiveRegion()
        #expect(region.frame(above: [], region: []) == "")
    }

    @Test func `progress shows what is known`() {
        let full = Progress(
            activity: "verifying objects", doneItems: 3, totalItems: 10, doneBytes: 2048, totalBytes: 4096)
        #expect(ProgressMonitor.line(full) == "verifying objects: 3 of 10, 2.00 KiB of 4.00 KiB")
        let saved = Progress(activity: "pushing", doneItems: 1, totalItems: 2, doneBytes: 4096, savedBytes: 1024)
        #expect(ProgressMonitor.line(saved) == "pushing: 1 of 2, 4.00 KiB, 1.00 KiB there already")
        #expect(ProgressMonitor.line(Progress(activity: "opening the store")) == "opening the store")
    }

    @Test func `where it does not fit the words are cut and not the numbers`() {
        let progress = Progress(
            activity: "pushing to s3://a-bucket/with/a/long/path", doneItems: 1, totalItems: 2, doneBytes: 4096)
        let pace = ", 1.00 KiB/s, 4.00 s left"
        #expect(
            ProgressMonitor.line(progress, pace, width: 60)
                == "pushing to s3://…: 1 of 2, 4.00 KiB, 1.00 KiB/s, 4.00 s left")
        #expect(ProgressMonitor.line(progress, pace, width: 30) == "pushing to …: 1 of 2, 4.00 Ki…")
    }

    @Test func `the pace is told as soon as anything is done, by number or by size`() {
        func pace(items: Int, _ bytes: Int, after elapsed: Duration = .seconds(2)) -> String {
            let progress = Progress(
                activity: "a", doneItems: items, totalItems: 10, doneBytes: bytes, totalBytes: 40 << 20)
            return ProgressMonitor.pace(progress, after: elapsed)
        }
        #expect(pace(items: 0, 10 << 20) == ", 5.00 MiB/s, 6.00 s left")
        #expect(pace(items: 1, 10 << 20) == ", 5.00 MiB/s, 18.0 s left")
        #expect(pace(items: 5, 10 << 20) == ", 5.00 MiB/s, 6.00 s left")
        #expect(pace(items: 10, 40 << 20) == ", 20.0 MiB/s")
        #expect(pace(items: 0, 0) == "")
        #expect(pace(items: 5, 10 << 20, after: .milliseconds(900)) == "")
    }
}
