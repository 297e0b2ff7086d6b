import FoundationEssentials

/// Pictures of 8 × 8 pixels, each from 0 to 1, and which digit each shows.
struct Digits {
    var pixels: [[Double]] = []
    var labels: [Int] = []

    static let side = 8

    init() {}

    /// Reads the lines of digits.txt.
    init(contentsOf path: String) throws {
        let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ")
            guard parts.count == 2, let label = Int(parts[0]), parts[1].utf8.count == Self.side * Self.side else {
                throw UnreadableDigits(line: String(line))
            }
            labels.append(label)
            pixels.append(parts[1].utf8.map { Double($0 - UInt8(ascii: "a")) / 16 })
        }
    }

    /// Every `n`-th is kept apart, to see what was learned.
    func split(every n: Int) -> (training: Digits, test: Digits) {
        var (training, test) = (Digits(), Digits())
        for (index, label) in labels.enumerated() {
            if index % n == 0 {
                test.pixels.append(pixels[index])
                test.labels.append(label)
            } else {
                training.pixels.append(pixels[index])
                training.labels.append(label)
            }
        }
        return (training, test)
    }
}

struct UnreadableDigits: Error {
    let line: String
}
