package import Diagnostics
package import Experiments
package import Files
package import Objects
package import Operations

/// What the handlers work on.
package struct Services: Sendable {
    package let store: any TrackingStore
    /// Whether handlers that ask the store wait for a network: then none may run on an event thread.
    let isStoreRemote: Bool
    package let objects: ObjectStore
    /// For files that are on their way in or out; best on the file system of the object store.
    package let scratch: AbsolutePath
    package let fileSystem: FileSystem
    package let clock: Clock
    /// The project behind the server; nil if it serves a tracking store alone.
    package let project: Surroundings?
    /// Who listens to what changes.
    let events: EventHub
    let launcher: RunLauncher
    let runCreations: RunCreations

    package init(
        store: any TrackingStore, isStoreRemote: Bool = false, objects: ObjectStore, scratch: AbsolutePath,
        fileSystem: FileSystem = .real,
        clock: Clock = .system, project: Surroundings? = nil
    ) {
        self.store = store
        self.isStoreRemote = isStoreRemote
        self.objects = objects
        self.scratch = scratch
        self.fileSystem = fileSystem
        self.clock = clock
        self.project = project
        self.events = EventHub()
        self.launcher = RunLauncher()
        self.runCreations = RunCreations(serverStart: clock.now())
    }
}
