import Experiments
import Files
import Objects

/// A tracking store of MLflow that is read: a server, a database or a folder of files. Nothing of it is changed.
protocol MLflowSource {
    /// All of them, deleted ones too.
    func experiments() throws -> [MLflowExperiment]
    /// All of them, deleted ones too, one after the other.
    func forEachRun(of experiment: MLflowExperiment, _ body: (MLflowRun) throws -> Void) throws
    func points(of run: MLflowRun, key: String) throws -> [MetricPoint]
    func loggedModels(of experiment: MLflowExperiment) throws -> [MLflowLoggedModel]
    func registeredModels() throws -> [MLflowRegisteredModel]
    /// The files that a run or a logged model logged; nil if they cannot be reached from here.
    func files(of owner: MLflowArtifactOwner) throws -> [MLflowFile]?
    func store(_ file: MLflowFile, into objects: ObjectStore, scratch: AbsolutePath) throws -> Digest
    /// What it holds beside all that, by kind: we have nothing to put it into.
    func foreign() throws -> [String: Int]
}

struct MLflowExperiment {
    var id: String
    var name: String
    var artifactLocation = ""
    var isDeleted = false
    var createdMilliseconds: Int64 = 0
    var tags: [Tag] = []
}

struct MLflowRun {
    var id: String
    var name = ""
    var user = ""
    /// As MLflow calls it: `FINISHED`.
    var status = "FINISHED"
    var startMilliseconds: Int64 = 0
    var endMilliseconds: Int64?
    var isDeleted = false
    var artifactURI = ""
    var params: [Tag] = []
    var tags: [Tag] = []
    var metricKeys: [String] = []
    var datasets: [DatasetUse] = []
    var inputModels: [String] = []
    var outputModels: [ModelOutput] = []
    /// Where a folder keeps it.
    var folder: AbsolutePath?
}

struct MLflowLoggedModel {
    /// Its experiment is the source's: a number that means nothing here.
    var model: LoggedModel
    var artifactURI: String
}

struct MLflowRegisteredModel {
    var model: RegisteredModel
    var versions: [ModelVersion]
}

/// Whose files: how a server is asked for them, and where they are.
struct MLflowArtifactOwner {
    enum Kind { case run, loggedModel }

    var kind: Kind
    var id: String
    var uri: String
}

struct MLflowFile {
    /// Below the owner's root.
    var path: String
    /// How the source finds it again.
    var place: String
    var sizeBytes: UInt64?
}

/// What a source has that was not taken, by kind: shown to the user, with how often.
struct LeftBehind {
    private(set) var counts: [String: Int] = [:]

    mutating func add(_ what: String, count: Int = 1) { if count > 0 { counts[what, default: 0] += count } }
}
