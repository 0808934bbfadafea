"""`kg train --pairs`: how records are compared, fitted again to what people decided."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kg.catalog import mark_stale
from kg.frames import frame
from kg.home import Home
from kg.pair_decisions import Known, compare, known_records
from kg.pair_models import FittedPairs, fitted_pairs, keep_fitted
from kg.record_clusters import statements
from kg.record_gold import record_gold
from kg.record_tables import RecordTable, record_tables
from linkers.clustering.records import MUST_LINK
from linkers.evaluation.model_comparison import MeasureChange, Verdict
from linkers.evaluation.pair_comparison import compare_pairs, verdict_of_pairs
from linkers.records.pair_refitting import LabelledPairs, pair_groups, refit_pairs
from schemas.errors import TrainingError

LEAST_PAIRS = 30
LEAST_OF_EACH = 8
LEAST_FOLDS = 3
Labels = dict[tuple[str, str], bool]


@dataclass(frozen=True, slots=True)
class PairTraining:
    """How records of one kind are compared, fitted to decided pairs, and whether that is better.

    fitted:   plan and model. verdict: by log loss, out of fold: whether its interval of difference is below 0.
    measures: f1, brier and log_loss of both models, out of fold. pairs, same: how many pairs were used, and how many of
    them are one thing. left_out: decided pairs that the comparison never proposed. strength: of the prior.
    """

    kind: str
    fitted: FittedPairs
    verdict: Verdict
    measures: dict[str, MeasureChange]
    pairs: int
    same: int
    left_out: int
    strength: float

    def as_dict(self) -> dict[str, Any]:
        """Return all of it but the weights as plain values, with the version of the model."""
        plain = {name: getattr(self, name) for name in self.__slots__ if name not in ("fitted", "measures")}
        measures = {name: asdict(change) for name, change in self.measures.items()}
        return plain | {"model_version": self.fitted.version, "measures": measures}


def train_pairs(home: Home, gold: Path | None = None, *, folds: int = 5, seed: int = 0) -> list[PairTraining]:
    """Fit how records are compared to what people decided, kind by kind, from the present models as priors.

    gold: a file of record gold whose pairs are used too; what people decided in the home wins over it. Nothing is
    written but by `take_into_use`. Kinds with too few pairs are left out. Deterministic. Raises TrainingError when no
    kind has enough or nothing was resolved yet, GoldRecordError.
    """
    if folds < LEAST_FOLDS:
        raise TrainingError(f"--folds {folds} is not at least {LEAST_FOLDS}")
    known = known_records(home, 0)
    fitted = fitted_pairs(home)
    things = record_gold(home, gold).cluster_of if gold else {}
    said = {(s.left, s.right): s.verdict == MUST_LINK for s in statements(home.mentions.pairs())}
    told, found = [], []
    for part in record_tables(home, list(known.records.values())):
        past = fitted.get(part.kind)
        if past is None or part.is_alone:
            continue
        labels, labelled, left_out = _labelled(home, part, known, past, (things, said))
        told.append(f"{part.kind or 'untyped'} {len(labels)}, {sum(labels.values())} of them one thing")
        if labelled is not None and _enough(labelled, folds):
            found.append(_trained(part, past, labelled, (folds, seed, left_out)))
    if not found:
        have = "; ".join(told) or "nothing was compared yet: run `kg resolve`"
        raise TrainingError(
            f"too few decided pairs of any kind ({have}); at least {LEAST_PAIRS} are needed, at least {LEAST_OF_EACH} "
            "of them one thing and as many not: `kg review` adds some"
        )
    return found


def take_into_use(home: Home, trained: list[PairTraining], *, force: bool = False) -> list[str]:
    """Let the home compare records by the models that are better, or by all; the next `kg resolve` decides anew.

    Returns the kinds. Raises TrainingError when none is better.
    """
    chosen = [each for each in trained if force or each.verdict == "better"]
    if not chosen:
        losses = "; ".join(
            f"{each.kind or 'untyped'} {each.verdict}: log loss {each.measures['log_loss'].current:.4f} -> "
            f"{each.measures['log_loss'].refitted:.4f}"
            for each in trained
        )
        raise TrainingError(f"not taken into use: out of fold no refitted model is better ({losses}); --force does it")
    with home.writing():
        keep_fitted(home, {each.kind: each.fitted for each in chosen})
        mark_stale(home)
    return [each.kind for each in chosen]


def _labelled(
    home: Home, part: RecordTable, known: Known, past: FittedPairs, stated: tuple[Mapping[str, str], Labels]
) -> tuple[Labels, LabelledPairs | None, int]:
    """Return what is decided of a kind's pairs, those with features, and how many have none."""
    # what lost to a rival is hardly probable, and teaches most
    result = compare(home, part, known, past, None, least=0.0)
    pairs = frame(result.pairs).select(
        pl.min_horizontal("left_id", "right_id").alias("left"),
        pl.max_horizontal("left_id", "right_id").alias("right"),
        "features",
    )
    things, said = stated
    here = set(part.table["record_id"].to_pylist())
    labels: Labels = {}
    for left, right in pairs.select("left", "right").iter_rows():
        if left in things and right in things and (left in part.contents or right in part.contents):
            labels[left, right] = things[left] == things[right]
    labels |= {ends: same for ends, same in said.items() if here.issuperset(ends)}
    rows = [(*ends, same) for ends, same in sorted(labels.items())]
    asked = pl.DataFrame(rows, schema={"left": pl.String, "right": pl.String, "same": pl.Boolean}, orient="row")
    used = asked.join(pairs, on=["left", "right"], how="inner", maintain_order="left")
    used = used.filter(pl.col("features").list.len() == len(past.model.features))
    left_out = len(labels) - used.height
    if not used.height:
        return labels, None, left_out
    features, same = np.array(used["features"].to_list(), np.float32), used["same"].to_numpy()
    wanted = same | np.array([ends in said for ends in used.select("left", "right").iter_rows()])
    kept = wanted | _hard(past.model.log_odds(features), ~wanted, int(same.sum()))
    ends = used.filter(kept)
    groups = pair_groups(ends["left"].to_list(), ends["right"].to_list())
    return labels, LabelledPairs(features[kept], same[kept], groups), left_out


def _hard(odds: NDArray[np.float64], two: NDArray[np.bool_], same: int) -> NDArray[np.bool_]:
    """Return which of the pairs that are two things by gold alone are the most alike, half as many as are one.

    More of them are easy, and tie all records to one another, so that no fold could be left out. odds: (n,) log-odds
    of all pairs. two: (n,). same: how many pairs are one thing.
    """
    easy = np.flatnonzero(two)
    hard = np.zeros(len(odds), bool)
    hard[easy[np.argsort(-odds[easy], kind="stable")[: max(same // 2, LEAST_OF_EACH)]]] = True
    return hard


def _enough(labelled: LabelledPairs, folds: int) -> bool:
    if len(labelled.same) < LEAST_PAIRS or len(np.unique(labelled.groups)) < folds:
        return False
    return min(int(labelled.same.sum()), int((~labelled.same).sum())) >= LEAST_OF_EACH


def _trained(part: RecordTable, past: FittedPairs, labelled: LabelledPairs, how: tuple[int, int, int]) -> PairTraining:
    folds, seed, left_out = how
    refit = refit_pairs(labelled, past.model, folds=folds, seed=seed)
    measures = compare_pairs(refit.current, refit.refitted, labelled.same, labelled.groups)
    return PairTraining(
        kind=part.kind,
        fitted=replace(past, model=refit.model, records=part.table.num_rows, trained=True),
        verdict=verdict_of_pairs(measures["log_loss"]),
        measures=measures,
        pairs=len(labelled.same),
        same=int(labelled.same.sum()),
        left_out=left_out,
        strength=refit.strength,
    )
