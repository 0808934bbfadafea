"""Records of a table become clusters: `profile` chooses how, `resolve_table` does it."""

from collections.abc import Callable

import pyarrow as pa

from linkers.records.pair_model import PairModel
from linkers.records.plan import Plan
from linkers.records.resolution import Resolution

Progress = Callable[[str, int, int | None], None]


def profile(table: pa.Table, *, one_per_source: bool = False) -> Plan:
    """Return how the records of a table are best resolved, seen from the table alone.

    table: record_id (texts, each once), source (texts), and any further columns, which are read as texts; empty and null
           are no value. `record_id` is never evidence. one_per_source: the caller knows that no source holds a thing
           twice; without it the sources are looked at. Does not depend on the order of rows.
    Raises ConfigError for a table without these columns or with an id that stands twice.
    """
    raise NotImplementedError


def resolve_table(
    table: pa.Table,
    *,
    plan: Plan | None = None,
    must_link: pa.Table | None = None,
    cannot_link: pa.Table | None = None,
    model: PairModel | None = None,
    progress: Progress | None = None,
) -> Resolution:
    """Return which records of a table are one thing.

    table:       see `profile`. plan: how; None profiles the table.
    must_link, cannot_link: what people decided: columns left_id, right_id (texts). They win over all other evidence;
                 must_link joins whole clusters unless a cannot_link forbids it. Ids that the table lacks are passed over.
    model:       scores the pairs instead of one fitted to this table (its features must be those of the plan).
    progress:    called with (stage, done, total).
    The same table in any order of rows gives the same result.
    """
    raise NotImplementedError
