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
}
