"""`kg link`: one text against the home's catalog, nothing stored."""

from typing import Any

import pyarrow as pa

from kg.home import Home
from linkers.linking import link as link_mentions
from schemas.document import Document
from schemas.identity import content_id


def link(home: Home, text: str, *, title: str = "") -> list[dict[str, Any]]:
    """Return the mentions of a text with their decisions, in order.

    Each row has the fields of an exported decision (start and end are half-open code points of `text`), with
    `name` of the likeliest entity, `reason` and `candidates`, best first. Raises IndexMissingError before a
    catalog was ingested.
    """
    document = Document(id=content_id("text", title, text), text=text, title=title)
    mentions = home.extractor.extract([document])
    decided = link_mentions(
        mentions, home.index, home.model, encoder=home.encoder, settings=home.link_settings
    ).to_pylist()
    names = names_of(home, [row["best_entity_id"] for row in decided])
    return [{**row, "name": names.get(row["best_entity_id"], "")} for row in decided]


def names_of(home: Home, entity_ids: list[str | None]) -> dict[str | None, str]:
    """Return the names of those entities that the index holds, by id."""
    wanted = sorted({entity_id for entity_id in entity_ids if entity_id})
    rows = home.index.row_of(wanted)
    known = [(entity_id, int(row)) for entity_id, row in zip(wanted, rows, strict=True) if row >= 0]
    # with its type, since a list of none has none of its own
    names = home.index.entities["name"].take(pa.array([row for _, row in known], pa.int64())).to_pylist()
    return {entity_id: name for (entity_id, _), name in zip(known, names, strict=True)}
