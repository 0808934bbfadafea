"""GEXF 1.2, the format of Gephi."""

from contextlib import AbstractContextManager
from typing import IO

from lxml import etree

from kg.export.graph_image import GraphImage, GraphTable, Row
from kg.export.xml_values import attributes, edge_columns, edge_keys, node_columns, node_key, text

_NAMESPACE = "http://www.gexf.net/1.2draft"
_WEIGHTS = {"MENTIONS": "count", "CO_MENTIONED": "documents"}
_NAMES = {"Document": "title"}


class _Writer:
    """Writes the parts of a GEXF document to lxml's incremental file."""

    def __init__(self, xml: etree.xmlfile) -> None:
        self._xml = xml
        self._columns = {"node": _numbered(node_columns()), "edge": _numbered(edge_columns())}
        self.written = 0

    def declarations(self) -> None:
        for kind, types in (("node", node_columns()), ("edge", edge_columns())):
            with self.element("attributes", {"class": kind, "mode": "static"}):
                for name, number in self._columns[kind].items():
                    self.empty("attribute", {"id": number, "title": name, "type": types[name]})

    def table(self, table: GraphTable) -> None:
        for row in table.dicts():
            place = _node(table.name, row) if table.kind == "node" else self._edge(table.name, row)
            with self.element(table.kind, place), self.element("attvalues", {}):
                for name, value in attributes({table.kind: table.name, **row}):
                    self.empty("attvalue", {"for": self._columns[table.kind][name], "value": value})
            self.written += 1

    def element(self, name: str, values: dict[str, str]) -> AbstractContextManager[object]:
        found: AbstractContextManager[object] = self._xml.element(f"{{{_NAMESPACE}}}{name}", values)
        return found

    def empty(self, name: str, values: dict[str, str]) -> None:
        with self.element(name, values):
            pass

    def _edge(self, edge_type: str, row: Row) -> dict[str, str]:
        source, target = edge_keys(edge_type, row)
        weight = row[_WEIGHTS[edge_type]] if edge_type in _WEIGHTS else 1
        place = {"id": str(self.written), "source": source, "target": target}
        return place | {"label": edge_type, "weight": str(float(weight))}


def write_gexf(graph: GraphImage, out: IO[bytes]) -> int:
    """Write GEXF (directed, several edges between two nodes allowed); returns nodes and edges written.

    As GraphML, and with what Gephi draws by: the label of a node is its name or title, that of an edge its type; the
    weight of an edge is how many mentions or documents it stands for, otherwise 1. Raises ConfigError as GraphML does.
    """
    with etree.xmlfile(out, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element(f"{{{_NAMESPACE}}}gexf", {"version": "1.2"}, nsmap={None: _NAMESPACE}):
            writer = _Writer(xml)
            with writer.element("graph", {"defaultedgetype": "directed", "mode": "static"}):
                writer.declarations()
                tables = iter(graph.tables)
                table = next(tables, None)
                for kind in ("node", "edge"):
                    with writer.element(f"{kind}s", {}):
                        while table is not None and table.kind == kind:
                            writer.table(table)
                            table = next(tables, None)
    return writer.written


def _numbered(columns: dict[str, str]) -> dict[str, str]:
    return {name: str(number) for number, name in enumerate(columns)}


def _node(label: str, row: Row) -> dict[str, str]:
    name = row[_NAMES.get(label, "name")] or row["id"]
    return {"id": node_key(label, row["id"]), "label": text(name)}
