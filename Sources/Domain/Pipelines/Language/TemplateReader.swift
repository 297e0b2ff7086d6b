import Diagnostics
import Files
import JSON
import YAML

/// Reads values of a pipeline file as texts, flags, lists and paths, with `${…}` replaced.
///
/// Values are replaced at the moment they are read, so that each error knows its place in the file.
struct TemplateReader {
    let document: YAMLDocument
    var scope: TemplateScope
    /// What is being read, for messages: `stage train`, `the file`.
    var subject: String
    var optionStyle = CommandOptionStyle()

    /// Where something refers from.
    struct Field {
        let name: String
        /// A mapping may stand in a command: it becomes options.
        var allowsOptions = false
        /// Lists and mappings may stand where a `${…}` is the whole text.
        var allowsCollections = false
    }

    /// The node as a value, `${…}` replaced at every depth, in keys too.
    func value(_ node: YAMLNode, _ field: Field) throws -> JSONValue {
        switch node.content {
        case .scalar(let text, _):
            guard let template = Template(text) else { return node.value }
            return try expand(template, node, field)
        case .sequence(let items):
            return .array(try items.map { try value($0, field) })
        case .mapping(let entries):
            var object = JSONObject()
            for entry in entries { object[try key(of: entry, field)] = try value(entry.value, field) }
            return .object(object)
        }
    }

    func key(of entry: YAMLEntry, _ field: Field) throws -> String {
        guard Template(entry.name) != nil else { return entry.name }
        return try text(entry.key, field)
    }

    /// A text. What is written without `${…}` must be text already: `5` is a mistake, `"5"` is not.
    func text(_ node: YAMLNode, _ field: Field) throws -> String {
        guard case .scalar(let written, _) = node.content else { throw wrongType(node, field, expected: "text") }
        guard let template = Template(written) else {
            guard case .string(let text) = node.value else { throw wrongType(node, field, expected: "text") }
            return text
        }
        switch try expand(template, node, field) {
        case .object(let object) where field.allowsOptions: return try options(object, node, field)
        case .null: throw notText(template, .null, node, field)
        case let value:
            guard let text = templateText(value) else { throw notText(template, value, node, field) }
            return text
        }
    }

    func texts(_ node: YAMLNode, _ field: Field) throws -> [String] {
        try items(node, field, of: "texts").map { try text($0, field) }
    }

    func items(_ node: YAMLNode, _ field: Field, of what: String) throws -> [YAMLNode] {
        guard let items = node.items else { throw wrongType(node, field, expected: "a list of \(what)") }
        return items
    }

    func flag(_ node: YAMLNode, _ field: Field) throws -> Bool {
        guard case .bool(let flag) = try value(node, field) else {
            throw wrongType(node, field, expected: "true or false")
        }
        return flag
    }

    func path(_ node: YAMLNode, _ field: Field, relativeTo folder: RelativePath) throws -> RelativePath {
        try path(text(node, field), at: node, field, relativeTo: folder)
    }

    func path(_ text: String, at node: YAMLNode, _ field: Field, relativeTo folder: RelativePath) throws -> RelativePath
    {
        do {
            return try RelativePath(parsing: text, relativeTo: folder)
        } catch {
            throw PipelineLanguageError.path(error, subject: subject, field: field.name, at: node.location)
        }
    }

    func wrongType(_ node: YAMLNode, _ field: Field, expected: String) -> PipelineLanguageError {
        .wrongType(
            subject: subject, field: field.name, expected: expected, found: node.kindName,
            isQuotable: expected == "text" && node.text != nil && !node.isNull, at: node.location)
    }

    /// Refuses `${…}` where DVC does not replace it.
    func refuseTemplates(in node: YAMLNode, _ field: Field) throws {
        switch node.content {
        case .scalar(let text, _):
            guard let template = Template(text) else { return }
            for case .expression(_, let number) in template.parts {
                throw PipelineLanguageError.templateNotAllowed(
                    subject: subject, field: field.name, at: location(ofTemplate: number, in: node))
            }
        case .sequence(let items): for item in items { try refuseTemplates(in: item, field) }
        case .mapping(let entries):
            for entry in entries {
                try refuseTemplates(in: entry.key, field)
                try refuseTemplates(in: entry.value, field)
            }
        }
    }
}

extension TemplateReader {
    /// A whole-text `${…}` keeps its type; within a text, values are spelled out.
    private func expand(_ template: Template, _ node: YAMLNode, _ field: Field) throws -> JSONValue {
        if template.parts.count == 1, case .expression(let expression, let number) = template.parts[0] {
            let value = try lookUp(expression, number, node, field)
            switch value {
            case .object where field.allowsOptions: return value
            case .array, .object:
                guard field.allowsCollections else { throw notText(template, value, node, field) }
                return value
            default: return value
            }
        }
        var text = ""
        for part in template.parts {
            switch part {
            case .literal(let literal): text += literal
            case .expression(let expression, let number):
                let value = try lookUp(expression, number, node, field)
                if case .object(let object) = value, field.allowsOptions {
                    text += try options(object, node, field)
                } else if let spelled = templateText(value) {
                    text += spelled.contains("\\${") ? unescaped(spelled) : spelled
                } else {
                    throw PipelineLanguageError.templateNotText(
                        expression, subject: subject, field: field.name, found: kindName(value),
                        at: location(ofTemplate: number, in: node))
                }
            }
        }
        return .string(text)
    }

    /// DVC takes the backslash from `\${` in values too.
    private func unescaped(_ text: String) -> String {
        var result = ""
        var rest = Substring(text)
        while let character = rest.popFirst() {
            if character == "\\", rest.hasPrefix("${") { continue }
            result.append(character)
        }
        return result
    }

    private func options(_ object: JSONObject, _ node: YAMLNode, _ field: Field) throws -> String {
        guard let text = optionStyle.text(for: object) else {
            throw PipelineLanguageError.nestedListInOptions(subject: subject, field: field.name, at: node.location)
        }
        return text
    }

    private func lookUp(_ expression: String, _ number: Int, _ node: YAMLNode, _ field: Field) throws -> JSONValue {
        guard let path = Template.path(of: expression) else {
            throw PipelineLanguageError.templateSyntax(
                expression, subject: subject, field: field.name, at: location(ofTemplate: number, in: node))
        }
        guard let value = scope.value(at: path) else {
            throw PipelineLanguageError.templateKeyMissing(
                expression, subject: subject, field: field.name, near: scope.nearest(to: path),
                at: location(ofTemplate: number, in: node))
        }
        return value
    }

    private func notText(
        _ template: Template, _ value: JSONValue, _ node: YAMLNode, _ field: Field
    ) -> PipelineLanguageError {
        for case .expression(let expression, let number) in template.parts {
            return .templateNotText(
                expression, subject: subject, field: field.name, found: kindName(value),
                at: location(ofTemplate: number, in: node))
        }
        return wrongType(node, field, expected: "text")
    }

    private func kindName(_ value: JSONValue) -> String {
        switch value {
        case .null: "nothing"
        case .array: "a list"
        case .object: "a mapping"
        case .bool: "true or false"
        case .integer, .number: "a number"
        case .string: "text"
        }
    }

    /// The place of the n-th `${` of a scalar, found in its source, whatever its quotes and line breaks.
    private func location(ofTemplate number: Int, in node: YAMLNode) -> SourceLocation {
        let source = document.source
        var line = node.location.line
        var column = node.location.column
        var left = number
        for index in node.range where index + 1 < source.count {
            if source[index] == UInt8(ascii: "$"), source[index + 1] == UInt8(ascii: "{") {
                if left == 0 { return SourceLocation(file: document.file, line: line, column: column) }
                left -= 1
            }
            if source[index] == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if source[index] & 0xC0 != 0x80 {
                column += 1
            }
        }
        return node.location
    }
}
