"""A resolved home of three short documents with given mentions, and how its gold is written.

Björk and Homogenic are linked, The Lanterns are two entities that nothing tells apart (review), Zyqqwv Quorl is not
in the catalog (NIL).
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from kg.cli.main import cli

CONFIG = 'home = "data"\n[models]\nencoder = "none"\n'
CATALOG = [
    {"id": "bjork", "name": "Björk", "type": "artist", "description": "Icelandic singer"},
    {"id": "homogenic", "name": "Homogenic", "type": "album", "description": "third album of Björk"},
    {"id": "twin-a", "name": "The Lanterns", "type": "artist"},
    {"id": "twin-b", "name": "The Lanterns", "type": "artist"},
    {"id": "far", "name": "Prince Royce", "type": "artist"},
]
OTHER_SOURCE = "id,name,type,same_as\nbj2,Bjork,artist,bjork\n"
TEXTS = {
    "d1": ("article", "Björk made Homogenic in Iceland."),
    "d2": ("notes", "The Lanterns met Zyqqwv Quorl. Homogenic was played."),
    "d3": ("notes", "Björk spoke of Zyqqwv Quorl, and <b>nobody</b> else."),
}
MENTIONS = [
    ("d1", "Björk", "bjork"),
    ("d1", "Homogenic", "homogenic"),
    ("d2", "The Lanterns", "twin-a"),
    ("d2", "Zyqqwv Quorl", None),
    ("d2", "Homogenic", "homogenic"),
    ("d3", "Björk", "bjork"),
    ("d3", "Zyqqwv Quorl", None),
]


def call(folder: Path, *arguments: str) -> Result:
    """Run a command on the home in a folder."""
    result = CliRunner().invoke(cli, ["--config", str(folder / "kg.toml"), *arguments], prog_name="kg")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def answer(result: Result) -> Any:
    """Return the JSON that a command printed."""
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def span(doc_id: str, surface: str, entity_id: str | None, /, **more: Any) -> dict[str, Any]:
    """Return the gold row of the first place of a surface in a document."""
    start = TEXTS[doc_id][1].index(surface)
    return {"doc_id": doc_id, "start": start, "end": start + len(surface), "entity_id": entity_id} | more


def place(doc_id: str, surface: str) -> str:
    """Return a mention's place as commands take it."""
    row = span(doc_id, surface, None)
    return f"{doc_id}:{row['start']}-{row['end']}"


def gold_rows() -> list[dict[str, Any]]:
    """Return the gold of every mention."""
    return [span(*mention, **({} if mention[2] else {"cluster": "quorl"})) for mention in MENTIONS]


def write_rows(path: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    """Write rows as JSONL."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def make_home(folder: Path) -> Path:
    """Fill a home without vectors below a folder, and resolve it."""
    (folder / "kg.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "other.csv").write_text(OTHER_SOURCE, encoding="utf-8")
    documents = [{"id": doc_id, "kind": kind, "text": text} for doc_id, (kind, text) in TEXTS.items()]
    write_rows(folder / "catalog.jsonl", CATALOG)
    write_rows(folder / "documents.jsonl", documents)
    spans = write_rows(folder / "spans.jsonl", gold_rows())
    for command in (
        ["ingest", "catalog", str(folder / "catalog.jsonl"), "--source", "main"],
        ["ingest", "catalog", str(folder / "other.csv"), "--source", "other"],
        ["ingest", "documents", str(folder / "documents.jsonl"), "--mentions", str(spans)],
        ["resolve"],
    ):
        assert call(folder, *command).exit_code == 0
    return folder
