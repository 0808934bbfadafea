"""What the guide to records shows is run."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli.main import cli
from kg.config import load_config
from kg.home import Home

GUIDE = (Path(__file__).parents[2] / "docs" / "guides" / "records.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(csv|bash|python) ?(\S*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def run(line: str) -> str:
    result = CliRunner().invoke(cli, shlex.split(line)[1:], prog_name="kg", catch_exceptions=False)
    assert result.exit_code == 0, f"{line}\n{result.stderr}"
    return result.stdout


def test_the_guide_works_from_top_to_bottom(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kg.toml").write_text('[models]\nencoder = "none"\n', encoding="utf-8")
    shown = {}
    for language, name, text in BLOCK.findall(GUIDE):
        if language == "csv":
            (tmp_path / name).write_text(text, encoding="utf-8")
        elif language == "python":
            exec(compile(text, "records.md", "exec"), {})
            assert "label:l5" in capsys.readouterr().out
        else:
            shown.update({line: run(line) for line in text.splitlines()})
    exported = shown["kg export records --format csv"]
    assert "directory,d3,l3,1.0" in exported
    entity = dict(re.findall(r"^(\w+,\w+),(\w+)", exported, re.MULTILINE))
    assert entity["label,l2"] != entity["directory,d2"], "equal names alone join nothing"
    assert entity["label,l5"] != entity["directory,d5"], "equal names alone join nothing"
    assert "Purple Rain" in shown["kg show label:l3 --provenance"]
    with Home(load_config()) as home:
        assert home.mentions.resolutions()["directory:d2"].entity_id != "l2"
