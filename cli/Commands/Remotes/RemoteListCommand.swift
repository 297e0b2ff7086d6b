import JSON
import Operations

/// `repro remote list`
enum RemoteListCommand: Command {
    static let spec = CommandSpec("remote list", "List the remotes of the project", in: .remotes)

    static func run(_ call: Invocation) throws -> ExitStatus {
        let remotes = try listRemotes(in: call.surroundings)
        if call.printsJSON {
            call.output.json(.array(remotes.map(json)))
            return .done
        }
        if remotes.isEmpty { call.note("there are no remotes; add one with `repro remote add NAME URL`") }
        var table = Table([.init("name"), .init("url"), .init("options")])
        for remote in remotes {
            let options = remote.options.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            table.add([
                .init(remote.name + (remote.isDefault ? " (default)" : "")), .init(remote.url),
                .init(options.joined(separator: " ")),
            ])
        }
        if !remotes.isEmpty { call.output.table(table) }
        return .done
    }

    private static func json(_ remote: ConfiguredRemote) -> JSONValue {
        var options = JSONObject()
        for (name, value) in remote.options.sorted(by: { $0.key < $1.key }) { options[name] = .string(value) }
        return .object([
            "name": .string(remote.name), "url": .string(remote.url), "options": .object(options),
            "isDefault": .bool(remote.isDefault),
        ])
    }
}
