"""kg gold, by its public face."""

import json
from pathlib import Path
from typing import Any

import pytest

from kg.gold_file import read_gold_file
from tests.kg.gold_home import answer, call, gold_rows, place, span, write_rows

SUFFIXES = [".jsonl", ".csv", ".tsv"]


def add(folder: Path, file: Path, doc_id: str, surface: str, *arguments: str) -> Any:
    return answer(call(folder, "gold", "add", place(doc_id, surface), "--to", str(file), *arguments, "--json"))


def faults(folder: Path, file: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(call(folder, "gold", "check", str(file), "--json").stdout)["faults"]
    return found


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_is_added_is_gold_that_passes_the_check(gold_home: Path, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"gold{suffix}"
    assert add(gold_home, file, "d1", "Björk")["action"] == "added"
    added = add(gold_home, file, "d2", "Zyqqwv Quorl", "--cluster", "quorl", "--note", "unknown")
    assert added["span"] | {"type": ""} == {
        **span("d2", "Zyqqwv Quorl", None),
        "type": "",
        "cluster": "quorl",
        "note": "unknown",
        "surface": "Zyqqwv Quorl",
    }
    add(gold_home, file, "d2", "The Lanterns", "--entity", "twin-b")
    add(gold_home, file, "d3", "Björk", "--entity", "bj2")
    assert faults(gold_home, file) == []
    found = answer(call(gold_home, "evaluate", str(file), "--spans", "gold", "--json"))
    assert (found["gold"], found["right"], found["review"]) == (4, 3, 1)
    assert found["slices"]["type=artist"]["gold"] == 3
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_another_answer_is_refused_unless_it_shall_replace(gold_home: Path, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"gold{suffix}"
    for surface in ("Björk", "Homogenic"):
        add(gold_home, file, "d1", surface)
    before = file.read_bytes()
    assert add(gold_home, file, "d1", "Björk")["action"] == "unchanged"
    line = 1 if suffix == ".jsonl" else 2
    for arguments in (("--nil",), ("--note", "new")):
        refused = call(gold_home, "gold", "add", place("d1", "Björk"), "--to", str(file), *arguments)
        assert refused.exit_code == 1
        assert f"line {line} has this span" in refused.stderr
        assert "--replace" in refused.stderr
    assert file.read_bytes() == before
    assert add(gold_home, file, "d1", "Björk", "--nil", "--replace")["action"] == "replaced"
    assert faults(gold_home, file) == []
    found = answer(call(gold_home, "evaluate", str(file), "--spans", "gold", "--json"))
    assert (found["all"]["gold"], found["nil"]["gold"], found["right"]) == (2, 1, 1)


def test_the_other_bytes_stay_as_they_are(gold_home: Path, tmp_path: Path) -> None:
    csv, jsonl = tmp_path / "g.csv", tmp_path / "g.jsonl"
    csv.write_text('note,doc_id,start,end,entity_id,mine\n"a ""b""",d3,0,5,bjork,7', encoding="utf-8")
    jsonl.write_text('{ "doc_id":"d3", "start":0,"end":5, "entity_id":"bjork","mine":[1] }', encoding="utf-8")
    for file in (csv, jsonl):
        add(gold_home, file, "d1", "Björk")
    start = 'note,doc_id,start,end,entity_id,mine\n"a ""b""",d3,0,5,bjork,7\n'
    # the header has no column for the type
    assert csv.read_text(encoding="utf-8") == start + ",d1,0,5,bjork,\n"
    lines = jsonl.read_text(encoding="utf-8").splitlines()
    assert lines[0] == '{ "doc_id":"d3", "start":0,"end":5, "entity_id":"bjork","mine":[1] }'
    assert json.loads(lines[1]) == span("d1", "Björk", "bjork", surface="Björk", type="artist")
    cluster = ("--nil", "--cluster", "x")
    refused = call(gold_home, "gold", "add", place("d1", "Homogenic"), "--to", str(csv), *cluster)
    assert "no column 'cluster'" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "phrase"),
    [
        ((), 1, "in review: say what it means by --entity ID or --nil"),
        (("--entity", "nobody"), 1, "does not exist"),
        (("--entity", "twin-a", "--nil"), 2, "exclude each other"),
        (("--entity", "twin-a", "--cluster", "x"), 1, "a cluster says which unknown thing"),
    ],
)
def test_an_answer_is_needed_and_must_make_sense(
    gold_home: Path, tmp_path: Path, arguments: tuple[str, ...], status: int, phrase: str
) -> None:
    file = tmp_path / "g.jsonl"
    result = call(gold_home, "gold", "add", place("d2", "The Lanterns"), "--to", str(file), *arguments)
    assert result.exit_code == status
    assert phrase in result.stderr
    assert not file.exists()


def test_a_provisional_entity_is_no_gold(gold_home: Path, tmp_path: Path) -> None:
    made = json.loads(call(gold_home, "why", place("d2", "Zyqqwv Quorl"), "--json").stdout)["decision"]
    result = call(
        *(gold_home, "gold", "add", place("d2", "The Lanterns")),
        *("--to", str(tmp_path / "g.jsonl"), "--entity", made["provisional_id"]),
    )
    assert result.exit_code == 1
    assert "is not in the catalog" in result.stderr


def test_a_wrong_place_or_file_is_named(gold_home: Path, tmp_path: Path) -> None:
    mention = place("d1", "Björk")
    broken = tmp_path / "broken.jsonl"
    broken.write_text("{}\n", encoding="utf-8")
    for arguments, phrase in (
        ((mention, "--to", str(tmp_path / "g.parquet")), "'.parquet' is not a format"),
        ((mention, "--to", str(tmp_path / "none" / "g.jsonl")), "folder cannot be opened"),
        ((mention, "--to", str(broken)), "broken.jsonl line 1: doc_id is missing"),
        (("d1:0-2", "--to", str(tmp_path / "g.jsonl")), "nearest"),
    ):
        result = call(gold_home, "gold", "add", *arguments)
        assert result.exit_code == 1
        assert phrase in result.stderr
        assert result.stderr.count("\n") == 1
    assert broken.read_text(encoding="utf-8") == "{}\n"


def test_the_check_names_file_and_line_of_every_fault(gold_home: Path, tmp_path: Path) -> None:
    good = span("d1", "Björk", "bjork", surface="Björk")
    rows = [
        good,
        {**good, "doc_id": "d9"},
        {**span("d1", "Homogenic", "homogenic"), "surface": "Debut"},
        {**span("d1", "Iceland", None), "end": 99},
        {**span("d1", "made", None), "start": 5},
        span("d2", "The Lanterns", "twin-c"),
        good,
        {**good, "entity_id": None},
        span("d3", "Björk", "bj2", cluster="c"),
        {"doc_id": "d3", "start": 7, "end": 3, "entity_id": None},
    ]
    file = write_rows(tmp_path / "g.jsonl", rows)
    result = call(gold_home, "gold", "check", str(file))
    assert result.exit_code == 1
    told = [line.removeprefix(f"{file}:") for line in result.stdout.splitlines()]
    phrases = [
        "2: the home holds no document 'd9'",
        "3: surface 'Debut' is not the text there, 'Homogenic'",
        "4: end 99 is behind the end of the text",
        "5: the span ' made' begins or ends with white space",
        "6: the catalog holds no entity 'twin-c'",
        "7: the span stands in line 1 already, with the same answer",
        "8: the span stands in line 1 already, with another answer",
        "9: cluster 'c' stands beside an entity",
        "10: end 3 is not behind start 7",
    ]
    assert len(told) == len(phrases)
    for line, phrase in zip(told, phrases, strict=True):
        assert line.startswith(phrase)
    assert "9 rows, 9 faults" in result.stderr


def test_the_examples_of_the_guide_are_read(tmp_path: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guides" / "golden-sets.md").read_text(encoding="utf-8")
    file = tmp_path / "g.jsonl"
    file.write_text(guide.partition("```json\n")[2].partition("```")[0], encoding="utf-8")
    first, second = read_gold_file(file)
    assert (first.entity_id, first.note, first.surface) == ("artist/nirvana-uk", "ambiguous", "Nirvana")
    assert (second.entity_id, second.cluster) == (None, "marta-quill")


def test_a_good_file_passes_and_an_empty_one_does_not(gold_home: Path, tmp_path: Path, gold_file: Path) -> None:
    result = call(gold_home, "gold", "check", str(gold_file))
    assert (result.exit_code, result.stdout) == (0, "")
    assert f"{len(gold_rows())} rows, 0 faults" in result.stderr
    (tmp_path / "empty.jsonl").write_text("\n", encoding="utf-8")
    assert "holds no gold spans" in call(gold_home, "gold", "check", str(tmp_path / "empty.jsonl")).stdout
