"""A Spark cluster, and what the local engine makes of the same files."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.spark_world import Expected, SparkWorld, expected_of, write_spark_world
from tests.servers.errors import ServerMissing
from tests.servers.spark import SparkCluster, spark_cluster


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkCluster]:
    """A master and two workers of one core each; files are read in pieces of 20 kB, so that several tasks share one."""
    settings = tmp_path_factory.mktemp("spark-conf")
    (settings / "spark-defaults.conf").write_text("spark.sql.files.maxPartitionBytes 20000\n", encoding="utf-8")
    os.environ["SPARK_CONF_DIR"] = str(settings)
    try:
        with spark_cluster(tmp_path_factory.mktemp("spark")) as cluster:
            yield cluster
    except ServerMissing as error:
        if os.environ.get("CI") == "true" or os.environ.get("KG_REQUIRE_SERVERS") == "1":
            pytest.fail(f"a real Spark is required here: {error}", pytrace=False)
        pytest.skip(f"no Spark: {error}")


@pytest.fixture(scope="session")
def spark_world(tmp_path_factory: pytest.TempPathFactory) -> SparkWorld:
    """Documents in JSONL and Parquet with bad rows among them, and given mentions of other documents."""
    return write_spark_world(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="session")
def expected(spark_world: SparkWorld, tmp_path_factory: pytest.TempPathFactory) -> Expected:
    """What `kg ingest documents` and `kg resolve` make of them on this machine."""
    return expected_of(spark_world, Path(tmp_path_factory.mktemp("local")))
