"""Transcripts: WebVTT, SRT, speech-recognition JSON and Podcasting 2.0 JSON."""

import json
from pathlib import Path
from typing import Any

import pytest

from loaders.readers.documents import DocumentOptions, read_documents
from loaders.readers.source import FORMATS, Found
from schemas.document import Cue, Document
from schemas.errors import DocumentError


def read(folder: Path, name: str, content: str) -> Document | DocumentError:
    path = folder / name
    path.write_text(content, encoding="utf-8", newline="")
    (document,) = read_documents(Found(path, name, FORMATS[path.suffix]), DocumentOptions())
    return document


def good(folder: Path, name: str, content: str) -> Document:
    document = read(folder, name, content)
    assert isinstance(document, Document), document
    return document


def bad(folder: Path, name: str, content: str) -> DocumentError:
    error = read(folder, name, content)
    assert isinstance(error, DocumentError), error
    return error


def spoken(document: Document) -> list[tuple[str, int, int, str | None]]:
    return [(document.text[cue.start : cue.end], cue.start_ms, cue.end_ms, cue.speaker) for cue in document.cues]


VTT = """WEBVTT - Needle &amp; Thread
Kind: captions
Language: en-GB

STYLE
::cue { color: red }

NOTE by hand

intro
00:01.000 --> 00:02.500 align:start
<v.loud Ann  Lee>Hello <i>from</i>
  AT&amp;T &notit; R&D

00:00:02.400 --> 00:00:03.000
<v Ann Lee>again <00:00:02.700>and <c.x>again

00:00:03.000 --> 00:00:03.000

01:00:03.000 --> 01:00:04.000
<v Bob>Hi.</v> <v Ann Lee>I <3 you</v>

01:00:05.000 --> 01:00:06.000
nobody
"""


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_webvtt(tmp_path: Path, line_end: str) -> None:
    document = good(tmp_path, "show.vtt", "\ufeff" + VTT.replace("\n", line_end))
    assert (document.id, document.title, document.kind) == ("show", "Needle & Thread", "transcript")
    assert (document.language, document.uri) == ("en-GB", "show.vtt")
    assert spoken(document) == [
        ("Hello from AT&T &notit; R&D", 1000, 2500, "Ann Lee"),
        ("again and again", 2400, 3000, "Ann Lee"),
        ("Hi.", 3_603_000, 3_604_000, "Bob"),
        ("I <3 you", 3_603_000, 3_604_000, "Ann Lee"),
        ("nobody", 3_605_000, 3_606_000, None),
    ]
    assert document.text == "Hello from AT&T &notit; R&D again and again\nHi.\nI <3 you\nnobody"


def test_a_transcript_without_a_title_is_called_by_its_file(tmp_path: Path) -> None:
    assert good(tmp_path, "week.12.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nx\n").title == "week.12"


@pytest.mark.parametrize(
    ("content", "line", "phrase"),
    [
        ("1\n00:01.000 --> 00:02.000\nx\n", 1, "not with 'WEBVTT'"),
        ("WEBVTT\n\n00:01.000 --> 00:02\nx\n", 3, "not a line of two time codes"),
        ("WEBVTT\n\n00:01.000 -->\nx\n", 3, "not a line of two time codes"),
        ("WEBVTT\n\n00:03.000 --> 00:02.000\nx\n", 3, "before its start"),
        ("WEBVTT\n\n00:03.000 --> 00:04.000\nx\n\n00:02.000 --> 00:05.000\ny\n", 6, "before the one before it"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nx\n\n00:61.000 --> 01:02.000\ny\n", 6, "not a line of two time codes"),
        ("WEBVTT\n\nNOTE nothing\n", None, "no text"),
    ],
)
def test_webvtt_that_is_wrong(tmp_path: Path, content: str, line: int | None, phrase: str) -> None:
    error = bad(tmp_path, "a.vtt", content)
    assert error.line == line
    assert phrase in error.problem


SRT = """
1
00:00:01,000 --> 00:00:02,500
{\\an8}<font color="red">1999</font>
was a year<br/>of

12

3
00:00:02,600 --> 00:00:03,000

00:00:03.000 --> 00:00:04.000 X1:1
<v Bob>Yes.
5
00:00:04,000 --> 00:00:05,000
last"""


def test_srt(tmp_path: Path) -> None:
    document = good(tmp_path, "show.srt", SRT)
    assert (document.title, document.kind) == ("show", "transcript")
    assert spoken(document) == [
        ("1999 was a year of 12", 1000, 2500, None),
        ("Yes.", 3000, 4000, "Bob"),
        ("last", 4000, 5000, None),
    ]
    assert document.text == "1999 was a year of 12\nYes.\nlast"


@pytest.mark.parametrize(
    ("content", "line", "phrase"),
    [
        ("WEBVTT\n\n1\n00:00:01,000 --> 00:00:02,000\nx\n", 1, "stands before the first cue"),
        ("1\n00:00:01,000 --> soon\nx\n", 2, "two time codes"),
        ("1\n00:00:01,000 --> 00:00:02,000\na --> b\n", 3, "two time codes"),
        ("1\n" + "9" * 5000 + ":00:01,000 --> 00:00:02,000\nx\n", 2, "two time codes"),
        ("1\n99999999999:00:00,000 --> 99999999999:00:01,000\nx\n", 2, "two time codes"),
        ("1\n00:00:01,000 --> 00:00:02,000\nx\n2\n00:00:00,500 --> 00:00:02,000\ny", 5, "before the one before it"),
        ("just words\n", None, ""),
    ],
)
def test_srt_that_is_wrong(tmp_path: Path, content: str, line: int | None, phrase: str) -> None:
    error = bad(tmp_path, "a.srt", content)
    assert phrase in error.problem
    if line:
        assert error.line == line


@pytest.mark.timeout(20)
def test_long_runs_of_anything_are_read_in_linear_time(tmp_path: Path) -> None:
    for run in (" ", "1", "\n", "1\n", "<v.", "{\\"):
        content = "1\n00:00:01,000 --> 00:00:02,000\na" + run * 100_000 + "z"
        assert good(tmp_path, "a.srt", content).cues
        assert good(tmp_path, "a.vtt", "WEBVTT\n\n" + content.replace(",", ".").replace("\n\n", "\n")).cues


def whisper(*segments: dict[str, Any], **more: Any) -> str:
    return json.dumps({"text": "ignored", "segments": list(segments), **more})


def word(text: str, start: float | None, end: float | None, **more: Any) -> dict[str, Any]:
    return {"word": text, "start": start, "end": end, **more}


def test_whisper_segments(tmp_path: Path) -> None:
    content = whisper(
        {"start": 0, "end": 1.2345, "text": " Hello  there."},
        {"start": 1.5, "end": 2, "text": "   "},
        {"start": 2, "end": 3, "text": " AT&amp;T <b>", "speaker": "A"},
        {"start": 2.5, "end": 3, "text": "yes", "speaker": "B"},
        language="en",
    )
    document = good(tmp_path, "asr.json", content)
    assert document.text == "Hello there.\nAT&amp;T <b>\nyes"
    assert document.language == "en"
    assert spoken(document) == [
        ("Hello there.", 0, 1234, None),
        ("AT&amp;T <b>", 2000, 3000, "A"),
        ("yes", 2500, 3000, "B"),
    ]


def test_whisper_words_have_times_of_their_own(tmp_path: Path) -> None:
    content = whisper(
        {
            "start": 0,
            "end": 2,
            "text": " the the end",
            "words": [word(" the", 0, 0.5), word(" the", 0.5, 1), word("", 1, 1), word(" end", 1, 2)],
        },
        {"start": 2, "end": 3, "text": " in 1999", "words": [word(" in", 2, 2.2), word(" 1999", None, None)]},
        {"start": 3, "end": 4, "text": " other words", "words": [word(" another", 3, 3.5)]},
        {
            "start": 4,
            "end": 5,
            "text": " yes no",
            "words": [word("yes", 4, 4.5, speaker="A"), word("no", 4.5, 5, speaker="A")],
        },
    )
    document = good(tmp_path, "asr.json", content)
    assert document.text == "the the end in 1999 other words\nyes no"
    assert [cue.start for cue in document.cues[:3]] == [0, 4, 8]
    assert spoken(document) == [
        ("the", 0, 500, None),
        ("the", 500, 1000, None),
        ("end", 1000, 2000, None),
        ("in 1999", 2000, 3000, None),
        ("other words", 3000, 4000, None),
        ("yes", 4000, 4500, "A"),
        ("no", 4500, 5000, "A"),
    ]


def test_podcast_transcript(tmp_path: Path) -> None:
    content = json.dumps(
        {
            "version": "1.0.0",
            "segments": [
                {"speaker": "Ann", "startTime": 0.5, "endTime": 1, "body": "Rock &amp; <b>roll</b>"},
                {"speaker": "Ann", "startTime": 1, "endTime": 2, "body": "is here\nnow "},
                {"speaker": "Bob", "startTime": 2, "endTime": 3, "body": "No."},
            ],
        }
    )
    document = good(tmp_path, "pod.json", content)
    assert document.text == "Rock & roll is here now\nNo."
    assert document.cues == (
        Cue(0, 11, 500, 1000, "Ann"),
        Cue(12, 23, 1000, 2000, "Ann"),
        Cue(24, 27, 2000, 3000, "Bob"),
    )


@pytest.mark.parametrize(
    ("content", "phrase"),
    [
        ("{", "is not JSON"),
        ("[" * 5000, "depth limit"),
        ("[1]", "a JSON list"),
        ('{"text": "x", "id": 3}', "the keys text, id"),
        ('{"segments": [1]}', "segment 1 is a JSON int"),
        ('{"segments": []}', "without keys"),
        ('{"segments": [{"x": 1}]}', "the keys x"),
        (whisper({"start": 0, "end": 1, "text": "a"}, {"start": "x", "end": 1, "text": "b"}), "segment 2: start 'x'"),
        (whisper({"start": 0, "end": 1e300, "text": "a"}), "segment 1: end 1e+300"),
        (whisper({"start": 0, "end": 1, "text": 5}), "segment 1: text 5"),
        (whisper({"start": 0, "end": 1, "text": "a", "speaker": 5}), "segment 1: speaker 5"),
        (whisper({"start": 2, "end": 1, "text": "a"}), "segment 1 ends at 1000 ms, before its start"),
        (whisper({"start": 2, "end": 3, "text": "a"}, {"start": 1, "end": 3, "text": "a"}), "segment 2 starts at 1000"),
        (whisper({"start": 0, "end": 1, "text": "a", "words": [word("a", 1, 0)]}), "segment 1 word 1 ends"),
        (whisper({"start": 0, "end": 1, "text": "a", "words": 1}), "words is not a list"),
        (whisper({"start": 0, "end": 1, "text": "a\0b"}), "NUL"),
        ('{"segments": [{"startTime": 0, "body": "x"}]}', "segment 1: endTime None"),
    ],
)
def test_json_that_is_wrong(tmp_path: Path, content: str, phrase: str) -> None:
    assert phrase in bad(tmp_path, "a.json", content).problem
