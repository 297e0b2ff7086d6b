/// Overrides with choices in them, as all combinations: `dim=50,70` and `lr=choice(0.1, 0.2)` make four.
///
/// A choice is a list with commas outside of brackets and quotes, `choice(a, b)`, or `range(start, stop, step)`, whose
/// stop is left out, as in Python and Hydra. The last override changes fastest.
package func expandedGrid(_ overrides: [String]) throws -> [[String]] {
    var combinations: [[String]] = [[]]
    for override in overrides {
        let choices = try choices(of: override)
        guard combinations.count * choices.count <= maximumCombinations else {
            throw ParamError.gridTooLarge(limit: maximumCombinations)
        }
        combinations = combinations.flatMap { former in choices.map { former + [$0] } }
    }
    return combinations
}

private let maximumCombinations = 10_000

/// The override once for each of its values.
private func choices(of override: String) throws -> [String] {
    guard let equals = override.firstIndex(of: "=") else { return [override] }
    let name = override[...equals]
    let value = override[override.index(after: equals)...]
    let values =
        if let items = arguments(of: "choice", in: value) {
            items
        } else if let items = arguments(of: "range", in: value) {
            try range(items, in: override)
        } else {
            split(value)
        }
    if values.contains("") && values.count > 1 || values.isEmpty { throw ParamError.overrideSyntax(override) }
    return values.map { name + $0 }
}

/// What stands between the brackets of `function(…)`; nil if the value is anything else.
private func arguments(of function: String, in value: Substring) -> [String]? {
    guard value.hasPrefix(function + "("), value.hasSuffix(")") else { return nil }
    return split(value.dropFirst(function.count + 1).dropLast())
}

/// Cuts at the commas that stand outside of brackets and quotes.
private func split(_ text: Substring) -> [String] {
    var parts = [""]
    var depth = 0
    var quote: Character?
    for letter in text {
        if letter == ",", depth == 0, quote == nil {
            parts.append("")
            continue
        }
        parts[parts.count - 1].append(letter)
        if let open = quote {
            if letter == open { quote = nil }
        } else if letter == "'" || letter == "\"" {
            quote = letter
        } else if "([{".contains(letter) {
            depth += 1
        } else if ")]}".contains(letter) {
            depth -= 1
        }
    }
    if parts.count == 1 { return parts }
    return parts.map { part in
        String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}

private func range(_ items: [String], in override: String) throws -> [String] {
    let numbers = items.compactMap { Double($0) }
    guard numbers.count == items.count, (1...3).contains(numbers.count) else {
        throw ParamError.overrideSyntax(override)
    }
    let start = numbers.count == 1 ? 0 : numbers[0]
    let stop = numbers.count == 1 ? numbers[0] : numbers[1]
    let step = numbers.count == 3 ? numbers[2] : 1
    // A hair less, because 0.1 is not quite a tenth.
    let count = ((stop - start) / step - 1e-9).rounded(.up)
    guard step != 0, count >= 1, count <= Double(maximumCombinations) else { throw ParamError.overrideSyntax(override) }
    let isWhole = items.allSatisfy { Int($0) != nil }
    return (0..<Int(count)).map { index in
        let value = start + Double(index) * step
        return isWhole ? String(Int(value)) : shortest(value)
    }
}

/// 0.3, and not what adding 0.1 three times gives.
private func shortest(_ value: Double) -> String {
    let rounded = (value * 1e10).rounded() / 1e10
    return abs(rounded - value) <= abs(value) * 1e-12 ? "\(rounded)" : "\(value)"
}
