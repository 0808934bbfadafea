"""A resolved home that tests of this folder may change."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def folder(gold_home: Path, tmp_path: Path) -> Path:
    """A copy of the resolved home (tests.kg.gold_home)."""
    return Path(shutil.copytree(gold_home, tmp_path / "copy"))
