/// Every command, in the order of `repro help`.
let allCommands: [any Command.Type] = [
    HelpCommand.self,
    VersionCommand.self,
    CompletionCommand.self,
    CompleteCommand.self,
]
