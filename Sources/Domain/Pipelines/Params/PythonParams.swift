import Diagnostics
import JSON

/// The constants of a Python file, as DVC sees them: assignments of literals at the top, in classes, and of `self.x` in
/// an `__init__`. Everything else in the file is passed over; nothing is run.
struct PythonParams {
    private(set) var root: JSONObject = [:]
    /// The bytes of each literal, by its path.
    private(set) var ranges: [[String]: Range<Int>] = [:]

    init(parsing source: [UInt8], file: String) throws {
        let lines = try PythonLines(source, file: file).lines
        var index = 0
        root = read(lines, &index, indentation: 0, isInit: false, path: [], source)
    }

    /// The statements of one block; those of blocks inside it that are neither class nor `__init__` are passed over.
    private mutating func read(
        _ lines: [PythonLines.Line], _ index: inout Int, indentation: Int, isInit: Bool, path: [String],
        _ source: [UInt8]
    ) -> JSONObject {
        var values = JSONObject()
        while index < lines.count, lines[index].indentation >= indentation {
            let line = lines[index]
            index += 1
            if line.indentation > indentation { continue }
            var scanner = PythonScanner(source, line.range)
            let next = index < lines.count ? lines[index].indentation : 0
            if let name = scanner.className(), path.count < 32 {
                let inner =
                    next > indentation
                    ? read(lines, &index, indentation: next, isInit: false, path: path + [name], source) : [:]
                // In an `__init__` a class counts too, as in DVC.
                values[name] = .object(inner)
            } else if scanner.isInitDefinition() {
                guard next > indentation else { continue }
                for pair in read(lines, &index, indentation: next, isInit: true, path: path, source).pairs {
                    values[pair.key] = pair.value
                }
            } else if let (name, value, range) = scanner.assignment(ofSelf: isInit) {
                values[name] = value
                ranges[path + [name]] = range
            }
        }
        return values
    }

    /// The source with another literal at `path`; nil if none stands there, or if the result would not say so.
    static func setting(_ path: [String], to value: JSONValue, in source: [UInt8], file: String) throws -> [UInt8]? {
        guard let range = try PythonParams(parsing: source, file: file).ranges[path] else { return nil }
        return Array(source[..<range.lowerBound] + Array(pythonText(value).utf8) + source[range.upperBound...])
    }
}

private func pythonText(_ value: JSONValue) -> String {
    switch value {
    case .null: "None"
    case .bool(let flag): flag ? "True" : "False"
    case .number(let number) where !number.isFinite:
        "float(\"\(number.isNaN ? "nan" : number < 0 ? "-inf" : "inf")\")"
    case .array(let items): "[" + items.map(pythonText).joined(separator: ", ") + "]"
    case .object(let object):
        "{" + object.pairs.map { "\(JSONValue.string($0).text()): \(pythonText($1))" }.joined(separator: ", ") + "}"
    default: value.text()
    }
}

/// A Python file cut into logical lines: brackets, long strings and backslashes join lines, `;` parts them.
struct PythonLines {
    struct Line {
        let indentation: Int
        let range: Range<Int>
    }

    private(set) var lines: [Line] = []

    init(_ source: [UInt8], file: String) throws {
        var index = source.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while index < source.count {
            var indentation = 0
            while index < source.count, source[index] == 0x20 || source[index] == 0x09 {
                indentation = source[index] == 0x09 ? (indentation / 8 + 1) * 8 : indentation + 1
                index += 1
            }
            let start = index
            let ends = try Self.statementEnds(source, &index, file)
            var from = start
            for end in ends {
                if end > from { lines.append(Line(indentation: indentation, range: from..<end)) }
                from = end + 1
                while from < source.count, source[from] == 0x20 { from += 1 }
            }
        }
    }

    /// Where each statement of a logical line ends; moves behind the line.
    private static func statementEnds(_ source: [UInt8], _ index: inout Int, _ file: String) throws -> [Int] {
        var ends: [Int] = []
        var depth = 0
        while index < source.count {
            let byte = source[index]
            switch byte {
            case UInt8(ascii: "#"):
                if depth == 0 { ends.append(index) }
                while index < source.count, source[index] != 0x0A { index += 1 }
                if depth == 0 {
                    index += 1
                    return ends
                }
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                let start = index
                guard let end = PythonScanner.endOfString(source, index) else {
                    throw ParamError.pythonSyntax("a text does not end", at: place(source, start, file))
                }
                index = end
                continue
            case UInt8(ascii: "\\"): index += index + 1 < source.count && source[index + 1] == 0x0D ? 2 : 1
            case UInt8(ascii: ";") where depth == 0: ends.append(index)
            case 0x0A where depth == 0:
                ends.append(index)
                index += 1
                return ends
            default: break
            }
            index += 1
        }
        if depth > 0 { throw ParamError.pythonSyntax("a bracket is not closed", at: place(source, source.count, file)) }
        ends.append(min(index, source.count))
        index = max(index, source.count)
        return ends
    }

    private static func place(_ source: [UInt8], _ index: Int, _ file: String) -> SourceLocation {
        let before = source[..<min(index, source.count)]
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return SourceLocation(
            file: file, line: before.count { $0 == 0x0A } + 1,
            column: before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1)
    }
}
