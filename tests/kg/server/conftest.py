"""A service that tests only read, and one of its own for each test that changes something."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kg.server.served_home import Service, copied, service


@pytest.fixture(scope="session")
def served(gold_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Tests only read it."""
    with service(copied(gold_home, tmp_path_factory.mktemp("served") / "home")) as running:
        yield running


@pytest.fixture
def own(gold_home: Path, tmp_path: Path) -> Iterator[Service]:
    """A service of the test's own."""
    with service(copied(gold_home, tmp_path / "home")) as running:
        yield running
