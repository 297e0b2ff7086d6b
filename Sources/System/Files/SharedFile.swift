/// A file that is open and has several owners; closed when the last one lets go of it.
///
/// A class around `OpenFile`, because what cannot be copied cannot be kept in a dictionary or captured by a closure.
package final class SharedFile: Sendable {
    package let file: OpenFile

    package init(_ file: consuming OpenFile) { self.file = file }
}
