"""What the README shows is run."""

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli.main import cli
from kg.config import load_config
from tests.small_world import TRANSCRIPT

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
ARTISTS = [
    {"id": "artist/bjork", "name": "Björk", "type": "artist", "description": "Icelandic singer"},
    {"id": "album/homogenic", "name": "Homogenic", "type": "album"},
]
CREDITS = [{"subject": "album/homogenic", "relation": "PERFORMED_BY", "object": "artist/bjork"}]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


@pytest.fixture
def user_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the README speaks of."""
    for name, rows in (("artists.jsonl", ARTISTS), ("credits.jsonl", CREDITS)):
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "transcripts").mkdir()
    (tmp_path / "transcripts" / "talk.vtt").write_text(TRANSCRIPT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_commands_work_one_after_the_other(user_folder: Path) -> None:
    (block,) = blocks("bash")
    for line in block.splitlines():
        command, _, target = line.partition(" > ")
        result = CliRunner().invoke(cli, shlex.split(command)[1:], prog_name="kg", catch_exceptions=False)
        assert result.exit_code == 0, f"{line}\n{result.stderr}"
        assert result.stdout or result.stderr, line
        if target:
            (user_folder / target).write_text(result.stdout, encoding="utf-8")
    decided = [json.loads(line) for line in (user_folder / "decisions.jsonl").read_text(encoding="utf-8").splitlines()]
    assert "artist/bjork" in {row["best_entity_id"] for row in decided}
    assert (user_folder / "graph.graphml").stat().st_size > 0


def test_the_python_example_runs(user_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = blocks("python")
    exec(compile(block, "README.md", "exec"), {})
    assert "Björk" in capsys.readouterr().out


def test_the_configuration_is_valid(tmp_path: Path) -> None:
    (block,) = blocks("toml")
    path = tmp_path / "kg.toml"
    path.write_text(block, encoding="utf-8")
    config = load_config(path)
    assert config.resolve.precision == 0.98
    assert config.sources["discography"].columns == {"name": "artist_name"}
    assert config.ontology.relation("REMIXED_BY").inverse == "REMIXED"


def test_the_targets_that_are_named_exist() -> None:
    makefile = (Path(__file__).parents[2] / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"make ([a-z]+)\b", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_files_that_are_linked_exist() -> None:
    for target in re.findall(r"\]\(([^)h][^)]*)\)", README):
        assert (Path(__file__).parents[2] / target).is_file(), target
