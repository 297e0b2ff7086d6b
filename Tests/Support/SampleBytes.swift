/// Bytes as an argument of a test: its log shows how many, and not each of a million.
package struct SampleBytes: Sendable, CustomStringConvertible {
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package var description: String { "\(bytes.count) bytes" }
}
