import Experiments
import JSON

extension Run {
    // MARK: Params

    /// Records a setting. It is written once: the same value again is nothing new, and another one is a problem.
    public func log(param key: String, _ value: ParamValue) {
        log(params: [key: value])
    }

    /// Records several settings.
    public func log(params: [String: ParamValue]) {
        let checked = params.sorted { $0.key < $1.key }.compactMap { key, value in
            valid(key).map { Param(key: $0, value: value.json) }
        }
        if !checked.isEmpty { recorder.log(params: checked) }
    }

    // MARK: Metrics

    /// Adds a point to a metric. NaN and infinities are values like others.
    ///
    /// - Parameters:
    ///   - key: The name of the series; `train/loss` and `val/loss` are shown together.
    ///   - value: The measurement.
    ///   - step: Where on the axis it belongs; without one, after the last point of this metric.
    public func log(_ key: String, _ value: Double, step: Int? = nil) {
        // What cannot be a key is refused when it is written: the check must not cost each point.
        recorder.log(key, value, step: step.map { Int64($0) })
    }

    /// Adds a point, of any type of number, to a metric.
    @inlinable
    public func log(_ key: String, _ value: some BinaryFloatingPoint, step: Int? = nil) {
        log(key, Double(value), step: step)
    }

    /// Adds a point to each of several metrics, at the same step.
    public func log(_ values: [String: Double], step: Int? = nil) {
        for (key, value) in values { recorder.log(key, value, step: step.map { Int64($0) }) }
    }

    /// Adds many points to a metric, at steps that follow each other.
    ///
    /// - Parameter firstStep: That of the first value; without one, after the last point of this metric.
    public func log(_ key: String, values: [Double], firstStep: Int? = nil) {
        recorder.log(
            key,
            values.enumerated().map { offset, value in
                (step: firstStep.map { Int64($0) &+ Int64(offset) }, value: value)
            })
    }

    // MARK: Words

    /// Sets a tag: a word about the run, by which it can be found. Set again, it is replaced.
    public func set(tag key: String, _ value: String) {
        if let key = valid(key) { recorder.set(tags: [Tag(key: key, value: value)]) }
    }

    /// Sets several tags.
    public func set(tags: [String: String]) {
        for (key, value) in tags.sorted(by: { $0.key < $1.key }) { set(tag: key, value) }
    }

    /// Says in words what the run is about, in Markdown; replaces what was said before.
    public func note(_ text: String) { recorder.set(tags: [Tag(key: noteTag, value: text)]) }

    private func valid(_ key: String) -> String? {
        do {
            return try checkedKey(key, "the run")
        } catch {
            recorder.complain("`\(key)` was not logged: \((error as? JSONFieldError)?.message ?? "\(error)")")
            return nil
        }
    }
}

/// The value of a param. A literal is one: `run.log(param: "layers", 3)`.
public enum ParamValue: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
    ExpressibleByStringInterpolation
{
    /// Text.
    case string(String)
    /// A whole number.
    case integer(Int)
    /// A number.
    case number(Double)
    /// True or false.
    case bool(Bool)
    /// Several values.
    case list([ParamValue])

    /// The value of a text literal.
    public init(stringLiteral value: String) { self = .string(value) }
    /// The value of a literal such as `3`.
    public init(integerLiteral value: Int) { self = .integer(value) }
    /// The value of a literal such as `0.1`.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// The value of `true` or `false`.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// The value of a literal such as `[1, 2]`.
    public init(arrayLiteral elements: ParamValue...) { self = .list(elements) }

    /// A text.
    public init(_ value: String) { self = .string(value) }
    /// A whole number.
    public init(_ value: Int) { self = .integer(value) }
    /// A number.
    public init(_ value: Double) { self = .number(value) }
    /// True or false.
    public init(_ value: Bool) { self = .bool(value) }

    var json: JSONValue {
        switch self {
        case .string(let text): .string(text)
        case .integer(let number): .integer(Int64(number))
        case .number(let number): .number(number)
        case .bool(let flag): .bool(flag)
        case .list(let items): .array(items.map(\.json))
        }
    }
}
