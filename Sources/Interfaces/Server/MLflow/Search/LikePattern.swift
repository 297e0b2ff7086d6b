import Experiments

/// SQL's LIKE in memory: `%` any text, `_` one character, the whole text must match.
struct LikePattern {
    private let pattern: [Character]
    private let ignoresCase: Bool

    init(_ pattern: String, ignoresCase: Bool) {
        self.pattern = Array(ignoresCase ? pattern.lowercased() : pattern)
        self.ignoresCase = ignoresCase
    }

    func matches(_ text: String) -> Bool {
        let text = Array(ignoresCase ? text.lowercased() : text)
        // Linear in both: where a `%` fails, the one before it need not be tried again.
        var position = 0
        var place = 0
        var retry: (position: Int, place: Int)?
        while position < text.count {
            if place < pattern.count, pattern[place] == "%" {
                retry = (position, place)
                place += 1
            } else if place < pattern.count, pattern[place] == "_" || pattern[place] == text[position] {
                position += 1
                place += 1
            } else if let last = retry {
                retry = (last.position + 1, last.place)
                position = last.position + 1
                place = last.place + 1
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == "%" }
    }

    /// Whether a text that is there passes a test.
    static func test(_ test: RunTest, _ text: String) -> Bool {
        switch test {
        case .compare(.equal, .text(let value)): text == value
        case .compare(.notEqual, .text(let value)): text != value
        case .like(let pattern, let rule): LikePattern(pattern, ignoresCase: rule == .insensitive).matches(text)
        case .oneOf(let values): values.contains(.text(text))
        case .noneOf(let values): !values.contains(.text(text))
        case .isPresent: true
        default: false
        }
    }
}
