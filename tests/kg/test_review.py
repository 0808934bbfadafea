"""`kg review`: which pairs come first, and how answers are taken."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli import review as review_command
from kg.cli.main import cli
from kg.home import Home
from kg.merge import merge
from kg.review import ReviewSession, review_queue, verdicts_of
from tests.kg.record_home import config, entities, put_pairs, take_artists


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(config(tmp_path)) as opened:
        take_artists(opened, tmp_path / "files")
        yield opened


def asked(home: Home) -> list[tuple[str, str]]:
    return [(pair.left.key, pair.right.key) for pair in review_queue(home)]


def test_the_most_doubtful_pairs_come_first_and_certain_ones_never(home: Home) -> None:
    put_pairs(
        home,
        ("one:p1", "two:tafkap", "review", 0.7),
        ("one:p2", "two:tafkap", "apart", 0.5),
        ("one:p1", "two:n2", "apart", 0.1),
        ("one:p2", "two:n2", "join", 0.999),
    )
    assert asked(home) == [("one:p2", "two:tafkap"), ("one:p1", "two:tafkap"), ("one:p1", "two:n2")]
    first = review_queue(home, 1)[0]
    assert (first.left.name, first.right.name, first.records_affected) == ("Prince Royce", "The Artist", 2)


def test_of_equal_doubts_the_one_that_moves_more_records_comes_first(home: Home) -> None:
    put_pairs(home, ("one:p1", "two:tafkap", "review", 0.6), ("one:p2", "two:n1", "review", 0.6))
    assert asked(home) == [("one:p2", "two:n1"), ("one:p1", "two:tafkap")]


def test_what_people_settled_is_not_asked_again(home: Home) -> None:
    put_pairs(home, ("one:p1", "two:tafkap", "review", 0.6), ("one:p2", "two:tafkap", "review", 0.6))
    with ReviewSession(home) as session:
        session.answer("one:p2", "two:tafkap", "unsure")
    assert asked(home) == [("one:p1", "two:tafkap")]
    merge(home, "p1", "tafkap")
    assert asked(home) == []


def test_a_pair_that_a_cannot_link_parts_is_not_asked(home: Home) -> None:
    put_pairs(home, ("one:p2", "two:n1", "review", 0.6))
    with ReviewSession(home) as session:
        session.answer("one:n1", "one:p2", "cannot-link")
    assert asked(home) == []


def invoke(folder: Path, *arguments: str, answers: str = "") -> Result:
    (folder / "kg.toml").write_text('[models]\nencoder = "none"\n', encoding="utf-8")
    options = ["--config", str(folder / "kg.toml"), "--home", str(folder / "home"), "review", *arguments]
    return CliRunner().invoke(cli, options, input=answers, prog_name="kg")


def test_answers_come_from_a_pipe_by_key_word_or_pair(home: Home, tmp_path: Path) -> None:
    put_pairs(home, ("one:p1", "two:tafkap", "review", 0.5), ("one:p2", "two:tafkap", "review", 0.6))
    home.close()
    given = "m\nskip\n\ncannot-link\tone:n1\ttwo:n1\nq\nm\n"
    result = invoke(tmp_path, "--json", answers=given)
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["answers"] == 2
    with Home(config(tmp_path)) as again:
        assert entities(again)["p1"] == {"one:p1", "two:tafkap"}
        assert entities(again)["n1"] == {"one:n1"}
        assert {row["verdict"] for row in verdicts_of(again)} == {"must-link", "cannot-link"}
    listed = json.loads(invoke(tmp_path, "--decided", "--json").stdout)
    assert len(listed) == 2
    (left,) = json.loads(invoke(tmp_path, "--list", "--json").stdout)
    assert (left["left"]["record_id"], left["decision"]) == ("p2", "review")


def test_an_answer_that_is_none_is_refused_and_those_before_it_hold(home: Home, tmp_path: Path) -> None:
    put_pairs(home, ("one:p1", "two:tafkap", "review", 0.5))
    home.close()
    result = invoke(tmp_path, answers="m\nperhaps\n")
    assert result.exit_code == 2
    assert "'perhaps' is no answer" in result.output
    with Home(config(tmp_path)) as again:
        assert entities(again)["p1"] == {"one:p1", "two:tafkap"}


def test_one_key_answers_on_a_terminal(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    put_pairs(home, ("one:p1", "two:tafkap", "review", 0.5), ("one:p2", "two:tafkap", "review", 0.6))
    keys = iter("xMq")
    with ReviewSession(home) as session:
        review_command.ask(review_queue(home), session, lambda: next(keys))
    assert session.answers == 1
    assert entities(home)["p1"] == {"one:p1", "two:tafkap"}
    shown = capsys.readouterr().out
    assert "1 of 2: one thing?" in shown
    assert "Minneapolis" in shown


def test_a_session_without_answers_changes_nothing(home: Home, tmp_path: Path) -> None:
    home.close()
    result = invoke(tmp_path, answers="q\n")
    assert (result.exit_code, result.stdout) == (0, "nothing decided\n")
