"""A small catalog and a few documents with the hard cases by name, written as the files that a user has."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

CATALOG: list[dict[str, object]] = [
    {
        "id": "a1",
        "name": "Nirvana",
        "type": "band",
        "description": "American grunge band from Aberdeen",
        "popularity": 0.9,
    },
    {
        "id": "a2",
        "name": "Nirvana",
        "type": "band",
        "description": "British psychedelic duo of the 1960s",
        "popularity": 0.1,
    },
    {
        "id": "a3",
        "name": "Björk",
        "type": "singer",
        "aliases": ["Björk Guðmundsdóttir"],
        "description": "Icelandic singer",
    },
    {"id": "a4", "name": "P!nk", "type": "singer", "description": "American pop singer"},
    {"id": "a5", "name": "Prince", "type": "artist", "description": "American musician from Minneapolis"},
    {"id": "a6", "name": "Prince Royce", "type": "artist", "description": "American bachata singer"},
    {"id": "a7", "name": "방탄소년단", "type": "band", "aliases": ["BTS"], "description": "South Korean group"},
    {"id": "b1", "name": "Nevermind", "type": "album", "description": "second album of the grunge band Nirvana"},
    {"id": "b2", "name": "Homogenic", "type": "album", "description": "third album of Björk"},
    {"id": "t1", "name": "Hello", "type": "song", "description": "ballad by Adele"},
    {"id": "p1", "name": "Glass Harbour Stories", "type": "podcast", "description": "interviews with songwriters"},
]
OTHER_SOURCE = (
    "id,name,type,aliases,same_as\nx3,Bjork,artist,,a3\na5,Prince,artist,The Purple One|Prince Rogers Nelson,\n"
)
RELATIONS = [
    {"subject": "b1", "relation": "PERFORMED_BY", "object": "a1"},
    {"subject": "b2", "relation": "PERFORMED_BY", "object": "x3"},
]
TRANSCRIPT = """WEBVTT

00:00:01.000 --> 00:00:05.000
<v Ada>Welcome back. Today Björk talks about Homogenic.

00:00:05.500 --> 00:00:09.000
<v Ben>And later, Nirvana and their album Nevermind, made in Seattle.

00:00:09.500 --> 00:00:14.000
<v Ada>Greta Marlowe joins us. Marlowe grew up with Prince, not with Prince Royce.
"""
NOTES = "# Show notes\n\n- **P!nk** opened for BTS.\n- The songwriter Greta Marlowe spoke on *Glass Harbour Stories*.\n"
ARTICLES = [
    {
        "id": "article-1",
        "title": "On pop",
        "text": "Pink sang first. Then came Björk, who closed the night.",
        "kind": "article",
    },
    {
        "id": "article-2",
        "title": "Greeting",
        "text": "hello and welcome, said the host. Prince was late.",
        "kind": "article",
    },
]


@dataclass(frozen=True)
class SmallWorld:
    """Where the files of the small world lie."""

    catalog: Path
    other_source: Path
    relations: Path
    documents: Path


def write_small_world(folder: Path) -> SmallWorld:
    """Write the files below `folder`."""
    documents = folder / "documents"
    documents.mkdir(parents=True)
    world = SmallWorld(folder / "catalog.jsonl", folder / "other.csv", folder / "relations.jsonl", documents)
    _write_jsonl(world.catalog, CATALOG)
    world.other_source.write_text(OTHER_SOURCE, encoding="utf-8")
    _write_jsonl(world.relations, RELATIONS)
    (documents / "talk.vtt").write_text(TRANSCRIPT, encoding="utf-8")
    (documents / "notes.md").write_text(NOTES, encoding="utf-8")
    _write_jsonl(documents / "articles.jsonl", ARTICLES)
    return world


def _write_jsonl(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
