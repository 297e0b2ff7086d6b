package import Experiments
package import Workspaces

extension TrackingPlace {
    /// What is asked for, what the environment or the settings say, or the file in `.repro/`.
    package init(of project: Project, environment: [String: String], asked: String? = nil) throws {
        try self.init(
            file: project.trackingDatabase,
            named: asked ?? environment["REPRO_TRACKING_STORE"] ?? project.config.trackingStore)
    }
}
