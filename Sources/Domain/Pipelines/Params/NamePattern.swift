/// Whether a name fits a shell pattern: `*`, `?`, `[abc]`, `[a-z]`, `[!a]`.
///
/// Goes back only to the last `*`, so that no pattern takes more than length times length.
func matches(_ name: String, pattern: String) -> Bool {
    let name = Array(name)
    let pattern = Array(pattern)
    var nameIndex = 0
    var patternIndex = 0
    var star: (pattern: Int, name: Int)?
    while nameIndex < name.count {
        if patternIndex < pattern.count, pattern[patternIndex] == "*" {
            star = (patternIndex, nameIndex)
            patternIndex += 1
        } else if let next = matchOne(name[nameIndex], pattern, patternIndex) {
            nameIndex += 1
            patternIndex = next
        } else if let last = star {
            star = (last.pattern, last.name + 1)
            patternIndex = last.pattern + 1
            nameIndex = last.name + 1
        } else {
            return false
        }
    }
    return pattern[patternIndex...].allSatisfy { $0 == "*" }
}

/// The pattern's index after one character of the name, or nil if it does not fit.
private func matchOne(_ character: Character, _ pattern: [Character], _ index: Int) -> Int? {
    guard index < pattern.count else { return nil }
    if pattern[index] == "?" { return index + 1 }
    guard pattern[index] == "[", let end = pattern[(index + 1)...].dropFirst().firstIndex(of: "]") else {
        return pattern[index] == character ? index + 1 : nil
    }
    var set = pattern[(index + 1)..<end]
    let isNegated = set.first == "!"
    if isNegated { set = set.dropFirst() }
    var isMember = false
    while let first = set.popFirst() {
        if set.count >= 2, set.first == "-" {
            set = set.dropFirst()
            if let last = set.popFirst(), first <= last, (first...last).contains(character) { isMember = true }
        } else if first == character {
            isMember = true
        }
    }
    return isMember != isNegated ? end + 1 : nil
}
