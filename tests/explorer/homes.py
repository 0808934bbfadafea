"""Homes to explore: the demo with a golden set and dates, and one large enough to fill the canvas."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kg.config import load_config
from kg.demo import DATA, run_demo
from kg.home import Home
from kg.ingest import CatalogInput, DocumentInput, ingest_catalog, ingest_documents
from kg.resolve import resolve

SERVE = "[serve]\nrate = 0\nrequest_timeout_s = 600\nquery_timeout_s = 60\n"
CONFIG = f'home = "home"\n[models]\nencoder = "none"\n{SERVE}'
ARTISTS, TRACKS, PLACES = 900, 4_600, 40
HUB_TRACKS = 1_500
DATED = [
    ("2023-11-03", "Kraftwerk came up when we spoke of Daft Punk."),
    ("2024-02-14", "Kraftwerk played, and Kraftwerk again, before Depeche Mode."),
    ("2024-05-30", "A new box of Autobahn by Kraftwerk."),
    ("2024-06-18", "Brian Eno on Kraftwerk."),
]


def demo_home(folder: Path) -> Path:
    """Make the demo's home without vectors, with a golden set and some dated notes."""
    (folder / "kg.toml").write_text(CONFIG, encoding="utf-8")
    notes = ({"id": f"note-{day}", "title": f"Note of {day}", "text": text, "published": day} for day, text in DATED)
    _write(folder / "notes.jsonl", notes)
    with Home(load_config(folder / "kg.toml")) as home:
        run_demo(home, tell=lambda _: None)
        ingest_documents(home, DocumentInput([str(folder / "notes.jsonl")]))
        resolve(home)
    gold = folder / "home" / "gold"
    gold.mkdir(exist_ok=True)
    shutil.copy(DATA / "gold.jsonl", gold / "demo.jsonl")
    return folder


def large_home(folder: Path) -> Path:
    """Make a home of more entities than are drawn, one of which has very many neighbours."""
    (folder / "kg.toml").write_text(CONFIG, encoding="utf-8")
    artists = [_entity("artist", number, 0.5 + number / 4_000) for number in range(ARTISTS)]
    tracks = [_entity("track", number, number / 10_000) for number in range(TRACKS)]
    places = [_entity("place", number, 0.9) for number in range(PLACES)]
    relations = [_relation(f"artist/{n}", "FROM_PLACE", f"place/{n % PLACES}") for n in range(ARTISTS)]
    for number in range(TRACKS):
        artist = 0 if number < HUB_TRACKS else number % ARTISTS
        relations.append(_relation(f"track/{number}", "PERFORMED_BY", f"artist/{artist}"))
    _write(folder / "catalog.jsonl", [*artists, *tracks, *places])
    _write(folder / "relations.jsonl", relations)
    with Home(load_config(folder / "kg.toml")) as home:
        files = CatalogInput([str(folder / "catalog.jsonl")], [str(folder / "relations.jsonl")], "large")
        ingest_catalog(home, files)
    return folder


def copied(folder: Path, place: Path) -> Path:
    """Copy a home's folder, for a test that changes it."""
    shutil.copytree(folder, place)
    return place


def _entity(kind: str, number: int, popularity: float) -> dict[str, Any]:
    name = f"{kind.capitalize()} Number {number}"
    return {"id": f"{kind}/{number}", "name": name, "type": kind, "popularity": round(popularity, 4)}


def _relation(subject: str, relation: str, other: str) -> dict[str, Any]:
    return {"subject": subject, "relation": relation, "object": other}


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
