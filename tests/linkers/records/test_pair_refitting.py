import numpy as np

from linkers.evaluation.pair_comparison import compare_pairs, verdict_of_pairs
from linkers.records.pair_model import PairModel
from linkers.records.pair_refitting import LabelledPairs, pair_groups, refit_pairs

MODEL = PairModel(("name", "year"), ((0.5,), (0.5,)), ((-2.0, 2.0, 0.0), (0.0, 0.0, 0.0)), 0.0)


def labelled(n: int, *, year_decides: bool) -> LabelledPairs:
    random = np.random.default_rng(7)
    features = random.random((n, 2)).astype(np.float32)
    features[random.random((n, 2)) < 0.1] = np.nan
    by_year = (np.nan_to_num(features[:, 1], nan=0.0) > 0.5) ^ (random.random(n) < 0.12)
    as_told = random.random(n) < MODEL.probability(features)
    return LabelledPairs(features, by_year if year_decides else as_told, np.arange(n))


def test_pairs_that_share_records_are_one_group() -> None:
    groups = pair_groups(["a", "b", "x"], ["b", "c", "y"])
    assert groups[0] == groups[1] != groups[2]


def test_what_people_say_moves_the_weights_and_is_better_out_of_fold() -> None:
    pairs = labelled(150, year_decides=True)
    found = refit_pairs(pairs, MODEL, folds=5)
    change = compare_pairs(found.current, found.refitted, pairs.same, pairs.groups)["log_loss"]
    assert change.refitted < change.current
    assert verdict_of_pairs(change) == "better"
    wide, narrow = np.array([[0.1, 0.9], [0.9, 0.1]], np.float32)
    assert found.model.probability(wide[None])[0] > 0.5 > found.model.probability(narrow[None])[0]


def test_labels_that_agree_with_the_model_are_not_called_better() -> None:
    pairs = labelled(150, year_decides=False)
    found = refit_pairs(pairs, MODEL, folds=5)
    change = compare_pairs(found.current, found.refitted, pairs.same, pairs.groups)["log_loss"]
    assert verdict_of_pairs(change) != "better"
    assert abs(change.difference) < 0.05


def test_a_refit_is_deterministic_and_keeps_the_bins() -> None:
    pairs = labelled(60, year_decides=True)
    first, second = (refit_pairs(pairs, MODEL, folds=3, seed=1) for _ in range(2))
    assert first.model == second.model
    assert (first.model.features, first.model.edges) == (MODEL.features, MODEL.edges)
    assert PairModel.from_json(first.model.to_json()) == first.model
