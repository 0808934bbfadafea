"""What people and identifiers say, as numbers of records."""

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from linkers.records.clustering import Constraints
from linkers.records.plan import Plan
from linkers.records.preparing import Prepared
from linkers.records.values import Values
from schemas.errors import ConfigError

Ints = NDArray[np.int32]


def constraints(
    prepared: Prepared, values: Values, plan: Plan, *, must: pa.Table | None, cannot: pa.Table | None
) -> Constraints:
    """Return the constraints of a table. must, cannot: left_id, right_id; ids that it lacks are passed over."""
    together, apart = _numbers(must, prepared, "must_link"), _numbers(cannot, prepared, "cannot_link")
    left, right = [together[0]], [together[1]]
    for _, codes in values.keys:
        order = np.flatnonzero(codes >= 0)
        order = order[np.argsort(codes[order], kind="stable")]
        same = codes[order[1:]] == codes[order[:-1]]
        left.append(order[:-1][same].astype(np.int32))
        right.append(order[1:][same].astype(np.int32))
    one, other = np.concatenate([apart[0], apart[1]]), np.concatenate([apart[1], apart[0]])
    order = np.argsort(one, kind="stable")
    begins = np.concatenate([[0], np.cumsum(np.bincount(one, minlength=len(prepared.ids)))]).astype(np.int64)
    free = {source.name for source in plan.sources if source.duplicate_free}
    single = np.asarray([number if name in free else -1 for number, name in enumerate(prepared.sources)] or [-1])
    keys = np.stack([codes for _, codes in values.keys]) if values.keys else np.zeros((0, len(prepared.ids)), np.int64)
    return Constraints(
        (np.concatenate(left), np.concatenate(right)),
        begins,
        other[order],
        keys.astype(np.int64),
        single[prepared.source].astype(np.int64),
    )


def _numbers(pairs: pa.Table | None, prepared: Prepared, what: str) -> tuple[Ints, Ints]:
    if pairs is None or not pairs.num_rows:
        return np.zeros(0, np.int32), np.zeros(0, np.int32)
    for name in ("left_id", "right_id"):
        if name not in pairs.column_names:
            raise ConfigError(what, f"has no column {name!r}; it needs left_id and right_id")
    rows = pl.DataFrame({"id": prepared.ids, "row": np.arange(len(prepared.ids), dtype=np.int32)})
    asked = pl.DataFrame(pl.from_arrow(pairs.select(["left_id", "right_id"]))).cast(pl.String)
    found = asked.join(rows, left_on="left_id", right_on="id").join(
        rows, left_on="right_id", right_on="id", suffix="_right"
    )
    found = found.filter(pl.col("row") != pl.col("row_right")).sort("row", "row_right")
    return found["row"].to_numpy().astype(np.int32), found["row_right"].to_numpy().astype(np.int32)
