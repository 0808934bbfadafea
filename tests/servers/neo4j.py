"""Neo4j Community with authentication on, and its Browser."""

import json
import subprocess
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

from tests.servers.certificates import Identity
from tests.servers.errors import ServerFailed
from tests.servers.java import find_java
from tests.servers.maven import resolve
from tests.servers.ports import HOST, Port, take_port
from tests.servers.process import JavaServer

if TYPE_CHECKING:
    from neo4j import Driver

POM = Path(__file__).with_name("neo4j") / "pom.xml"
FOLDERS = ("conf", "data", "logs", "run", "import", "plugins")
LOCAL_PASSWORD = "kg-local-only"
FIRST_PASSWORD = "neo4j"
ADMIN_TOOL = "org.neo4j.cli.AdminTool"
OPENED = ("java.nio", "java.io", "sun.nio.ch")


class Neo4jServer(JavaServer):
    """One Neo4j in a folder; the password is set at the first start and must be the same at later ones."""

    name = "Neo4j"
    user = "neo4j"

    def __init__(
        self,
        home: Path,
        *,
        port: Port | None = None,
        http_port: Port | None = None,
        password: str = LOCAL_PASSWORD,
        heap_mb: int = 512,
        identity: Identity | None = None,
    ) -> None:
        super().__init__(home)
        self._identity = identity
        self.password = password
        self._heap_mb = heap_mb
        self._port = port or take_port()
        self._http_port = http_port or take_port()

    @property
    def url(self) -> str:
        """Address for drivers; with +s when the server speaks TLS only."""
        return f"neo4j{'+s' if self._identity else ''}://{HOST}:{self._port.number}"

    @property
    def port(self) -> int:
        """Number of the Bolt port."""
        return self._port.number

    @property
    def browser_url(self) -> str:
        """Address of the Neo4j Browser."""
        return f"http://{HOST}:{self._http_port.number}/browser/"

    def administer(self, arguments: list[str], folder: Path) -> str:
        """Run neo4j-admin on the stopped server, in a folder; returns what it said, or raises ServerFailed."""
        command = [*self.admin_command(), *arguments]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
        said = done.stdout + done.stderr
        if done.returncode:
            raise ServerFailed(self.name, f"neo4j-admin ended with {done.returncode}: {said}", self.log)
        return said

    def admin_command(self) -> list[str]:
        """Return what neo4j-admin is called by here; the server must be stopped where the database is changed."""
        self._write_configuration()
        places = [f"NEO4J_HOME={self.home}", f"NEO4J_CONF={self.home / 'conf'}"]
        return ["env", *places, str(find_java()), f"-Xmx{self._heap_mb}m", "-cp", f"{resolve(POM)}/*", ADMIN_TOOL]

    def _write_configuration(self) -> None:
        for folder in FOLDERS:
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        lines = [f"{key}={value}\n" for key, value in self._settings().items()]
        (self.home / "conf" / "neo4j.conf").write_text("".join(lines))

    def _configure(self) -> list[str]:
        self._write_configuration()
        return [
            str(find_java()),
            "-Xms256m",
            f"-Xmx{self._heap_mb}m",
            "-XX:+UseG1GC",
            "-XX:+ExitOnOutOfMemoryError",
            *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED),
            "-Dio.netty.tryReflectionSetAccessible=true",
            "-Dlog4j2.disable.jmx=true",
            *("-cp", f"{resolve(POM)}/*"),
            "org.neo4j.server.CommunityEntryPoint",
            f"--home-dir={self.home}",
            f"--config-dir={self.home / 'conf'}",
            "--console-mode",
        ]

    def _settings(self) -> dict[str, str]:
        bolt = f"{HOST}:{self._port.number}"
        http = f"{HOST}:{self._http_port.number}"
        return {
            "server.default_listen_address": HOST,
            "server.bolt.listen_address": bolt,
            "server.bolt.advertised_address": bolt,
            "server.http.listen_address": http,
            "server.http.advertised_address": http,
            "server.https.enabled": "false",
            "server.memory.pagecache.size": "128m",
            "db.tx_log.preallocate": "false",
            "dbms.usage_report.enabled": "false",
            # Tests of wrong passwords must not lock the user out for those that follow.
            "dbms.security.auth_max_failed_attempts": "0",
            **self._tls_settings(),
        }

    def _tls_settings(self) -> dict[str, str]:
        if self._identity is None:
            return {}
        policy = "dbms.ssl.policy.bolt"
        return {
            "server.bolt.tls_level": "REQUIRED",
            f"{policy}.enabled": "true",
            f"{policy}.base_directory": str(self._identity.certificate.parent),
            f"{policy}.private_key": str(self._identity.key),
            f"{policy}.public_certificate": str(self._identity.certificate),
            f"{policy}.client_auth": "NONE",
        }

    def _driver(self, password: str) -> "Driver":
        """Open a driver of the server's own user, which looks at no certificate: that is for kg to prove."""
        from neo4j import GraphDatabase

        url = self.url.replace("+s://", "+ssc://")
        return GraphDatabase.driver(url, auth=(self.user, password))

    def _unhealthy(self) -> str:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{self._http_port.number}/", timeout=5) as answer:
                if "neo4j_version" not in json.load(answer):
                    return "another server answers on its HTTP port"
        except (OSError, ValueError) as error:
            return f"HTTP: {error}"
        return self._log_in()

    def _log_in(self) -> str:
        from neo4j.exceptions import AuthError, DriverError, Neo4jError

        try:
            with self._driver(self.password) as driver:
                driver.verify_connectivity()
        except AuthError:
            return self._set_password()
        except (DriverError, Neo4jError) as error:
            return f"Bolt: {error}"
        return ""

    def _set_password(self) -> str:
        """Replace the password of a new installation; raises ServerFailed when it has another already."""
        from neo4j.exceptions import DriverError, Neo4jError

        change = "ALTER CURRENT USER SET PASSWORD FROM $old TO $new"
        try:
            with self._driver(FIRST_PASSWORD) as driver:
                driver.execute_query(change, old=FIRST_PASSWORD, new=self.password, database_="system")
        except (DriverError, Neo4jError) as error:
            if error.is_retryable():
                return f"password: {error}"
            raise ServerFailed(self.name, f"does not take the password given: {error}", self.log) from error
        return "password was set just now"
