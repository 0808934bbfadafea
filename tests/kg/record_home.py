"""Homes of records alone, without documents or vectors, and what tests ask of them."""

import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa

from kg.config import Config, ModelConfig
from kg.export import export
from kg.home import Home
from kg.ingest import CatalogInput, DocumentInput, ingest_catalog, ingest_documents
from schemas.batches import PAIR_DECISIONS

ARTISTS: dict[str, list[dict[str, object]]] = {
    "one": [
        {"id": "p1", "name": "Prince", "type": "artist", "description": "singer from Minneapolis", "year": "1958"},
        {"id": "p2", "name": "Prince Royce", "type": "artist", "description": "bachata singer"},
        {"id": "n1", "name": "Nirvana", "type": "artist", "description": "trio from Aberdeen", "year": "1987"},
    ],
    "two": [
        {"id": "tafkap", "name": "The Artist", "type": "artist", "aliases": ["TAFKAP"], "year": "1958"},
        {"id": "n1", "name": "Nirvana", "type": "artist", "country": "US"},
        {"id": "n2", "name": "Nirvana", "type": "artist", "description": "London duo of the sixties", "year": "1966"},
    ],
}
RELATIONS = [
    {"subject": "a1", "relation": "PERFORMED_BY", "object": "tafkap"},
    {"subject": "a1", "relation": "PERFORMED_BY", "object": "p1"},
]
ALBUM: dict[str, object] = {"id": "a1", "name": "Purple Rain", "type": "album"}
TEXT = "Prince sang first. Then came The Artist with Purple Rain, and Nirvana was late."


def config(folder: Path) -> Config:
    """Return the configuration of an embedded home without vectors."""
    return Config(home=folder / "home", models=ModelConfig(encoder="none"))


def take(home: Home, folder: Path, source: str, rows: Iterable[Mapping[str, object]], *relations: str) -> None:
    """Take in records of a source; what the source held before and holds no more is withdrawn."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{source}.jsonl"
    path.write_text("".join(json.dumps(dict(row), ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    ingest_catalog(home, CatalogInput([str(path)], relations, source))


def take_artists(home: Home, folder: Path) -> None:
    """Take in both sources, the album with its relations."""
    folder.mkdir(parents=True, exist_ok=True)
    take(home, folder, "one", [*ARTISTS["one"], ALBUM])
    relations = folder / "relations.jsonl"
    relations.write_text("".join(json.dumps(row) + "\n" for row in RELATIONS), encoding="utf-8")
    take(home, folder, "two", ARTISTS["two"], str(relations))


def take_talk(home: Home, folder: Path) -> None:
    """Take in a document that speaks of them."""
    (folder / "talk.txt").write_text(TEXT, encoding="utf-8")
    ingest_documents(home, DocumentInput([str(folder / "talk.txt")]))


def put_pairs(home: Home, *pairs: tuple[str, str, str, float]) -> None:
    """Write what a run might have decided: (left, right, decision, probability)."""
    rows = [
        {
            **{"left_key": left, "right_key": right, "decision": decision, "probability": probability},
            **{"features": [0.5], "evidence": "name", "run_id": "r", "sequence": 0, "decided_by": "pairs-test"},
        }
        for left, right, decision, probability in pairs
    ]
    home.mentions.put_pairs(pa.Table.from_pylist(rows, schema=PAIR_DECISIONS), 0)


def exported(home: Home) -> bytes:
    """Return everything that `kg export` writes of a home."""
    out = io.BytesIO()
    for what in ("graph", "records", "decisions"):
        export(home, what, "jsonl", out)
    return out.getvalue()


def entities(home: Home) -> dict[str, set[str]]:
    """Return the record keys of every entity."""
    found: dict[str, set[str]] = {}
    for key, row in home.mentions.resolutions().items():
        found.setdefault(row.entity_id, set()).add(key)
    return found
