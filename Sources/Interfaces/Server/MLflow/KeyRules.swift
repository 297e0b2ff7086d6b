/// What MLflow allows as a key, and how long things may be.
enum KeyRules {
    static let keyLength = 250
    static let paramValueLength = 6000
    static let runTagValueLength = 8000
    static let experimentTagValueLength = 20000
    static let registryTagValueLength = 100_000
    static let experimentNameLength = 500

    /// `place` is how MLflow calls the field: `name`, `key`, `metrics[3].name`.
    static func checkKey(_ key: String, place: @autoclosure () -> String, what: @autoclosure () -> String) throws {
        if isPlain(key) { return }
        if key.isEmpty { throw missingValue(place()) }
        guard key.unicodeScalars.allSatisfy(isAllowed) else {
            throw MLflowError.invalid(
                "Invalid value \"\(key)\" for parameter '\(place())' supplied: Names may only contain alphanumerics, "
                    + "underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).")
        }
        let normal = normalised(key)
        if normal != key || key == "." || key.hasPrefix("..") || key.hasPrefix("/") {
            throw MLflowError.invalid(
                "Invalid value \"\(key)\" for parameter '\(place())' supplied: Names may be treated as files in certain "
                    + "cases, and must not resolve to other names when treated as such. "
                    + "This name would resolve to '\(normal)'")
        }
        try checkLength(key, keyLength, what())
    }

    static func checkLength(_ text: String, _ limit: Int, _ what: @autoclosure () -> String) throws {
        if text.utf8.count <= limit { return }
        if text.unicodeScalars.count > limit {
            throw MLflowError.invalid("'\(what())' exceeds the maximum length of \(limit) characters")
        }
    }

    /// Long values of params and tags are cut, not refused.
    static func truncated(_ text: String, _ limit: Int) -> String {
        if text.utf8.count <= limit { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit)))
    }

    /// Most keys: short, ASCII, no slash or dot that would need a second look.
    private static func isPlain(_ key: String) -> Bool {
        let utf8 = key.utf8
        guard !utf8.isEmpty, utf8.count <= keyLength else { return false }
        var previous = UInt8(ascii: "/")
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: ":"):
                break
            case UInt8(ascii: "."), UInt8(ascii: "/"): if previous == UInt8(ascii: "/") { return false }
            default: return false
            }
            previous = byte
        }
        return previous != UInt8(ascii: "/")
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        "/.- :_".unicodeScalars.contains(scalar) || scalar.properties.isAlphabetic
            || scalar.properties.numericType != nil || scalar.properties.generalCategory == .nonspacingMark
    }

    /// As Python's posixpath.normpath.
    private static func normalised(_ key: String) -> String {
        var parts: [Substring] = []
        let isAbsolute = key.hasPrefix("/")
        for part in key.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." {
                parts.removeLast()
            } else if !(part == ".." && isAbsolute) {
                parts.append(part)
            }
        }
        let path = (isAbsolute ? "/" : "") + parts.joined(separator: "/")
        return path.isEmpty ? "." : path
    }
}
