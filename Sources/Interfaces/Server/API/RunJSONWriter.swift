import Diagnostics
import Experiments
import Hashing
import JSON
import Objects

/// Runs as our own API writes them; the command line's `--json` has the same names.
extension JSONWriter {
    mutating func nativeRun(_ record: RunRecord, now: Timestamp) {
        let run = record.run
        object { writer in
            writer.about(run, now: now)
            writer.field("heartbeatAt", run.heartbeatAt)
            if let owner = run.owner {
                writer.key("process")
                writer.object {
                    $0.field("host", owner.host.name)
                    $0.field("pid", Int64(owner.pid))
                }
            }
            if !run.commandLine.isEmpty {
                writer.field("command", run.commandLine)
            }
            if let git = run.git {
                writer.key("git")
                writer.object {
                    $0.field("commit", git.commit)
                    $0.field("branch", git.branch)
                    $0.key("isDirty")
                    $0.bool(git.isDirty)
                    if let patch = git.patch { $0.field("patchBytes", Int64(clamping: patch.sizeBytes)) }
                    $0.digest("patch", git.patch)
                }
            }
            writer.logged(record)
        }
    }

    /// What a list of runs says of each, and everything else that shows one.
    mutating func about(_ run: Run, now: Timestamp) {
        field("id", run.id.text)
        field("name", run.name)
        field("experiment", run.experimentName)
        field("status", run.status.rawValue)
        field("startedAt", run.startedAt)
        field("endedAt", run.endedAt)
        field("durationMs", run.durationMilliseconds(now: now))
        field("user", run.user)
        field("failure", run.failure)
        field("deletedAt", run.deletedAt)
    }

    mutating func digest(_ name: StaticString, _ digest: Digest?) {
        guard let digest else { return }
        key(name)
        object {
            $0.field("object", digest.id.description)
            $0.field("sha256", digest.sha256.description)
            $0.field("sizeBytes", Int64(clamping: digest.sizeBytes))
        }
    }

    private mutating func logged(_ record: RunRecord) {
        key("params")
        object { writer in
            for (name, value) in record.params.sorted(by: { $0.key < $1.key }) {
                writer.key(named: name)
                writer.value(value)
            }
        }
        key("metrics")
        object { writer in
            for (name, metric) in record.metrics.sorted(by: { $0.key < $1.key }) {
                writer.key(named: name)
                writer.object {
                    $0.key("value")
                    $0.number(metric.value)
                    $0.field("step", metric.point.step)
                    $0.field("timestamp", metric.point.timestamp)
                    $0.field("stage", metric.stage)
                }
            }
        }
        key("tags")
        object { writer in
            for (name, value) in record.tags.sorted(by: { $0.key < $1.key }) {
                writer.key(named: name)
                writer.string(value)
            }
        }
        key("stages")
        array(record.stages) { writer, stage in
            writer.object {
                $0.field("name", stage.stage)
                $0.field("state", stage.state.rawValue)
                if let duration = stage.durationMilliseconds { $0.field("durationMs", duration) }
                if let code = stage.exitCode { $0.field("exitCode", Int64(code)) }
            }
        }
    }
}
