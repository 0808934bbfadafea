"""Small embedded graphs, in this process and in others."""

import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pyarrow as pa

from loaders.stores.graph.embedded import EmbeddedGraph
from schemas.batches import NODES, RELATION_EDGES
from schemas.ontology import AUDIO_ONTOLOGY


def entities(*ids: str, name: str = "") -> pa.Table:
    blank: dict[str, object] = {"type": "", "aliases": [], "description": "", "popularity": None}
    blank |= {"status": "catalog", "properties": ""}
    return pa.Table.from_pylist([{"id": i, "name": name or i, **blank} for i in ids], schema=NODES["Entity"])


def relations(*pairs: tuple[str, str], source: str = "s") -> pa.Table:
    rows = [{"from_id": a, "to_id": b, "source": source} for a, b in pairs]
    return pa.Table.from_pylist(rows, schema=RELATION_EDGES)


def opened(path: Path, **options: Any) -> EmbeddedGraph:
    graph = EmbeddedGraph(path, AUDIO_ONTOLOGY, **options)
    graph.prepare()
    return graph


def ids_of(graph: EmbeddedGraph) -> list[str]:
    found: list[str] = graph.nodes("Entity")["id"].to_pylist()
    return found


def in_another_process(path: Path, code: str) -> subprocess.Popen[str]:
    prelude = """
        import os, sys
        from pathlib import Path
        from schemas.errors import StoreUnavailable
        from tests.loaders.stores.embedded_graphs import *
        path = Path(sys.argv[1])
    """
    program = textwrap.dedent(prelude) + textwrap.dedent(code)
    return subprocess.Popen(
        [sys.executable, "-c", program, str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
