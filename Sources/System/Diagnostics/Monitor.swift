/// Hears what happens during long work. The work goes on; a monitor never throws and never waits.
package protocol Monitor: Sendable {
    /// Called often, from any thread.
    func progress(_ progress: Progress)
    /// Something is wrong, but the work goes on.
    func warning(_ error: any UserFacingError)
}

/// How far a long piece of work is.
package struct Progress: Sendable, Equatable {
    /// What is being done, as a participle and an object: `storing models/guess.bin`.
    package var activity: String
    package var doneItems: Int
    package var totalItems: Int?
    package var doneBytes: Int
    package var totalBytes: Int?
    /// Of those done, how many need not be moved, since they are where they should be.
    package var savedBytes = 0

    package init(
        activity: String, doneItems: Int = 0, totalItems: Int? = nil, doneBytes: Int = 0, totalBytes: Int? = nil,
        savedBytes: Int = 0
    ) {
        self.activity = activity
        self.doneItems = doneItems
        self.totalItems = totalItems
        self.doneBytes = doneBytes
        self.totalBytes = totalBytes
        self.savedBytes = savedBytes
    }
}

/// Hears everything and says nothing.
package struct SilentMonitor: Monitor {
    package init() {}
    package func progress(_ progress: Progress) {}
    package func warning(_ error: any UserFacingError) {}
}
