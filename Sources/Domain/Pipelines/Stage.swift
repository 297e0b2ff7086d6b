package import Diagnostics
package import Files
package import JSON

/// A command with its deps, params and outs, after templating: one node of the pipeline's graph.
package struct Stage: Sendable, Equatable {
    package var name: StageName
    /// Each is run by a shell of its own, in order, until one fails.
    package var commands: [String]
    /// `cmd` as one text, if it is written as one and not as a list.
    package var commandText: String?
    /// Where the commands run; below the project's root.
    package var workingDirectory: RelativePath
    package var dependencies: [Dependency]
    package var params: [ParamRequest]
    package var outputs: [Output]
    /// What the stage reads outside the project: URLs and absolute paths.
    package var externalDependencies: [ExternalPath]
    /// What it writes outside the project; never kept in the store.
    package var externalOutputs: [ExternalPath]
    /// `desc`: for people, never part of the stage key.
    package var summary: String?
    /// Never run; its outputs are taken as they are.
    package var isFrozen: Bool
    /// Run each time, whatever has changed.
    package var alwaysChanged: Bool
    /// False: two runs may differ, so the result is not taken from the run cache of others.
    package var isDeterministic: Bool
    /// Variables of the environment that the commands depend on; their values enter the stage key.
    package var environment: [EnvironmentVariable]
    package var resources: Resources
    package var timeout: Duration?
    /// How often a failed command is tried again.
    package var retries: Int
    /// Where the stage begins in the user's file.
    package var location: SourceLocation

    package init(name: StageName, commands: [String], location: SourceLocation) {
        self.name = name
        self.commands = commands
        self.workingDirectory = .root
        self.dependencies = []
        self.params = []
        self.outputs = []
        self.externalDependencies = []
        self.externalOutputs = []
        self.isFrozen = false
        self.alwaysChanged = false
        self.isDeterministic = true
        self.environment = []
        self.resources = Resources()
        self.retries = 0
        self.location = location
    }
}

/// The name that a user types for a stage: `train`, `train@small` for a generated one, `sub/dvc.yaml:train` for one
/// of another folder's file.
package struct StageName: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) { self.text = text }

    package static func < (a: StageName, b: StageName) -> Bool { a.text < b.text }
    package var description: String { text }
}

/// A file or folder that a stage reads.
package struct Dependency: Sendable, Equatable {
    package var path: RelativePath
    package var location: SourceLocation

    package init(path: RelativePath, location: SourceLocation) {
        self.path = path
        self.location = location
    }
}

/// A place outside the project, as the user wrote it: `s3://bucket/key`, `/mnt/data`, `../other`.
package struct ExternalPath: Sendable, Equatable {
    package var text: String
    package var location: SourceLocation

    package init(text: String, location: SourceLocation) {
        self.text = text
        self.location = location
    }
}

/// The params of one file that a stage uses.
package struct ParamRequest: Sendable, Equatable {
    package var file: RelativePath
    /// Dotted keys; empty means the whole file.
    package var keys: [ParamKey]
    package var location: SourceLocation

    package struct ParamKey: Sendable, Equatable {
        package var name: String
        package var location: SourceLocation

        package init(name: String, location: SourceLocation) {
            self.name = name
            self.location = location
        }
    }

    package init(file: RelativePath, keys: [ParamKey], location: SourceLocation) {
        self.file = file
        self.keys = keys
        self.location = location
    }
}

/// A file or folder that a stage writes.
package struct Output: Sendable, Equatable {
    package enum Role: String, Sendable { case output, metric, plot }

    package var path: RelativePath
    package var role: Role
    /// `cache`: whether its content is kept in the store.
    package var isCached: Bool
    /// `persist`: not removed before the stage runs.
    package var persists: Bool
    /// `push`: whether it goes to remotes.
    package var isPushed: Bool
    /// What does not change how the stage runs: `remote`, `desc`, `type`, `labels`, `meta`, and how a plot is drawn.
    package var annotations: JSONObject
    package var location: SourceLocation

    package init(path: RelativePath, role: Role, location: SourceLocation) {
        self.path = path
        self.role = role
        self.isCached = true
        self.persists = false
        self.isPushed = true
        self.annotations = [:]
        self.location = location
    }
}

/// A declared variable of the environment: with a value of its own, or passed on from the caller.
package struct EnvironmentVariable: Sendable, Equatable {
    package var name: String
    /// Nil: the value that Repro itself was started with.
    package var value: String?

    package init(name: String, value: String?) {
        self.name = name
        self.value = value
    }
}

/// What a stage occupies while it runs.
package struct Resources: Sendable, Equatable {
    package var cpus: Double = 1
    /// Nil: not declared.
    package var memoryBytes: UInt64?
    package var gpus: Int = 0

    package init() {}
}
