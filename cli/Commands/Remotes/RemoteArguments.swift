import Diagnostics
import Operations
import Processes
import Threads

/// What the commands for remotes have in common.
enum RemoteArguments {
    static let name = ArgumentSpec("NAME", help: "The remote's name")
    static let optionalName = ArgumentSpec("NAME", .optional, help: "The remote's name; the default one if not given")
    static let remote = OptionSpec.value(
        "remote", short: "r", .text("NAME"), help: "The remote; the default one if not given")
    static let targets = ArgumentSpec(
        "TARGET", .any, completes: .stages,
        help: "Stages, tracked paths, outs, parts of them, or runs; all that is recorded if none is named")
    static let revisions = OptionSpec.values("rev", .text("REV"), help: "Also what this commit records")
    static let branches = OptionSpec.flag("all-branches", short: "a", help: "Also what the ends of all branches record")
    static let tags = OptionSpec.flag("all-tags", short: "T", help: "Also what all tags record")
    static let runCache = OptionSpec.flag(
        "run-cache", help: "Also the outs of all that the run cache knows, recorded or not")
    static let selection = [revisions, branches, tags, runCache]

    /// What a push, fetch or pull is about.
    static func selection(_ call: Invocation) -> TransferSelection {
        var selection = TransferSelection()
        selection.targets = call.arguments.values(of: targets)
        selection.revisions = call.arguments.values(of: revisions)
        selection.includesBranches = call.arguments.has(branches)
        selection.includesTags = call.arguments.has(tags)
        selection.includesRunCache = call.arguments.has(runCache)
        return selection
    }

    static let jobs = OptionSpec.value("jobs", short: "j", .count("N"), help: "How many transfers run at once")
    static let limitRate = OptionSpec.value(
        "limit-rate", .text("RATE"), help: "Bytes a second at most, with K, M or G for KiB, MiB or GiB")
    static let dryRun = OptionSpec.flag("dry-run", short: "n", help: "Print what would be transferred, and do nothing")
    static let local = OptionSpec.flag(
        "local", help: "Change .repro/config.local.yaml, which is not in Git, instead of config.yaml")

    static let endpoint = OptionSpec.value(
        "endpoint", .text("URL"), help: "The server, if it is not Amazon's or Google's own")
    static let region = OptionSpec.value("region", .text("REGION"), help: "The region of an S3 bucket")
    static let addressing = OptionSpec.value(
        "addressing", .choice("STYLE", of: ["path", "virtual"]), help: "How an S3 bucket is named in a request")
    static let profile = OptionSpec.value("profile", .text("NAME"), help: "A profile of ~/.aws/credentials")
    static let keyFile = OptionSpec.value(
        "key-file", .text("FILE", completes: .files), help: "A key of a Google service account")
    static let caFile = OptionSpec.value(
        "ca-file", .text("FILE", completes: .files), help: "Certificates to trust, in PEM form")
    static let anonymous = OptionSpec.flag("anonymous", help: "Send no credentials")
    static let dvc = OptionSpec.flag("dvc", help: "It holds what DVC pushed; it can be fetched and pulled from only")
    static let settings = [endpoint, region, addressing, profile, keyFile, caFile, anonymous, dvc]

    /// What the options say about a remote.
    static func change(_ call: Invocation) -> RemoteChange {
        var change = RemoteChange(name: call.arguments.value(of: name) ?? "")
        for option in [endpoint, region, addressing, profile, keyFile, caFile] {
            if let value = call.arguments.value(of: option) { change.options[settingName(option)] = value }
        }
        if call.arguments.has(anonymous) { change.options["anonymous"] = "true" }
        if call.arguments.has(dvc) { change.options["dvc"] = "true" }
        change.isLocal = call.arguments.has(local)
        return change
    }

    /// What --limit-rate says, in bytes a second.
    static func rate(_ call: Invocation) throws -> Int? {
        guard let text = call.arguments.value(of: limitRate) else { return nil }
        let units: [Character: Double] = [
            "K": 1024, "k": 1024, "M": 1_048_576, "m": 1_048_576, "G": 1_073_741_824, "g": 1_073_741_824,
        ]
        let unit = text.last.flatMap { units[$0] }
        guard let number = Double(unit == nil ? text : String(text.dropLast())), number > 0, number < 1e12 else {
            throw UsageError.unusable("`\(text)` is no rate", hint: "`--limit-rate 10M` is ten MiB a second")
        }
        return max(1, Int(number * (unit ?? 1)))
    }

    /// In the configuration words are joined by underscores.
    static func settingName(_ option: OptionSpec) -> String {
        String(option.name.map { $0 == "-" ? "_" : $0 })
    }
}
