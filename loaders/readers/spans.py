"""Files of given spans and of gold spans."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from loaders.readers.row import Row, Values
from loaders.readers.rows import Layout, read_rows
from schemas.errors import InputError, SpanError
from schemas.span import GoldSpan, Span

_PLACE = ("doc_id", "start", "end")
_SPANS = Layout("a file of spans", SpanError, _PLACE, ("type",))
_GOLD = Layout("a gold file", SpanError, (*_PLACE, "entity_id"), ("type", "cluster", "note", "surface"))
_Made = TypeVar("_Made", Span, GoldSpan)


def read_spans(path: Path) -> Iterator[Span | SpanError]:
    """Yield the spans of a JSONL, CSV, TSV or Parquet file, and a SpanError for each row that is none.

    Fields: doc_id, start, end and perhaps type; others are passed over. Raises FormatError when the file as a
    whole cannot be read, NotFoundError.
    """
    return _read(path, _SPANS, _span)


def read_span_row(path: Path, row: Row | InputError) -> Span | SpanError:
    """Return the span of one row of a file, or what is wrong with it."""
    try:
        if not isinstance(row, Row):
            raise row
        return _span(_values(path, row, _SPANS))
    except SpanError as error:
        return error


def read_gold(path: Path) -> Iterator[GoldSpan | SpanError]:
    """Yield the gold spans of a file, as read_spans does.

    Fields: those of a span, entity_id (null or empty: the catalog does not hold it) and perhaps cluster, note and
    surface. A JSONL row without entity_id is an error.
    """
    return _read(path, _GOLD, _gold_span)


def read_gold_lines(path: Path) -> Iterator[tuple[int, GoldSpan] | SpanError]:
    """Yield the gold spans of a file with the line that each stands in, otherwise as read_gold does."""
    return _read_lines(path, _GOLD, _gold_span)


def _read(path: Path, layout: Layout, make: Callable[[Values], _Made]) -> Iterator[_Made | SpanError]:
    for found in _read_lines(path, layout, make):
        yield found if isinstance(found, SpanError) else found[1]


def _read_lines(path: Path, layout: Layout, make: Callable[[Values], _Made]) -> Iterator[tuple[int, _Made] | SpanError]:
    for row in read_rows(path, layout):
        try:
            if not isinstance(row, Row):
                raise row
            yield row.line, make(_values(path, row, layout))
        except SpanError as error:
            yield error


def _values(path: Path, row: Row, layout: Layout) -> Values:
    return Values(row, layout.column, lambda problem: SpanError(path, problem, row.line))


def _span(values: Values) -> Span:
    doc_id, start, end = values.required("doc_id"), values.whole("start"), values.whole("end")
    if start >= end:
        raise values.fail(f"end {end} is not behind start {start}")
    return Span(doc_id, start, end, values.word("type"))


def _gold_span(values: Values) -> GoldSpan:
    span = _span(values)
    if "entity_id" not in values.row.values:
        raise values.fail("entity_id is missing; write null where the catalog does not hold it")
    return GoldSpan(
        span.doc_id,
        span.start,
        span.end,
        values.word("entity_id") or None,
        span.type,
        values.word("cluster"),
        values.word("note"),
        values.text("surface"),
    )
