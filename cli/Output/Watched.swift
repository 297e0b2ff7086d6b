/// Runs long work with progress on the terminal. Ctrl-C ends the program where it is, which is safe: what is unfinished
/// lies in scratch folders, and the next command removes it.
func watched<Report>(_ call: Invocation, _ body: (ProgressMonitor) throws -> Report) throws -> Report {
    let monitor = ProgressMonitor(call)
    defer { monitor.finish() }
    return try body(monitor)
}
