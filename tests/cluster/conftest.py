"""The servers of the cluster tests, and what the local engine makes of the files that Spark reads."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.spark_world import Expected, SparkWorld, expected_of, write_spark_world
from tests.servers.kafka import KafkaServer
from tests.servers.required import servers_required
from tests.servers.spark import SparkCluster, spark_cluster


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaServer]:
    """A Kafka that answers."""
    server = KafkaServer(tmp_path_factory.mktemp("kafka"), partitions=1)
    with servers_required():
        server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkCluster]:
    """A master and two workers of one core each; files are read in pieces of 20 kB, so that several tasks share one."""
    settings = tmp_path_factory.mktemp("spark-conf")
    (settings / "spark-defaults.conf").write_text("spark.sql.files.maxPartitionBytes 20000\n", encoding="utf-8")
    os.environ["SPARK_CONF_DIR"] = str(settings)
    with servers_required(), spark_cluster(tmp_path_factory.mktemp("spark")) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def spark_world(tmp_path_factory: pytest.TempPathFactory) -> SparkWorld:
    """Documents in JSONL and Parquet with bad rows among them, and given mentions of other documents."""
    return write_spark_world(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="session")
def expected(spark_world: SparkWorld, tmp_path_factory: pytest.TempPathFactory) -> Expected:
    """What `kg ingest documents` and `kg resolve` make of them on this machine."""
    return expected_of(spark_world, Path(tmp_path_factory.mktemp("local")))
