"""`kg export`: the graph, the records and the decisions as files that others read, one module a format."""

from kg.export.formats import FORMATS, export, export_to_path, is_folder
from kg.export.graph_image import GraphImage, GraphTable, edge_types, graph_image
from kg.export.rows import DECISION_FIELDS, decision_rows, record_rows

__all__ = [
    "DECISION_FIELDS",
    "FORMATS",
    "GraphImage",
    "GraphTable",
    "decision_rows",
    "edge_types",
    "export",
    "export_to_path",
    "graph_image",
    "is_folder",
    "record_rows",
]
