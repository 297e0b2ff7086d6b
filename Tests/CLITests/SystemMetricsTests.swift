import TestSupport
import Testing

@Suite struct SystemMetricsTests {
    @Test func `a run measures the machine if the settings ask for it`() throws {
        let project = try TemporaryProject.sample()
        try project.succeed("init")
        try project.succeed("run", "--name", "plain")
        #expect(try !project.succeed("show", "plain").stdout.contains("system/"))
        try project.write(".repro/config.yaml", "run: {system_metrics: true}\n")
        try project.succeed("run", "--name", "measured", "--force")
        let shown = try project.succeed("metrics", "show", "measured").stdout
        #expect(shown.contains("system/system_memory_usage_megabytes"))
        #expect(shown.contains("system/disk_usage_percentage"))
        #expect(!shown.contains("process_"))
    }
}
