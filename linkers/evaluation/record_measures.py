"""Entities against gold about records: pairwise, B-cubed and whole clusters, with what blocking proposed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linkers.evaluation.bootstrap import Interval, intervals
from linkers.evaluation.calibration import Calibration, calibrated
from linkers.evaluation.sweep import THRESHOLDS, SweepPoint

Floats = NDArray[np.float64]
DIGITS = 4
MOST_TOLD = 1_000
"""Records of one group whose pairs are looked at for the worst errors."""


@dataclass(frozen=True, slots=True)
class RecordEvaluation:
    """How entities agree with gold about records. Records that gold is not about take no part.

    records, entities, things: how many there are; things are gold's.
    true_pairs:  pairs of records that gold says are one thing. found_pairs: pairs in one entity. right_pairs: both.
    candidates:  pairs that were proposed, see `evaluate_records`; true_candidates: those that are one thing.
    measures:    by name, in [0, 1]: precision, recall and F1 pairwise_, bcubed_ and cluster_ (an entity is right when
    it is exactly a thing, single records included), pair_completeness (true pairs that were proposed, of all),
    pairs_quality (of the proposed pairs, the true ones), reduction_ratio (pairs that were not proposed, of all). Each
    is 1.0 where there is nothing to divide by.
    intervals:   95 % bootstrap interval of each of the pairwise and B-cubed ones over things; None with fewer than two.
    calibration: of the probabilities of proposed pairs. sweep: what would be joined from a probability on, pair by
    pair, before clustering: recall is of all true pairs.
    errors:      the worst: pairs in one entity that are two things, the surest first, then true pairs that are not.
    unknown:     ids of gold that the home does not hold.
    """

    records: int
    entities: int
    things: int
    true_pairs: int
    found_pairs: int
    right_pairs: int
    candidates: int
    true_candidates: int
    measures: dict[str, float]
    intervals: dict[str, Interval | None]
    calibration: Calibration
    sweep: list[SweepPoint]
    errors: list[dict[str, Any]] = field(default_factory=list)
    unknown: tuple[str, ...] = ()

    def quality(self) -> dict[str, float | None]:
        """Return every measure by name, in [0, 1], rounded to 4 decimals; None where there is nothing to measure."""
        named: dict[str, float | None] = {**self.measures, "ece": self.calibration.ece, "brier": self.calibration.brier}
        return {name: None if value is None else round(value, DIGITS) for name, value in named.items()}

    def summary(self) -> dict[str, Any]:
        """Return the counts and `quality`, by name, in a fixed order."""
        counts = ("records", "entities", "things", "true_pairs", "found_pairs", "right_pairs", "candidates")
        return {name: getattr(self, name) for name in counts} | self.quality()

    def as_dict(self) -> dict[str, Any]:
        """Return all of it as plain values: the summary's names, and every field."""
        return self.summary() | asdict(self)


def evaluate_records(
    entity_of: Mapping[str, str], thing_of: Mapping[str, str], proposed: pl.DataFrame, *, errors: int = 20
) -> RecordEvaluation:
    """Compare entities with gold.

    entity_of: entity of each record. thing_of: gold's thing of records; those without an entity are left out.
    proposed:  left, right (records), probability of the pairs that were compared and kept; pairs in one entity that are
               not among them were joined by hard evidence or people, count as proposed, and have the probability 1.
    errors:    how many of the worst errors are kept.
    """
    keys = sorted(thing_of.keys() & entity_of.keys())
    rows = pl.DataFrame(
        {"key": keys, "entity": [entity_of[key] for key in keys], "thing": [thing_of[key] for key in keys]},
        schema=dict.fromkeys(("key", "entity", "thing"), pl.String),
    )
    cells = _cells(rows)
    pairs = _compared(rows, proposed)
    found, right = _pairs_in(rows["entity"].value_counts()["count"]), _pairs_in(cells["both"])
    joined = pairs.filter("joined")
    # pairs that were joined without being compared are counted, never written out: an entity may hold very many
    untold, untold_right = found - joined.height, right - int(joined["same"].sum())
    counted = _by_thing(cells)
    whole = _measures(counted.sum(axis=0, keepdims=True))
    true_pairs = _pairs_in(rows["thing"].value_counts()["count"])
    candidates, proposed_true = pairs.height + untold, int(pairs["same"].sum()) + untold_right
    possible = _choose2(len(keys))
    shares = {
        "pair_completeness": proposed_true / true_pairs if true_pairs else 1.0,
        "pairs_quality": proposed_true / candidates if candidates else 1.0,
        "reduction_ratio": 1.0 - candidates / possible if possible else 1.0,
    }
    measured = {name: float(values[0]) for name, values in whole.items()} | _whole_clusters(cells) | shares
    return RecordEvaluation(
        records=len(keys),
        entities=rows["entity"].n_unique(),
        things=rows["thing"].n_unique(),
        true_pairs=true_pairs,
        found_pairs=found,
        right_pairs=right,
        candidates=candidates,
        true_candidates=proposed_true,
        measures=measured,
        intervals=intervals(counted, _measures),
        calibration=calibrated(pairs["probability"].to_numpy(), pairs["same"].cast(pl.Float64).to_numpy()),
        sweep=_sweep(pairs, true_pairs, untold, untold_right),
        errors=_worst(rows, pairs, errors),
    )


def _choose2(number: int) -> int:
    return number * (number - 1) // 2


def _pairs_in(sizes: pl.Series) -> int:
    """Return how many pairs groups of these sizes hold together."""
    return sum(map(_choose2, sizes.to_list()))


def _cells(rows: pl.DataFrame) -> pl.DataFrame:
    """Return entity, thing, both (records in both), of_entity and of_thing (sizes) where they share a record."""
    return (
        rows.group_by("entity", "thing")
        .len("both")
        .with_columns(
            pl.col("both").sum().over("entity").alias("of_entity"), pl.col("both").sum().over("thing").alias("of_thing")
        )
        .sort("thing", "entity")
    )


def _by_thing(cells: pl.DataFrame) -> Floats:
    """Return counts of each thing (things, 6): its records, pairs, right pairs, half its pairs found, B-cubed sums.

    A pair of one entity and two things is found half by each.
    """
    both, size = pl.col("both").cast(pl.Float64), pl.col("of_thing").cast(pl.Float64)
    counted = cells.group_by("thing", maintain_order=True).agg(
        both.sum().alias("records"),
        (size.first() * (size.first() - 1) / 2).alias("true"),
        (both * (both - 1) / 2).sum().alias("right"),
        (both * (pl.col("of_entity") - 1) / 2).sum().alias("found"),
        (both * both / pl.col("of_entity")).sum().alias("precise"),
        (both * both / size).sum().alias("recalled"),
    )
    return np.asarray(counted.drop("thing").to_numpy(), np.float64)


def _measures(sums: Floats) -> dict[str, Floats]:
    """Return the pairwise and B-cubed measures of sums of `_by_thing`.

    Pairwise precision is 1.0 when no pair was found, recall 1.0 when there is none to find. B-cubed (A. Bagga, B.
    Baldwin, ACL 1998): means over records of the share of its entity that is its thing, and of its thing that is its
    entity.
    """
    records, true, right, found, precise, recalled = sums.T
    count = np.maximum(records, 1.0)
    values: dict[str, Floats] = {}
    pairwise = (
        np.where(found > 0, right / np.maximum(found, 0.5), 1.0),
        np.where(true > 0, right / np.maximum(true, 0.5), 1.0),
    )
    for name, (precision, recall) in (("pairwise", pairwise), ("bcubed", (precise / count, recalled / count))):
        values[f"{name}_precision"], values[f"{name}_recall"] = precision, recall
        values[f"{name}_f1"] = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    return values


def _whole_clusters(cells: pl.DataFrame) -> dict[str, float]:
    """Return how many entities are exactly a thing, single records included, as precision, recall and F1."""
    exact = cells.filter((pl.col("both") == pl.col("of_entity")) & (pl.col("both") == pl.col("of_thing"))).height
    entities, things = cells["entity"].n_unique(), cells["thing"].n_unique()
    precision, recall = exact / max(entities, 1), exact / max(things, 1)
    f1 = 2 * precision * recall / (precision + recall) if exact else 0.0
    return {"cluster_precision": precision, "cluster_recall": recall, "cluster_f1": f1}


def _pairs_within(rows: pl.DataFrame, group: str) -> pl.DataFrame:
    """Return the pairs (left, right) of records of one group, of a large one those of its first MOST_TOLD records."""
    many = rows.sort("key").filter((pl.len().over(group) > 1) & (pl.int_range(pl.len()).over(group) < MOST_TOLD))
    both = many.join(many, on=group, suffix="_right").filter(pl.col("key") < pl.col("key_right"))
    return both.select(pl.col("key").alias("left"), pl.col("key_right").alias("right"))


def _compared(rows: pl.DataFrame, proposed: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs that were compared, of records that gold names: left, right, probability, joined, same."""
    pairs = proposed.select(
        pl.min_horizontal("left", "right").alias("left"),
        pl.max_horizontal("left", "right").alias("right"),
        "probability",
    )
    named = pairs.join(rows, left_on="left", right_on="key").join(
        rows, left_on="right", right_on="key", suffix="_right"
    )
    return named.select(
        "left",
        "right",
        "probability",
        (pl.col("entity") == pl.col("entity_right")).alias("joined"),
        (pl.col("thing") == pl.col("thing_right")).alias("same"),
    ).sort("left", "right")


def _sweep(pairs: pl.DataFrame, true_pairs: int, untold: int, untold_right: int) -> list[SweepPoint]:
    """Return what would be joined. untold: pairs of probability 1 beside those compared; untold_right: right ones."""
    ordered = pairs.sort("probability")
    probability, same = ordered["probability"].to_numpy(), ordered["same"].cast(pl.Int64).to_numpy()
    points = []
    for threshold in THRESHOLDS:
        first = int(np.searchsorted(probability, threshold, side="left"))
        joined, right = len(probability) - first + untold, int(same[first:].sum()) + untold_right
        precision = right / joined if joined else 1.0
        recall = right / true_pairs if true_pairs else 0.0
        f1 = 2 * precision * recall / (precision + recall) if right else 0.0
        points.append(SweepPoint(threshold, joined, right, precision, recall, f1))
    return points


def _worst(rows: pl.DataFrame, pairs: pl.DataFrame, most: int) -> list[dict[str, Any]]:
    if not most:
        return []
    columns: Sequence[str] = ("outcome", "left", "right", "probability")
    sides = ["left", "right"]
    thing = rows.select("key", "thing")
    untold = (
        _pairs_within(rows, "entity")
        .join(pairs.select(sides), on=sides, how="anti")
        .join(thing, left_on="left", right_on="key")
        .join(thing, left_on="right", right_on="key", suffix="_right")
        .filter(pl.col("thing") != pl.col("thing_right"))
        .select(*sides, pl.lit(1.0).alias("probability"))
    )
    wrong = pl.concat([pairs.filter(pl.col("joined") & ~pl.col("same")).select(*sides, "probability"), untold])
    entity = rows.select("key", "entity")
    missed = (
        _pairs_within(rows, "thing")
        .join(entity, left_on="left", right_on="key")
        .join(entity, left_on="right", right_on="key", suffix="_right")
        .filter(pl.col("entity") != pl.col("entity_right"))
        .join(pairs.select(*sides, "probability"), on=sides, how="left")
    )
    by, falling = ["probability", "left", "right"], [True, False, False]
    ordered = [
        each.with_columns(pl.lit(outcome).alias("outcome"))
        .select(columns)
        .sort(by, descending=falling, nulls_last=True)
        for outcome, each in (("wrong", wrong), ("missed", missed))
    ]
    return pl.concat(ordered).head(most).to_dicts()
