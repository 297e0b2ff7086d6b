/// Where results come from that were made elsewhere: a remote. It is asked only for what neither run cache nor store
/// have here.
///
/// Never throws: a source that cannot be reached has nothing, and the stage runs.
package protocol ResultSource: Sendable {
    /// What a stage with this key made; without its content.
    func outputs(for key: StageKey) -> [LockedOutput]?
    /// Whether it has all content of `outputs` that the store lacks.
    func offers(_ outputs: [LockedOutput]) -> Bool
    /// Brings that content into the store; false if some of it could not be had.
    func fetch(_ outputs: [LockedOutput]) -> Bool
}
