"""A home whose gold contradicts the shipped model: of two things of one name the little known one is meant.

Every name belongs to a well-known and to a little known artist, and the sentences tell nothing; by popularity alone the
shipped model takes the well-known one.
"""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.kg.gold_home import CONFIG, call, write_rows

SYLLABLES = ("bra", "dol", "fen", "gur", "hil", "jam", "kor", "lun", "mev", "nid", "pos", "rez", "sut", "tav", "wim")
TEMPLATES = (
    "Later we heard {} on the air. ",
    "They spoke of {} again. ",
    "Then {} came up. ",
    "Someone had mentioned {} before. ",
)


def _names(random_: random.Random, count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found[" ".join("".join(random_.sample(SYLLABLES, 3)).capitalize() for _ in range(2))] = None
    return list(found)


def make_training_home(
    folder: Path, meant: Callable[[random.Random], str] = lambda _: "small", *, documents: int = 30
) -> Path:
    """Fill a home below a folder, resolve it and write gold.jsonl beside; the gold's spans are given.

    meant: "big" or "small", which of the two each mention means. Each document has four such mentions and a NIL.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drawn = random.Random(7)
    names = _names(drawn, 40 + documents)
    known, unknown = names[:40], names[40:]
    catalog = [
        {"id": f"{size}-{number}", "name": name, "type": "artist", "popularity": weight}
        for number, name in enumerate(known)
        for size, weight in (("big", 0.9), ("small", 0.1))
    ]
    texts, gold = [], []
    for number in range(documents):
        chosen = [(name, f"{meant(drawn)}-{place}") for place, name in drawn.sample(list(enumerate(known)), 4)]
        text = ""
        for name, entity in [*((name, entity) for (name, entity) in chosen), (unknown[number], None)]:
            before, after = drawn.choice(TEMPLATES).split("{}")
            start = len(text) + len(before)
            gold.append({"doc_id": f"d{number}", "start": start, "end": start + len(name), "entity_id": entity})
            text += before + name + after
        texts.append({"id": f"d{number}", "text": text})
    (folder / "kg.toml").write_text(CONFIG, encoding="utf-8")
    write_rows(folder / "catalog.jsonl", catalog)
    write_rows(folder / "documents.jsonl", texts)
    write_rows(folder / "gold.jsonl", gold)
    for command in (
        ["ingest", "catalog", str(folder / "catalog.jsonl")],
        ["ingest", "documents", str(folder / "documents.jsonl"), "--mentions", str(folder / "gold.jsonl")],
        ["resolve"],
    ):
        result = call(folder, *command)
        assert result.exit_code == 0, result.stderr
    return folder


def measured(found: dict[str, Any], name: str) -> tuple[float, float]:
    """Return a measure of the current and of the refitted model from `kg train --json`."""
    change = found["measures"][name]
    return change["current"], change["refitted"]
