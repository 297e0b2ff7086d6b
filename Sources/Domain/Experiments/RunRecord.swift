package import Diagnostics
package import JSON

/// A run with what it logged, as far as was asked for.
package struct RunRecord: Sendable {
    package var run: Run
    /// By key: dotted for a nested one, as in `train.dim`.
    package var params: [String: JSONValue]
    /// The last point of each series, by key.
    package var metrics: [String: LatestMetric]
    package var tags: [String: String]
    /// In the order of the pipeline.
    package var stages: [StageSummary]

    package init(run: Run) {
        self.run = run
        self.params = [:]
        self.metrics = [:]
        self.tags = [:]
        self.stages = []
    }
}

/// A setting of a run. It is written once: the same value again is nothing new, another one is refused.
package struct Param: Sendable, Equatable {
    package var key: String
    package var value: JSONValue

    package init(key: String, value: JSONValue) {
        self.key = key
        self.value = value
    }
}

/// A word about a run. Set again, it is replaced.
package struct Tag: Sendable, Equatable {
    package var key: String
    package var value: String

    package init(key: String, value: String) {
        self.key = key
        self.value = value
    }
}

/// One measurement of one series.
package struct Metric: Sendable {
    package var key: String
    package var point: MetricPoint

    package init(key: String, point: MetricPoint) {
        self.key = key
        self.point = point
    }

    package init(key: String, value: Double, step: Int64 = 0, timestamp: Timestamp) {
        self.init(key: key, point: MetricPoint(step: step, timestamp: timestamp, value: value))
    }
}

/// One point of a metric series. All three together are its identity: the same point again is nothing new.
package struct MetricPoint: Sendable, Equatable {
    package var step: Int64
    package var timestamp: Timestamp
    /// NaN and ±infinity are values like others.
    package var value: Double

    package init(step: Int64, timestamp: Timestamp, value: Double) {
        self.step = step
        self.timestamp = timestamp
        self.value = value
    }
}

/// The end of a series: of all points ever logged the one with the greatest step, then time, then value, whatever
/// order they arrived in. A number counts as greater than NaN.
package struct LatestMetric: Sendable, Equatable {
    package var point: MetricPoint
    /// The stage that made it, if one did.
    package var stage: String?

    package init(point: MetricPoint, stage: String?) {
        self.point = point
        self.stage = stage
    }

    package var value: Double { point.value }
}
