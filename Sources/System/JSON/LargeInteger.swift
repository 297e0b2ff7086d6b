/// An integer outside 64 bits: a number if that holds it exactly, else text, so that two different ones never become
/// equal. `digits` is decimal, with an optional minus.
package func largeInteger(_ digits: String) -> JSONValue {
    guard let number = Double(digits), number.isFinite else { return .string(digits) }
    return exactDigits(of: number) == digits ? .number(number) : .string(digits)
}

/// The decimal digits of a whole number of any size, without an exponent.
private func exactDigits(of number: Double) -> String {
    // Whole numbers above 2^63 are significand << exponent: doubling in decimal is exact.
    var digits: [UInt8] = String(UInt64(number.significandBitPattern | 1 << 52)).utf8.reversed().map { $0 - 48 }
    for _ in 0..<max(0, Int(number.exponent) - 52) {
        var carry: UInt8 = 0
        for index in digits.indices {
            let doubled = digits[index] * 2 + carry
            digits[index] = doubled % 10
            carry = doubled / 10
        }
        if carry > 0 { digits.append(carry) }
    }
    let text = String(decoding: digits.reversed().map { $0 + 48 }, as: UTF8.self)
    return number < 0 ? "-" + text : text
}
