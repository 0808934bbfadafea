"""Files made to exhaust whoever reads them: each ends in a named error after bounded work."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from loaders.readers.lines import MAX_BYTES
from schemas.errors import InputError, KgError
from schemas.record import Record
from tests.hostile.samples import SAMPLES

TEN_GB = 10_000_000_000
READ = """
import sys, pathlib
from schemas.errors import InputError, KgError
from tests.hostile.fuzzing import limit_memory
from tests.hostile.samples import SAMPLES
limit_memory({memory})
try:
    rows = SAMPLES[sys.argv[1]].read(pathlib.Path(sys.argv[2]))
except KgError as error:
    rows = [error]
for row in rows:
    print(type(row).__name__, row if isinstance(row, KgError) else "")
"""
WRITE_LONG = """
import sys
import pyarrow as pa, pyarrow.parquet as pq
numbers = pa.array(range(20), pa.int32())
texts = pa.DictionaryArray.from_arrays(numbers, pa.array([f"{n}" * (1 << 26) for n in range(20)]))
pq.write_table(pa.table({"id": numbers, "name": texts}), sys.argv[1], compression="zstd", use_dictionary=False)
"""


def read(name: str, path: Path, memory: int = 512 << 20) -> str:
    """Return what a process that may take so much memory says of a file."""
    command = [sys.executable, "-c", READ.format(memory=memory), name, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-1500:]
    return done.stdout


def sparse(path: Path, start: bytes, size: int, end: bytes) -> Path:
    with path.open("wb") as stream:
        stream.write(start)
        stream.truncate(size)
        stream.seek(size)
        stream.write(end)
    return path


@pytest.mark.slow
@pytest.mark.parametrize("name", ["catalog.jsonl", "spans.csv"])
def test_a_line_of_ten_gigabytes_is_passed_over(tmp_path: Path, name: str) -> None:
    lines = SAMPLES[name].content.splitlines(keepends=True)
    path = sparse(tmp_path / f"huge{SAMPLES[name].suffix}", b"".join(lines[:2]), TEN_GB, b"\n" + b"".join(lines[2:]))
    said = read(name, path)
    assert f"the line is longer than {MAX_BYTES} bytes" in said
    assert said.count("Error") == 1
    assert len(said.splitlines()) == len(SAMPLES[name].rows or ()) + 1, "the rows before and behind it are read"


@pytest.mark.parametrize("name", ["text.txt", "notes.md", "captions.vtt", "whisper.json", "kg.toml"])
def test_a_document_beyond_the_limit_is_refused_unread(tmp_path: Path, name: str) -> None:
    path = sparse(tmp_path / f"huge{SAMPLES[name].suffix}", SAMPLES[name].content, TEN_GB, b"")
    assert f"at most {MAX_BYTES} bytes are read" in read(name, path)


def test_a_quote_that_is_never_closed_swallows_no_file(tmp_path: Path) -> None:
    path = tmp_path / "open.csv"
    with path.open("wb") as stream:
        stream.write(b'id,name\na1,"Nirvana\n')
        stream.writelines(b"b%d,%s\n" % (number, b"n" * 65_000) for number in range(1_100))
    said = read("catalog.csv", path).splitlines()
    assert "line 2: the row is longer than" in said[0]
    assert "is a quote never closed?" in said[0]
    assert set(said[1:]) == {"Record "}, "what is behind the limit is read again"


def test_a_header_of_a_million_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("id,name," + ",".join(f"c{number}" for number in range(1_000_000)) + "\n")
    assert "the header names 1,000,002 columns; at most 10,000 are read" in read("catalog.csv", path)


FIRST_ROW = """
import sys, pathlib
from loaders.readers.parquet import rows
from schemas.errors import InputError
from tests.hostile.fuzzing import limit_memory
limit_memory(1 << 30)
row = next(rows(pathlib.Path(sys.argv[1]), InputError))
print(type(row).__name__, row if isinstance(row, InputError) else len(row.values["name"]))
"""


@pytest.mark.slow
@pytest.mark.parametrize(("length", "said"), [(1 << 24, "Row 16777216"), (1 << 27, "at most 67,108,864 are read")])
def test_one_long_text_in_every_row_of_parquet_is_not_unfolded(tmp_path: Path, length: int, said: str) -> None:
    path = tmp_path / "bomb.parquet"
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 2048, pa.int32()), pa.array(["n" * length]))
    ids = pa.array([str(number) for number in range(2048)])
    pq.write_table(pa.table({"id": ids, "name": column}), path, compression="zstd")
    assert path.stat().st_size < 1 << 20, "gigabytes of names in less than a megabyte"
    command = [sys.executable, "-c", FIRST_ROW, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert said in done.stdout, done.stderr[-1500:]


@pytest.mark.slow
def test_a_text_of_gigabytes_in_parquet_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "long.parquet"
    # in a process of its own: writing it takes many times its size
    subprocess.run([sys.executable, "-c", WRITE_LONG, str(path)], check=True, timeout=300)
    assert path.stat().st_size < 1 << 20
    assert "unpacked for 20 rows; at most 1,024 MB are read" in read("catalog.parquet", path)


@pytest.mark.slow
def test_long_rows_in_many_small_parts_of_parquet_are_read_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "parts.parquet"
    schema = pa.schema([("id", pa.string()), ("name", pa.string())])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for number in range(40):
            writer.write_table(pa.table({"id": [f"r{number}"], "name": ["n" * (50 << 20)]}, schema=schema))
    done = subprocess.run([sys.executable, "-c", FIRST_ROW, str(path)], capture_output=True, text=True, check=False)
    assert done.stdout == "Row 52428800\n", done.stderr[-1500:]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_truncated_parquet_file_is_refused(tmp_path: Path, share: float) -> None:
    data = SAMPLES["catalog.parquet"].content
    path = tmp_path / "cut.parquet"
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(InputError, match="is not a Parquet file"):
        SAMPLES["catalog.parquet"].read(path)


@pytest.mark.parametrize("name", ["catalog.csv.gz", "catalog.jsonl.zip", "catalog.tar"])
def test_archives_are_refused_by_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"\x1f\x8b\x08\0")
    with pytest.raises(KgError, match="archives are not read: unpack it first"):
        SAMPLES["catalog.csv"].read(path)


def test_a_compressed_file_under_another_name_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "catalog.csv"
    path.write_bytes(b"\x1f\x8b\x08\0\0")
    with pytest.raises(InputError, match="UTF-8"):
        SAMPLES["catalog.csv"].read(path)


def test_of_names_that_stand_twice_in_an_object_the_last_counts(tmp_path: Path) -> None:
    path = tmp_path / "twice.jsonl"
    path.write_text('{"id": "a", "name": "first", "name": "last"}\n')
    (row,) = SAMPLES["catalog.jsonl"].read(path)
    assert isinstance(row, Record)
    assert row.name == "last"


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda text: text.encode("utf-16"), "UTF-16 by its byte-order mark"),
        (lambda text: text.replace("\n", "\r").encode(), "is not JSON"),
        (lambda text: text.replace("Nirvana", "\\ud800").encode(), "is not JSON"),
        (lambda text: text.replace("Nirvana", "\\u0000").encode(), "NUL"),
        (lambda text: text.encode() + b"[" * 100_000, "is not JSON"),
        (lambda text: text.encode() + b'{"id": "x", "name": "\xed\xa0\x80"}', "is not UTF-8"),
    ],
)
def test_what_is_wrong_with_an_encoding_is_said(tmp_path: Path, make: Callable[[str], bytes], problem: str) -> None:
    path = tmp_path / "odd.jsonl"
    path.write_bytes(make(SAMPLES["catalog.jsonl"].content.decode()))
    assert problem in read("catalog.jsonl", path)
