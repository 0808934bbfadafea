"""The cache of server jars: filled once, by one process, and never half."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.errors import ServerMissing
from tests.servers.java import find_java
from tests.servers.maven import resolve
from tests.servers.neo4j import POM
from tests.servers.ports import take_port
from tests.servers.session import Access

ROOT = Path(__file__).parents[2]

# Stands at the place of Maven on PATH: notes each call, writes one jar, then ends as it is told.
MAVEN = """#!{python}
import sys, time
from pathlib import Path
if not Path({folder!r}, "broken").exists():
    time.sleep(0.5)
with open({calls!r}, "a") as calls:
    calls.write("call\\n")
folder = next(a for a in sys.argv if a.startswith("-DoutputDirectory=")).partition("=")[2]
Path(folder, "some.jar").write_text("jar")
sys.exit(1 if Path({folder!r}, "broken").exists() else 0)
"""


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache and a stand-in for Maven; returns the file with one line for each call of it."""
    noted = tmp_path / "calls"
    noted.touch()
    maven = tmp_path / "bin" / "mvn"
    maven.parent.mkdir()
    maven.write_text(MAVEN.format(python=sys.executable, calls=str(noted), folder=str(tmp_path)))
    maven.chmod(0o755)
    monkeypatch.setenv("PATH", str(maven.parent), prepend=os.pathsep)
    monkeypatch.setenv("KG_SERVER_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("MAVEN_HOME", raising=False)
    monkeypatch.delenv("M2_HOME", raising=False)
    return noted


def test_the_second_resolve_does_not_call_maven(calls: Path) -> None:
    first = resolve(POM)
    assert resolve(POM) == first
    assert [jar.name for jar in first.iterdir()] == ["some.jar"]
    assert calls.read_text().count("call") == 1


def test_a_failed_download_is_never_used(calls: Path) -> None:
    broken = calls.with_name("broken")
    broken.touch()
    with pytest.raises(ServerMissing, match="could not resolve"):
        resolve(POM)
    tried = calls.read_text().count("call")
    broken.unlink()
    assert [jar.name for jar in resolve(POM).iterdir()] == ["some.jar"]
    assert calls.read_text().count("call") == tried + 1


def test_a_changed_pom_is_resolved_anew(calls: Path, tmp_path: Path) -> None:
    changed = tmp_path / "pom.xml"
    changed.write_text(POM.read_text().replace("5.24.0", "5.23.0"))
    assert resolve(changed) != resolve(POM)
    assert calls.read_text().count("call") == 2


def test_of_several_processes_one_downloads(calls: Path) -> None:
    program = "from tests.servers.maven import resolve; from tests.servers.neo4j import POM; print(resolve(POM))"
    running = [
        subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    folders = {process.communicate(timeout=60)[0] for process in running}
    assert len(folders) == 1
    assert Path(folders.pop().strip(), "some.jar").is_file()
    assert calls.read_text().count("call") == 1


@pytest.mark.servers
def test_the_real_jars_need_maven_no_more(neo4j_server: Access, monkeypatch: pytest.MonkeyPatch) -> None:
    if not neo4j_server.ours:
        pytest.skip("a server was given: its jars are not here")
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("MAVEN_HOME", raising=False)
    monkeypatch.delenv("M2_HOME", raising=False)
    names = {jar.name for jar in resolve(POM).glob("*.jar")}
    assert any(name.startswith("neo4j-browser-") for name in names)
    assert len(names) > 200


def test_without_maven_the_message_says_what_to_install(calls: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ServerMissing, match="install Maven"):
        resolve(POM)


def test_java_home_of_another_version_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho 'openjdk version \"25.0.1\" 2025-10-21' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    try:
        assert find_java() != java
    except ServerMissing as error:
        assert f"{java} is 25" in str(error)


def test_ports_are_given_to_one_only() -> None:
    ports = [take_port() for _ in range(20)]
    assert len({port.number for port in ports}) == 20
    wanted = ports[0].number
    assert take_port(wanted).number != wanted
    ports[0].release()
    assert take_port(wanted).number == wanted
