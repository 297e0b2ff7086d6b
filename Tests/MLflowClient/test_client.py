"""The unmodified MLflow client against `repro server`. Run by scripts/test-mlflow, which starts the server and
sets MLFLOW_TRACKING_URI. One test a behaviour; each uses names of its own."""
import json
import math
import os
import time
import unittest
import uuid

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunStatus, RunTag, ViewType
from mlflow.exceptions import MlflowException, RestException

client = MlflowClient()


def unique(name):
    return f"{name}-{uuid.uuid4().hex[:8]}"


class Experiments(unittest.TestCase):
    def test_an_experiment_is_made_found_renamed_deleted_and_restored(self):
        name = unique("exp")
        id = client.create_experiment(name, tags={"team": "nlp"})
        found = client.get_experiment(id)
        self.assertEqual((found.name, found.tags["team"], found.lifecycle_stage), (name, "nlp", "active"))
        self.assertEqual(client.get_experiment_by_name(name).experiment_id, id)
        self.assertIsNone(client.get_experiment_by_name(unique("absent")))
        with self.assertRaises(RestException) as raised:
            client.create_experiment(name)
        self.assertEqual(raised.exception.error_code, "RESOURCE_ALREADY_EXISTS")
        client.rename_experiment(id, name + "-new")
        self.assertEqual(client.get_experiment(id).name, name + "-new")
        run = client.create_run(id)
        client.delete_experiment(id)
        self.assertEqual(client.get_experiment(id).lifecycle_stage, "deleted")
        self.assertEqual(client.get_run(run.info.run_id).info.lifecycle_stage, "deleted")
        client.restore_experiment(id)
        self.assertEqual(client.get_run(run.info.run_id).info.lifecycle_stage, "active")
        client.set_experiment_tag(id, "a", "b")
        client.delete_experiment_tag(id, "team")
        self.assertEqual(client.get_experiment(id).tags, {"a": "b"})

    def test_experiments_are_searched_in_pages(self):
        prefix = unique("page")
        for i in range(5):
            client.create_experiment(f"{prefix}-{i}", tags={"n": str(i % 2)})
        wanted = f"name LIKE '{prefix}-%'"
        first = client.search_experiments(filter_string=wanted, max_results=3, order_by=["name DESC"])
        self.assertEqual([e.name[-1] for e in first], ["4", "3", "2"])
        second = client.search_experiments(filter_string=wanted, max_results=3, order_by=["name DESC"], page_token=first.token)
        self.assertEqual([e.name[-1] for e in second], ["1", "0"])
        self.assertFalse(second.token)
        odd = client.search_experiments(filter_string=f"{wanted} AND tags.n = '1'")
        self.assertEqual(len(odd), 2)
        self.assertIn("0", [e.experiment_id for e in client.search_experiments(view_type=ViewType.ALL)])


class Runs(unittest.TestCase):
    def setUp(self):
        self.experiment = client.create_experiment(unique("runs"))

    def test_everything_that_a_run_logs_comes_back(self):
        mlflow.set_experiment(experiment_id=self.experiment)
        with mlflow.start_run(run_name="parent", tags={"x": "y"}) as run:
            mlflow.log_param("lr", 0.1)
            mlflow.log_params({"dim": 50, "type": "cbow", "long": "x" * 7000})
            mlflow.log_metric("loss", 0.5, step=1)
            mlflow.log_metrics({"loss": 0.25, "acc": 0.9}, step=2)
            mlflow.log_metric("bad", float("nan"))
            mlflow.log_metric("high", float("inf"))
            mlflow.set_tag("note", "ünïcode ✓")
            mlflow.set_tags({"a": 1, "b": 2})
            with mlflow.start_run(nested=True) as child:
                mlflow.log_metric("inner", 1)
        found = client.get_run(run.info.run_id)
        self.assertEqual(found.info.status, "FINISHED")
        self.assertEqual(found.info.run_name, "parent")
        self.assertEqual(found.data.params["lr"], "0.1")
        self.assertEqual(found.data.params["dim"], "50")
        self.assertEqual(len(found.data.params["long"]), 6000)
        self.assertEqual(found.data.metrics["loss"], 0.25)
        self.assertTrue(math.isnan(found.data.metrics["bad"]))
        self.assertGreater(found.data.metrics["high"], 1e308)
        self.assertEqual(found.data.tags["note"], "ünïcode ✓")
        self.assertEqual(found.data.tags["mlflow.runName"], "parent")
        self.assertEqual(client.get_run(child.info.run_id).data.tags["mlflow.parentRunId"], run.info.run_id)
        history = client.get_metric_history(run.info.run_id, "loss")
        self.assertEqual([(m.step, m.value) for m in history], [(1, 0.5), (2, 0.25)])
        client.delete_tag(run.info.run_id, "a")
        self.assertNotIn("a", client.get_run(run.info.run_id).data.tags)

    def test_a_param_is_written_once(self):
        run = client.create_run(self.experiment).info.run_id
        client.log_param(run, "p", 1)
        client.log_param(run, "p", 1)
        with self.assertRaises(MlflowException) as raised:
            client.log_param(run, "p", 2)
        self.assertIn("Changing param values is not allowed", str(raised.exception))

    def test_a_failed_run_says_so(self):
        mlflow.set_experiment(experiment_id=self.experiment)
        with self.assertRaises(ValueError):
            with mlflow.start_run() as run:
                raise ValueError("no")
        self.assertEqual(client.get_run(run.info.run_id).info.status, "FAILED")
        client.set_terminated(run.info.run_id, "KILLED")
        self.assertEqual(client.get_run(run.info.run_id).info.status, "KILLED")

    def test_runs_are_searched_filtered_ordered_and_paged(self):
        for i in range(12):
            run = client.create_run(self.experiment, run_name=f"r{i}", tags={"team": "ab"[i % 2]})
            client.log_batch(
                run.info.run_id, [Metric("m", i / 10, 1, 0), Metric("only", 1, 1, 0)] if i < 6 else [Metric("m", i / 10, 1, 0)],
                [Param("p", str(i)), Param("Type", "cbow")], [RunTag("k v", str(i))])
            if i % 3 == 0:
                client.set_terminated(run.info.run_id)

        def names(filter="", order=(), **more):
            runs = client.search_runs([self.experiment], filter, order_by=list(order), **more)
            return [r.info.run_name for r in runs]

        self.assertEqual(names("metrics.m > 0.95", ["metrics.m DESC"]), ["r11", "r10"])
        self.assertEqual(names("metrics.m <= 0.1 and tags.team = 'a'"), ["r0"])
        self.assertEqual(names("params.p = '7'"), ["r7"])
        self.assertEqual(names("params.p LIKE '1%'", ["params.p"]), ["r1", "r10", "r11"])
        self.assertEqual(names("tags.`k v` = '3'"), ["r3"])
        self.assertEqual(names('tags."k v" = "3"'), ["r3"])
        self.assertEqual(sorted(names("attributes.status = 'FINISHED'")), ["r0", "r3", "r6", "r9"])
        self.assertEqual(names("run_name = 'r5'"), ["r5"])
        self.assertEqual(names("tags.team ILIKE 'A' AND metrics.m < 0.15"), ["r0"])
        self.assertEqual(len(names("metrics.absent != 1")), 0)
        self.assertEqual(len(names("params.absent IS NULL")), 12)
        self.assertEqual(names("metrics.m > 0.3", ["metrics.only DESC", "metrics.m ASC"])[:3], ["r4", "r5", "r6"])
        pages, token = [], None
        while True:
            page = client.search_runs([self.experiment], order_by=["metrics.m ASC"], max_results=5, page_token=token)
            pages.append([r.info.run_name for r in page])
            token = page.token
            if not token:
                break
        self.assertEqual([len(p) for p in pages], [5, 5, 2])
        self.assertEqual(sum(pages, []), [f"r{i}" for i in range(12)])
        ids = [r.info.run_id for r in client.search_runs([self.experiment], "params.p = '3'")]
        self.assertEqual(names(f"attributes.run_id IN ('{ids[0]}')"), ["r3"])
        for bad in ("metrics.m > 'a'", "params.p > 3", "x.y = 1", "metrics.m > 1 OR metrics.m < 0", "attributes.bogus = 'a'"):
            with self.assertRaises(RestException) as raised:
                names(bad)
            self.assertEqual(raised.exception.error_code, "INVALID_PARAMETER_VALUE", bad)

    def test_a_deleted_run_is_hidden_and_refuses_changes_until_it_is_restored(self):
        run = client.create_run(self.experiment).info.run_id
        client.delete_run(run)
        self.assertEqual(len(client.search_runs([self.experiment])), 0)
        self.assertEqual(len(client.search_runs([self.experiment], run_view_type=ViewType.DELETED_ONLY)), 1)
        with self.assertRaises(RestException):
            client.log_metric(run, "m", 1)
        client.restore_run(run)
        client.log_metric(run, "m", 1)
        self.assertEqual(len(client.search_runs([self.experiment])), 1)

    def test_a_large_batch_is_split_and_a_long_history_is_paged(self):
        run = client.create_run(self.experiment).info.run_id
        points = [Metric("long", i / 7, 1000 + i, i) for i in range(30_000)]
        for start in range(0, len(points), 1000):
            client.log_batch(run, points[start : start + 1000])
        client.log_batch(run, points[:1000])
        history = client.get_metric_history(run, "long")
        self.assertEqual(len(history), 30_000)
        self.assertEqual([m.step for m in history], list(range(30_000)))
        self.assertEqual(history[12345].value, 12345 / 7)
        with self.assertRaises(MlflowException):
            client._tracking_client.store.log_batch(run, points[:1001], [], [])

    def test_points_may_come_late_and_twice_in_any_order(self):
        run = client.create_run(self.experiment).info.run_id
        for start in (6000, 0, 3000, 3000):
            for first in range(start, start + 3000, 1000):
                client.log_batch(run, [Metric("m", float(i), 5000 + i, i) for i in range(first, first + 1000)])
        history = client.get_metric_history(run, "m")
        self.assertEqual([m.step for m in history], list(range(9000)))
        self.assertEqual(client.get_run(run).data.metrics["m"], 8999.0)

    def test_datasets_are_inputs(self):
        run = client.create_run(self.experiment).info.run_id
        dataset = Dataset("d", "abc", "local", "data.csv", schema="{}", profile="{}")
        client.log_inputs(run, [DatasetInput(dataset, [InputTag("mlflow.data.context", "train")])])
        found = client.get_run(run).inputs.dataset_inputs[0]
        self.assertEqual((found.dataset.name, found.tags[0].value), ("d", "train"))
        self.assertEqual(len(client.search_runs([self.experiment], "datasets.name = 'd'")), 1)
        self.assertEqual(len(client.search_runs([self.experiment], "dataset.context = 'eval'")), 0)

    def test_names_that_would_be_paths_are_refused(self):
        run = client.create_run(self.experiment).info.run_id
        for key in ("../x", "a//b", "/a", "a/", "k" * 251, "a\\b"):
            with self.assertRaises(MlflowException, msg=key):
                client._tracking_client.store.log_metric(run, Metric(key, 1, 1, 0))


class Artifacts(unittest.TestCase):
    def setUp(self):
        mlflow.set_experiment(unique("artifacts"))

    def test_files_folders_texts_tables_and_images_go_up_and_come_down(self):
        import tempfile

        folder = tempfile.mkdtemp()
        os.makedirs(f"{folder}/sub")
        for name, content in (("a.txt", b"alpha"), ("sub/b.bin", os.urandom(3_000_000)), ("ü ñ.txt", b"name"), ("empty", b"")):
            with open(f"{folder}/{name}", "wb") as f:
                f.write(content)
        with mlflow.start_run() as run:
            mlflow.log_artifact(f"{folder}/a.txt")
            mlflow.log_artifacts(folder, "all")
            mlflow.log_dict({"k": [1, 2]}, "d/x.json")
            mlflow.log_text("text", "t.txt")
            mlflow.log_table({"q": ["a", "b"], "r": [1, 2]}, "table.json")
        id = run.info.run_id
        self.assertEqual(sorted(f.path for f in client.list_artifacts(id)), ["a.txt", "all", "d", "t.txt", "table.json"])
        self.assertEqual(
            sorted((f.path, f.is_dir, f.file_size) for f in client.list_artifacts(id, "all")),
            [("all/a.txt", False, 5), ("all/empty", False, 0), ("all/sub", True, None), ("all/ü ñ.txt", False, 4)])
        local = client.download_artifacts(id, "all", tempfile.mkdtemp())
        for name in ("a.txt", "sub/b.bin", "ü ñ.txt", "empty"):
            with open(f"{folder}/{name}", "rb") as a, open(f"{local}/{name}", "rb") as b:
                self.assertEqual(a.read(), b.read(), name)
        self.assertEqual(mlflow.artifacts.load_dict(f"runs:/{id}/d/x.json"), {"k": [1, 2]})
        self.assertEqual(len(mlflow.load_table("table.json", run_ids=[id])), 2)
        with self.assertRaises(Exception):
            client.download_artifacts(id, "absent.txt")

    def test_a_large_artifact_is_the_same_when_it_comes_back(self):
        import hashlib
        import tempfile

        folder = tempfile.mkdtemp()
        block = os.urandom(1 << 20)
        with open(f"{folder}/big", "wb") as f:
            for _ in range(64):
                f.write(block)
        with mlflow.start_run() as run:
            mlflow.log_artifact(f"{folder}/big")
        local = client.download_artifacts(run.info.run_id, "big", tempfile.mkdtemp())

        def digest(path):
            with open(path, "rb") as f:
                return hashlib.file_digest(f, "sha256").hexdigest()

        self.assertEqual(digest(local), digest(f"{folder}/big"))

    def test_a_large_artifact_goes_up_in_parts_and_comes_down_all_the_same(self):
        import filecmp
        import tempfile
        from unittest import mock

        from mlflow.store.artifact.http_artifact_repo import HttpArtifactRepository

        settings = {
            "MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD": "true", "MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE": "1000",
            "MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE": str(1 << 20), "MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD": "true",
            "MLFLOW_MULTIPART_DOWNLOAD_MINIMUM_FILE_SIZE": "1000"}
        path = f"{tempfile.mkdtemp()}/ü big.bin"
        with open(path, "wb") as f:
            f.write(os.urandom((5 << 20) + 17))
        part = HttpArtifactRepository._upload_part
        with mock.patch.dict(os.environ, settings), mock.patch.object(
                HttpArtifactRepository, "_upload_part", autospec=True, side_effect=part) as parts:
            with mlflow.start_run() as run:
                mlflow.log_artifact(path, "sub folder")
            self.assertEqual(parts.call_count, 6)
            local = client.download_artifacts(run.info.run_id, "sub folder/ü big.bin", tempfile.mkdtemp())
        self.assertTrue(filecmp.cmp(local, path, shallow=False))
        self.assertEqual(client.list_artifacts(run.info.run_id, "sub folder")[0].file_size, (5 << 20) + 17)


class Models(unittest.TestCase):
    def test_a_model_is_logged_registered_and_loaded_by_alias(self):
        import numpy as np
        from sklearn.linear_model import LinearRegression

        mlflow.set_experiment(unique("models"))
        name = unique("model")
        x = np.array([[1.0], [2.0], [3.0]])
        fitted = LinearRegression().fit(x, [2, 4, 6])
        with mlflow.start_run() as run:
            mlflow.log_metric("r2", 1.0)
            info = mlflow.sklearn.log_model(fitted, name="m", registered_model_name=name, input_example=x)
        self.assertEqual(client.get_registered_model(name).latest_versions[0].version, "1")
        client.set_registered_model_alias(name, "champion", "1")
        loaded = mlflow.pyfunc.load_model(f"models:/{name}@champion")
        self.assertAlmostEqual(float(loaded.predict(x)[2]), 6)
        logged = mlflow.get_logged_model(info.model_id)
        self.assertEqual(str(logged.status), "READY")
        self.assertEqual([m.model_id for m in client.get_run(run.info.run_id).outputs.model_outputs], [info.model_id])
        found = mlflow.search_logged_models(experiment_ids=[run.info.experiment_id], output_format="list")
        self.assertEqual([m.model_id for m in found], [info.model_id])
        self.assertAlmostEqual(float(mlflow.pyfunc.load_model(info.model_uri).predict(x)[0]), 2)

    def test_scikit_learn_logs_by_itself(self):
        from sklearn.datasets import load_iris
        from sklearn.linear_model import LogisticRegression

        mlflow.set_experiment(unique("autolog"))
        mlflow.sklearn.autolog(log_datasets=True)
        try:
            with mlflow.start_run() as run:
                LogisticRegression(max_iter=200).fit(*load_iris(return_X_y=True))
        finally:
            mlflow.sklearn.autolog(disable=True)
        found = client.get_run(run.info.run_id)
        self.assertEqual(found.data.params["max_iter"], "200")
        self.assertIn("training_accuracy_score", found.data.metrics)
        self.assertTrue(found.inputs.dataset_inputs)

    def test_the_registry_keeps_versions_tags_aliases_and_stages(self):
        name = unique("registry")
        client.create_registered_model(name, tags={"a": "b"}, description="first")
        with self.assertRaises(RestException) as raised:
            client.create_registered_model(name)
        self.assertEqual(raised.exception.error_code, "RESOURCE_ALREADY_EXISTS")
        for _ in range(3):
            client.create_model_version(name, "s3://bucket/model")
        client.delete_model_version(name, "3")
        self.assertEqual(client.create_model_version(name, "s3://bucket/model").version, "4")
        client.set_registered_model_alias(name, "best", "2")
        self.assertEqual(client.get_model_version_by_alias(name, "best").version, "2")
        self.assertEqual(client.get_registered_model(name).aliases, {"best": "2"})
        client.delete_registered_model_alias(name, "best")
        with self.assertRaises(RestException):
            client.get_model_version_by_alias(name, "best")
        client.set_model_version_tag(name, "1", "k", "v")
        client.update_model_version(name, "1", "described")
        version = client.get_model_version(name, "1")
        self.assertEqual((version.tags, version.description), ({"k": "v"}, "described"))
        client.transition_model_version_stage(name, "1", "Production")
        client.transition_model_version_stage(name, "2", "production", archive_existing_versions=True)
        self.assertEqual(client.get_model_version(name, "1").current_stage, "Archived")
        found = client.search_model_versions(f"name = '{name}'", order_by=["version_number DESC"])
        self.assertEqual([v.version for v in found], ["4", "2", "1"])
        self.assertEqual(len(client.search_registered_models(f"name ILIKE '{name.upper()}'")), 1)
        client.rename_registered_model(name, name + "-2")
        self.assertEqual(client.get_model_version(name + "-2", "1").description, "described")
        client.delete_registered_model(name + "-2")
        with self.assertRaises(RestException) as raised:
            client.get_registered_model(name + "-2")
        self.assertEqual(raised.exception.error_code, "RESOURCE_DOES_NOT_EXIST")

    def test_prompts_are_kept_and_hidden_among_models(self):
        name = unique("prompt")
        mlflow.genai.register_prompt(name, "Say {{word}}.", commit_message="first")
        self.assertEqual(mlflow.genai.load_prompt(f"prompts:/{name}/1").template, "Say {{word}}.")
        self.assertEqual(client.search_registered_models(f"name = '{name}'"), [])
        self.assertIn(name, [p.name for p in mlflow.genai.search_prompts()])

    def test_sources_that_lead_elsewhere_are_refused(self):
        name = unique("attack")
        client.create_registered_model(name)
        run = client.create_run("0").info.run_id
        root = f"mlflow-artifacts:/0/{run}/artifacts"
        for source in (
            "file:///etc", "/etc/passwd", "file:/etc", "../x", f"{root}/../../other", f"{root}/%2e%2e/x",
            f"{root}/%252e%252e/x", f"{root}/x?a=/../..", f"{root}/x#/../..", "http://169.254.169.254/x",
            "mlflow-artifacts://evil.example/x", "runs:/other/x", "mlflow-artifacts:/0/other/artifacts", "C:\\x",
            f"{root}/..\\..\\x", "s3://bucket/../x",
        ):
            with self.assertRaises(RestException, msg=source) as raised:
                client._get_registry_client().store.create_model_version(name, source, run)
            self.assertEqual(raised.exception.error_code, "INVALID_PARAMETER_VALUE", source)
        for location in ("file:///etc", "/etc", "../x", "s3://b/x#y", "s3://b/x?y=..", "s3://b/../x", "http://x/y"):
            with self.assertRaises(RestException, msg=location):
                client._tracking_client.store.create_experiment(unique("e"), location, [])


if __name__ == "__main__":
    unittest.main()
