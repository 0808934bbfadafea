"""Which documents paths lead to."""

import io
import sys
from pathlib import Path

import pytest

from loaders.readers.documents import DocumentOptions, read_documents
from loaders.readers.source import Found, discover
from schemas.document import Document
from schemas.errors import DocumentError, FormatError, NotFoundError


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("a.vtt", "b.SRT", "c.json", "sub/d.md", "sub/deep/e.txt", "sub/f.pdf", ".hidden.txt", ".git/g.txt"):
        path = tmp_path / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    return tmp_path / "docs"


def names(found: list[Found]) -> list[tuple[str, str]]:
    return [(each.name, each.format) for each in found]


def test_a_folder_is_searched_with_all_that_is_in_it(tree: Path) -> None:
    skipped: list[Path] = []
    assert names(discover([str(tree)], on_skip=skipped.append)) == [
        ("a.vtt", "vtt"),
        ("b.SRT", "srt"),
        ("c.json", "json"),
        ("sub/d.md", "markdown"),
        ("sub/deep/e.txt", "text"),
    ]
    assert skipped == [tree / "sub" / "f.pdf"]


def test_files_and_globs_give_each_file_once(tree: Path) -> None:
    found = discover([str(tree / "a.vtt"), str(tree / "*.*"), str(tree / "sub" / ".." / "a.vtt")])
    assert names(found) == [("a.vtt", "vtt"), ("b.SRT", "srt"), ("c.json", "json")]
    assert names(discover([str(tree / "**" / "*.md")])) == [("sub/d.md", "markdown")]
    assert names(discover([str(tree / "s*")])) == [("sub/d.md", "markdown"), ("sub/deep/e.txt", "text")]


def test_a_file_whose_name_looks_like_a_glob(tmp_path: Path) -> None:
    path = tmp_path / "[live].txt"
    path.write_text("x")
    assert names(discover([str(path)])) == [("[live].txt", "text")]


@pytest.mark.parametrize("missing", ["none.txt", "*.vtt", "", "empty"])
def test_paths_that_lead_nowhere(tmp_path: Path, missing: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "x.pdf").write_text("x")
    with pytest.raises(NotFoundError):
        discover([str(tmp_path / missing) if missing else ""])


def test_a_file_of_an_unknown_format_named_by_itself(tree: Path) -> None:
    with pytest.raises(FormatError, match=r"'.pdf' is not a format of documents; valid: .vtt"):
        discover([str(tree / "sub" / "f.pdf")])


def give(monkeypatch: pytest.MonkeyPatch, text: str) -> list[Document | DocumentError]:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    (found,) = discover(["-", "-"])
    assert found.name == "-"
    return list(read_documents(found, DocumentOptions()))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("\ufeffWEBVTT\n\n00:01.000 --> 00:02.000\nHello\n", "Hello"),
        ("\n1\n00:00:01,000 --> 00:00:02,000\nHello\n", "Hello"),
        ('{\n"segments": [{"start": 0, "end": 1, "text": "Hello"}]}', "Hello"),
        ('{"segments": [{"startTime": 0, "endTime": 1, "body": "Hello"}]}', "Hello"),
        ("Hello --> there\n", "Hello --> there\n"),
    ],
)
def test_standard_input_is_known_by_its_content(monkeypatch: pytest.MonkeyPatch, text: str, wanted: str) -> None:
    (document,) = give(monkeypatch, text)
    assert isinstance(document, Document)
    assert (document.id, document.uri, document.text) == ("stdin", "-", wanted)


def test_standard_input_of_many_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = give(monkeypatch, '{"id": "x", "text": "Hello"}\n{"id": "y"}\n')
    assert isinstance(good, Document)
    assert (good.id, good.uri) == ("x", "-#x")
    assert isinstance(bad, DocumentError)
    assert (bad.path, bad.line) == ("-", 2)
