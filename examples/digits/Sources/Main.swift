import FoundationEssentials
import Glibc
import ReproLogging

/// Learns to read digits, and logs how.
@main
enum Main {
    static func main() throws {
        let settings = try Settings(Array(CommandLine.arguments.dropFirst()))
        let digits = try Digits(contentsOf: settings.data)
        let report = try Run.with(experiment: "digits", name: settings.name, options: settings.options) { run in
            try learn(digits, settings, run)
        }
        print("read \(report.right) of \(report.count) digits rightly")
    }
}

private func learn(_ digits: Digits, _ settings: Settings, _ run: Run) throws -> (right: Int, count: Int) {
    run.log(params: [
        "hidden": ParamValue(settings.hidden), "rate": ParamValue(settings.rate), "epochs": ParamValue(settings.epochs),
        "batch": ParamValue(settings.batch), "seed": 1,
    ])
    run.set(tag: "kind", "two layers")
    run.log(input: settings.data, name: "digits", context: "training")
    let (training, test) = digits.split(every: 6)
    var network = Network(inputs: Digits.side * Digits.side, hidden: settings.hidden, seed: 1)
    var random = SplitMix(state: 2)
    var step = 0
    for epoch in 0..<settings.epochs {
        let order = training.labels.indices.shuffled(using: &random)
        for start in stride(from: 0, to: order.count, by: settings.batch) {
            let batch = order[start..<min(start + settings.batch, order.count)].map {
                (training.pixels[$0], training.labels[$0])
            }
            run.log("train/loss", network.train(batch, rate: settings.rate), step: step)
            step += 1
            if settings.crashes, step == 20 { crash(run) }
        }
        let right = test.labels.indices.count { network.predict(test.pixels[$0]) == test.labels[$0] }
        run.log("test/accuracy", Double(right) / Double(test.labels.count), step: epoch)
    }
    return logResult(network, test, run)
}

private func logResult(_ network: Network, _ test: Digits, _ run: Run) -> (right: Int, count: Int) {
    var counts = [[Int]](repeating: [Int](repeating: 0, count: 10), count: 10)
    var shown = 0
    for (x, label) in zip(test.pixels, test.labels) {
        let said = network.predict(x)
        counts[label][said] += 1
        if said != label, shown < 5 {
            let rows = stride(from: 0, to: x.count, by: Digits.side).map { Array(x[$0..<$0 + Digits.side]) }
            if let image = Image(matrix: rows) { run.log(image: image, as: "wrong/\(shown)-\(label)-as-\(said).png") }
            shown += 1
        }
    }
    let table = Table(
        columns: ["true"] + (0..<10).map { "said \($0)" },
        rows: counts.enumerated().map { label, row in [.integer(label)] + row.map { .integer($0) } })
    run.log(table: table, as: "confusion.csv")
    run.log(data: network.bytes, as: "network.bin")
    let right = (0..<10).reduce(0) { $0 + counts[$1][$1] }
    return (right, test.labels.count)
}

/// For the tests: what is known of a program that dies.
private func crash(_ run: Run) -> Never {
    run.set(tag: "about", "to crash")
    raise(SIGSEGV)
    exit(1)
}

/// What the command line says: `--epochs 5 --hidden 24 --data digits.txt --name first`.
private struct Settings {
    var epochs = 5
    var hidden = 24
    var rate = 0.3
    var batch = 20
    var data = "digits.txt"
    var name: String?
    var crashes = false
    var options = RunOptions()

    init(_ words: [String]) throws {
        var rest = words[...]
        while let option = rest.popFirst() {
            if option == "--crash" {
                crashes = true
                continue
            }
            guard let value = rest.popFirst() else { throw UnknownOption(text: option) }
            switch (option, Int(value), Double(value)) {
            case ("--epochs", let number?, _): epochs = number
            case ("--hidden", let number?, _): hidden = number
            case ("--batch", let number?, _): batch = number
            case ("--rate", _, let number?): rate = number
            case ("--data", _, _): data = value
            case ("--name", _, _): name = value
            case ("--wait", let seconds?, _): options.finishTimeout = .seconds(seconds)
            default: throw UnknownOption(text: option)
            }
        }
    }
}

private struct UnknownOption: Error {
    let text: String
}

func exponential(_ x: Double) -> Double { exp(x) }
func logarithm(_ x: Double) -> Double { log(x) }
