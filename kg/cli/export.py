"""The command that writes what others read."""

import sys
from pathlib import Path

import click

from kg.cli import output
from kg.export import FORMATS, export, export_to_path
from kg.home import Home


@click.command(name="export")
@click.argument("what", type=click.Choice(list(FORMATS)), default="graph")
@click.option(
    "--format",
    "file_format",
    type=click.Choice(list(dict.fromkeys(name for formats in FORMATS.values() for name in formats))),
    default="jsonl",
    show_default=True,
)
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), help="File; folder where it is several.  [default: standard output]"
)
@click.pass_obj
def export_command(home: Home, what: str, file_format: str, out: Path | None) -> None:
    r"""Write the graph, the records or the decisions; JSONL is sorted and the same bytes from either home.

    The graph has jsonl, graphml, gexf, jsonld, turtle, and two that are folders: parquet (a file a label and edge
    type) and neo4j-csv (for `neo4j-admin database import full neo4j @import.args`). Records and decisions have
    jsonl, csv and parquet.

    \b
    Example:
      kg export graph --format graphml -o graph.graphml
      kg export graph --format neo4j-csv -o for-neo4j
      kg export decisions --format parquet -o decisions.parquet
    """
    if out is None:
        export(home, what, file_format, sys.stdout.buffer)
        return
    written = export_to_path(home, what, file_format, out)
    output.notice(f"{written:,} rows written to {out}")


COMMANDS: tuple[click.Command, ...] = (export_command,)
