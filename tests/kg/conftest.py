from pathlib import Path

import pytest

from tests.kg.gold_home import gold_rows, make_home, write_rows


@pytest.fixture(scope="session")
def gold_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a resolved home (tests.kg.gold_home); tests only read it."""
    return make_home(tmp_path_factory.mktemp("gold-home"))


@pytest.fixture
def gold_file(tmp_path: Path) -> Path:
    """The gold of every mention of that home."""
    return write_rows(tmp_path / "gold.jsonl", gold_rows())
