/// Every command, in the order of `repro help`.
let allCommands: [any Command.Type] = [
    InitCommand.self,
    AddCommand.self, CheckoutCommand.self, DiffCommand.self, CatCommand.self, GetCommand.self, MoveCommand.self,
    RemoveCommand.self,
    RunCommand.self, StatusCommand.self, WhyCommand.self, DagCommand.self,
    StageListCommand.self, StageShowCommand.self, StageAddCommand.self, StageRemoveCommand.self,
    FreezeCommand.self, UnfreezeCommand.self, CommitCommand.self,
    RunsCommand.self, ShowCommand.self, CompareCommand.self, LogsCommand.self, RestoreCommand.self,
    ParamsShowCommand.self, ParamsDiffCommand.self, MetricsShowCommand.self, MetricsDiffCommand.self,
    VerifyCommand.self, DuCommand.self, GCCommand.self,
    PushCommand.self, FetchCommand.self, PullCommand.self,
    RemoteAddCommand.self, RemoteListCommand.self, RemoteModifyCommand.self, RemoteRemoveCommand.self,
    RemoteDefaultCommand.self, RemoteTestCommand.self, RemoteVerifyCommand.self, RemoteDuCommand.self,
    ServerCommand.self,
    HelpCommand.self, VersionCommand.self, CompletionCommand.self, CompleteCommand.self,
]
