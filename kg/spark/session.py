"""A Spark session for the length of a command: what its workers are given, and how its failures are told."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import kg
from schemas.errors import ConfigError, KgError, WorkerError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    # a row may be the work of a second: it is their bytes that bound what a worker holds at a time
    "spark.sql.execution.arrow.maxRecordsPerBatch": "1024",
    "spark.sql.execution.arrow.maxBytesPerBatch": "16m",
    "spark.python.worker.reuse": "true",
    "spark.sql.files.maxPartitionBytes": "16m",
}
_HANDED_ON = ("KG_CASSANDRA_USER", "KG_CASSANDRA_PASSWORD", "HF_HUB_OFFLINE")
_LAST_LINE = re.compile(r"^(?:[\w.]+\.)?([A-Z]\w*(?:Error|Exception|Unavailable|Rejected|Interrupt)): (.*)$")


@contextmanager
def spark_session(master: str, name: str) -> Iterator["SparkSession"]:
    """Open a session on a cluster and stop it at the end.

    master: address as Spark takes it (`spark://HOST:7077`, `yarn`, `local[2]`). name: what the cluster's pages call it.
    Settings of the user (spark-defaults.conf) win over those made here. Raises ConfigError without pyspark,
    WorkerError when the cluster does not answer.
    """
    session_class, context_class, conf_class = _pyspark()
    # Spark reads this name only; the workers of a real cluster may have their Python elsewhere, and then it is set
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    with cluster_failures(master):
        # a configuration made before Java runs would not know spark-defaults.conf, and overrule it
        context_class._ensure_initialized()
        conf = conf_class().setMaster(master).setAppName(name)
        for key, value in (_SETTINGS | _worker_environment()).items():
            conf.setIfMissing(key, value)
        # what launches Java takes this process for a shell, and sets it
        conf.set("spark.ui.showConsoleProgress", "false")
        session = session_class.builder.config(conf=conf).getOrCreate()
    try:
        session.sparkContext.setLogLevel("ERROR")
        partitions = str(max(4, 2 * session.sparkContext.defaultParallelism))
        if not conf.get("spark.sql.shuffle.partitions", None):
            session.conf.set("spark.sql.shuffle.partitions", partitions)
        yield session
    finally:
        session.stop()


def _pyspark() -> tuple[Any, Any, Any]:
    try:
        from pyspark import SparkConf, SparkContext
        from pyspark.sql import SparkSession
    except ImportError as error:
        problem = "'spark' needs pyspark, which is not installed: pip install 'audiokg[spark]'"
        raise ConfigError("engine", problem) from error
    return SparkSession, SparkContext, SparkConf


def _worker_environment() -> dict[str, str]:
    """Return what the Python processes of the workers find in their environment."""
    given = {name: os.environ[name] for name in _HANDED_ON if name in os.environ}
    # each process has one core: threads of its own would only stand in the way of its neighbours
    given |= {"TOKENIZERS_PARALLELISM": "false", "POLARS_MAX_THREADS": "1"}
    source = Path(kg.__file__).parents[1]
    paths = [] if source.name in ("site-packages", "dist-packages") else [str(source)]
    paths += [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path and path not in paths]
    if paths:
        given["PYTHONPATH"] = os.pathsep.join(paths)
    return {f"spark.executorEnv.{name}": value for name, value in given.items()}


@contextmanager
def cluster_failures(master: str) -> Iterator[None]:
    """Turn what Spark raises into WorkerError with the one line that says what went wrong."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except KgError:
        raise
    except (PySparkException, Py4JError) as error:
        raise WorkerError(f"spark at {master}", _told(str(error))) from error


def _told(text: str) -> str:
    """Return the last error of a Python traceback within a message of Spark, else the message's first line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    found = [match for match in map(_LAST_LINE.match, lines) if match and not match[1].startswith("PySpark")]
    return f"{found[-1][1]}: {found[-1][2]}" if found else (lines[0] if lines else "no message")
