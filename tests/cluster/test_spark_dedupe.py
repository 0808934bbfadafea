"""`kg dedupe --engine spark` and records in `kg resolve` on a real standalone cluster: the bytes of the local run."""

import csv
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from kg.cli.main import cli
from kg.dedupe import Deduped, dedupe, write_clusters, write_pairs
from kg.home import Home
from kg.ingest import CatalogInput, ingest_catalog
from kg.resolve import resolve
from kg.spark.cluster import Workers
from kg.spark.engine import SparkEngine
from kg.spark.options import SparkOptions
from kg.spark.records import SparkWorkforce, spark_workforce
from kg.spark.session import spark_session
from linkers.records import searching
from tests.homes import digest, embedded
from tests.linkers.records.tables import two_sources
from tests.servers.spark import SparkCluster

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.cluster

ROWS = two_sources(1500, 900)


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def call(folder: Path, *arguments: str) -> tuple[bytes, bytes]:
    """Return the bytes of clusters and pairs."""
    out, pairs = folder / "clusters.csv", folder / "pairs.jsonl"
    given = ["dedupe", *arguments, "-o", str(out), "--pairs", str(pairs)]
    result = CliRunner().invoke(cli, given, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return out.read_bytes(), pairs.read_bytes()


def written(found: Deduped, folder: Path) -> tuple[bytes, bytes]:
    write_clusters(found.clusters, folder / "clusters.parquet")
    write_pairs(found.resolution, folder / "pairs.parquet")
    return (folder / "clusters.parquet").read_bytes(), (folder / "pairs.parquet").read_bytes()


def test_several_sources_have_the_bytes_of_the_local_run(tmp_path: Path, spark: SparkCluster) -> None:
    file = str(write(tmp_path / "records.csv", ROWS))
    expected = call(tmp_path, file, "--source-column", "source")
    there = call(tmp_path, file, "--source-column", "source", "--engine", "spark", "--master", spark.url)
    assert there == expected
    assert expected[1].count(b"\n") > 900


def test_a_worker_killed_midway_changes_nothing_about_one_table(
    tmp_path: Path, spark: SparkCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "LARGE", 1000)  # groups of five letters and pairs of words
    own = [{name: cell for name, cell in row.items() if name != "source"} for row in ROWS]
    file = write(tmp_path / "records.csv", own)
    local = dedupe([file])
    with spark_session(spark.url, "test") as session, spark_workforce(Workers(session)) as workforce:
        with killed_midway(session, spark) as killed:
            found = dedupe([file], by=workforce)
        assert killed.is_set()
        spark.start()
        again = dedupe([file], by=workforce)
    expected = written(local, tmp_path)
    assert written(found, tmp_path) == expected
    assert written(again, tmp_path) == expected
    assert found.resolution.report.cut == local.resolution.report.cut
    assert found.resolution.model == local.resolution.model


@contextmanager
def killed_midway(session: "SparkSession", spark: SparkCluster) -> Iterator[threading.Event]:
    """Kill a worker with all its processes when some tasks of a stage are done and others run."""
    killed, over = threading.Event(), threading.Event()
    tracker = session.sparkContext.statusTracker()

    def watch() -> None:
        while not over.wait(0.02):
            for number in tracker.getActiveStageIds():
                stage = tracker.getStageInfo(number)
                if stage and stage.numCompletedTasks and stage.numActiveTasks:
                    spark.workers[0].kill()
                    killed.set()
                    return

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield killed
    finally:
        over.set()
        watching.join()


def test_resolve_compares_records_there_as_here(
    tmp_path: Path, spark: SparkCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(SparkWorkforce, "_asked", noting(SparkWorkforce._asked, asked))
    a, b = ROWS[:300], ROWS[1500:1800]
    files = [str(write(tmp_path / f"{rows[0]['source']}.csv", [catalog_row(row) for row in rows])) for rows in (a, b)]
    digests, compared = [], []
    for where in ("here", "there"):
        config = embedded(tmp_path / where)
        with Home(config) as home, SparkEngine(SparkOptions(spark.url)) as engine:
            for file in files:
                ingest_catalog(home, CatalogInput([file], (), Path(file).stem))
            summary = resolve(home, engine=None if where == "here" else engine)
            compared.append((summary.records_compared, summary.pairs))
        digests.append(digest(config))
    assert digests[0] == digests[1]
    assert compared[0] == compared[1]
    assert compared[0][1]["join"] > 50
    assert {"Postings", "PairTexts"} <= set(asked)


def noting(asked: Callable[..., Any], kinds: list[str]) -> Callable[..., Any]:
    """Note what is sent to the workers."""

    def noted(self: SparkWorkforce, thing: object, *rest: Any) -> Any:
        kinds.append(type(thing).__name__)
        return asked(self, thing, *rest)

    return noted


def catalog_row(row: dict[str, str]) -> dict[str, str]:
    return {"id": row["record_id"], "name": row["title"], "type": "track", "artist": row["artist"], "year": row["year"]}
