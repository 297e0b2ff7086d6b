import Files
import Hashing
import JSON

/// The object by which DVC knows a folder: a JSON list of files, written exactly as Python's `json.dumps` writes it,
/// because its MD5 is the folder's.
struct DVCListing {
    let files: [(path: RelativePath, md5: MD5Digest)]

    init(_ files: [(path: RelativePath, md5: MD5Digest)]) {
        // As Python sorts text: by code points, which is the byte order of UTF-8.
        self.files = files.sorted { $0.path < $1.path }
    }

    /// Nil for anything that is no listing.
    init?(parsing bytes: [UInt8]) {
        guard case .array(let items)? = try? JSONValue(parsing: bytes) else { return nil }
        var files: [(path: RelativePath, md5: MD5Digest)] = []
        for item in items {
            guard case .object(let object) = item, case .string(let name)? = object["relpath"],
                case .string(let text)? = object["md5"], let md5 = MD5Digest(hex: text),
                let path = try? RelativePath(parsing: name), !path.isRoot
            else { return nil }
            files.append((path, md5))
        }
        self.init(files)
    }

    var bytes: [UInt8] {
        let items = files.map { #"{"md5": "\#($0.md5)", "relpath": \#(asciiText($0.path))}"# }
        return Array("[\(items.joined(separator: ", "))]".utf8)
    }

    private func asciiText(_ path: RelativePath) -> String {
        var text = "\""
        for unit in String(decoding: path.bytes, as: UTF8.self).utf16 {
            switch unit {
            case 0x22: text += "\\\""
            case 0x5C: text += "\\\\"
            case 0x0A: text += "\\n"
            case 0x0D: text += "\\r"
            case 0x09: text += "\\t"
            case 0x08: text += "\\b"
            case 0x0C: text += "\\f"
            case 0x20..<0x7F: text.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            default:
                let digits = String(unit, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return text + "\""
    }
}
