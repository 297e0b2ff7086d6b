package import Diagnostics
import Experiments
package import Files

/// Sends what was kept on disk while a server was away, to where each run belongs. To send something twice is harmless,
/// so it may be killed at any moment, and run by several at once.
package struct SpoolSync: Sendable {
    package struct Report: Sendable {
        /// Folders of which everything was sent.
        package var sent: [AbsolutePath] = []
        /// Folders to which another process writes.
        package var busy: [AbsolutePath] = []
        /// Folders of which something is left, and why.
        package var left: [(folder: AbsolutePath, because: any UserFacingError)] = []
        /// What destinations refused for good.
        package var refused: [String] = []
    }

    private let context: RunContext

    package init(_ context: RunContext) { self.context = context }

    package func send() throws -> Report {
        var report = Report()
        for root in try roots() {
            for name in try names(in: root) {
                let folder = root.appending(RelativePath(unchecked: name))
                do {
                    try send(folder, &report)
                } catch let error as DestinationAway {
                    report.left.append((folder, error.cause))
                } catch let error as any UserFacingError {
                    report.left.append((folder, error))
                }
            }
        }
        return report
    }

    private func send(_ folder: AbsolutePath, _ report: inout Report) throws {
        let head = folder.appending("spool.json")
        if try FileSystem.real.status(of: head) == nil { return }
        guard let spool = try RunSpool.openLeft(at: folder) else {
            report.busy.append(folder)
            return
        }
        let destination = try context.destination(spool.address)
        while !spool.isEmpty { report.refused += try spool.sendOne(to: destination) }
        spool.close()
        report.sent.append(folder)
    }

    /// Of this project and of this user, each once.
    private func roots() throws -> [AbsolutePath] {
        let chosen = try context.spoolFolder(nil)
        return chosen == context.userSpoolFolder ? [chosen] : [chosen, context.userSpoolFolder]
    }

    private func names(in root: AbsolutePath) throws -> [[UInt8]] {
        guard try FileSystem.real.status(of: root) != nil else { return [] }
        return try FileSystem.real.openFolder(root).names().sorted { $0.lexicographicallyPrecedes($1) }
    }
}
