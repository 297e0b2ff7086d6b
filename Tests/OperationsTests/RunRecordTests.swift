import Experiments
import Files
import JSON
import Testing

@testable import Operations

/// The sample of a run as it travels, docs/formats/run-record.md, read for ever.
@Suite struct RunRecordTests {
    private let file = AbsolutePath(#filePath + "/../../../fixtures/formats/1/run-record.json")

    @Test func `the sample is read as a whole, and written as it was`() throws {
        let json = try JSONValue(parsing: FileSystem.real.read(file))
        let shared = try #require(SharedRun(json: json))
        #expect(shared.run.name == "brave-otter")
        #expect(shared.run.status == .finished)
        #expect(shared.run.git?.branch == "main")
        #expect(shared.metrics.first?.points.map(\.value) == [0.91, 1])
        #expect(shared.stages.first?.outputs.map(\.path.description) == ["model.bin"])
        #expect(shared.objects.count == 2)
        #expect(SharedRun(json: shared.json)?.json == shared.json)
    }
}
