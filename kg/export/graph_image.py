"""The graph as a sequence of tables, which every format of the graph is written from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

from kg.home import Home
from schemas.batches import NODES
from schemas.ontology import RESERVED_RELATIONS, Ontology

Row = dict[str, Any]

ROWS_AT_ONCE = 10_000
"""Rows that are Python objects, or one row group or block of a file, at a time."""


@dataclass(frozen=True, slots=True)
class GraphTable:
    """All nodes of a label, or all edges of a type.

    kind: "node" or "edge".
    name: the label, or the type.
    rows: in the columns of NODES or edge_schema, ordered by id or by (from_id, to_id).
    """

    kind: Literal["node", "edge"]
    name: str
    rows: pa.Table

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows in batches of at most ROWS_AT_ONCE."""
        yield from self.rows.combine_chunks().to_batches(max_chunksize=ROWS_AT_ONCE)

    def dicts(self) -> Iterator[Row]:
        """Yield the rows one by one."""
        for batch in self.batches():
            yield from batch.to_pylist()


@dataclass(frozen=True, slots=True)
class GraphImage:
    """A graph that is to be written.

    tables:   a table for every label and then for every edge type, both sorted, with or without rows. They are read
              one after the other and once, so that only one needs to be in memory.
    ontology: which types have labels and families.
    base_iri: what the IRIs of RDF begin with.
    """

    tables: Iterable[GraphTable]
    ontology: Ontology
    base_iri: str


def graph_image(home: Home) -> GraphImage:
    """Return the graph of a home; each table is fetched when its turn comes."""
    return GraphImage(_tables(home), home.config.ontology, home.config.export.base_iri)


def edge_types(ontology: Ontology) -> list[str]:
    """Return the types of edges that a graph can hold, sorted."""
    return sorted({*RESERVED_RELATIONS, *ontology.relation_names})


def _tables(home: Home) -> Iterator[GraphTable]:
    for label in sorted(NODES):
        yield GraphTable("node", label, home.graph.nodes(label))  # type: ignore[arg-type]
    for edge_type in edge_types(home.config.ontology):
        yield GraphTable("edge", edge_type, home.graph.edges(edge_type))
