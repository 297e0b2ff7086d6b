import Experiments
import MicroHTTPD

/// Reading and changing one version of a registered model.
extension MLflowAPI {
    @Sendable func getModelVersion(_ request: Request) throws -> Reply {
        reply(try modelVersion(try Parameters(request)))
    }

    @Sendable func getDownloadURI(_ request: Request) throws -> Reply {
        let version = try modelVersion(try Parameters(request))
        return .json { writer in
            writer.object { $0.field("artifact_uri", version.storageLocation ?? version.source) }
        }
    }

    @Sendable func updateModelVersion(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let (name, number) = try versionName(parameters)
        let description = try parameters.string("description") ?? ""
        try changing(name) { try store.describeVersion(number, model: name, description, at: now) }
        return reply(try modelVersion(parameters))
    }

    @Sendable func changeModelStage(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let (name, number) = try versionName(parameters)
        let stage = try modelStage(try parameters.required("stage"))
        let archives = try parameters.bool("archive_existing_versions") ?? false
        if archives, stage != .staging, stage != .production {
            throw MLflowError.invalid(
                "Model version transition cannot archive existing model versions because '\(stage.rawValue)' is not an "
                    + "Active stage. Valid stages are Staging, Production")
        }
        try changing(name) {
            try store.changeStage(number, model: name, to: stage, archivingOthers: archives, at: now)
        }
        return reply(try modelVersion(parameters))
    }

    @Sendable func deleteModelVersion(_ request: Request) throws -> Reply {
        let (name, number) = try versionName(try Parameters(request))
        try changing(name) { try store.deleteVersion(number, model: name) }
        return .emptyObject
    }

    @Sendable func setModelVersionTag(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let (name, number) = try versionName(parameters)
        let tag = try registryTag(parameters)
        try changing(name) { try store.setTags([tag], model: name, version: number) }
        return .emptyObject
    }

    @Sendable func deleteModelVersionTag(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let (name, number) = try versionName(parameters)
        let key = try parameters.required("key")
        try changing(name) { try store.removeTag(key, model: name, version: number) }
        return .emptyObject
    }
}
