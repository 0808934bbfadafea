"""Writes what kg is made of as CycloneDX JSON: `python -m tests.supply_chain.sbom --out FOLDER`.

Two files: kg-python.cdx.json, what the installed kg needs at run time with its extras but without the tools of tests
and benchmarks; kg-explorer.cdx.json, the npm packages that are built into the web page. The same environment gives the
same bytes.
"""

import argparse
import json
import subprocess
import sys
import tomllib
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = "audiokg"
EXTRAS = ("spark", "kafka", "otel")

Bom = dict[str, Any]


def python_sbom() -> Bom:
    """Return the bill of materials of the environment this runs in, without what only tests need."""
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", "--no-validate"]
    bom: Bom = json.loads(_output([*command, "--of", "JSON", "-o", "-", sys.executable]))
    named: dict[str, str] = {
        canonicalize_name(component["name"]): component["bom-ref"] for component in bom["components"]
    }
    own = named[PROJECT]
    needed = {named[name] for name in _needed() if name in named}
    (root,) = [component for component in bom["components"] if component["bom-ref"] == own]
    # where it was installed from is a path of one machine
    root = {
        name: value for name, value in root.items() if name in ("bom-ref", "name", "version", "purl", "description")
    }
    bom["metadata"]["component"] = root | {"type": "application"}
    return _only(bom, needed, own)


def npm_sbom() -> Bom:
    """Return the bill of materials of the explorer's packages, by its lock file."""
    options = ["--package-lock-only", "--omit", "dev", "--sbom-format", "cyclonedx"]
    bom: Bom = json.loads(_output(["npm", "sbom", *options], ROOT / "explorer"))
    bom.pop("serialNumber", None)
    bom["metadata"].pop("timestamp", None)
    bom["metadata"].pop("tools", None)
    own = bom["metadata"]["component"]["bom-ref"]
    return _only(bom, {component["bom-ref"] for component in bom["components"]} | {own}, own)


def as_text(bom: Bom) -> str:
    """Return a bill of materials as JSON in one order."""
    return json.dumps(bom, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _needed() -> set[str]:
    """Return the names of what the project and its extras need here, to the last of theirs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked_for = project["dependencies"] + [text for e in EXTRAS for text in project["optional-dependencies"][e]]
    needed, ahead = {(PROJECT, "")}, [each for text in asked_for for each in _asked(text, "")]
    while ahead:
        name, extra = ahead.pop()
        if (name, extra) in needed:
            continue
        needed.add((name, extra))
        with suppress(PackageNotFoundError):  # what a marker asks for on other systems is not here
            ahead += [each for text in requires(name) or () for each in _asked(text, extra)]
    return {name for name, _ in needed}


def _asked(text: str, extra: str) -> list[tuple[str, str]]:
    """Return what a requirement asks for, name and extra, when the project that has it is asked with an extra."""
    asked = Requirement(text)
    if asked.marker is not None and not asked.marker.evaluate({"extra": extra}):
        return []
    return [(canonicalize_name(asked.name), each) for each in ("", *asked.extras)]


def _only(bom: Bom, kept: set[str], own: str) -> Bom:
    components = [c for c in bom["components"] if c["bom-ref"] in kept and c["bom-ref"] != own]
    dependencies = [
        entry | {"dependsOn": sorted(ref for ref in entry.get("dependsOn", []) if ref in kept)}
        for entry in bom["dependencies"]
        if entry["ref"] in kept
    ]
    components.sort(key=lambda component: str(component["bom-ref"]))
    dependencies.sort(key=lambda entry: str(entry["ref"]))
    return bom | {"components": components, "dependencies": dependencies}


def _output(command: list[str], folder: Path = ROOT) -> str:
    return subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True, check=True).stdout


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description="Write bills of materials as CycloneDX JSON.")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "sbom", help="folder, made when it is missing")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for name, bom in (("kg-python", python_sbom()), ("kg-explorer", npm_sbom())):
        (out / f"{name}.cdx.json").write_text(as_text(bom), encoding="utf-8")
        sys.stdout.write(f"{out / name}.cdx.json: {len(bom['components'])} components\n")


if __name__ == "__main__":
    main()
