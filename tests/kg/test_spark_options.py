"""What `kg resolve --engine spark` refuses before any cluster is asked, and how lines are counted over cut files."""

import pickle
import sys
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner

from kg.cli.main import cli
from kg.spark.cluster_files import ClusterFile, normalised
from kg.spark.reading_rows import _lines
from kg.spark.session import _told, spark_session
from kg.spark.taking_documents import _parse
from loaders.readers.documents import DocumentOptions
from schemas.errors import ConfigError, DocumentError

MASTER = ("--engine", "spark", "--master", "local[1]")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--engine", "spark"), "--master"),
        (("--master", "local[1]"), "--master is for --engine spark"),
        (("--out", "x"), "--out is for --engine spark"),
        ((*MASTER, "--dry-run"), "--dry-run"),
        ((*MASTER, "--records-only"), "--records-only"),
        ((*MASTER, "--spans", "x.jsonl"), "--documents"),
    ],
)
def test_options_that_do_not_go_together_are_refused(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    result = CliRunner().invoke(cli, ["--home", str(tmp_path / "home"), "resolve", *options])
    assert result.exit_code == 2
    assert said in result.output
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("options", "said"), [(("--engine", "spark"), "--master"), (MASTER[2:], "--master is for --engine spark")]
)
def test_dedupe_refuses_half_of_the_options(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    out = tmp_path / "clusters.csv"
    result = CliRunner().invoke(cli, ["dedupe", str(tmp_path / "records.csv"), "-o", str(out), *options])
    assert result.exit_code == 2
    assert said in result.output


def test_without_pyspark_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(ConfigError, match=r"pip install 'audiokg\[spark\]'"), spark_session("local[1]", "test"):
        pass


def test_lines_are_counted_in_each_piece_of_a_file() -> None:
    file = ClusterFile("file:/data/a.jsonl", "a.jsonl", "jsonl")
    lines = [b'\xef\xbb\xbf{"id": "a", "text": "one"}\r', b"", b"no", b'{"id": "b", "text": "two"}']
    batch = pa.RecordBatch.from_pydict(
        {"data": lines, "file": ["file:///data/a.jsonl"] * 4, "block": pa.array([0, 0, 0, 20], pa.int64())}
    )
    parse = partial(_parse, DocumentOptions())
    rows = pa.Table.from_batches(_lines({file.uri: file}, parse, DocumentError, iter([batch]))).to_pylist()
    told = [(row["block"], row["line"], row["lines"], row["doc_id"], row["problem"][:11]) for row in rows]
    assert told == [
        (0, 1, None, "a", ""),
        (0, 3, None, "", "is not JSON"),
        (0, 0, 3, None, ""),
        (20, 1, None, "b", ""),
        (20, 0, 1, None, ""),
    ]
    document = pickle.loads(rows[0]["body"])
    assert (document.text, document.uri) == ("one", "a.jsonl#a")


def test_a_place_has_one_writing_whoever_tells_it() -> None:
    assert normalised("file:///data/a%20b.jsonl") == normalised("file:/data/a b.jsonl") == "file:/data/a b.jsonl"
    assert normalised("hdfs://host:9000/a%5B1%5D.parquet") == "hdfs://host:9000/a[1].parquet"


def test_the_error_of_a_worker_is_told_by_its_last_line() -> None:
    text = "\n".join(
        [
            "An exception was thrown from the Python worker.",
            "Traceback (most recent call last):",
            '  File "deciding.py", line 3, in work',
            "schemas.errors.SpanError: given spans line 3: span [0, 9) is not inside its text",
            "",
        ]
    )
    assert _told(text) == "SpanError: given spans line 3: span [0, 9) is not inside its text"
    assert _told("[CANNOT_CONNECT] nobody is there\nmore") == "[CANNOT_CONNECT] nobody is there"
