"""`kg evaluate --records`: entities against gold about records."""

from dataclasses import replace
from pathlib import Path

import polars as pl

from kg.frames import frame
from kg.home import Home
from kg.record_clusters import MACHINE
from kg.record_gold import record_gold
from linkers.evaluation.record_measures import RecordEvaluation
from linkers.evaluation.record_measures import evaluate_records as compare_with_gold


def evaluate_records(home: Home, gold: Path, *, errors: int = 20) -> RecordEvaluation:
    """Return how the entities of a home agree with a file of gold about records, in every measure that there is.

    gold: record_id, cluster_id; or left_id, right_id (see `record_gold`). errors: how many of the worst are kept.
    Proposed are the pairs whose decisions are kept, and those that hard evidence or people joined; a pair that people
    decided has no probability to be measured. Raises GoldRecordError for the first row that is wrong.
    """
    stated = record_gold(home, gold)
    entity_of = {key: row.entity_id for key, row in home.mentions.resolutions().items()}
    pairs = frame(home.mentions.pairs()).filter(pl.col("decision").is_in(list(MACHINE)))
    proposed = pairs.select(pl.col("left_key").alias("left"), pl.col("right_key").alias("right"), "probability")
    found = compare_with_gold(entity_of, stated.cluster_of, proposed, errors=errors)
    names = {record.key: record.name for record in home.mentions.records()}
    named = [
        {**row, "left_name": names.get(row["left"], ""), "right_name": names.get(row["right"], "")}
        for row in found.errors
    ]
    return replace(found, errors=named, unknown=stated.unknown)
