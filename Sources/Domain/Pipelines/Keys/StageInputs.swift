package import Files
package import Hashing
package import JSON
package import Objects

/// Everything that can change what a stage makes, with the values it has now: what a stage key is the hash of.
///
/// `components` is the only list of what counts. The key hashes it, `changes(from:)` compares it and so `why` prints
/// it: an explanation cannot name anything that the decision did not look at.
package struct StageInputs: Sendable, Equatable {
    package var commands: [String]
    package var workingDirectory: RelativePath
    /// In path order.
    package var dependencies: [InputFile]
    /// By file, then by key.
    package var params: [InputParam]
    /// In name order.
    package var environment: [InputVariable]
    /// In path order.
    package var outputs: [DeclaredOutput]

    package init(
        commands: [String], workingDirectory: RelativePath = .root, dependencies: [InputFile] = [],
        params: [InputParam] = [], environment: [InputVariable] = [], outputs: [DeclaredOutput] = []
    ) {
        self.commands = commands
        self.workingDirectory = workingDirectory
        self.dependencies = inOrder(dependencies) { $0.path < $1.path }
        self.params = inOrder(params) { ($0.file, $0.key) < ($1.file, $1.key) }
        self.environment = inOrder(environment) { $0.name < $1.name }
        self.outputs = inOrder(outputs) { $0.path < $1.path }
    }
}

/// Sorted; without a new array for the one item that most stages have.
private func inOrder<Item>(_ items: [Item], by comesBefore: (Item, Item) -> Bool) -> [Item] {
    items.count < 2 ? items : items.sorted(by: comesBefore)
}

/// A dep and what it held when it was looked at.
package struct InputFile: Sendable, Equatable {
    package var path: RelativePath
    package var fingerprint: Fingerprint

    package init(path: RelativePath, fingerprint: Fingerprint) {
        self.path = path
        self.fingerprint = fingerprint
    }
}

/// One param and its value.
package struct InputParam: Sendable, Equatable {
    package var file: RelativePath
    package var key: String
    package var value: JSONValue

    package init(file: RelativePath, key: String, value: JSONValue) {
        self.file = file
        self.key = key
        self.value = value
    }
}

/// A declared variable of the environment. Only a hash of its value is kept, for it may be a secret.
package struct InputVariable: Sendable, Equatable {
    package var name: String
    /// SHA-256 of the value; nil where the variable is not set.
    package var valueHash: SHA256Digest?

    package init(name: String, valueHash: SHA256Digest?) {
        self.name = name
        self.valueHash = valueHash
    }
}

/// An out as declared: its path and the options that change what running the stage means.
package struct DeclaredOutput: Sendable, Equatable {
    package var path: RelativePath
    package var isCached: Bool
    package var persists: Bool

    package init(path: RelativePath, isCached: Bool, persists: Bool) {
        self.path = path
        self.isCached = isCached
        self.persists = persists
    }

    package init(_ output: Output) {
        self.init(path: output.path, isCached: output.isCached, persists: output.persists)
    }
}

/// One line of what a stage key covers.
package struct KeyComponent: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        case command, workingDirectory, dependency, param, environment, output
    }

    package struct Identity: Sendable, Hashable {
        package let kind: Kind
        /// The path, the `file:key`, the variable, or the number of the command.
        package let name: String
    }

    package let identity: Identity
    package let value: String

    init(_ kind: Kind, _ name: String, _ value: String) {
        identity = Identity(kind: kind, name: name)
        self.value = value
    }
}

/// An input that is not what it was. Nil before: it is new; nil after: it is gone.
package struct InputChange: Sendable, Hashable {
    package let input: KeyComponent.Identity
    package let before: String?
    package let after: String?

    init(_ input: KeyComponent.Identity, before: String?, after: String?) {
        self.input = input
        self.before = before
        self.after = after
    }
}

extension StageInputs {
    /// The inputs, one by one, in a fixed order.
    package var components: [KeyComponent] {
        var list = commands.enumerated().map { KeyComponent(.command, "\($0.offset + 1)", $0.element) }
        list.append(KeyComponent(.workingDirectory, "", workingDirectory.description))
        list += dependencies.map { KeyComponent(.dependency, $0.path.description, $0.fingerprint.keyText) }
        list += params.map { KeyComponent(.param, "\($0.file):\($0.key)", $0.value.keyText) }
        list += environment.map { KeyComponent(.environment, $0.name, $0.valueHash?.description ?? "unset") }
        list += outputs.map { KeyComponent(.output, $0.path.description, $0.keyText) }
        return list
    }

    /// What differs between these inputs and `earlier` ones; empty exactly when both have the same key.
    ///
    /// Commands come last: most differ only because a param in them does, and the param says more in fewer words.
    package func changes(from earlier: StageInputs) -> [InputChange] {
        // What is equal has equal components. The reverse does not hold: a param's `1` and `1.0` are one component.
        if self == earlier { return [] }
        let before = Dictionary(earlier.components.map { ($0.identity, $0) }, uniquingKeysWith: { first, _ in first })
        let after = components
        var changes = after.compactMap { component -> InputChange? in
            let old = before[component.identity]?.value
            return old == component.value ? nil : InputChange(component.identity, before: old, after: component.value)
        }
        let remaining = Set(after.map(\.identity))
        for component in earlier.components where !remaining.contains(component.identity) {
            changes.append(InputChange(component.identity, before: component.value, after: nil))
        }
        return changes.filter { $0.input.kind != .command } + changes.filter { $0.input.kind == .command }
    }
}

extension Fingerprint {
    /// As it enters a stage key: kind, then both digests.
    var keyText: String {
        let kindText =
            switch kind {
            case .file(let isExecutable): isExecutable ? "executable" : "file"
            case .folder: "folder"
            }
        return "\(kindText) \(digest.id) \(digest.sha256)"
    }
}

extension DeclaredOutput {
    /// As it enters a stage key: the options that are not at their default.
    var keyText: String { (isCached ? "" : "uncached ") + (persists ? "persists" : "") }
}

extension JSONValue {
    /// As it enters a stage key: numbers of one value are one, as in DVC, so that `1` and `1.0` make no difference.
    var keyText: String { withoutFraction.text() }

    private var withoutFraction: JSONValue {
        switch self {
        case .number(let number): return Int64(exactly: number).map { .integer($0) } ?? self
        case .array(let items): return .array(items.map(\.withoutFraction))
        case .object(let object):
            var result = JSONObject()
            for (key, value) in object.pairs { result[key] = value.withoutFraction }
            return .object(result)
        case .null, .bool, .integer, .string: return self
        }
    }
}
