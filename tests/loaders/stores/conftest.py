"""An embedded graph to test with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from loaders.stores.graph.embedded import EmbeddedGraph
from tests.loaders.stores.embedded_graphs import opened


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "graph.lbug"


@pytest.fixture
def graph(path: Path) -> Iterator[EmbeddedGraph]:
    store = opened(path)
    yield store
    store.close()
