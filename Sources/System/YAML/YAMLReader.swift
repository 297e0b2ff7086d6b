import CYAML
import Diagnostics

/// Turns libyaml's events into a tree. libyaml 0.2.5 reads YAML 1.1's syntax, as DVC does; what scalars mean is ours.
func readYAML(_ source: [UInt8], file: String) throws -> YAMLNode {
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else {
        throw YAMLError.syntax(problem: "out of memory", at: SourceLocation(file: file, line: 1, column: 1))
    }
    defer { yaml_parser_delete(&parser) }
    // libyaml keeps the pointer: everything happens while it is lent.
    return try source.withUnsafeBufferPointer { buffer in
        yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
        // A byte order mark would count as a column and break the indentation of the first line.
        let text = UnsafeBufferPointer(rebasing: buffer.dropFirst(byteOrderMarkLength(buffer)))
        yaml_parser_set_input_string(&parser, text.baseAddress, text.count)
        return try withUnsafeMutablePointer(to: &parser) { parser in
            var reader = YAMLReader(parser: parser, source: buffer, file: file)
            return try reader.readDocument()
        }
    }
}

private func byteOrderMarkLength(_ source: UnsafeBufferPointer<UInt8>) -> Int {
    source.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
}

private struct YAMLReader {
    let parser: UnsafeMutablePointer<yaml_parser_t>
    let source: UnsafeBufferPointer<UInt8>
    let file: String
    let offsets: ByteOffsets
    /// What each anchor names, and of how many values it consists.
    var anchors: [String: (node: YAMLNode, size: Int)] = [:]
    var valueCount = 0
    var aliasedCount = 0
    var depth = 0

    init(parser: UnsafeMutablePointer<yaml_parser_t>, source: UnsafeBufferPointer<UInt8>, file: String) {
        self.parser = parser
        self.source = source
        self.file = file
        self.offsets = ByteOffsets(source)
    }

    mutating func readDocument() throws -> YAMLNode {
        var root: YAMLNode?
        while true {
            var event = try nextEvent()
            defer { yaml_event_delete(&event) }
            switch event.type {
            case YAML_STREAM_END_EVENT:
                let start = SourceLocation(file: file, line: 1, column: 1)
                return root ?? YAMLNode(content: .scalar("", .plain), location: start, range: 0..<0)
            case YAML_STREAM_START_EVENT, YAML_DOCUMENT_START_EVENT, YAML_DOCUMENT_END_EVENT:
                continue
            default:
                if root != nil { throw YAMLError.severalDocuments(at: location(event.start_mark)) }
                root = try readNode(event)
            }
        }
    }

    private func nextEvent() throws -> yaml_event_t {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw syntaxError() }
        return event
    }

    private func syntaxError() -> YAMLError {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "unknown problem"
        if parser.pointee.error == YAML_READER_ERROR {
            let place = offsets.location(ofByte: Int(parser.pointee.problem_offset), in: source, file: file)
            let isEncoding = problem.contains("UTF-8") || problem.contains("octet") || problem.contains("Unicode")
            return isEncoding ? .invalidUTF8(at: place) : .syntax(problem: problem, at: place)
        }
        var place = location(parser.pointee.problem_mark)
        var text = problem
        if let context = parser.pointee.context {
            text += " (\(String(cString: context)))"
            if parser.pointee.problem_mark.line == 0, parser.pointee.problem_mark.index == 0 {
                place = location(parser.pointee.context_mark)
            }
        }
        return .syntax(problem: text, at: place)
    }

    private mutating func readNode(_ event: yaml_event_t) throws -> YAMLNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= YAMLDocument.maximumDepth else {
            throw YAMLError.tooDeep(limit: YAMLDocument.maximumDepth, at: location(event.start_mark))
        }
        valueCount += 1
        switch event.type {
        case YAML_SCALAR_EVENT: return try readScalar(event)
        case YAML_ALIAS_EVENT: return try readAlias(event)
        case YAML_SEQUENCE_START_EVENT: return try readSequence(event)
        case YAML_MAPPING_START_EVENT: return try readMapping(event)
        default: throw YAMLError.syntax(problem: "unexpected content", at: location(event.start_mark))
        }
    }

    private mutating func readScalar(_ event: yaml_event_t) throws -> YAMLNode {
        let scalar = event.data.scalar
        let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
        var style: YAMLNode.ScalarStyle =
            switch scalar.style {
            case YAML_PLAIN_SCALAR_STYLE: .plain
            case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: .block
            default: .quoted
            }
        if let tag = tagName(scalar.tag) {
            switch tag {
            case "!", "tag:yaml.org,2002:str": if style == .plain { style = .quoted }
            case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool",
                "tag:yaml.org,2002:null":
                style = .plain
            default: throw YAMLError.unsupportedTag(shownTag(tag), at: location(event.start_mark))
            }
        }
        var node = YAMLNode(content: .scalar(text, style), location: location(event.start_mark), range: range(event))
        if style == .block { node.contentEnd = blockTextEnd(in: node.range) }
        return anchored(node, by: scalar.anchor, size: 1)
    }

    private mutating func readAlias(_ event: yaml_event_t) throws -> YAMLNode {
        let name = event.data.alias.anchor.map(text(of:)) ?? ""
        let place = location(event.start_mark)
        guard let target = anchors[name] else { throw YAMLError.undefinedAlias(name, at: place) }
        aliasedCount += target.size
        guard aliasedCount <= YAMLDocument.maximumAliasedValues else {
            throw YAMLError.tooManyAliases(limit: YAMLDocument.maximumAliasedValues, at: place)
        }
        valueCount += target.size
        var node = target.node
        node.location = place
        node.range = range(event)
        node.contentEnd = node.range.upperBound
        node.isAlias = true
        return node
    }

    private mutating func readSequence(_ start: yaml_event_t) throws -> YAMLNode {
        let before = valueCount
        try refuseTag(start.data.sequence_start.tag, unless: "tag:yaml.org,2002:seq", at: start)
        var items: [YAMLNode] = []
        while true {
            var event = try nextEvent()
            defer { yaml_event_delete(&event) }
            if event.type == YAML_SEQUENCE_END_EVENT {
                let isFlow = start.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE
                var node = collection(.sequence(items), from: start, to: event, isFlow: isFlow)
                if !isFlow { node.contentEnd = items.last?.contentEnd ?? node.contentEnd }
                return anchored(node, by: start.data.sequence_start.anchor, size: valueCount - before)
            }
            items.append(try readNode(event))
        }
    }

    private mutating func readMapping(_ start: yaml_event_t) throws -> YAMLNode {
        let before = valueCount
        try refuseTag(start.data.mapping_start.tag, unless: "tag:yaml.org,2002:map", at: start)
        var entries: [YAMLEntry] = []
        var merges: [YAMLNode] = []
        var places: [String: SourceLocation] = [:]
        var contentEnd = offsets[start.end_mark]
        while true {
            var event = try nextEvent()
            defer { yaml_event_delete(&event) }
            if event.type == YAML_MAPPING_END_EVENT {
                let isFlow = start.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
                let all = try merged(merges, into: entries, keys: places)
                var node = collection(.mapping(all), from: start, to: event, isFlow: isFlow)
                if !isFlow { node.contentEnd = contentEnd }
                return anchored(node, by: start.data.mapping_start.anchor, size: valueCount - before)
            }
            let key = try readNode(event)
            guard case .scalar(let name, let style) = key.content else {
                throw YAMLError.keyNotScalar(at: key.location)
            }
            var valueEvent = try nextEvent()
            defer { yaml_event_delete(&valueEvent) }
            let value = try readNode(valueEvent)
            contentEnd = value.contentEnd
            if name == "<<", style == .plain {
                merges.append(value)
                continue
            }
            if let first = places.updateValue(key.location, forKey: name) {
                throw YAMLError.duplicateKey(name, at: key.location, first: first)
            }
            entries.append(YAMLEntry(key: key, value: value, isMerged: false))
        }
    }

    /// Merge keys: what `<<` brings in comes first, and gives way to the mapping's own keys and to earlier merges.
    private mutating func merged(
        _ merges: [YAMLNode], into own: [YAMLEntry], keys: [String: SourceLocation]
    ) throws -> [YAMLEntry] {
        if merges.isEmpty { return own }
        var taken = Set(keys.keys)
        var result: [YAMLEntry] = []
        for source in merges.flatMap({ $0.items ?? [$0] }) {
            guard let entries = source.entries else { throw YAMLError.mergeNotMapping(at: source.location) }
            for entry in entries where taken.insert(entry.name).inserted {
                result.append(YAMLEntry(key: entry.key, value: entry.value, isMerged: true))
            }
        }
        return result + own
    }

    private mutating func anchored(
        _ node: YAMLNode, by anchor: UnsafeMutablePointer<yaml_char_t>?, size: Int
    ) -> YAMLNode {
        if let anchor { anchors[text(of: anchor)] = (node, size) }
        return node
    }
}

extension YAMLReader {
    private func collection(
        _ content: YAMLNode.Content, from start: yaml_event_t, to end: yaml_event_t, isFlow: Bool
    ) -> YAMLNode {
        let first = offsets[start.start_mark]
        let range = first..<max(first, offsets[end.end_mark])
        var node = YAMLNode(content: content, location: location(start.start_mark), range: range)
        node.isFlow = isFlow
        return node
    }

    /// The end of block text without the line breaks after it, unless `+` makes them part of it.
    private func blockTextEnd(in range: Range<Int>) -> Int {
        let header = source[range].prefix { $0 != UInt8(ascii: "\n") }
        let isKept = header.prefix { $0 != UInt8(ascii: "#") }.contains(UInt8(ascii: "+"))
        var end = range.upperBound
        while end > range.lowerBound, [0x0A, 0x0D, 0x20].contains(source[end - 1]) {
            end -= 1
            if isKept, source[end] == 0x0A { return end }
        }
        return end
    }

    private func refuseTag(
        _ tag: UnsafeMutablePointer<yaml_char_t>?, unless allowed: String, at event: yaml_event_t
    ) throws {
        guard let name = tagName(tag), name != allowed, name != "!" else { return }
        throw YAMLError.unsupportedTag(shownTag(name), at: location(event.start_mark))
    }

    private func tagName(_ tag: UnsafeMutablePointer<yaml_char_t>?) -> String? { tag.map(text(of:)) }

    private func shownTag(_ tag: String) -> String {
        let standard = "tag:yaml.org,2002:"
        return tag.hasPrefix(standard) ? "!!" + tag.dropFirst(standard.count) : tag
    }

    private func text(of pointer: UnsafeMutablePointer<yaml_char_t>) -> String { String(cString: pointer) }

    private func location(_ mark: yaml_mark_t) -> SourceLocation {
        SourceLocation(file: file, line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }

    private func range(_ event: yaml_event_t) -> Range<Int> {
        let start = offsets[event.start_mark]
        return start..<max(start, offsets[event.end_mark])
    }
}

/// From libyaml's marks, which count characters after a byte order mark, to bytes.
private struct ByteOffsets {
    private let markBytes: Int
    /// The byte of each character; empty if every character is one byte.
    private var starts: [Int32] = []
    private let count: Int

    init(_ source: UnsafeBufferPointer<UInt8>) {
        count = source.count
        markBytes = byteOrderMarkLength(source)
        if source.dropFirst(markBytes).allSatisfy({ $0 < 0x80 }) { return }
        for index in markBytes..<source.count where source[index] & 0xC0 != 0x80 { starts.append(Int32(index)) }
        starts.append(Int32(source.count))
    }

    subscript(mark: yaml_mark_t) -> Int {
        let index = Int(mark.index)
        if starts.isEmpty { return min(index + markBytes, count) }
        return index < starts.count ? Int(starts[index]) : count
    }

    /// The place of a byte that libyaml could not decode, for which it has no mark.
    func location(ofByte offset: Int, in source: UnsafeBufferPointer<UInt8>, file: String) -> SourceLocation {
        let before = source[markBytes..<min(offset + markBytes, source.count)]
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? markBytes
        let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
        return SourceLocation(file: file, line: line, column: column)
    }
}
