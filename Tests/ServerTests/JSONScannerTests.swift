import Testing

@testable import Server

@Suite struct JSONScannerTests {
    @Test func `numbers are read as exactly as Swift reads them`() {
        var generator = SystemRandomNumberGenerator()
        var texts = ["0", "-0", "1", "-1.5", "1e22", "1e23", "123456789012345678", "9007199254740993", "0.1", "1e-7"]
        for _ in 0..<20_000 {
            let value = Double(bitPattern: UInt64.random(in: .min ... .max, using: &generator))
            if value.isFinite { texts.append("\(value)") }
            texts.append("\(Double.random(in: -1000...1000, using: &generator))")
        }
        for text in texts {
            #expect(scan(text)?.bitPattern == Double(text)?.bitPattern, "\(text)")
        }
    }

    @Test(arguments: ["", "-", "1.", ".5", "1e", "1e+", "abc", "\"1\"", "1e99999", "NaN"])
    func `what is no plain number is left to the careful reader`(text: String) {
        #expect(scan(text) == nil)
    }

    private func scan(_ text: String) -> Double? {
        Array(text.utf8).withUnsafeBufferPointer { bytes in
            var scanner = JSONScanner(bytes)
            guard let value = try? scanner.number(), (try? scanner.end()) != nil else { return nil }
            return value
        }
    }
}
