"""Spans that people or other tools give: where a mention is, and perhaps what it means."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A given mention: half-open [start, end) in code points of document `doc_id`."""

    doc_id: str
    start: int
    end: int
    type: str = ""


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """A span whose meaning is known.

    entity_id: a catalog id, or None: the catalog does not hold it.
    cluster:   for entity_id None, which unknown thing is meant; "" when not said.
    note:      free text for slicing reports, such as "ambiguous".
    surface:   text of the span as its file states it, "" when not said; a check of the offsets.
    """

    doc_id: str
    start: int
    end: int
    entity_id: str | None
    type: str = ""
    cluster: str = ""
    note: str = ""
    surface: str = ""
