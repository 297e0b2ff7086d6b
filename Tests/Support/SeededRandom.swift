/// A small generator with a seed, so that a random test that fails can be repeated (SplitMix64).
package struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    package mutating func next(below limit: Int) -> Int { Int(next() % UInt64(limit)) }

    /// Up to `maximumLength` elements of `alphabet`: garbage to feed a parser.
    package mutating func garbage(from alphabet: [UInt8], maximumLength: Int) -> [UInt8] {
        (0..<next(below: maximumLength)).map { _ in alphabet[next(below: alphabet.count)] }
    }
}
