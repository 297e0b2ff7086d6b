/// What a registered model and an alias of one may be called. These are MLflow's rules, so that each name works with its
/// clients, too; who refuses one says so in the words of whoever asked.
package enum ModelNames {
    package static let modelLength = 256
    package static let aliasLength = 255

    package enum ModelProblem: Sendable {
        case empty
        /// `/` and `:` are parts of addresses.
        case separator
        /// `.` or `..`
        case dots
        case tooLong
    }

    package enum AliasProblem: Sendable {
        /// Not letters, digits, `_` and `-` alone, or nothing.
        case character
        /// `latest` is the highest version.
        case latest
        /// `v3` is the third version.
        case number
        case tooLong
    }

    package static func problem(inModel name: String) -> ModelProblem? {
        if name.allSatisfy(\.isWhitespace) { return .empty }
        if name.contains("/") || name.contains(":") { return .separator }
        if name == "." || name == ".." { return .dots }
        return name.unicodeScalars.count > modelLength ? .tooLong : nil
    }

    package static func problem(inAlias alias: String) -> AliasProblem? {
        if alias.unicodeScalars.count > aliasLength { return .tooLong }
        let isWord = alias.unicodeScalars.allSatisfy {
            $0 == "_" || $0 == "-" || $0.properties.isAlphabetic || $0.properties.numericType != nil
        }
        if alias.isEmpty || !isWord { return .character }
        let lowered = alias.lowercased()
        if lowered == "latest" { return .latest }
        let isNumber = lowered.hasPrefix("v") && lowered.count > 1 && lowered.dropFirst().allSatisfy(\.isNumber)
        return isNumber ? .number : nil
    }
}
