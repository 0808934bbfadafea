"""Documents of a home, page by page, and one with its text."""

from dataclasses import asdict
from typing import Any

from kg.entities import mentions_of_document
from kg.home import Home
from kg.paging import place_of, token_of
from schemas.errors import NotFoundError

_LISTED = (
    "MATCH (d:Document) WHERE d.id > $after RETURN d.id AS id, d.title AS title, d.kind AS kind, "
    "d.published AS published, d.uri AS uri, d.language AS language ORDER BY id"
)


def documents(home: Home, *, limit: int = 100, after: str = "") -> tuple[list[dict[str, Any]], str]:
    """Return documents without text, ordered by id, and a token for the next page. Raises PageError."""
    place = place_of(after, str) or [""]
    found = home.graph.query(_LISTED, {"after": place[0]}, limit=limit)
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    return rows, token_of(rows[-1]["id"]) if found.truncated else ""


def document(home: Home, doc_id: str) -> dict[str, Any]:
    """Return a document with its text and cues. Raises NotFoundError."""
    found = home.mentions.document(doc_id)
    if found is None:
        raise NotFoundError("document", doc_id, hint="`kg query 'MATCH (d:Document) RETURN d.id'` lists them")
    return asdict(found)


def document_mentions(
    home: Home, doc_id: str, *, limit: int = 100, after: str = ""
) -> tuple[list[dict[str, Any]], str]:
    """Return mentions of a document in order, as `kg mentions --document` does, and a token for the next page.

    Raises NotFoundError, PageError.
    """
    place = place_of(after, int, int, str)
    rows = mentions_of_document(home, doc_id)
    later = [row for row in rows if place is None or _place(row) > tuple(place)]
    page = later[:limit]
    return page, token_of(*_place(page[-1])) if len(later) > limit else ""


def _place(row: dict[str, Any]) -> tuple[int, int, str]:
    return row["start"], row["end"], row["mention_id"]
