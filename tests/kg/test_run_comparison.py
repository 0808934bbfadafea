"""Two runs by what they measured of themselves, and the alert rules that they break."""

import json
from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kg.alert_rules import AlertRules
from kg.cli.main import cli
from kg.config import Config, load_config
from kg.home import Home
from kg.run_comparison import check_alerts, compare_runs
from kg.run_report import report_of
from linkers.decision_figures import bin_names
from loaders.stores.mentions import codec
from schemas.errors import AlertError, ConfigError, RunError
from schemas.run import Run

COUNTS = {"link": 600, "review": 100, "nil": 300}
FIGURES: dict[str, dict[str, int]] = {
    "decisions": COUNTS,
    "probability": dict.fromkeys(bin_names(), 50),
    "score": {"-3": 200, "4": 500, "7": 300},
    "candidates": {"shown": 2000, "winning": 600, "none": 10},
    "channels": {"exact": 900, "token": 1500},
    "winning_channels": {"exact": 500, "token": 400},
    "surfaces": {"mentions": 1000, "unknown": 200},
    "sketch": {f"{number:012x}": 1 for number in range(40)},
    "probes": {"asked": 200, "found_1": 150, "found_10": 190},
    "rows": {"link": 1000},
    "memory": {"peak_bytes": 2**30},
}
BEFORE = Run(
    "aaaa", "resolve", 1, "", "f", "finished", "2024-01-31T00:00:00+00:00",
    counts=COUNTS, seconds={"graph": 4.0, "link": 10.0}, figures=FIGURES,
)  # fmt: skip


def later(counts: dict[str, int] | None = None, **figures: dict[str, int]) -> Run:
    return replace(BEFORE, run_id="bbbb", sequence=2, counts=counts or COUNTS, figures=FIGURES | figures)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(Config(home=tmp_path / "home")) as opened:
        opened.mentions.put_run(BEFORE)
        yield opened


def broken(home: Home, run: Run, rules: AlertRules | None = None) -> list[str]:
    home.mentions.put_run(run)
    return compare_runs(home, "aa", "bb", rules).broken


def test_every_rule_has_a_row_and_equal_runs_break_none(home: Home) -> None:
    home.mentions.put_run(later())
    found = compare_runs(home, "aa", "bb")
    assert [row.rule for row in found.rows] == [each.name for each in fields(AlertRules)][1:]
    assert all(row.moved == 0 for row in found.rows)
    assert found.judged
    check_alerts(found)


@pytest.mark.parametrize(
    ("run", "rules"),
    [
        (later({"link": 400, "review": 100, "nil": 500}), ["link_share", "nil_share"]),
        (later({"link": 480, "review": 220, "nil": 300}), ["link_share", "review_share"]),
        (later(probability=dict.fromkeys(bin_names(), 1) | {"0.95": 900}), ["probability_psi"]),
        (later(score={"-3": 700, "4": 200, "7": 100}), ["score_psi"]),
        (later(winning_channels={"exact": 300, "token": 400}), ["winning_channel_share"]),
        (later(probes={"asked": 200, "found_1": 150, "found_10": 170}), ["recall_fall"]),
        (later(surfaces={"mentions": 1000, "unknown": 400}), ["unknown_surfaces"]),
        (later(sketch={f"{number:012x}": 1 for number in range(39, 120)}), ["new_surfaces"]),
    ],
)
def test_each_drift_breaks_its_own_rule(home: Home, run: Run, rules: list[str]) -> None:
    assert broken(home, run) == rules
    comparison = compare_runs(home, "aa", "bb")
    with pytest.raises(AlertError) as caught:
        check_alerts(comparison)
    assert list(caught.value.rules) == rules
    off = AlertRules(**dict.fromkeys(rules, float("inf")))  # type: ignore[arg-type]
    assert broken(home, run, off) == []


def test_what_got_better_is_no_alert(home: Home) -> None:
    better = {"asked": 200, "found_1": 200, "found_10": 200}
    assert broken(home, later(probes=better, surfaces={"mentions": 1000, "unknown": 0})) == []


def test_few_mentions_are_not_judged_but_recall_is(home: Home) -> None:
    few = {"link": 1, "review": 0, "nil": 9}
    assert broken(home, later(few)) == []
    assert broken(home, later(few, probes={"asked": 200, "found_1": 1, "found_10": 1})) == ["recall_fall"]


def test_runs_of_before_figures_are_compared_by_their_counts(home: Home) -> None:
    home.mentions.put_run(replace(BEFORE, figures={}))
    found = {row.rule: row.moved for row in compare_runs(home, "aa", "aa").rows}
    assert found["link_share"] == 0
    assert {found[name] for name in ("score_psi", "recall_fall", "new_surfaces", "winning_channel_share")} == {None}


def test_a_run_that_decided_nothing_is_refused(home: Home) -> None:
    home.mentions.put_run(replace(BEFORE, run_id="cccc", kind="documents", sequence=2, counts={}, figures={}))
    with pytest.raises(RunError, match="decided no mentions"):
        compare_runs(home, "aa", "cc")


def test_rows_that_were_written_before_there_were_figures_can_be_read() -> None:
    old = asdict(BEFORE)
    del old["figures"]
    assert codec.unpack_run(codec.pack(old)) == replace(BEFORE, figures={})


def test_the_report_has_rates_channels_and_shares() -> None:
    report = report_of(BEFORE)
    assert [(stage.stage, stage.rows, stage.rate) for stage in report.stages] == [
        ("link", 1000, 100.0),
        ("graph", None, None),
    ]
    assert [asdict(channel) for channel in report.channels] == [
        {"channel": "exact", "candidates": 0.45, "winning": 0.8333},
        {"channel": "token", "candidates": 0.75, "winning": 0.6667},
    ]
    assert report.shares == {"link": 0.6, "review": 0.1, "nil": 0.3}
    assert (report.unknown_surfaces, report.recall, report.memory_mb) == (0.2, {"1": 0.75, "10": 0.95}, 1024.0)
    assert "sketch" not in report.run.figures
    old = report_of(replace(BEFORE, figures={}))
    assert (old.channels, old.recall, old.memory_mb, old.unknown_surfaces) == ([], {}, None, None)


def call(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["--home", str(home.config.home), *arguments], prog_name="kg")


def answer(result: Result) -> Any:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_the_command_exits_with_the_names_of_the_broken_rules(home: Home, tmp_path: Path) -> None:
    home.mentions.put_run(later({"link": 400, "review": 100, "nil": 500}))
    result = call(home, "runs", "compare", "aa", "bb")
    assert result.exit_code == 1
    assert "alert rules broken: link_share, nil_share: link_share moved 0.2, allowed 0.1" in result.stderr
    assert "BROKEN" in result.stdout
    rules = tmp_path / "alerts.toml"
    rules.write_text("[alerts]\nlink_share = 0.3\nnil_share = inf\n", encoding="utf-8")
    found = answer(call(home, "runs", "compare", "aa", "bb", "--alerts", str(rules), "--json"))
    assert found["broken"] == []
    assert found["rows"][0] == {
        "rule": "link_share", "before": 0.6, "after": 0.4, "moved": 0.2, "most": 0.3, "what": "",
    }  # fmt: skip


def test_show_is_meant_when_only_a_run_is_named(home: Home) -> None:
    shown = answer(call(home, "runs", "show", "aa", "--json"))
    assert answer(call(home, "runs", "aa", "--json")) == answer(call(home, "runs", "--json", "aa")) == shown
    assert shown["run_id"] == "aaaa"
    assert shown["stages"][0]["rate"] == 100.0
    text = call(home, "runs", "show", "aa").stdout
    assert "peak memory" in text
    assert "exact" in text
    (listed,) = answer(call(home, "runs", "--json"))
    assert listed["run_id"] == "aaaa"
    assert "sketch" not in listed["figures"]


def test_rules_in_the_configuration_are_checked(tmp_path: Path) -> None:
    path = tmp_path / "kg.toml"
    path.write_text("[alerts]\nlink_share = 0.5\nfewest_mentions = 7\n", encoding="utf-8")
    assert load_config(path).alerts == AlertRules(link_share=0.5, fewest_mentions=7)
    for line in ("link_shares = 0.5", "link_share = -1.0", "link_share = nan"):
        path.write_text(f"[alerts]\n{line}\n", encoding="utf-8")
        with pytest.raises(ConfigError, match=r"alerts\.link_share"):
            load_config(path)
