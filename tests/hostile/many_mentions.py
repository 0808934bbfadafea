"""Takes in and resolves a document with very many mentions: `python -m tests.hostile.many_mentions FOLDER COUNT`.

A process of its own, so that its peak of memory is that of this work. (A limit on addresses, as elsewhere, would refuse
the graph engine, which reserves terabytes of them.) It writes a line of JSON: what was decided, and the peak in MB.
"""

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

from kg.home import Home
from kg.ingest import CatalogInput, DocumentInput, ingest_catalog, ingest_documents
from kg.resolve import resolve
from linkers.peak_memory import peak_memory
from tests.homes import embedded

_GIVEN_TEXT = "Anna Bela Carl Dina Edgar Flora Greta Hugo Irma Jonas Karla Lukas Mona Nils Olga"
_FAMILY_TEXT = "Marlowe Quill Brandt Hensley Okafor Lindqvist Navarro Petrov Sorensen Tanaka Ulrich Vance"
CATALOG = [f"{given} {family}" for given in _GIVEN_TEXT.split() for family in _FAMILY_TEXT.split()]
_SYLLABLES_TEXT = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu"
_SYLLABLES = _SYLLABLES_TEXT.split()
EVERY_UNKNOWN = 10
"""Of so many mentions one is of something that the catalog does not have; of ten of these one has a name of its own."""


def unknown_name(number: int) -> str:
    """Return a name that the catalog does not have."""
    if number % (10 * EVERY_UNKNOWN):
        return "Wanda Fennimore"
    return "Wanda " + "".join(_SYLLABLES[number // 20**place % 20] for place in range(5)).capitalize()


def mentioned(count: int) -> Iterator[str]:
    """Yield the names that the document mentions."""
    rng = random.Random(7)
    for number in range(count):
        yield rng.choice(CATALOG) if number % EVERY_UNKNOWN else unknown_name(number)


def write(folder: Path, count: int) -> None:
    """Write a catalog, a document of `count` lines, each with a mention, and the mentions' places."""
    text, spans, at = [], [], 0
    for name in mentioned(count):
        spans.append({"doc_id": "d", "start": at, "end": at + len(name), "type": "singer"})
        text.append(f"{name} sang.\n")
        at += len(text[-1])
    rows = [{"id": f"e{number}", "name": name, "type": "singer"} for number, name in enumerate(CATALOG)]
    for name, lines in (
        ("catalog", rows),
        ("documents", [{"id": "d", "text": "".join(text)}]),
        ("spans", spans),
    ):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def main() -> None:
    """Write the files, take them in and resolve them."""
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    write(folder, count)
    with Home(embedded(folder)) as home:
        ingest_catalog(home, CatalogInput([str(folder / "catalog.jsonl")], (), "main"))
        ingest_documents(home, DocumentInput([str(folder / "documents.jsonl")], str(folder / "spans.jsonl")))
        decided = resolve(home).decisions
        mentions = [(row["start"], row["surface"]) for row in home.mentions.mentions(["d"]).to_pylist()]
        stored = [
            row
            for batch in home.mentions.decisions(columns=["start", "surface", "decision", "entity_id"])
            for row in batch.to_pylist()
        ]
    assert mentions == [(row["start"], row["surface"]) for row in stored], "every mention has its decision"
    named = {f"e{number}": name for number, name in enumerate(CATALOG)}
    linked = sum(row["decision"] == "link" and named[row["entity_id"]] == row["surface"] for row in stored)
    surfaces = [row["surface"] for row in stored] == list(mentioned(count))
    told = {"mentions": len(mentions), "as_written": surfaces, "decisions": decided, "linked": linked}
    sys.stdout.write(json.dumps({**told, "peak_mb": peak_memory() >> 20}) + "\n")


if __name__ == "__main__":
    main()
