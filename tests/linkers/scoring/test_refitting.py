from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from linkers.evaluation.calibration import calibrated
from linkers.evaluation.model_comparison import compare_models, verdict_of
from linkers.index import CatalogIndex
from linkers.linking import LinkSettings, link
from linkers.scoring.gold_sample import NIL, Answers, answers_of, gold_sample, scores_of
from linkers.scoring.model import LinkerModel
from linkers.scoring.refitting import fitted_to, folds_of
from linkers.scoring.weights import link_threshold

DEFAULT = LinkerModel.load("default")
TEXTS = [
    ("one", "We heard [Nirvana] and [Nevermind] with [Kurt Cobain], then [Zyqqwv Quorl] spoke."),
    ("two", "[Prince] met [Prince Royce]; [The Lanterns] played [About a Girl] and [Sigur Ros]."),
    ("three", "[Marlowe] sang, and [Kesha|artist] came with [qqqqq]."),
]


@pytest.mark.parametrize("precision", [None, 0.99])
def test_answers_are_those_of_linking(
    small_index: CatalogIndex, make_mentions: Callable[..., pa.Table], precision: float | None
) -> None:
    settings = LinkSettings(precision=precision)
    batch = make_mentions(small_index, TEXTS)
    decided = link(batch, small_index, DEFAULT, encoder=None, settings=settings).to_pylist()
    meant = {(row["doc_id"], row["start"], row["end"]): row["best_entity_id"] for row in decided}
    sample = gold_sample(batch, meant, small_index, encoder=None, settings=settings)
    found = answers_of(DEFAULT, sample, scores_of(DEFAULT, sample), precision)
    assert found.right.all()
    assert found.linked.tolist() == [row["decision"] == "link" for row in decided]
    assert (found.right_link == found.linked).all()
    assert found.probability == pytest.approx([row["probability"] for row in decided], abs=1e-6)
    other = {place: None if entity else "nevermind" for place, entity in meant.items()}
    wrong = gold_sample(batch, other, small_index, encoder=None, settings=settings)
    assert not answers_of(DEFAULT, wrong, scores_of(DEFAULT, wrong), precision).right.any()


def test_a_part_of_a_sample_scores_as_the_whole(
    small_index: CatalogIndex, make_mentions: Callable[..., pa.Table]
) -> None:
    batch = make_mentions(small_index, TEXTS)
    places = zip(*(batch[name].to_pylist() for name in ("doc_id", "start", "end")), strict=True)
    sample = gold_sample(batch, dict.fromkeys(places), small_index, encoder=None, settings=LinkSettings())
    assert (sample.gold == NIL).all()
    kept = sample.doc_ids != "one"
    part = sample.take(kept)
    whole = answers_of(DEFAULT, sample, scores_of(DEFAULT, sample), None)
    assert answers_of(DEFAULT, part, scores_of(DEFAULT, part), None).probability == pytest.approx(
        whole.probability[kept]
    )


def test_a_strong_prior_stays_and_a_weak_one_follows(
    small_index: CatalogIndex, make_mentions: Callable[..., pa.Table]
) -> None:
    batch = make_mentions(small_index, TEXTS)
    places = zip(*(batch[name].to_pylist() for name in ("doc_id", "start", "end")), strict=True)
    sample = gold_sample(batch, dict.fromkeys(places), small_index, encoder=None, settings=LinkSettings())
    present = scores_of(DEFAULT, sample).in_catalog
    strong, weak = fitted_to(sample, DEFAULT, 1e6), fitted_to(sample, DEFAULT, 0.1)
    assert scores_of(weak, sample).in_catalog.max() < 0.3 < present.max()
    assert strong.accept_weights == pytest.approx(DEFAULT.accept_weights, abs=1e-3)
    assert weak.accept_weights != pytest.approx(DEFAULT.accept_weights, abs=1e-2)
    assert strong.rank_weights == DEFAULT.rank_weights


def test_folds_hold_whole_documents_and_are_even() -> None:
    doc_ids = np.array([f"d{number % 11}" for number in range(60)])
    folds = folds_of(doc_ids, 5, 0)
    assert len({(d, f) for d, f in zip(doc_ids.tolist(), folds.tolist(), strict=True)}) == 11
    sizes = [len(set(doc_ids[folds == fold].tolist())) for fold in range(5)]
    assert sorted(sizes) == [2, 2, 2, 2, 3]
    shuffled = np.random.default_rng(0).permutation(60)
    assert (folds_of(doc_ids[shuffled], 5, 0) == folds[shuffled]).all()
    assert (folds_of(doc_ids, 5, 1) != folds).any()


def test_two_models_are_compared_over_documents() -> None:
    random = np.random.default_rng(3)
    right = random.random(200) < 0.5
    probability = random.random(200)
    before = Answers(probability, right, np.ones(200, bool), right)
    after = Answers(probability, np.ones(200, bool), np.ones(200, bool), np.ones(200, bool))
    doc_ids = np.array([f"d{number // 10}" for number in range(200)])
    found = compare_models(before, after, np.ones(200, bool), doc_ids)
    assert found["accuracy"].current == pytest.approx(right.mean())
    assert found["accuracy"].refitted == 1.0
    expected = calibrated(probability, right.astype(float))
    assert found["ece"].current == pytest.approx(expected.ece)
    assert found["brier"].current == pytest.approx(expected.brier)
    assert verdict_of(found["accuracy"]) == "better"
    assert verdict_of(compare_models(after, before, np.ones(200, bool), doc_ids)["accuracy"]) == "worse"
    assert verdict_of(compare_models(before, before, np.ones(200, bool), doc_ids)["accuracy"]) == "no difference"


def test_the_link_threshold_is_the_first_that_is_precise_enough() -> None:
    assert link_threshold([(0.5, 0.9), (0.6, 0.94), (0.7, 0.96)]) == 0.7
    assert link_threshold([(0.5, 0.99), (0.51, 0.99)]) == 0.55
    assert link_threshold([(0.5, 0.5), (0.95, 0.96)]) == 0.8
    assert link_threshold([(0.5, 0.5)]) == 0.8
