import Glibc

/// An open file descriptor with one owner.
struct Descriptor: ~Copyable, Sendable {
    let number: Int32

    init(_ number: Int32) { self.number = number }

    deinit { _ = Glibc.close(number) }

    /// Closes it; answers 0 or the error number.
    consuming func close() -> Int32 {
        let number = number
        discard self
        return Glibc.close(number) == 0 ? 0 : errno
    }
}
