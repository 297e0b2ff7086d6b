/// DVC's templates that have a drawing of their own here.
package enum PlotTemplate: String, Sendable, CaseIterable {
    case linear
    case simple
    case smooth
    case scatter
    case scatterJitter = "scatter_jitter"
    case confusion
    case confusionNormalized = "confusion_normalized"
    case barHorizontal = "bar_horizontal"
    case barHorizontalSorted = "bar_horizontal_sorted"
}
