"""Which records of a table are the same thing: profiled, compared, judged and clustered without labels."""

from linkers.records.pair_model import PairModel
from linkers.records.plan import ColumnPlan, Plan, SourcePlan
from linkers.records.resolution import CLUSTERS, PAIRS, Resolution, ResolutionReport
from linkers.records.resolving import profile, resolve_table

__all__ = [
    "CLUSTERS",
    "PAIRS",
    "ColumnPlan",
    "PairModel",
    "Plan",
    "Resolution",
    "ResolutionReport",
    "SourcePlan",
    "profile",
    "resolve_table",
]
