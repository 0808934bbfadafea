"""`kg dedupe` on bare files."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli.main import cli
from kg.dedupe import PAIR_COLUMNS, DedupeOptions, dedupe
from schemas.errors import FormatError, InputError, NotFoundError, RecordError
from tests.linkers.records.tables import two_sources

ROWS = two_sources(120, 80)


def call(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["dedupe", *arguments])


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def right(clusters: Path) -> int:
    """Count the pairs a1 b1 and so on that are one entity."""
    with clusters.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["source", "record_id", "entity_id", "probability"]
    entity = {row["record_id"]: row["entity_id"] for row in rows}
    assert len(entity) == len(ROWS)
    return sum(entity[f"a{number}"] == entity[f"b{number}"] for number in range(80))


def test_one_file_with_a_column_of_sources(tmp_path: Path) -> None:
    out = tmp_path / "clusters.csv"
    answer = call(str(write(tmp_path / "records.csv", ROWS)), "--source-column", "source", "-o", str(out), "--json")
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout)["procedure"] == "one-per-source"
    assert right(out) >= 77


def test_the_pairs_behind_the_clusters_can_be_written(tmp_path: Path) -> None:
    out, pairs = tmp_path / "clusters.csv", tmp_path / "pairs.csv"
    file = str(write(tmp_path / "records.csv", ROWS))
    answer = call(file, "--source-column", "source", "-o", str(out), "--pairs", str(pairs))
    assert answer.exit_code == 0, answer.output
    with pairs.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert list(rows[0]) == list(PAIR_COLUMNS)
    told = {(row["left_id"], row["right_id"]): row for row in rows}
    assert float(told["a1", "b1"]["probability"]) > 0.9
    assert told["a1", "b1"]["left_source"] == "a"
    assert told["a1", "b1"]["evidence"]


def test_several_files_with_other_column_names(tmp_path: Path) -> None:
    ours = [{k: v for k, v in row.items() if k != "source"} for row in ROWS if row["source"] == "a"]
    theirs = [
        {"id": row["record_id"], "song": row["title"], "by": row["artist"], "year": row["year"]}
        for row in ROWS
        if row["source"] == "b"
    ]
    out = tmp_path / "clusters.csv"
    answer = call(str(write(tmp_path / "ours.csv", ours)), str(write(tmp_path / "theirs.csv", theirs)), "-o", str(out))
    assert answer.exit_code == 0, answer.output
    assert right(out) >= 74


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    files = [write(tmp_path / f"{place}.csv", rows) for place, rows in enumerate((ROWS, ROWS[::-1]))]
    for place, file in enumerate(files):
        assert call(str(file), "--source-column", "source", "-o", str(tmp_path / f"{place}.out.csv")).exit_code == 0
    assert (tmp_path / "0.out.csv").read_bytes() == (tmp_path / "1.out.csv").read_bytes()


def test_the_plan_can_be_edited_and_passed_back(tmp_path: Path) -> None:
    file = write(tmp_path / "records.csv", ROWS)
    shown = call(str(file), "--source-column", "source", "--explain-plan")
    assert 'kind = "person"' in shown.stdout
    plan = tmp_path / "plan.toml"
    plan.write_text(shown.stdout.replace('procedure = "one-per-source"', 'procedure = "clusters"'), encoding="utf-8")
    out = tmp_path / "clusters.csv"
    answer = call(str(file), "--source-column", "source", "--plan", str(plan), "-o", str(out), "--json")
    assert json.loads(answer.stdout)["procedure"] == "clusters"


def test_a_file_without_ids_is_named_by_its_rows(tmp_path: Path) -> None:
    file = tmp_path / "names.csv"
    file.write_text('name,note\n"Velvet\nLanterns",x\nvelvet lanterns,\nCopper Kettle,\n', encoding="utf-8")
    found = dedupe([file])
    assert found.clusters["record_id"].to_pylist() == ["1", "2", "3"]
    assert "named by their row" in found.notices[0]
    entities = found.clusters["entity_id"].to_pylist()
    assert entities[0] != entities[2]


def test_ids_that_two_files_share_stay_apart(tmp_path: Path) -> None:
    one, other = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text("id,name\n1,Velvet Lanterns\n", encoding="utf-8")
    other.write_text("id,name\n1,Copper Kettle\n", encoding="utf-8")
    assert dedupe([one, other]).clusters["entity_id"].to_pylist() == ["one:1", "two:1"]


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("id,name\n1,a\n2\n", RecordError, "line 3"),
        ("id,name\n", FormatError, "no rows"),
        ("id\n1\n", FormatError, "no column to compare"),
        ("id,name\n1,a\n1,b\n", InputError, "row 2"),
        ("id,name\n,a\n", InputError, "row 1"),
    ],
)
def test_a_bad_file_is_named_with_its_line(tmp_path: Path, text: str, error: type[Exception], said: str) -> None:
    file = tmp_path / "records.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(error, match=said):
        dedupe([file])


def test_a_column_or_a_plan_that_is_not_there_is_named(tmp_path: Path) -> None:
    file = write(tmp_path / "records.csv", ROWS)
    with pytest.raises(FormatError, match="shop"):
        dedupe([file], DedupeOptions(source_column="shop"))
    with pytest.raises(NotFoundError, match="plan"):
        dedupe([file], DedupeOptions(plan=tmp_path / "missing.toml"))
    answer = call(str(file))
    assert answer.exit_code == 2
    assert "-o" in answer.output
    assert call(str(file), "-o", str(tmp_path / "clusters.xls")).exit_code == 1
