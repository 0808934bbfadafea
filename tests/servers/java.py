"""Where a JDK 17 is: the one version that both servers run on."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.servers.errors import ServerMissing

VERSION = 17
INSTALL_FOLDERS = (Path("/usr/lib/jvm"), Path("/Library/Java/JavaVirtualMachines"))


def find_java() -> Path:
    """Return the `java` of a version 17: of JAVA_HOME, an installed *17*, or PATH; or raise ServerMissing."""
    seen = []
    for java in _candidates():
        found = _version(java)
        if found == VERSION:
            return java
        seen.append(f"{java} is {found or 'not a Java'}")
    looked = "; ".join(seen) or "none found in JAVA_HOME, /usr/lib/jvm and PATH"
    raise ServerMissing("Java 17", f"{looked}; install a JDK 17 or set JAVA_HOME to one")


def _candidates() -> Iterator[Path]:
    home = os.environ.get("JAVA_HOME")
    if home:
        yield Path(home, "bin", "java")
    for folder in INSTALL_FOLDERS:
        for pattern in ("*17*/bin/java", "*17*/Contents/Home/bin/java"):
            yield from sorted(folder.glob(pattern))
    on_path = shutil.which("java")
    if on_path:
        yield Path(on_path)


def _version(java: Path) -> int | None:
    try:
        told = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r'version "(\d+)', told.stderr + told.stdout)
    return int(found.group(1)) if found else None
