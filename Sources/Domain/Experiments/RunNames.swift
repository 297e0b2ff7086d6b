/// A name for a run that the user did not name: easy to say and to type, `calm-otter`; with a number if that is taken.
package func suggestRunName(
    using generator: inout some RandomNumberGenerator, isTaken: (String) throws -> Bool
) rethrows -> String {
    for _ in 0..<8 {
        let name = randomName(using: &generator)
        if try !isTaken(name) { return name }
    }
    let name = randomName(using: &generator)
    var number = 2
    while try isTaken("\(name)-\(number)") { number += 1 }
    return "\(name)-\(number)"
}

private func randomName(using generator: inout some RandomNumberGenerator) -> String {
    let adjective = adjectives[Int.random(in: 0..<adjectives.count, using: &generator)]
    let animal = animals[Int.random(in: 0..<animals.count, using: &generator)]
    return "\(adjective)-\(animal)"
}

private let adjectives = [
    "able", "amber", "bold", "brave", "bright", "brisk", "calm", "clever", "crisp", "deft", "eager", "early", "fair",
    "fast", "fine", "firm", "fond", "free", "fresh", "glad", "golden", "good", "grand", "green", "happy", "hardy",
    "keen", "kind", "late", "light", "lively", "loyal", "lucky", "mellow", "merry", "mild", "neat", "nimble", "noble",
    "patient", "plain", "proud", "quick", "quiet", "rapid", "ready", "royal", "sharp", "silent", "silver", "smart",
    "snug", "solid", "steady", "still", "sunny", "sure", "swift", "tidy", "true", "vivid", "warm", "wise", "young",
]

private let animals = [
    "badger", "bat", "bear", "beaver", "bee", "bison", "camel", "cat", "cobra", "crab", "crane", "crow", "deer", "dove",
    "duck", "eagle", "eel", "elk", "falcon", "finch", "fox", "frog", "gecko", "goat", "goose", "gull", "hare", "hawk",
    "heron", "horse", "ibex", "ibis", "jay", "koala", "lark", "lemur", "lion", "lizard", "llama", "lynx", "magpie",
    "marten", "mole", "moose", "moth", "mouse", "newt", "otter", "owl", "panda", "puffin", "quail", "raven", "robin",
    "seal", "shrew", "sloth", "snail", "stork", "swan", "tiger", "toad", "trout", "wolf", "wren", "zebra",
]
