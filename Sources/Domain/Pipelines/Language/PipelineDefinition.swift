package import Diagnostics
package import Files
package import JSON

/// What the project's pipeline files say, after templating: the stages of all of them and what stands beside `stages`.
package struct PipelineDefinition: Sendable {
    package var stages: [Stage] = []
    /// Top-level `metrics`, `params`: files to show that need not belong to a stage.
    package var metrics: [Dependency] = []
    package var params: [Dependency] = []
    package var plots: [PlotDefinition] = []
    package var artifacts: [ArtifactDefinition] = []
    /// Every file that was read to get here: the pipeline files and those that `vars` and `${…}` took values from.
    package var files: [RelativePath] = []

    package init() {}
}

/// A top-level plot: a file or folder to draw, or a free name with files in its properties.
package struct PlotDefinition: Sendable, Equatable {
    package var name: String
    /// Where paths in it start.
    package var folder: RelativePath
    /// `x`, `y`, `x_label`, `y_label`, `title`, `template`, as written.
    package var properties: JSONObject
    package var location: SourceLocation

    package init(name: String, folder: RelativePath, properties: JSONObject, location: SourceLocation) {
        self.name = name
        self.folder = folder
        self.properties = properties
        self.location = location
    }
}

/// A named result, such as a model, with what people should know about it.
package struct ArtifactDefinition: Sendable, Equatable {
    package var name: String
    package var path: RelativePath
    /// `type`, `desc`, `labels`, `meta`, as written.
    package var annotations: JSONObject
    package var location: SourceLocation

    package init(name: String, path: RelativePath, annotations: JSONObject, location: SourceLocation) {
        self.name = name
        self.path = path
        self.annotations = annotations
        self.location = location
    }
}
