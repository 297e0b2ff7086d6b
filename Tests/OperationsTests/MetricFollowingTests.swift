import Diagnostics
import Experiments
import Files
import Pipelines
import TestSupport
import Testing

@testable import Operations

/// Files of measurements that stages write become series of the run.
@Suite struct MetricFollowingTests {
    @Test func `tables and lines that a stage writes are in the run, with their steps and their stage`() throws {
        let project = try PipelineProject(
            """
            stages:
              train:
                cmd: |-
                  mkdir -p logs; printf 'step,loss\\n0,1\\n5,nan\\n7,0.5\\n' > logs/curve.csv
                  printf '{"acc": 0.25}\\n{"acc": 0.75}\\n' > acc.jsonl; echo '{"final": 3}' > final.json
                metrics: [acc.jsonl, final.json]
                plots: [logs/curve.csv]
            """, files: [:])
        let report = try project.run()
        #expect(report.warnings.isEmpty)
        #expect(report.metrics.map(\.name).sorted() == ["acc", "final"])
        let store = try SQLExperimentStore(file: project.folder[".repro/tracking.sqlite"])
        let loss = try store.series(run: report.run.id, key: "loss")
        #expect(loss.map(\.step) == [0, 5, 7])
        #expect(loss[1].value.isNaN)
        #expect(try store.series(run: report.run.id, key: "acc").map(\.value) == [0.25, 0.75])
        #expect(try store.series(run: report.run.id, key: "final").map(\.value) == [3])
        #expect(try store.record(report.run.id)?.metrics["loss"]?.stage == "train")

        // A run that does nothing still has the last values of what is declared as metrics.
        let again = try project.run()
        #expect(try store.record(again.run.id)?.metrics["acc"]?.value == 0.75)
        #expect(try store.record(again.run.id)?.metrics["acc"]?.point.step == 1)
    }

    @Test func `a curve is there while the stage goes on, also if the stage fails`() throws {
        let project = try PipelineProject(
            """
            stages:
              train:
                cmd: |-
                  mkdir -p dvclive/plots/metrics; printf 'step\\tloss\\n0\\t1\\n' > dvclive/plots/metrics/loss.tsv
                  n=0; while ! [ -e seen ] && [ $n -lt 600 ]; do sleep 0.1; n=$((n+1)); done
                  printf '1\\t0.5' >> dvclive/plots/metrics/loss.tsv; exit 3
            """, files: [:])
        let database = project.folder[".repro/tracking.sqlite"]
        let watcher = Watcher {
            guard let store = try? SQLExperimentStore(file: database),
                let run = try? store.listRuns(RunQuery(limit: 1)).records.first?.run,
                let points = try? store.series(run: run.id, key: "loss"), !points.isEmpty
            else { return false }
            try? project.folder.write("", to: "seen")
            return run.status == .running
        }
        let report = try project.run()
        #expect(watcher.end())
        #expect(report.run.status == .failed)
        let store = try SQLExperimentStore(file: database)
        #expect(try store.series(run: report.run.id, key: "loss").map(\.value) == [1, 0.5])
    }

    @Test func `the commands of a stage know their run, and the key does not depend on it`() throws {
        let project = try PipelineProject(
            """
            stages:
              tell:
                cmd: echo "$REPRO_RUN_ID $REPRO_STAGE $REPRO_PROJECT" > told.txt
                outs: [told.txt]
            """, files: [:])
        let report = try project.run()
        #expect(try project.folder.read("told.txt") == "\(report.run.id) tell \(project.folder.path)\n")
        let again = try project.run()
        #expect(project.states(again) == ["tell skipped"])
    }

    @Test func `a damaged file of measurements is a warning`() throws {
        let project = try PipelineProject(
            """
            stages:
              train:
                cmd: mkdir logs; echo garbage-garbage-garbage > logs/events.out.tfevents.1.host
                outs: [logs]
            """, files: [:])
        let report = try project.run()
        #expect(report.run.status == .finished)
        #expect(
            report.warnings.map(\.message) == [
                "stage train: logs/events.out.tfevents.1.host: what follows byte 0 is no record of TensorFlow"
            ])
    }
}
