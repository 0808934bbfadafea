"""`kg link`: texts against the home's catalog, nothing stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from kg.home import Home
from linkers.linking import link as link_mentions
from schemas.document import Document
from schemas.identity import content_id
from schemas.span import Span


@dataclass(frozen=True, slots=True)
class LinkText:
    """A text to link.

    mentions: (start, end, type) of its mentions, half-open in code points; None extracts them.
    """

    text: str
    title: str = ""
    mentions: tuple[tuple[int, int, str], ...] | None = None


def link(home: Home, text: str, *, title: str = "") -> list[dict[str, Any]]:
    """Return the mentions of a text with their decisions, in order.

    Each row has the fields of an exported decision (start and end are half-open code points of `text`), with
    `name` of the likeliest entity, `reason` and `candidates`, best first. Raises IndexMissingError before a
    catalog was ingested.
    """
    return link_texts(home, [LinkText(text, title)])[0]


def link_texts(home: Home, texts: Sequence[LinkText]) -> list[list[dict[str, Any]]]:
    """Return for each text what `link` does; a text is decided by itself, whatever else is asked with it.

    Raises SpanError when a given mention is not inside its text.
    """
    keys = [_key(text) for text in texts]
    distinct = dict(zip(keys, texts, strict=True))
    found = {key: text for key, text in distinct.items() if text.mentions is None}
    given = {key: text for key, text in distinct.items() if text.mentions is not None}
    rows = [*_linked(home, found, None), *_linked(home, given, _spans(given))]
    names = names_of(home, [row["best_entity_id"] for row in rows])
    by_key: dict[str, list[dict[str, Any]]] = {key: [] for key in distinct}
    for row in rows:
        by_key[row["doc_id"]].append({**row, "name": names.get(row["best_entity_id"], "")})
    return [by_key[key] for key in keys]


def names_of(home: Home, entity_ids: Iterable[str | None]) -> dict[str | None, str]:
    """Return the names of those entities that the index holds, by id."""
    wanted = sorted({entity_id for entity_id in entity_ids if entity_id})
    rows = home.index.row_of(wanted)
    known = [(entity_id, int(row)) for entity_id, row in zip(wanted, rows, strict=True) if row >= 0]
    # with its type, since a list of none has none of its own
    names = home.index.entities["name"].take(pa.array([row for _, row in known], pa.int64())).to_pylist()
    return {entity_id: name for (entity_id, _), name in zip(known, names, strict=True)}


def _key(text: LinkText) -> str:
    if text.mentions is None:
        return content_id("text", text.title, text.text)
    return content_id("text", text.title, text.text, *map(repr, text.mentions))


def _spans(texts: dict[str, LinkText]) -> list[Span]:
    return [Span(key, *mention) for key, text in texts.items() for mention in text.mentions or ()]


def _linked(home: Home, texts: dict[str, LinkText], given: list[Span] | None) -> list[dict[str, Any]]:
    if not texts:
        return []
    documents = [Document(id=key, text=text.text, title=text.title) for key, text in texts.items()]
    mentions = home.extractor.extract(documents, given)
    rows: list[dict[str, Any]] = link_mentions(
        mentions, home.index, home.model, encoder=home.encoder, settings=home.link_settings
    ).to_pylist()
    return rows
