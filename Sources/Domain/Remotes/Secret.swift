/// A text that must not be seen: a key, a token. Printing it shows `<redacted>`; who needs it says so.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package let exposed: String

    package init(_ exposed: String) { self.exposed = exposed }

    package var description: String { "<redacted>" }
    package var debugDescription: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
