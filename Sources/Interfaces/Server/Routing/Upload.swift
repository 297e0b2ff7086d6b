import MicroHTTPD

/// A body that is taken as it comes. After an error nothing more is called but `abandon`.
protocol Upload: AnyObject, Sendable {
    func receive(_ piece: UnsafeRawBufferPointer) throws
    func finish() throws -> Reply
    /// What was taken so far is not wanted.
    func abandon()
}
