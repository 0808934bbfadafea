"""What a person needs to see of a wrong answer: its words, its sentence, the names behind the ids."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from kg.home import Home
from kg.link import names_of
from schemas.document import Document
from schemas.errors import IndexMissingError

_AROUND = 100
_SPACES = re.compile(r"\s+")


def with_evidence(home: Home, errors: list[dict[str, Any]], documents: Mapping[str, Document]) -> list[dict[str, Any]]:
    """Return the worst errors of an Evaluation with surface, sentence, gold_name and answer_name.

    sentence: that of the mention, or the text around a span that no mention has.
    answer_name: of the asserted entity, else of the likeliest; "" for NIL.
    """
    names = _names(home, (row[column] for row in errors for column in ("gold_id", "entity_id", "best_entity_id")))
    wrong = sorted({row["doc_id"] for row in errors})
    sentences = {
        (row["doc_id"], row["start"], row["end"]): row["sentence"]
        for row in home.mentions.mentions(wrong).select(["doc_id", "start", "end", "sentence"]).to_pylist()
    }
    made = []
    for row in errors:
        place = (row["doc_id"], row["start"], row["end"])
        document = documents.get(row["doc_id"])
        sentence = sentences.get(place) or (_around(document, row["start"], row["end"]) if document else "")
        made.append(
            row
            | {
                "surface": row["surface"] or _surface(row, documents),
                "sentence": _SPACES.sub(" ", sentence).strip(),
                "gold_name": names.get(row["gold_id"], ""),
                "answer_name": names.get(row["entity_id"] or row["best_entity_id"], ""),
            }
        )
    return made


def with_names(home: Home, changed: list[dict[str, Any]], documents: Mapping[str, Document]) -> list[dict[str, Any]]:
    """Return changed mentions of a Comparison with their surface and the names behind gold and both answers."""
    sides = ("before", "after")
    ids = [row["gold_id"] for row in changed]
    ids += [row[side][column] for row in changed for side in sides for column in ("entity_id", "best_entity_id")]
    names = _names(home, ids)
    return [
        row
        | {"surface": _surface(row, documents), "gold_name": names.get(row["gold_id"], "")}
        | {
            side: row[side] | {"name": names.get(row[side]["entity_id"] or row[side]["best_entity_id"], "")}
            for side in sides
        }
        for row in changed
    ]


def _names(home: Home, ids: Iterable[str | None]) -> dict[str | None, str]:
    try:
        return names_of(home, list(ids))
    except IndexMissingError:
        return {}


def _surface(row: Mapping[str, Any], documents: Mapping[str, Document]) -> str:
    document = documents.get(row["doc_id"])
    return document.text[row["start"] : row["end"]] if document else ""


def _around(document: Document, start: int, end: int) -> str:
    return document.text[max(0, start - _AROUND) : end + _AROUND]


def place_of(row: Mapping[str, Any]) -> str:
    """Return where a mention is, as `kg why` takes it."""
    return f"{row['doc_id']}:{row['start']}-{row['end']}"


def gold_of(row: Mapping[str, Any]) -> str:
    """Return what gold says of an error or a changed mention: a name, NIL, or "" where gold has no mention."""
    if row.get("outcome") == "spurious":
        return ""
    return str(row["gold_name"] or row["gold_id"] or "NIL")


def answer_of(decision: str | None, name: str) -> str:
    """Return a decision and the name of its entity as a person reads them."""
    if decision is None:
        return "no decision"
    return decision if decision == "nil" else f"{decision} {name}".strip()


def interval_of(interval: tuple[float, float] | None) -> str:
    """Return an interval as a person reads it, "" when there is none."""
    return f"{interval[0]:.3f} to {interval[1]:.3f}" if interval else ""
