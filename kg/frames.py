"""Arrow tables as data frames."""

import polars as pl
import pyarrow as pa


def frame(table: pa.Table) -> pl.DataFrame:
    """Return an Arrow table as a data frame."""
    made = pl.from_arrow(table)
    if not isinstance(made, pl.DataFrame):
        message = "an Arrow table becomes a data frame"
        raise TypeError(message)
    return made
