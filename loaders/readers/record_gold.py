"""Files that say which records are one thing: record_id and cluster_id, or left_id and right_id."""

from collections.abc import Iterator
from pathlib import Path

from loaders.readers.row import Row, Values
from loaders.readers.rows import Layout, read_rows
from schemas.errors import GoldRecordError
from schemas.record_gold import GoldMember, GoldPair

_MEMBER, _PAIR = ("record_id", "cluster_id"), ("left_id", "right_id")
_LAYOUT = Layout(
    "a gold file of records", GoldRecordError, (), (*_MEMBER, *_PAIR, "source", "left_source", "right_source")
)


def read_record_gold(path: Path) -> Iterator[GoldMember | GoldPair | GoldRecordError]:
    """Yield the rows of a JSONL, CSV, TSV or Parquet file, and a GoldRecordError for each row that is none.

    Fields: record_id, cluster_id and perhaps source; or left_id, right_id and perhaps left_source, right_source. Raises
    FormatError when the file as a whole cannot be read, NotFoundError.
    """
    for row in read_rows(path, _LAYOUT):
        try:
            if not isinstance(row, Row):
                raise row
            yield _read(path, row)
        except GoldRecordError as error:
            yield error


def _read(path: Path, row: Row) -> GoldMember | GoldPair:
    values = Values(row, _LAYOUT.column, lambda problem: GoldRecordError(path, problem, row.line))
    if any(name in row.values for name in _PAIR):
        left, right = (values.required(name).strip() for name in _PAIR)
        return GoldPair(left, right, values.word("left_source"), values.word("right_source"))
    if not any(name in row.values for name in _MEMBER):
        raise values.fail("has neither record_id and cluster_id nor left_id and right_id")
    record_id, cluster_id = (values.required(name).strip() for name in _MEMBER)
    return GoldMember(record_id, cluster_id, values.word("source"))
