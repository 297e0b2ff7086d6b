import Diagnostics
import JSON

/// A piece of the source and what it becomes.
struct Splice {
    let range: Range<Int>
    let text: String
}

/// Finds where in the source a change goes, and writes it to fit its place.
struct Splicer {
    let document: YAMLDocument
    let path: [String]
    let style: YAMLDocument.Style

    private var source: [UInt8] { document.source }
    private var lineBreak: String { source.contains(0x0D) ? "\r\n" : "\n" }

    func set(_ value: JSONValue) throws -> Splice {
        var node = document.root
        var key: YAMLNode?
        for (depth, name) in path.enumerated() {
            if depth > 0 { try refuseAlias(node, depth) }
            let entry = node.entry(name)
            if let entry, entry.isMerged, depth == path.count - 1 { return insert(path[depth...], value, into: node) }
            guard let next = node.child(name) else {
                guard node.entries != nil || node.isNull else {
                    throw YAMLError.notACollection(path[..<depth].joined(separator: "."), at: node.location)
                }
                if node.isNull { return fill(node, below: key, with: nested(path[depth...], value)) }
                return insert(path[depth...], value, into: node)
            }
            if entry?.isMerged == true { throw YAMLError.insideAlias(shown(depth), at: node.location) }
            key = entry?.key
            node = next
        }
        return replace(node, below: key, with: value)
    }

    func append(_ value: JSONValue) throws -> Splice {
        let node = try document.node(at: path)
        try refuseAlias(node, path.count)
        if node.isNull {
            return fill(node, below: try keyOfTarget(), with: .array([value]))
        }
        guard let items = node.items else {
            throw YAMLError.notACollection(path.joined(separator: "."), at: node.location)
        }
        if node.isFlow { return addToFlow(node, after: items.last, text: text(value)) }
        let dash = indentation(ofDashBefore: items.first ?? node)
        let inner = YAMLText.block(.array([value]), indentation: dash, lineBreak: lineBreak)
        let flow = lineBreak + String(repeating: " ", count: dash) + "- " + text(value)
        return insertion(after: node.contentEnd, style == .block ? inner : flow)
    }

    func remove() throws -> Splice {
        let parent = try document.node(at: Array(path.dropLast()))
        try refuseAlias(parent, path.count - 1)
        let name = path.last ?? ""
        let spans: [Range<Int>]
        let index: Int?
        if let items = parent.items {
            spans = items.map { (parent.isFlow ? $0.range.lowerBound : dash(before: $0))..<$0.contentEnd }
            index = Int(name)
        } else {
            let own = (parent.entries ?? []).filter { !$0.isMerged }
            spans = own.map { $0.key.range.lowerBound..<max($0.key.range.upperBound, $0.value.contentEnd) }
            index = own.firstIndex { $0.name == name }
        }
        guard let index, spans.indices.contains(index) else {
            throw YAMLError.insideAlias(path.joined(separator: "."), at: parent.location)
        }
        if spans.count == 1, parent.entries?.contains(where: \.isMerged) != true {
            let empty = parent.items == nil ? "{}" : "[]"
            if parent.isFlow { return Splice(range: parent.range, text: empty) }
            return Splice(range: afterColonOrStart(of: parent)..<parent.contentEnd, text: " " + empty)
        }
        if parent.isFlow || index == 0 && !startsLine(spans[0].lowerBound) {
            if index + 1 < spans.count {
                return Splice(range: spans[index].lowerBound..<spans[index + 1].lowerBound, text: "")
            }
            return Splice(range: spans[index - 1].upperBound..<spans[index].upperBound, text: "")
        }
        var end = lineEnd(from: spans[index].upperBound)
        if end < source.count { end = source[end] == 0x0D ? end + 2 : end + 1 }
        return Splice(range: lineStart(of: spans[index].lowerBound)..<min(end, source.count), text: "")
    }
}

extension Splicer {
    private func replace(_ node: YAMLNode, below key: YAMLNode?, with value: JSONValue) -> Splice {
        if node.range.isEmpty { return fill(node, below: key, with: value) }
        let start = endOfAnchor(at: node.range.lowerBound)
        let isCollection = node.items != nil || node.entries != nil
        guard isCollection, !node.isFlow, !node.isAlias else {
            return Splice(range: start..<node.contentEnd, text: text(value))
        }
        let between = afterColonOrStart(of: node)
        return Splice(range: between..<node.contentEnd, text: between < start ? " " + text(value) : text(value))
    }

    /// Writes a value where nothing stands yet: `key:` or a dash, maybe with a comment behind, or an empty file.
    private func fill(_ node: YAMLNode, below key: YAMLNode?, with value: JSONValue) -> Splice {
        if !node.range.isEmpty { return Splice(range: node.range, text: text(value)) }
        guard let key else {
            if node.range.lowerBound > 0 { return Splice(range: node.range, text: " " + text(value)) }
            let isOpen = source.last.map { $0 != 0x0A } ?? false
            let lines = YAMLText.block(value, indentation: 0, lineBreak: lineBreak)
            let body = lines.hasPrefix(lineBreak) ? String(lines.dropFirst(lineBreak.count)) : text(value)
            return Splice(range: source.count..<source.count, text: (isOpen ? lineBreak : "") + body + lineBreak)
        }
        let lines = YAMLText.block(value, indentation: key.location.column + 1, lineBreak: lineBreak)
        if lines.hasPrefix(lineBreak), isBlockContext(key) { return insertion(after: node.range.upperBound, lines) }
        return Splice(range: node.range, text: " " + text(value))
    }

    private func insert(_ names: ArraySlice<String>, _ value: JSONValue, into mapping: YAMLNode) -> Splice {
        let name = names.first ?? ""
        let inner = nested(names.dropFirst(), value)
        let own = (mapping.entries ?? []).filter { !$0.isMerged }
        if mapping.isFlow {
            let key = style == .json ? JSONValue.string(name).text() : YAMLText.key(name)
            return addToFlow(mapping, after: own.last?.value ?? own.last?.key, text: "\(key): \(text(inner))")
        }
        let column = own.first.map { $0.key.location.column - 1 } ?? mapping.location.column - 1
        let isBlock = style == .block || names.count > 1
        let lines =
            isBlock
            ? YAMLText.block(.object([name: inner]), indentation: column, lineBreak: lineBreak)
            : lineBreak + String(repeating: " ", count: column) + YAMLText.key(name) + ": " + text(inner)
        return insertion(after: mapping.contentEnd, lines)
    }

    private func addToFlow(_ node: YAMLNode, after last: YAMLNode?, text: String) -> Splice {
        guard let last else {
            let place = node.range.upperBound - 1
            return Splice(range: place..<place, text: text)
        }
        return Splice(range: last.contentEnd..<last.contentEnd, text: ", " + text)
    }

    /// New lines after the line on which `end` lies, so that a comment on it stays.
    private func insertion(after end: Int, _ lines: String) -> Splice {
        let place = lineEnd(from: end)
        return Splice(range: place..<place, text: lines)
    }

    private func nested(_ names: ArraySlice<String>, _ value: JSONValue) -> JSONValue {
        names.reversed().reduce(value) { .object([$1: $0]) }
    }

    private func text(_ value: JSONValue) -> String { style == .json ? value.text() : YAMLText.flow(value) }

    private func refuseAlias(_ node: YAMLNode, _ depth: Int) throws {
        if node.isAlias { throw YAMLError.insideAlias(shown(depth), at: node.location) }
    }

    private func shown(_ depth: Int) -> String { path[..<max(1, depth)].joined(separator: ".") }

    private func keyOfTarget() throws -> YAMLNode? {
        try document.node(at: Array(path.dropLast())).entry(path.last ?? "")?.key
    }

    /// Whether the key begins its line, but for dashes before it: only then can more lines follow it.
    private func isBlockContext(_ key: YAMLNode) -> Bool {
        source[lineStart(of: key.range.lowerBound)..<key.range.lowerBound].allSatisfy { $0 == 0x20 || $0 == 0x2D }
    }

    private func startsLine(_ index: Int) -> Bool {
        source[lineStart(of: index)..<index].allSatisfy { $0 == 0x20 }
    }

    private func lineStart(of index: Int) -> Int {
        (source[..<index].lastIndex(of: 0x0A) ?? -1) + 1
    }

    /// The line break at or after `index`, or the end of the file.
    private func lineEnd(from index: Int) -> Int {
        let end = source[index...].firstIndex(of: 0x0A) ?? source.count
        return end > index && source[end - 1] == 0x0D ? end - 1 : end
    }

    private func dash(before item: YAMLNode) -> Int {
        source[..<item.range.lowerBound].lastIndex(of: UInt8(ascii: "-")) ?? item.range.lowerBound
    }

    private func indentation(ofDashBefore item: YAMLNode) -> Int {
        let dash = dash(before: item)
        return dash - lineStart(of: dash)
    }

    /// Where a value's text begins after `&anchor`.
    private func endOfAnchor(at index: Int) -> Int {
        guard index < source.count, source[index] == UInt8(ascii: "&") else { return index }
        let name = source[index...].firstIndex { $0 == 0x20 || $0 == 0x0A } ?? index
        return source[name...].firstIndex { $0 != 0x20 } ?? index
    }

    /// After the colon before a block collection if only white space lies between, else its start: comments stay.
    private func afterColonOrStart(of node: YAMLNode) -> Int {
        let start = node.range.lowerBound
        let before = source[..<start].lastIndex { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D }
        guard let before, source[before] == UInt8(ascii: ":") else { return start }
        // A colon that ends a comment is not the key's.
        let line = source[lineStart(of: before)..<before]
        return line.contains(UInt8(ascii: "#")) ? start : before + 1
    }
}
