/// All that a tracking database keeps; what a server needs. One conformance suite holds every part of it.
package typealias TrackingStore = ExperimentStore & ExperimentAdministration & RunTable & MetricSeriesStore
    & LineageStore
    & LoggedModelStore
    & ModelRegistry & ArtifactIndex
