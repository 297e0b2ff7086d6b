/// A word of the command line, which need not be UTF-8, as text, and back.
///
/// Each byte that belongs to no UTF-8 becomes one scalar of the last private plane, so that parsing can work on text
/// and a file's name still arrives as it was typed.
enum ArgumentWord {
    /// What stands for byte 0 has this value, for byte 255 the last of Unicode's private use before the non-characters.
    private static let base: UInt32 = 0x10FE00
    private static let escapes = base..<(base + 256)

    static func text(of bytes: [UInt8]) -> String {
        var text = String.UnicodeScalarView()
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var place = 0
        while true {
            let length: Int
            switch parser.parseScalar(from: &iterator) {
            case .emptyInput: return String(text)
            case .error(let count): length = count
            case .valid(let encoded):
                let scalar = Unicode.UTF8.decode(encoded)
                // One that would be taken for an escape is escaped itself.
                if !escapes.contains(scalar.value) {
                    text.append(scalar)
                    place += encoded.count
                    continue
                }
                length = encoded.count
            }
            for byte in bytes[place..<(place + length)] {
                if let scalar = Unicode.Scalar(base + UInt32(byte)) { text.append(scalar) }
            }
            place += length
        }
    }

    static func bytes(of text: String) -> [UInt8] {
        text.unicodeScalars.flatMap { scalar -> [UInt8] in
            escapes.contains(scalar.value) ? [UInt8(scalar.value - base)] : Array(String(scalar).utf8)
        }
    }
}

extension ParsedArguments {
    /// Paths as they were typed, byte for byte.
    func paths(of argument: ArgumentSpec) -> [[UInt8]] { values(of: argument).map(ArgumentWord.bytes) }

    func path(of argument: ArgumentSpec) -> [UInt8]? { value(of: argument).map(ArgumentWord.bytes) }

    func paths(of option: OptionSpec) -> [[UInt8]] { values(of: option).map(ArgumentWord.bytes) }

    func path(of option: OptionSpec) -> [UInt8]? { value(of: option).map(ArgumentWord.bytes) }
}
