package import Diagnostics
package import Objects

extension Remote {
    /// Removes what is not alive, in two phases: what is found dead now is condemned, and removed by a collection after
    /// the grace period. Safe beside any number of pushes and fetches; of collections only one is at work.
    ///
    /// `roots` says what is alive; whatever it cannot find out must be an error. Trees that it names are fetched into
    /// `store`.
    package func collectGarbage(
        keeping roots: () throws -> RemoteRoots, using store: ObjectStore, options: RemoteGarbageOptions,
        monitor: any Monitor = SilentMonitor()
    ) throws -> RemoteGarbageReport {
        try RemoteGarbageCollection(remote: self, store: store, options: options, monitor: monitor).run(roots)
    }
}
