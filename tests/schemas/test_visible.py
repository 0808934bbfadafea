"""What strangers wrote cannot command a terminal or pass for something else by the order of its letters."""

import pytest

from kg.cli import output
from schemas.errors import KgError, RecordError
from schemas.visible import shortened, visible

HOSTILE = "\x1b[2Jtrack\u202e3pm.\u2066exe\x07\r"
SHOWN = "\\x1b[2Jtrack\\u202e3pm.\\u2066exe\\x07\\x0d"


def test_controls_and_marks_of_direction_are_escaped() -> None:
    assert visible(HOSTILE) == SHOWN


@pytest.mark.parametrize(
    "text", ["Björk", "방탄소년단", "\u05d0\u05d1", "می\u200cخواهم", "👩\u200d👩\u200d👧", "a\u00a0b"]
)
def test_what_scripts_need_stays(text: str) -> None:
    assert visible(text) == text


def test_errors_show_what_they_quote() -> None:
    assert str(RecordError("a.csv", f"{HOSTILE}\nkg: all is well", 2)) == f"a.csv line 2: {SHOWN}\\x0akg: all is well"
    assert str(KgError(f"one\ntwo{HOSTILE}")) == f"one\ntwo{SHOWN}"


def test_errors_are_short() -> None:
    assert len(str(RecordError("a.csv", "x" * 1_000_000))) < 2_100
    assert shortened("abcdefghij" * 10, 25) == "abcdefghij ... abcdefghij"


def test_a_terminal_is_shown_data_but_not_commanded(capsys: pytest.CaptureFixture[str]) -> None:
    output.echo_rows(("name",), [(HOSTILE,)], title=HOSTILE)
    output.echo_facts({HOSTILE: HOSTILE}, title="facts")
    told = capsys.readouterr().out
    assert not {"\u202e", "\u2066", "\x07", "\r"} & set(told)
    assert "\x1b[2J" not in told
    assert told.count("\\u202e") == 4
