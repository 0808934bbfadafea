"""Whether mentions of one unknown thing got one provisional entity."""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class Clusters:
    """B-cubed (A. Bagga, B. Baldwin, ACL 1998) of provisional entities, over all documents together.

    The items are the gold mentions without an entity whose gold says which thing is meant (`cluster`).

    mentions:  how many items there are. found: how many of them have a provisional id (were decided nil).
    precision: mean over the found items of: share of the found items with the same provisional id that are of the same
               gold cluster; 1.0 when none was found.
    recall:    mean over all items of: share of the items of the same gold cluster that have the same provisional id;
               an item without one counts 0.
    f1:        their harmonic mean, 0.0 when both are 0.
    All three are None without items.
    """

    mentions: int
    found: int
    precision: float | None
    recall: float | None
    f1: float | None


def b_cubed(rows: pl.DataFrame) -> Clusters:
    """Return the B-cubed measures of rows of Matched."""
    items = rows.filter(pl.col("gold_id").is_null() & (pl.col("cluster") != ""))
    items = items.with_columns(pl.len().over("cluster").alias("of_cluster"))
    found = items.filter(pl.col("provisional_id").is_not_null()).with_columns(
        pl.len().over("provisional_id").alias("of_entity"), pl.len().over("cluster", "provisional_id").alias("both")
    )
    if not items.height:
        return Clusters(0, 0, None, None, None)
    precision = float((found["both"] / found["of_entity"]).sum()) / found.height if found.height else 1.0
    recall = float((found["both"] / found["of_cluster"]).sum()) / items.height
    f1 = 2 * precision * recall / (precision + recall) if recall else 0.0
    return Clusters(items.height, found.height, precision, recall, f1)
