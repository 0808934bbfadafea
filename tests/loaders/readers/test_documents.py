"""Written documents: plain text, Markdown, JSONL; encodings; options."""

from pathlib import Path

import pytest

from loaders.readers.documents import DocumentOptions, read_documents
from loaders.readers.lines import MAX_BYTES
from loaders.readers.source import FORMATS, Found
from schemas.document import Cue, Document
from schemas.errors import ConfigError, DocumentError, FormatError, NotFoundError


def read(
    path: Path, content: str | bytes, options: DocumentOptions | None = None, name: str = ""
) -> list[Document | DocumentError]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    found = Found(path, name or path.name, FORMATS[path.suffix])
    return list(read_documents(found, options or DocumentOptions()))


def one(path: Path, content: str | bytes, options: DocumentOptions | None = None, name: str = "") -> Document:
    (document,) = read(path, content, options, name)
    assert isinstance(document, Document), document
    return document


def error(path: Path, content: str | bytes) -> DocumentError:
    (found,) = read(path, content)
    assert isinstance(found, DocumentError)
    return found


def test_plain_text_is_verbatim_but_for_line_ends(tmp_path: Path) -> None:
    document = one(tmp_path / "a.txt", "\ufeff  One \r\n\r\n<b>Björk</b> &amp;\rend\u2028 ", name="sub/a.b.txt")
    assert document.text == "  One \n\n<b>Björk</b> &amp;\nend\u2028 "
    assert (document.id, document.uri, document.title, document.kind) == ("sub/a.b", "sub/a.b.txt", "", "article")
    assert document.cues == ()


@pytest.mark.parametrize(
    ("content", "line", "phrase"),
    [
        (b"one\ntwo \xff", 2, "byte 0xff is not UTF-8"),
        (b"one\ntwo\nth\0ree", 3, "NUL"),
        ("text".encode("utf-16"), None, "UTF-16"),
        ("text".encode("utf-32"), None, "UTF-32"),
        (b" \n\t", None, "no text"),
        (b"", None, "no text"),
        (b"x" * (MAX_BYTES + 1), None, "too large"),
    ],
    ids=["latin-1", "nul", "utf-16", "utf-32", "blank", "empty", "huge"],
)
def test_texts_that_cannot_be_read(tmp_path: Path, content: bytes, line: int | None, phrase: str) -> None:
    found = error(tmp_path / "a.txt", content)
    assert found.line == line
    assert phrase in found.problem


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        list(read_documents(Found(tmp_path / "a.txt", "a.txt", "text"), DocumentOptions()))


MARKDOWN = """Records *we* **love**
=====================

First line with [a link](https://example.org) and `code`,
second line\\
third &amp; ![the _cover_](cover.png) \\*last\\* <span>here</span>.

- Ten by ~~Pearl~~ Jam
- nested
  1. deep

> quoted

| Act | Year |
|-----|------|
| Low | 1994 |

```python
x = "<y>"
```

<div>dropped</div>

---

[ref]: https://example.org
"""


def test_markdown_is_what_a_reader_sees(tmp_path: Path) -> None:
    document = one(tmp_path / "notes.md", MARKDOWN)
    assert document.title == "Records we love"
    assert document.kind == "notes"
    assert document.text.split("\n\n") == [
        "Records we love",
        "First line with a link and code, second line\nthird & the cover *last* here.",
        "Ten by Pearl Jam",
        "nested",
        "deep",
        "quoted",
        "Act",
        "Year",
        "Low",
        "1994",
        'x = "<y>"',
    ]


def test_front_matter_is_no_text(tmp_path: Path) -> None:
    front = "title: 'Week 12: cats'\npublished: 2024-05-31\nkind: blog\nlanguage: en\ntags: [a]\n"
    content = f"---\n{front}---\n# Other\n\nBody\n"
    document = one(tmp_path / "a.md", content)
    assert document.text == "Other\n\nBody"
    assert (document.title, document.published, document.kind) == ("Week 12: cats", "2024-05-31", "blog")
    assert document.language == "en"


def test_rules_are_not_front_matter(tmp_path: Path) -> None:
    document = one(tmp_path / "a.md", "---\n\nJust words\n\n---\n\nmore\n")
    assert (document.text, document.title) == ("Just words\n\nmore", "")


def test_broken_front_matter_is_named_with_its_line(tmp_path: Path) -> None:
    found = error(tmp_path / "a.md", "---\nkind: blog\ntitle: a: b\n---\nBody\n")
    assert found.line == 3
    assert "front matter" in found.problem


def test_front_matter_cannot_run_anything(tmp_path: Path) -> None:
    document = one(tmp_path / "a.md", "---\ntitle: !!python/object/apply:os.getcwd []\n---\nBody\n")
    assert (document.title, document.text) == ("", "Body")


def test_jsonl_documents(tmp_path: Path) -> None:
    rows = read(
        tmp_path / "d.jsonl",
        '{"id": "x/1", "text": "One\\r\\ntwo", "title": " T ", "published": "1875", "uri": "https://example.org/1"}\n'
        '{"id": 2, "text": "Words", "kind": "review", "language": "de"}\n',
    )
    assert rows == [
        Document("x/1", "One\ntwo", "T", published="1875", uri="https://example.org/1"),
        Document("2", "Words", kind="review", uri="d.jsonl#2", language="de"),
    ]


def test_jsonl_cues_by_offset_by_text_and_alone(tmp_path: Path) -> None:
    times = '"start_ms": 0, "end_ms": 500'
    rows = read(
        tmp_path / "d.jsonl",
        f'{{"id": "1", "text": "Hi there.", "cues": [{{"start": 0, "end": 2, {times}, "speaker": "A"}}]}}\n'
        f'{{"id": "2", "text": "no, no", "cues": [{{"text": "no", {times}}}, {{"text": " no", {times}}}]}}\n'
        f'{{"id": "3", "cues": [{{"text": "a  b", {times}}}, {{"text": "c", {times}, "speaker": "B"}}]}}\n',
    )
    assert [row.cues for row in rows if isinstance(row, Document)] == [
        (Cue(0, 2, 0, 500, "A"),),
        (Cue(0, 2, 0, 500), Cue(4, 6, 0, 500)),
        (Cue(0, 3, 0, 500), Cue(4, 5, 0, 500, "B")),
    ]
    third = rows[2]
    assert isinstance(third, Document)
    assert (third.text, third.kind) == ("a b\nc", "transcript")


@pytest.mark.parametrize(
    ("row", "phrase"),
    [
        ('{"text": "x"}', "id is missing"),
        ('{"id": "1"}', "no text"),
        ('{"id": "1", "text": ["x"]}', "text of type list"),
        ('{"id": "1", "text": "a\\u0000b"}', "NUL"),
        ('{"id": "1", "text": "x", "published": "yesterday"}', "published 'yesterday' is not a date"),
        ('{"id": "1", "text": "x", "cues": 5}', "cues is not a list"),
        ('{"id": "1", "text": "x", "cues": [5]}', "cue 1 is not an object"),
        ('{"id": "1", "text": "x", "cues": [{"start": 0, "end": 2, "start_ms": 0, "end_ms": 1}]}', "cue 1: [0, 2)"),
        ('{"id": "1", "text": "x", "cues": [{"start": 0, "end": 1, "start_ms": 0}]}', "cue 1: end_ms None"),
        ('{"id": "1", "text": "x", "cues": [{"start": 0, "end": 1, "start_ms": 2, "end_ms": 1}]}', "before its start"),
        ('{"id": "1", "text": "x", "cues": [{"text": "y", "start_ms": 0, "end_ms": 1}]}', "cue 1: its text 'y'"),
        ('{"id": "1", "cues": [{"start_ms": 0, "end_ms": 1}]}', "cue 1: text is missing"),
        ('{"id": "0", "text": "x"}', "'0' stands in line 1 already"),
    ],
)
def test_jsonl_documents_that_are_wrong(tmp_path: Path, row: str, phrase: str) -> None:
    good, bad, last = read(tmp_path / "d.jsonl", f'{{"id": "0", "text": "a"}}\n{row}\n{{"id": "9", "text": "z"}}\n')
    assert isinstance(good, Document)
    assert isinstance(last, Document)
    assert isinstance(bad, DocumentError)
    assert bad.line == 2
    assert phrase in bad.problem


def test_options_complete_a_document(tmp_path: Path) -> None:
    options = DocumentOptions({"id": "key", "text": "body"}, "review", "fr")
    document = one(tmp_path / "d.jsonl", '{"key": "1", "body": "x", "kind": "blog"}\n', options)
    assert (document.id, document.text, document.kind, document.language) == ("1", "x", "review", "fr")
    assert one(tmp_path / "a.txt", "x", options).kind == "review"


def test_mappings_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"map\.author"):
        DocumentOptions({"author": "by"})
    with pytest.raises(FormatError, match="no column 'body'"):
        read(tmp_path / "d.jsonl", '{"id": "1", "text": "x"}\n', DocumentOptions({"text": "body"}))
