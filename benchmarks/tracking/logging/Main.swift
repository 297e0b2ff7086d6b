import Glibc
import ReproLogging

/// What a call of the library costs a loop, and how soon after the loop everything is on the disk.
///
///     LoggingBenchmark POINTS SERIES
///
/// Prints one line: points, seconds of the loop, nanoseconds a call, points a second, the slowest call in microseconds,
/// seconds from the end of the loop to the end of `flush` and of `finish`, points that were dropped.
@main
enum Main {
    static func main() throws {
        let words = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        let points = words.first ?? 1_000_000
        let series = words.count > 1 ? words[1] : 1
        let keys = (0..<series).map { "loss/\($0)" }
        var options = RunOptions()
        options.systemMetricsInterval = nil
        options.recordsCode = false
        let run = try Run.start(experiment: "benchmark", options: options)
        let clock = ContinuousClock()
        // The mean of all calls is measured without a clock in the loop; the slowest one in a second loop.
        let start = clock.now
        for step in 0..<(points / series) {
            for key in keys { run.log(key, Double(step) * 0.001, step: step) }
        }
        let loop = clock.now - start
        let isFlushed = run.flush()
        let flushed = clock.now - start - loop
        var slowest = Duration.zero
        for step in 0..<100_000 {
            let before = clock.now
            run.log("timed", Double(step), step: step)
            slowest = max(slowest, clock.now - before)
        }
        let end = clock.now
        let report = run.finish()
        let finished = clock.now - end
        let count = points / series * series
        print(
            "points \(count) series \(series) loop \(seconds(loop)) s, \(Int(loop / .nanoseconds(1)) / count) ns a call,",
            "\(Int(Double(count) / (loop / .seconds(1)))) points/s, slowest \(Int(slowest / .microseconds(1))) us,",
            "durable after \(seconds(flushed)) s\(isFlushed ? "" : " (not)"), finish \(seconds(finished)) s,",
            "dropped \(report.droppedPoints)", report.problems.joined(separator: "; "))
    }

    private static func seconds(_ duration: Duration) -> Double { (duration / .milliseconds(1)).rounded() / 1000 }
}
