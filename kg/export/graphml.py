"""GraphML, for Gephi, yEd, Cytoscape, igraph and networkx."""

from typing import IO

from lxml import etree

from kg.export.graph_image import GraphImage, GraphTable, Row
from kg.export.xml_values import attributes, edge_columns, edge_keys, node_columns, node_key

_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
_GRAPHML, _KEY, _GRAPH, _NODE, _EDGE, _DATA = (
    f"{{{_NAMESPACE}}}{name}" for name in ("graphml", "key", "graph", "node", "edge", "data")
)


def write_graphml(graph: GraphImage, out: IO[bytes]) -> int:
    """Write GraphML (directed, several edges between two nodes allowed); returns nodes and edges written.

    The id of a node is its label and its id ("Entity:a1"). Lists are joined by "|", null values are left out, and
    U+FFFD stands for characters that XML cannot hold; raises ConfigError when an id has one. Written as it is read.
    """
    with etree.xmlfile(out, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element(_GRAPHML, nsmap={None: _NAMESPACE}):
            _declare(xml, "node", node_columns())
            _declare(xml, "edge", edge_columns())
            with xml.element(_GRAPH, {"edgedefault": "directed"}):
                return sum(_write(xml, table) for table in graph.tables)


def _declare(xml: etree.xmlfile, domain: str, columns: dict[str, str]) -> None:
    for name, kind in columns.items():
        key = {"id": _key(domain, name), "for": domain, "attr.name": name, "attr.type": kind}
        with xml.element(_KEY, key):
            pass


def _write(xml: etree.xmlfile, table: GraphTable) -> int:
    tag = _NODE if table.kind == "node" else _EDGE
    written = 0
    for row in table.dicts():
        with xml.element(tag, _place(table, row)):
            for name, value in attributes({table.kind: table.name, **row}):
                with xml.element(_DATA, {"key": _key(table.kind, name)}):
                    xml.write(value)
        written += 1
    return written


def _place(table: GraphTable, row: Row) -> dict[str, str]:
    if table.kind == "node":
        return {"id": node_key(table.name, row["id"])}
    return dict(zip(("source", "target"), edge_keys(table.name, row), strict=True))


def _key(domain: str, name: str) -> str:
    """Return the id of an attribute's declaration, which is its own over nodes and edges."""
    return f"{domain}.{name}"
