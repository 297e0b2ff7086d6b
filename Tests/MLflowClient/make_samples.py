"""Makes fixtures/mlflow with the real MLflow client: the same small content as a folder `mlruns` and as the SQLite file
of a server, the latter as SQL text. Run it in the virtual environment of scripts/test-mlflow:

    .build/mlflow-venv/bin/python Tests/MLflowClient/make_samples.py

Addresses of files begin with @ROOT@, which a test replaces by the folder that it copies the sample to.
"""
import os
import re
import shutil
import sqlite3
import sys
import tempfile
from pathlib import Path

os.environ.update(MLFLOW_DISABLE_TELEMETRY="true", DO_NOT_TRACK="true", GIT_PYTHON_REFRESH="quiet")
os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
import mlflow
from mlflow import MlflowClient
from mlflow.data.meta_dataset import MetaDataset
from mlflow.data.http_dataset_source import HTTPDatasetSource
from mlflow.entities import Metric

TOP = Path(__file__).resolve().parents[2]
TABLES = ["experiments", "experiment_tags", "runs", "params", "tags", "metrics", "datasets", "inputs", "input_tags",
          "registered_models", "registered_model_tags", "registered_model_aliases", "model_versions",
          "model_version_tags", "logged_models", "logged_model_params", "logged_model_tags", "logged_model_metrics"]


def fill(root):
    client = MlflowClient()
    experiment = client.create_experiment("guess", artifact_location=f"file://{root}/artifacts/guess",
                                          tags={"team": "nlp"})
    mlflow.set_experiment(experiment_id=experiment)
    with mlflow.start_run(run_name="first") as run:
        mlflow.log_params({"dim": 50, "type": "cbow"})
        client.log_batch(run.info.run_id, metrics=[
            Metric("train/loss", 1 / (step + 1), 1700000000000 + step, step) for step in range(40)])
        mlflow.log_metric("odd", float("nan"), step=1)
        mlflow.log_metric("odd", float("inf"), step=2)
        mlflow.set_tag("note", "žába")
        mlflow.log_text("hello\n", "notes/hello.txt")
        source = HTTPDatasetSource("https://example.org/words.csv")
        mlflow.log_input(MetaDataset(source, name="words", digest="d1"), context="training")
        model = client.create_logged_model(experiment, name="net", source_run_id=run.info.run_id,
                                           params={"layers": "2"}, tags={"kind": "demo"}, model_type="toy")
        Path(f"{root}/weights.bin").write_bytes(b"\x00\x01\x02")
        client.log_model_artifact(model.model_id, f"{root}/weights.bin")
        client.finalize_logged_model(model.model_id, "READY")
        first = run.info.run_id
    with mlflow.start_run(run_name="gone") as run:
        mlflow.log_param("dim", 10)
    client.delete_run(run.info.run_id)
    client.create_experiment("old", artifact_location=f"file://{root}/artifacts/old")
    client.delete_experiment(client.get_experiment_by_name("old").experiment_id)
    client.create_registered_model("guesser", tags={"a": "b"}, description="guesses")
    for _ in range(3):
        client.create_model_version("guesser", f"{client.get_run(first).info.artifact_uri}/notes", first,
                                    tags={"v": "1"})
    client.delete_model_version("guesser", "2")
    client.set_registered_model_alias("guesser", "best", "3")


def sql(file):
    database = sqlite3.connect(file)
    for table in TABLES:
        names = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
        yield f"CREATE TABLE {table} ({', '.join(names)});"
        for row in database.execute(f"SELECT * FROM {table}"):
            if any(str(value).startswith("mlflow.source.git") for value in row):
                continue
            values = database.execute(f"SELECT {', '.join(['quote(?)'] * len(row))}", row).fetchone()
            yield f"INSERT INTO {table} VALUES ({', '.join(values)});"


def main():
    target = TOP / "fixtures/mlflow"
    shutil.rmtree(target, ignore_errors=True)
    for kind in ["folder", "database"]:
        root = tempfile.mkdtemp()
        os.chdir(root)
        uri = f"file://{root}/mlruns" if kind == "folder" else f"sqlite:///{root}/mlflow.db"
        mlflow.set_tracking_uri(uri)
        mlflow.set_registry_uri(uri)
        fill(root)
        os.remove(f"{root}/weights.bin")
        if kind == "database":
            Path(f"{root}/mlflow.sql").write_text("\n".join(sql(f"{root}/mlflow.db")) + "\n")
            for file in Path(root).glob("mlflow.db*"):
                file.unlink()
        for path in Path(root).rglob("*"):
            if path.is_file() and (path.name == "meta.yaml" or path.suffix == ".sql" or "/tags/" in str(path)):
                text = path.read_text().replace(root, "@ROOT@")
                text = re.sub(r"(user_id: |mlflow\.user', '|'', '', ')\w+", r"\1ana", text)
                path.write_text(re.sub(r"[^\s'\"]*make_samples.py", "train.py", text))
            if path.name == "mlflow.user":
                path.write_text("ana")
            if path.name == "mlflow.source.name":
                path.write_text("train.py")
            if path.name.startswith("mlflow.source.git"):
                path.unlink()
        shutil.copytree(root, target / kind)
        shutil.rmtree(root)
    os.chdir(TOP)
    print(f"mlflow {mlflow.__version__}: {target}", file=sys.stderr)


if __name__ == "__main__":
    main()
