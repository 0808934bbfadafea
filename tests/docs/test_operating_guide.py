"""What the guide to operating shows is run, and its tables are what the code has."""

import json
import re
import shlex
import tomllib
from dataclasses import asdict
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from prometheus_client.parser import text_string_to_metric_families

from kg.alert_rules import AlertRules
from kg.cli.main import cli
from tests.kg.gold_home import CATALOG, TEXTS, gold_rows, write_rows

GUIDE = (Path(__file__).parents[2] / "docs" / "guides" / "operating.md").read_text(encoding="utf-8")
COMMANDS: list[str] = [
    line for block in re.findall(r"```bash\n(.*?)```", GUIDE, re.DOTALL) for line in block.splitlines()
]


def run(line: str) -> Result:
    result = CliRunner().invoke(cli, shlex.split(line)[1:], prog_name="kg", catch_exceptions=False)
    assert result.exit_code == 0, f"{line}\n{result.stderr}"
    return result


def last_run() -> str:
    return str(json.loads(run("kg runs --json").stdout)[0]["run_id"])


def test_the_guide_works_from_top_to_bottom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kg.toml").write_text('[models]\nencoder = "none"\n', encoding="utf-8")
    write_rows(tmp_path / "catalog.jsonl", CATALOG)
    write_rows(
        tmp_path / "documents.jsonl", [{"id": key, "kind": kind, "text": text} for key, (kind, text) in TEXTS.items()]
    )
    write_rows(tmp_path / "gold.jsonl", gold_rows())
    shown: dict[str, Result] = {}
    first = ""
    for line in COMMANDS:
        shown[line] = run(line.replace("LAST", last_run()).replace("RUN", first) if "RUN" in line else line)
        first = first or (last_run() if line == "kg resolve" else "")
    assert "exact" in shown["kg runs show RUN"].stdout
    assert "recall_fall" in shown["kg runs compare RUN LAST"].stdout
    assert "verdict, by F1" in shown["kg evaluate gold.jsonl --shadow strict"].stdout
    messages = {json.loads(line)["message"] for line in shown[_logged()].stderr.splitlines()}
    assert {"run begun", "stage ended", "run ended"} <= messages
    assert messages & _table("message", 1) >= {"stage ended", "run ended"}
    text = (tmp_path / "kg.prom").read_text(encoding="utf-8")
    written = {sample.name for family in text_string_to_metric_families(text) for sample in family.samples}
    for name in _table("metric", 1) - {"kg_store_call_failures_total"}:
        assert any(each.startswith(name) for each in written), name


def test_the_rules_of_the_guide_are_those_of_the_code() -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    assert tomllib.loads(block)["alerts"] == asdict(AlertRules())
    assert _table("rule", 1) == set(asdict(AlertRules())) - {"fewest_mentions"}


def _logged() -> str:
    return next(line for line in COMMANDS if "--log-format json" in line)


def _table(first: str, column: int) -> set[str]:
    """Return what stands in a column of the table whose first title is given, names in code signs without them."""
    _, _, body = GUIDE.partition(f"| {first} |")
    lines = body.split("\n\n")[0].splitlines()[2:]
    cells = [line.split("|")[column] for line in lines]
    names: list[str] = [name for cell in cells for name in re.findall(r"`([^`]+)`", cell) or cell.split(";")]
    return {name.strip().removesuffix(" (debug)") for name in names}
