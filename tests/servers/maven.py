"""Jars of a server, resolved once by Maven into a cache that all checkouts share."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

from tests.servers.errors import ServerMissing
from tests.servers.locks import locked

COPY_JARS = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
TIMEOUT_S = 900
ATTEMPTS = 2
POM = "{http://maven.apache.org/POM/4.0.0}"


def resolve(pom: Path) -> Path:
    """Return the folder that holds the jars of a pom, downloading them when they are not in the cache.

    The folder is named after the pom's artifact, version and content, and appears by a rename when it is
    complete; so an interrupted download is never used. Raises ServerMissing without Maven or its artifacts.
    """
    folder = cache_folder() / _folder_name(pom)
    if folder.is_dir():
        return folder
    # One lock for all: two Mavens at once may also spoil the local repository that they share.
    with locked(cache_folder() / "resolving.lock"):
        if not folder.is_dir():
            _download(pom, folder)
    return folder


def cache_folder() -> Path:
    """Return the folder of the cache: KG_SERVER_CACHE, or ~/.cache/kg-servers."""
    return Path(os.environ.get("KG_SERVER_CACHE") or "~/.cache/kg-servers").expanduser().absolute()


def _folder_name(pom: Path) -> str:
    content = pom.read_bytes()
    project = ElementTree.fromstring(content)
    digest = hashlib.sha256(content).hexdigest()[:8]
    return f"{project.findtext(f'{POM}artifactId')}-{project.findtext(f'{POM}version')}-{digest}"


def _download(pom: Path, folder: Path) -> None:
    partial = folder.with_name(f"{folder.name}.partial")
    command = [
        _find_maven(),
        "-q",
        "-B",
        *("-f", str(pom)),
        COPY_JARS,
        "-DincludeScope=runtime",
        f"-DoutputDirectory={partial}",
    ]
    problem = ""
    for _ in range(ATTEMPTS):
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        problem = _run(command)
        if not problem:
            partial.rename(folder)
            return
    raise ServerMissing(f"jars of {pom}", f"Maven could not resolve them; its last words:\n{problem}")


def _run(command: list[str]) -> str:
    """Run Maven; returns "", or the end of what it said when it failed."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        return f"(not finished after {TIMEOUT_S} s)"
    if done.returncode == 0:
        return ""
    return (done.stdout + done.stderr)[-2000:] or f"exit code {done.returncode}"


def _find_maven() -> str:
    for variable in ("MAVEN_HOME", "M2_HOME"):
        home = os.environ.get(variable)
        if home and Path(home, "bin", "mvn").is_file():
            return str(Path(home, "bin", "mvn"))
    on_path = shutil.which("mvn")
    if on_path is None:
        raise ServerMissing("Maven", "no mvn in MAVEN_HOME or PATH; install Maven 3.8 or later")
    return on_path
