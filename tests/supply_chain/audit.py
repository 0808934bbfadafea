"""Asks the advisory services about every pinned package: `python -m tests.supply_chain.audit`.

pip-audit calls it "no known vulnerabilities" when a service knows none of the packages, so each service is first asked
about a release whose vulnerabilities are long known. One that does not tell them has told nothing about ours: they are
not audited. Exits with 1 for a known vulnerability; with KG_REQUIRE_AUDIT=1 also when anything was not audited.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
KNOWN_BAD_PYTHON = ("jinja2", "2.10")
KNOWN_BAD_NPM = ("lodash", "4.17.4")
_TIMEOUT_S = 600


@dataclass
class Audit:
    """What is known about packages: name==version of those audited and not, and what is wrong with which."""

    what: str
    audited: list[str] = field(default_factory=list)
    not_audited: list[str] = field(default_factory=list)
    vulnerable: list[str] = field(default_factory=list)
    reason: str = ""

    def lines(self) -> list[str]:
        """Return what a person should read, one sentence a line."""
        told = [f"{self.what}: {len(self.audited)} packages audited, {len(self.not_audited)} not audited"]
        if self.not_audited:
            told.append(f"{self.what}: not audited ({self.reason}): {', '.join(sorted(self.not_audited))}")
        return told + [f"{self.what}: VULNERABLE {found}" for found in self.vulnerable]


def python_audit(answer: Mapping[str, Any]) -> Audit:
    """Return what pip-audit's JSON says."""
    audit = Audit("Python", reason="the advisory service does not know them")
    for package in answer["dependencies"]:
        if "skip_reason" in package:
            audit.not_audited.append(package["name"])
            continue
        called = f"{package['name']}=={package['version']}"
        audit.audited.append(called)
        audit.vulnerable += [f"{called}: {found['id']}" for found in package.get("vulns", ())]
    return audit


def npm_audit(answer: Mapping[str, Any], packages: Sequence[str]) -> Audit:
    """Return what npm audit's JSON says about packages of a lock file."""
    if not isinstance(answer.get("vulnerabilities"), dict):
        reason = str(answer.get("message", "the registry gave no audit")).partition(" - ")[0]
        return Audit("npm", not_audited=list(packages), reason=reason)
    found = [f"{name}: {entry.get('severity')}" for name, entry in sorted(answer["vulnerabilities"].items())]
    return Audit("npm", audited=list(packages), vulnerable=found)


def _pip_audit(requirements: Path) -> dict[str, Any]:
    options = ["--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
    done = _run([sys.executable, "-m", "pip_audit", "--requirement", str(requirements), *options], ROOT)
    return _json(done) or {"dependencies": []}


def audit_python(constraints: Path) -> Audit:
    """Audit the packages that a file pins."""
    pins = [line.split()[0] for line in constraints.read_text(encoding="utf-8").splitlines() if "==" in line]
    with tempfile.TemporaryDirectory() as folder:
        canary = Path(folder, "known-bad.txt")
        canary.write_text("==".join(KNOWN_BAD_PYTHON) + "\n", encoding="utf-8")
        if not python_audit(_pip_audit(canary)).vulnerable:
            reason = f"the advisory service does not tell what is known about {'=='.join(KNOWN_BAD_PYTHON)}"
            return Audit("Python", not_audited=pins, reason=reason)
        answer = _pip_audit(constraints)
        if not answer["dependencies"]:
            return Audit("Python", not_audited=pins, reason="the advisory service gave no audit")
        return python_audit(answer)


def audit_npm(lock: Path) -> Audit:
    """Audit the packages of an npm lock file."""
    entries = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    packages = [f"{path.rpartition('node_modules/')[2]}=={entry['version']}" for path, entry in entries.items() if path]
    if shutil.which("npm") is None:
        return Audit("npm", not_audited=packages, reason="there is no npm")
    with tempfile.TemporaryDirectory() as folder:
        name, version = KNOWN_BAD_NPM
        own = {"name": "known-bad", "version": "1.0.0", "dependencies": {name: version}}
        Path(folder, "package.json").write_text(json.dumps(own), encoding="utf-8")
        locked = {"lockfileVersion": 3, "packages": {"": own, f"node_modules/{name}": {"version": version}}}
        Path(folder, "package-lock.json").write_text(json.dumps(own | locked), encoding="utf-8")
        canary = npm_audit(_npm(Path(folder)), ["=".join(KNOWN_BAD_NPM)])
    if canary.not_audited or not canary.vulnerable:
        reason = canary.reason or f"the registry does not tell what is known about {name} {version}"
        return Audit("npm", not_audited=packages, reason=reason)
    return npm_audit(_npm(lock.parent), packages)


def _npm(folder: Path) -> dict[str, Any]:
    return _json(_run(["npm", "audit", "--json", "--package-lock-only"], folder)) or {}


def _run(command: Sequence[str], folder: Path) -> str:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout


def _json(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def main() -> int:
    """Audit everything and say what is known; returns the exit status."""
    audits = [audit_python(ROOT / "constraints.txt"), audit_npm(ROOT / "explorer" / "package-lock.json")]
    for audit in audits:
        sys.stdout.write("".join(f"{line}\n" for line in audit.lines()))
    required = os.environ.get("KG_REQUIRE_AUDIT") == "1"
    return int(any(audit.vulnerable or (required and audit.not_audited) for audit in audits))


if __name__ == "__main__":
    sys.exit(main())
