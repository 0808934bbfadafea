"""`kg train --pairs`: reviewed pairs refit how records are compared; what is not better is refused."""

from dataclasses import replace
from pathlib import Path

import pytest

from kg.evaluate import check_gates
from kg.evaluate_records import evaluate_records
from kg.home import Home
from kg.pair_models import fitted_pairs
from kg.record_report import record_report_html
from kg.resolve import ResolveOptions, resolve
from kg.review import review
from kg.train_pairs import take_into_use, train_pairs
from schemas.errors import GateError, GoldRecordError, TrainingError
from tests.kg.record_home import config, take
from tests.kg.record_population import population


def test_a_model_is_refitted_to_gold_and_only_a_better_one_is_taken(tmp_path: Path) -> None:
    one, two, truth = population(120, seed=5)
    gold = tmp_path / "gold.csv"
    rows = [f"{key.partition(':')[2]},{thing},{key.partition(':')[0]}" for key, thing in truth.items()]
    gold.write_text("record_id,cluster_id,source\n" + "\n".join(rows) + "\n", encoding="utf-8")
    with Home(config(tmp_path)) as home:
        take(home, tmp_path / "files", "one", one)
        take(home, tmp_path / "files", "two", two)
        with pytest.raises(TrainingError, match="kg resolve"):
            train_pairs(home, gold)
        resolve(home, ResolveOptions(mentions=False))
        with pytest.raises(TrainingError, match="too few decided pairs"):
            train_pairs(home)
        (found,) = train_pairs(home, gold)
        assert found.kind == "agent"
        assert found.pairs >= 30
        assert 0 < found.same < found.pairs
        assert train_pairs(home, gold)[0].as_dict() == found.as_dict()
        before = fitted_pairs(home)["agent"].version
        with pytest.raises(TrainingError, match="no refitted model is better"):
            take_into_use(home, [replace(found, verdict="no difference")])
        assert fitted_pairs(home)["agent"].version == before
        assert take_into_use(home, [replace(found, verdict="better")]) == ["agent"]
        assert fitted_pairs(home)["agent"].version == found.fitted.version != before
        assert resolve(home, ResolveOptions(mentions=False)).records_compared == len(truth)
        assert fitted_pairs(home)["agent"].trained
        measured = evaluate_records(home, gold)
        assert measured.quality()["pairwise_f1"] is not None
        check_gates(measured, {"pairwise_precision": 0.9})
        with pytest.raises(GateError, match="pairwise_f1"):
            check_gates(measured, {"pairwise_f1": 1.01})
        assert "pair_completeness" in record_report_html(measured, title="gold.csv")


def test_verdicts_about_pairs_that_were_never_proposed_are_counted_and_teach_nothing(tmp_path: Path) -> None:
    one, two, truth = population(120, seed=6)
    by_thing: dict[str, list[str]] = {}
    for key, thing in truth.items():
        by_thing.setdefault(thing, []).append(key)
    both = [keys for keys in by_thing.values() if len(keys) == 2]
    with Home(config(tmp_path)) as home:
        take(home, tmp_path / "files", "one", one)
        take(home, tmp_path / "files", "two", two)
        resolve(home, ResolveOptions(mentions=False))
        same = [(left, right, "must-link") for left, right in both[:25]]
        apart = [(both[n][0], both[n + 1][1], "cannot-link") for n in range(25, 50)]
        review(home, [*same, *apart])
        with pytest.raises(TrainingError, match="agent 50, 25 of them one thing"):
            train_pairs(home, folds=3)


def test_gold_that_names_a_record_of_several_sources_is_refused(tmp_path: Path) -> None:
    gold = tmp_path / "gold.csv"
    gold.write_text("left_id,right_id\nx,y\n", encoding="utf-8")
    row = {"id": "x", "name": "X", "type": "artist"}
    with Home(config(tmp_path)) as home:
        take(home, tmp_path / "files", "one", [row])
        take(home, tmp_path / "files", "two", [{**row, "type": "album"}, {"id": "y", "name": "Y"}])
        with pytest.raises(GoldRecordError, match="several sources"):
            evaluate_records(home, gold)
        gold.write_text("left_id,right_id\none:x,y\none:x,gone\n", encoding="utf-8")
        found = evaluate_records(home, gold)
        assert (found.records, found.true_pairs, found.unknown) == (3, 1, ("gone",))
