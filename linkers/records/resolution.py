"""What resolving a table gives."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from linkers.records.plan import Plan

if TYPE_CHECKING:
    from linkers.records.pair_model import PairModel

CLUSTERS = pa.schema(
    [
        pa.field("record_id", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("cluster", pa.int64(), nullable=False),  # 0, 1, ... by the first record in (source, record_id) order
        pa.field("probability", pa.float64(), nullable=False),  # that the record belongs to its cluster, 6 decimals
        pa.field("evidence", pa.string(), nullable=False),  # what ties it to the cluster; "" for a record alone
    ]
)
"""One row a record, ordered by source, record_id."""

PAIRS = pa.schema(
    [
        pa.field("left_id", pa.string(), nullable=False),
        pa.field("right_id", pa.string(), nullable=False),
        pa.field("probability", pa.float64(), nullable=False),  # calibrated, that both are one thing, 6 decimals
        pa.field("features", pa.list_(pa.float32()), nullable=False),  # in the order of PairModel.features
        pa.field("evidence", pa.string(), nullable=False),  # what spoke for and against, strongest first
    ]
)
"""One row a compared pair that is kept (see `Resolution.pairs`); left comes before right by (source, record_id)."""


@dataclass(frozen=True, slots=True)
class ResolutionReport:
    """What resolving cost and what it left out.

    records, pairs:     how many records there are and how many pairs were compared.
    cut:                what a budget left out, by name: "postings" that were not read.
    pair_completeness:  estimated share of the true pairs that were compared, in [0, 1]; its basis: `completeness`.
    match_rate:         estimated share of the compared pairs that are one thing, in [0, 1].
    clusters:           how many clusters there are, single records included.
    seconds:            wall time by stage. peak_mb: highest resident memory of this process so far, MB.
    """

    records: int
    pairs: int
    cut: dict[str, int] = field(default_factory=dict)
    pair_completeness: float = 1.0
    match_rate: float = 0.0
    clusters: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    peak_mb: float = 0.0


@dataclass(frozen=True, slots=True)
class Resolution:
    """Which records of a table are one thing, and why.

    clusters: see CLUSTERS. pairs: see PAIRS: all pairs within a cluster that were compared, and all others whose
    probability is at least .01; what people decided is in it with 1.0 and 0.0.
    """

    clusters: pa.Table
    pairs: pa.Table
    report: ResolutionReport
    plan: Plan
    model: "PairModel"
