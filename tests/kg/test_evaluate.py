"""kg evaluate, by its public face."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.config import load_config
from tests.kg.gold_home import CONFIG, TEXTS, answer, call, gold_rows, make_home, span, write_rows


def evaluated(folder: Path, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = answer(call(folder, "evaluate", *arguments, "--json"))
    return found


def test_the_measures_of_a_home(gold_home: Path, gold_file: Path) -> None:
    found = evaluated(gold_home, str(gold_file), "--spans", "gold")
    assert (found["gold"], found["right"], found["review"], found["wrong"]) == (7, 6, 1, 0)
    assert (found["precision"], found["recall"]) == (1.0, round(6 / 7, 4))
    assert (found["link_recall"], found["nil_f1"], found["bcubed_f1"]) == (0.8, 1.0, 1.0)
    assert found["candidate_recall@30"] == 1.0
    assert found["candidates"]["mentions"] == found["candidates"]["searched"] == 5
    assert found["slices"]["kind=notes"]["gold"] == 5
    assert found["slices"]["type=album"]["right"] == 2, "a span without type has that of its entity"
    assert len(found["intervals"]["f1"]) == 2
    assert found["calibration"]["mentions"] == 7
    assert (found["errors"], found["unknown_documents"], found["unknown_entities"]) == ([], [], [])


def test_the_guide_defines_every_measure(gold_home: Path, gold_file: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guides" / "evaluation.md").read_text(encoding="utf-8")
    with kg.Home(load_config(gold_home / "kg.toml")) as home:
        names = kg.evaluate(home, gold_file).quality()
    assert [name for name in names if f"`{name}`" not in guide] == []


def test_an_id_of_a_record_stands_for_its_entity(gold_home: Path, tmp_path: Path) -> None:
    gold = write_rows(tmp_path / "g.jsonl", [span("d1", "Björk", "bj2"), span("d3", "Björk", "other:bj2")])
    assert evaluated(gold_home, str(gold), "--spans", "gold")["right"] == 2


def test_the_errors_come_with_their_evidence(gold_home: Path, tmp_path: Path) -> None:
    rows = [span("d1", "Björk", "homogenic"), span("d1", "Iceland", None), span("d3", "Björk", "bjork")]
    found = evaluated(gold_home, str(write_rows(tmp_path / "g.jsonl", rows)))
    wrong = next(row for row in found["errors"] if row["outcome"] == "wrong")
    assert (wrong["surface"], wrong["gold_name"], wrong["answer_name"]) == ("Björk", "Homogenic", "Björk")
    assert wrong["sentence"] == TEXTS["d1"][1]
    assert wrong["reason"]
    assert 0.5 < wrong["probability"] <= 1.0
    missed = found["errors"][-1]
    assert (missed["outcome"], missed["surface"], missed["decision"]) == ("missed", "Iceland", None)
    assert "Homogenic in Iceland." in missed["sentence"]
    assert {row["outcome"] for row in found["errors"]} == {"wrong", "missed", "spurious"}
    assert evaluated(gold_home, str(tmp_path / "g.jsonl"), "--errors", "0")["errors"] == []


def test_what_the_home_does_not_hold_is_said(gold_home: Path, tmp_path: Path) -> None:
    rows = [span("d1", "Björk", "gone"), {**span("d1", "Björk", "bjork"), "doc_id": "d9"}]
    gold = write_rows(tmp_path / "g.jsonl", rows)
    found = evaluated(gold_home, str(gold))
    assert (found["unknown_documents"], found["unknown_entities"]) == (["d9"], ["gone"])
    shown = call(gold_home, "evaluate", str(gold))
    assert "1 documents of the gold: d9" in shown.stderr
    assert "1 entities of the gold: gone" in shown.stderr


def test_a_home_without_catalog_and_decisions_misses_everything(tmp_path: Path, gold_file: Path) -> None:
    (tmp_path / "kg.toml").write_text(CONFIG, encoding="utf-8")
    found = evaluated(tmp_path, str(gold_file))
    assert (found["missed"], found["candidates"], found["ece"]) == (7, None, None)
    assert len(found["unknown_entities"]) == 3
    assert call(tmp_path, "evaluate", str(gold_file)).exit_code == 0


def test_the_table_names_everything(gold_home: Path, gold_file: Path) -> None:
    shown = call(gold_home, "evaluate", str(gold_file)).stdout
    for phrase in ("link_precision", "95 % interval", "kind=notes", "reliability", "candidates", "other thresholds"):
        assert phrase in shown, phrase


@pytest.mark.parametrize(
    ("gates", "status", "phrase"),
    [
        (["f1=0.8", "link_precision=1"], 0, ""),
        (["recall=0.8571"], 0, ""),
        (["recall=0.9", "precision=1", "link_recall=0.9"], 1, "recall 0.8571 is under 0.9; link_recall 0.8000"),
        (["ece=0.1"], 1, "'ece' is no measure that can be too low"),
        (["nonsense=0.1"], 1, "measures: precision, recall, f1"),
        (["f1"], 2, "METRIC=VALUE"),
        (["f1=high"], 2, "METRIC=VALUE"),
        (["=0.5"], 2, "METRIC=VALUE"),
    ],
)
def test_a_gate_ends_with_one_line(
    gold_home: Path, gold_file: Path, gates: list[str], status: int, phrase: str
) -> None:
    options = [part for gate in gates for part in ("--fail-under", gate)]
    result = call(gold_home, "evaluate", str(gold_file), "--spans", "gold", "--json", *options)
    assert result.exit_code == status
    assert phrase in result.stderr
    if status == 1:
        assert result.stderr.count("\n") == 1
        assert json.loads(result.stdout)["gold"] == 7, "what was measured is printed all the same"


def test_what_cannot_be_measured_passes_no_gate(gold_home: Path, tmp_path: Path) -> None:
    gold = write_rows(tmp_path / "g.jsonl", [span("d1", "Björk", "bjork")])
    result = call(gold_home, "evaluate", str(gold), "--fail-under", "bcubed_f1=0")
    assert result.exit_code == 1
    assert "bcubed_f1 cannot be measured" in result.stderr


class Page(HTMLParser):
    """Checks that what is opened is closed, and collects what the page refers to."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        named = ("src", "href", "xlink:href", "action", "data")
        self.addresses += [value or "" for name, value in attrs if name in named or name.startswith("on")]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_report_is_one_whole_file_that_needs_nothing_else(gold_home: Path, tmp_path: Path) -> None:
    rows = [*gold_rows(), span("d3", "<b>nobody</b>", None, note="<script>alert(1)</script>&\x01")]
    gold = write_rows(tmp_path / "<gold>.jsonl", rows)
    report = tmp_path / "report.html"
    assert call(gold_home, "evaluate", str(gold), "--report", str(report), "--compare", first_run(gold_home)).stdout
    text = report.read_text(encoding="utf-8")
    page = Page()
    page.feed(text)
    page.close()
    assert page.open == []
    assert text.count("<svg") == 3
    assert {"html", "svg", "table", "polyline", "circle", "rect"} <= page.tags
    assert not page.tags & {"script", "link", "img", "iframe", "object", "b"}
    assert page.addresses == []
    assert "url(" not in text
    assert "@import" not in text
    assert "<script>alert(1)</script>" in page.text
    assert "\x01" not in text
    for phrase in ("Decisions against <gold>.jsonl", "Reliability", "Threshold of links", "Slices", "Worst errors"):
        assert phrase in page.text, phrase
    assert "likeliest answer: better" in page.text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["<gold>.jsonl", "report.html"]


def test_a_report_that_cannot_be_written_is_one_line(gold_home: Path, gold_file: Path, tmp_path: Path) -> None:
    result = call(gold_home, "evaluate", str(gold_file), "--report", str(tmp_path / "none" / "r.html"))
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr


def first_run(folder: Path) -> str:
    runs = answer(call(folder, "runs", "--json"))
    return str(runs[-1]["run_id"])


def test_before_the_first_resolve_nothing_was_right(gold_home: Path, gold_file: Path) -> None:
    found = evaluated(gold_home, str(gold_file), "--compare", first_run(gold_home)[:12])["comparison"]
    assert found["run_id"] == first_run(gold_home)
    assert (found["asserted"]["before"], found["asserted"]["after"]) == (0.0, pytest.approx(6 / 7))
    assert (len(found["asserted"]["better"]), found["asserted"]["worse"]) == (6, [])
    assert found["asserted"]["p_value"] == pytest.approx(2 / 2**6)
    better = found["asserted"]["better"][0]
    assert (better["surface"], better["gold_name"], better["after"]["name"]) == ("Björk", "Björk", "Björk")
    assert call(gold_home, "evaluate", str(gold_file), "--compare", "none").exit_code == 1


def test_two_runs_of_different_precision_differ_in_what_they_assert(tmp_path: Path, gold_file: Path) -> None:
    folder = make_home(tmp_path)
    before = answer(call(folder, "runs", "--json"))[0]["run_id"]
    asked = (str(gold_file), "--spans", "gold", "--compare", before)
    unchanged = evaluated(folder, *asked)["comparison"]["asserted"]
    assert (unchanged["difference"], unchanged["p_value"], unchanged["better"]) == (0.0, 1.0, [])
    assert call(folder, "resolve", "--precision", "0.9999999").exit_code == 0
    found = evaluated(folder, *asked)
    change = found["comparison"]["asserted"]
    assert [row["before"]["decision"] for row in change["worse"]] == ["link"] * 4
    assert {row["after"]["decision"] for row in change["worse"]} == {"review"}
    assert change["difference"] == pytest.approx(-4 / 7)
    assert change["interval"][0] <= change["difference"] <= change["interval"][1] <= 0.0
    assert change["p_value"] == pytest.approx(0.125)
    assert found["comparison"]["likeliest"]["difference"] == 0.0
    shown = call(folder, "evaluate", *asked).stdout
    assert "McNemar p" in shown
    assert "link Homogenic" in shown


def test_python_gets_the_same(gold_home: Path, gold_file: Path) -> None:
    with kg.Home(load_config(gold_home / "kg.toml")) as home:
        found = kg.evaluate(home, gold_file, spans="gold")
        kg.check_gates(found, {"precision": 1.0})
        with pytest.raises(kg.KgError, match="recall"):
            kg.check_gates(found, {"recall": 0.99})
    assert found.summary()["right"] == 6
