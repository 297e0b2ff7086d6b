/// A system call that is about to be made.
package struct FileCall: Sendable {
    package let action: FileAction
    package let path: AbsolutePath
}

/// What goes wrong instead of a system call, in a test.
package enum Fault: Sendable {
    case fail(FileError.Reason)
    /// Half of the bytes are written, then it fails.
    case tear(FileError.Reason)
}

/// Decides before each call whether it fails; nil lets it through. Called from any thread.
package typealias FaultPlan = @Sendable (FileCall) -> Fault?
