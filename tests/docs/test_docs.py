"""Doctests, the vocabulary, and the lock file."""

import doctest
import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("kg", "linkers", "loaders", "schemas")
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for part in PARTS
    for path in (ROOT / part).rglob("*.py")
    if ">>>" in path.read_text(encoding="utf-8")
)
RIVALS = re.compile(r"\b(golden record|synonyms?|soft link|gazetteer entry)\b", re.IGNORECASE)


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_in_docstrings_are_true(module: str) -> None:
    result = doctest.testmod(importlib.import_module(module))
    assert result.attempted
    assert not result.failed


def test_each_thing_has_one_word() -> None:
    texts = [path for part in (*PARTS, "docs") for suffix in ("*.py", "*.md") for path in (ROOT / part).rglob(suffix)]
    used = {str(path.relative_to(ROOT)): RIVALS.findall(path.read_text(encoding="utf-8")) for path in texts}
    assert not {path: words for path, words in used.items() if words}


def test_the_lock_holds_versions_and_no_addresses() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!_-]+", line) for line in lines)


def test_the_modules_that_the_architecture_names_exist() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for name in set(re.findall(r"`((?:kg|linkers|loaders|schemas|tests|docs)/[a-z0-9_./-]+)`", text)):
        assert (ROOT / name).exists(), name
