"""Log lines: for machines nothing but JSON with verb, run and stage, for people nothing that was not there before."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from kg.home import Home
from kg.observing import logs
from schemas.errors import StoreUnavailable
from tests.kg.gold_home import call, write_rows

KEYS = {"time", "level", "logger", "message", "verb", "run", "stage"}

APPEND = "loaders.stores.mentions.embedded.EmbeddedMentions.append_decisions"


def _unavailable(*_: object, **__: object) -> None:
    raise StoreUnavailable("mentions", "the store does not answer")


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_run_tells_its_begin_its_stages_and_its_end(folder: Path) -> None:
    result = call(folder, "--log-format", "json", "resolve", "--precision", "0.6", "--json")
    told = lines(result.stderr)
    assert all(set(line) >= KEYS and line["verb"] == "resolve" for line in told)
    run_id = json.loads(result.stdout)["run_id"]
    by_message: dict[str, list[dict[str, Any]]] = {}
    for line in told:
        by_message.setdefault(line["message"], []).append(line)
    (begun,), (ended,) = by_message["run begun"], by_message["run ended"]
    assert begun["run"] == ended["run"] == run_id
    assert (begun["kind"], begun["precision"]) == ("resolve", "0.6")
    assert ended["link"] + ended["review"] + ended["nil"] == 7
    assert ended["peak_bytes"] > 2**20
    stages = {line["stage"]: line for line in by_message["stage ended"]}
    assert stages["link"]["rows"] == 7
    assert stages["link"]["rows_per_second"] == pytest.approx(7 / stages["link"]["seconds"], rel=0.05, abs=0.05)


def test_the_new_index_and_debug_blocks_have_lines(folder: Path) -> None:
    rows = write_rows(folder / "more.jsonl", [{"id": "x9", "name": "Marta Quill", "type": "artist"}])
    options = ("--log-format", "json", "--log-level", "debug")
    told = lines(call(folder, *options, "ingest", "catalog", str(rows), "--source", "more").stderr)
    (built,) = [line for line in told if line["message"] == "index built"]
    assert built["entities"] == 6
    assert built["verb"] == "ingest"
    blocks = [line for line in told if line["message"] == "block of a stage ended"]
    assert {"records", "index", "graph"} <= {line["stage"] for line in blocks}


def test_errors_and_notices_are_lines_too(folder: Path) -> None:
    wrong = call(folder, "--log-format", "json", "runs", "show", "ffff")
    assert wrong.exit_code == 1
    (line,) = lines(wrong.stderr)
    assert (line["level"], line["error"]) == ("error", "RunError")
    bad = write_rows(folder / "bad.jsonl", [{"id": "x1"}])
    notices = lines(call(folder, "--log-format", "json", "ingest", "catalog", str(bad)).stderr)
    assert any("could not be read" in line["message"] for line in notices)


def test_people_see_what_they_saw_before(folder: Path) -> None:
    assert call(folder, "resolve", "--precision", "0.6").stderr == ""
    assert call(folder, "runs", "show", "ffff").stderr == "kg: run ffff: does not exist; `kg runs` lists them\n"
    told = call(folder, "--log-level", "info", "resolve", "--precision", "0.7").stderr
    assert "info kg.runs" in told
    assert "run begun kind=resolve" in told


def test_a_run_that_breaks_off_says_so_and_is_taken_up_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = ("--log-format", "json", "resolve", "--precision", "0.6")
    with monkeypatch.context() as broken:
        broken.setattr(APPEND, _unavailable)
        stopped = call(folder, *command)
    assert stopped.exit_code == 1
    last = lines(stopped.stderr)[-1]
    assert (last["level"], last["error"]) == ("error", "StoreUnavailable")
    again = lines(call(folder, *command).stderr)
    assert again[0]["message"] == "run taken up again, which was killed"
    assert again[0]["run"] == last["run"]


def test_an_earlier_killed_run_of_other_work_is_a_warning(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(APPEND, _unavailable)
        assert call(folder, "resolve", "--precision", "0.6").exit_code == 1
    told = call(folder, "resolve", "--precision", "0.8").stderr
    assert "warning kg.runs: an earlier run was killed and is not taken up again interrupted_run=" in told


def test_nothing_stays_behind(folder: Path) -> None:
    handlers, level = list(logging.getLogger().handlers), logging.getLogger("kg").level
    call(folder, "--log-format", "json", "--log-level", "debug", "stats")
    assert logging.getLogger().handlers == handlers
    assert logging.getLogger("kg").level == level
    assert (logs.VERB.get(), logs.RUN.get(), logs.STAGE.get()) == ("", "", "")
    assert not logs.structured()


def test_the_environment_can_ask_for_json(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_LOG_FORMAT", "json")
    assert lines(call(folder, "runs", "show", "ffff").stderr)[0]["level"] == "error"


def test_a_home_used_from_python_tells_nothing_by_itself(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from kg.config import load_config
    from kg.resolve import ResolveOptions, resolve

    with Home(load_config(folder / "kg.toml")) as home:
        resolve(home, ResolveOptions(precision=0.6))
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")
