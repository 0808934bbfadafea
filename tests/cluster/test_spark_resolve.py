"""`kg resolve --engine spark` on a real standalone cluster decides, row for row, what the local engine decides."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from kg.config import Config
from kg.extraction import GIVEN
from kg.home import Home
from kg.provisional import Clustering
from kg.resolve import ResolveSummary, resolve
from kg.runs import OpenRun
from kg.spark.engine import SparkEngine
from kg.spark.label_pairs import PIECE, alike_labels
from kg.spark.linking import DECIDED, RunMark, link_items, link_there
from kg.spark.options import SparkOptions
from kg.spark.unknown import cluster_unknown
from linkers.clustering.name_blocks import LARGEST_BLOCK, block_pairs
from linkers.clustering.unknown_things import alike_names, label_blocks
from schemas.errors import FormatError, NotFoundError, WorkerError
from tests.cluster.spark_world import Expected, SparkWorld, kept, take_catalog
from tests.homes import digest, embedded, on_servers
from tests.servers.session import Access
from tests.servers.spark import SparkCluster

pytestmark = pytest.mark.cluster


@pytest.fixture
def server_config(tmp_path: Path, neo4j_clean: Access, cassandra_server: Access, cassandra_keyspace: str) -> Config:
    """An empty home on servers."""
    return on_servers(tmp_path, neo4j_clean.url, f"{cassandra_server.url}/{cassandra_keyspace}")


def run(config: Config, master: str, world: SparkWorld, out: str = "") -> list[ResolveSummary]:
    """Do on the cluster what `expected` did here, in a home that has the catalog."""
    summaries = []
    for documents, spans in ((world.documents, ""), (world.noted, str(world.spans))):
        with Home(config) as home, SparkEngine(SparkOptions(master, (str(documents),), spans, out)) as engine:
            summaries.append(resolve(home, engine=engine))
    return summaries


def check(config: Config, expected: Expected) -> None:
    """Compare everything that a home keeps with what the local engine kept."""
    with Home(config) as home:
        rows, run_ids, files = kept(home)
    assert rows.equals(expected.rows)
    assert run_ids == expected.runs
    assert files == expected.files
    assert digest(config) == expected.digest


def test_an_embedded_home_is_filled_as_by_the_local_engine(
    tmp_path: Path, spark: SparkCluster, spark_world: SparkWorld, expected: Expected
) -> None:
    config = embedded(tmp_path)
    take_catalog(config)
    first, second = run(config, spark.url, spark_world, str(tmp_path / "out"))
    check(config, expected)
    assert first.errors == expected.errors
    assert first.bad_rows == len(expected.errors) == 5
    written = pq.read_table(tmp_path / "out" / "decisions")
    assert written.num_rows == second.mentions
    assert set(written["doc_id"].to_pylist()) <= set(pq.read_table(tmp_path / "out" / "documents")["id"].to_pylist())
    with Home(config) as home, SparkEngine(SparkOptions(spark.url, (str(spark_world.documents),))) as engine:
        assert resolve(home, engine=engine).run_id == ""


@pytest.mark.servers
def test_workers_write_to_the_servers_and_neither_a_kill_nor_a_second_attempt_changes_anything(
    tmp_path: Path, server_config: Config, spark: SparkCluster, spark_world: SparkWorld, expected: Expected
) -> None:
    take_catalog(server_config)
    with killed_when_it_writes(server_config, spark) as killed:
        _, second = run(server_config, spark.url, spark_world, str(tmp_path / "out"))
    assert killed.is_set()
    check(server_config, expected)
    assert pq.read_table(tmp_path / "out" / "decisions").num_rows == second.mentions
    spark.start()
    attempt_twice(server_config, spark.url)
    check(server_config, expected)


def attempt_twice(config: Config, master: str) -> None:
    """Do the tasks of the last run again, each twice and side by side."""
    with Home(config) as home, SparkEngine(SparkOptions(master)) as engine:
        last, cluster = OpenRun(run=home.mentions.runs()[0]), engine.cluster(home)
        rows = home.mentions.document_rows()
        noted = rows.filter(pc.starts_with(rows["extraction_key"], GIVEN))
        keys = list(zip(noted["id"].to_pylist(), noted["decision_key"].to_pylist(), strict=True))
        items = link_items(RunMark(last.run_id, last.sequence), keys)
        done = cluster.worked(cluster.items([*items, *items]), link_there, DECIDED).toArrow()
        assert pc.sum(done["changed"]).as_py() == 0
        for _ in range(2):
            clustering = Clustering(decided=set(noted["id"].to_pylist()))
            cluster_unknown(cluster, home, last, clustering, stored_there=True)
            assert clustering.changed == 0


@contextmanager
def killed_when_it_writes(config: Config, spark: SparkCluster) -> Iterator[threading.Event]:
    """Kill a worker with all its processes as soon as mentions are in the store; tells whether it came to that."""
    killed, over = threading.Event(), threading.Event()

    def watch() -> None:
        with Home(config) as home:
            while not over.wait(0.1):
                if any(home.mentions.document_rows()["extraction_key"].to_pylist()):
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


def test_a_block_too_large_for_one_task_is_cut_and_compared_as_here(spark: SparkCluster, tmp_path: Path) -> None:
    inner = [f"{vowel}{consonant}" for vowel in "aeiou" for consonant in "bdfgklmnprstvz"]
    labels = sorted(f"quillon b{first}{second}" for first in inner for second in inner)[::2]
    blocks = label_blocks(labels)
    large = [block for block in blocks.values() if len(block) > LARGEST_BLOCK]
    assert max(map(len, large)) > 2 * PIECE
    local = alike_names({pair for block in blocks.values() for pair in block_pairs(block)})
    config = embedded(tmp_path)
    take_catalog(config)
    with Home(config) as home, SparkEngine(SparkOptions(spark.url)) as engine:
        assert resolve(home, engine=engine).mentions == 0  # a home without documents
        found = alike_labels(engine.cluster(home), labels)
    assert sorted(found.alike) == sorted(local)
    assert (found.split, found.largest) == (len(large), max(map(len, large)))


def test_what_is_wrong_is_named(tmp_path: Path, spark: SparkCluster, spark_world: SparkWorld) -> None:
    config = embedded(tmp_path)
    take_catalog(config)
    options = SparkOptions(spark.url, (str(tmp_path / "nothing"),))
    with Home(config) as home, SparkEngine(options) as engine, pytest.raises(NotFoundError, match="nothing"):
        resolve(home, engine=engine)
    wrong = tmp_path / "wrong.parquet"
    pq.write_table(pa.table({"doc_id": ["x"], "start": [0]}), wrong)
    options = SparkOptions(spark.url, (str(spark_world.noted),), str(wrong))
    with Home(config) as home, SparkEngine(options) as engine, pytest.raises(FormatError, match="'end'"):
        resolve(home, engine=engine)
    outside = tmp_path / "outside.jsonl"
    row = {"doc_id": pq.read_table(spark_world.noted)["id"][0].as_py(), "start": 0, "end": 99_999}
    outside.write_text(json.dumps(row), encoding="utf-8")
    options = SparkOptions(spark.url, (str(spark_world.noted),), str(outside))
    with Home(config) as home, SparkEngine(options) as engine, pytest.raises(WorkerError, match="not inside its text"):
        resolve(home, engine=engine)
