"""A standalone Spark cluster from the pip package: a master and workers, each a process of its own."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.errors import ServerMissing
from tests.servers.java import find_java
from tests.servers.ports import HOST, Port, take_port
from tests.servers.process import JavaServer


def spark_class() -> Path:
    """Return the script of the pip package that starts a class of Spark; raises ServerMissing."""
    try:
        import pyspark
    except ImportError as error:
        raise ServerMissing("pyspark", "is not installed; pip install 'audiokg[spark]'") from error
    return Path(pyspark.__file__).with_name("bin") / "spark-class"


class SparkProcess(JavaServer):
    """A process of the cluster; healthy when its port answers."""

    user = password = ""
    role: str
    port: Port

    def _unhealthy(self) -> str:
        try:
            socket.create_connection((HOST, self.port.number), timeout=2).close()
        except OSError as error:
            return f"port {self.port.number}: {error}"
        return ""

    def _command(self, main_class: str, *arguments: str) -> list[str]:
        java_home = find_java().parents[1]
        environment = {
            "JAVA_HOME": str(java_home),
            "SPARK_LOCAL_IP": HOST,
            "SPARK_DAEMON_MEMORY": "256m",
            "SPARK_LOCAL_DIRS": str(self.home / "local"),
        }
        told = [f"{name}={value}" for name, value in environment.items()]
        return ["env", *told, str(spark_class()), f"org.apache.spark.deploy.{main_class}", *arguments]


class SparkMaster(SparkProcess):
    """The master of a cluster."""

    name = "Spark master"

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.port, self._pages = take_port(), take_port()

    @property
    def url(self) -> str:
        """Address as `--master` takes it."""
        return f"spark://{HOST}:{self.port.number}"

    def _configure(self) -> list[str]:
        ports = ["--port", str(self.port.number), "--webui-port", str(self._pages.number)]
        return self._command("master.Master", "--host", HOST, *ports)


class SparkWorker(SparkProcess):
    """A worker with one core; its executors and their Python processes end with it."""

    name = "Spark worker"

    def __init__(self, home: Path, master: SparkMaster, *, memory_mb: int = 1024) -> None:
        super().__init__(home)
        self._master, self._memory_mb = master, memory_mb
        self.port, self._pages = take_port(), take_port()

    @property
    def url(self) -> str:
        """Address of the worker."""
        return f"spark://{HOST}:{self.port.number}"

    def _configure(self) -> list[str]:
        ports = ["--port", str(self.port.number), "--webui-port", str(self._pages.number)]
        size = ["--cores", "1", "--memory", f"{self._memory_mb}m", "--work-dir", str(self.home / "work")]
        return self._command("worker.Worker", "--host", HOST, *ports, *size, self._master.url)


class SparkCluster:
    """A master and two workers."""

    def __init__(self, home: Path) -> None:
        self.master = SparkMaster(home / "master")
        self.workers = [SparkWorker(home / f"worker-{number}", self.master) for number in (1, 2)]

    @property
    def url(self) -> str:
        """Address as `--master` takes it."""
        return self.master.url

    def start(self) -> None:
        """Start what does not run, and return when all of it is healthy."""
        self.master.start()
        for worker in self.workers:
            worker.launch()
        for worker in self.workers:
            worker.wait_healthy()

    def stop(self) -> None:
        """End all processes."""
        for process in (*self.workers, self.master):
            process.kill()


@contextmanager
def spark_cluster(home: Path) -> Iterator[SparkCluster]:
    """Run a cluster whose drivers listen on this machine alone."""
    cluster = SparkCluster(home)
    before = os.environ.get("SPARK_LOCAL_IP")
    os.environ["SPARK_LOCAL_IP"] = HOST
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        if before is None:
            del os.environ["SPARK_LOCAL_IP"]
        else:
            os.environ["SPARK_LOCAL_IP"] = before
