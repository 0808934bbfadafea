"""All formats over a home that the main job has filled, and the files and folders they become."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from kg.config import load_config
from kg.export import FORMATS, decision_rows, export, export_to_path, graph_image, is_folder, record_rows
from kg.export.parquet import write_graph_parquet
from kg.home import Home
from schemas.errors import ConfigError, InputError
from tests.homes import embedded, fill
from tests.kg.export.images import image, tables
from tests.small_world import write_small_world


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("exports")
    config = embedded(folder)
    fill(config, write_small_world(folder / "world"))
    with Home(config) as opened:
        yield opened


def test_parquet_is_the_graph_itself(tmp_path: Path) -> None:
    written = write_graph_parquet(image(), tmp_path)
    for table in image().tables:
        part = "nodes" if table.kind == "node" else "edges"
        found = pq.read_table(tmp_path / part / f"{table.name}.parquet")
        assert found.equals(table.rows)
        assert found.schema.equals(table.rows.schema)
        written -= found.num_rows
    assert written == 0


def test_a_whole_home_is_one_parquet_folder(home: Home, tmp_path: Path) -> None:
    written = export_to_path(home, "graph", "parquet", tmp_path / "graph")
    asked = pl.SQLContext(
        e=pl.scan_parquet(tmp_path / "graph/nodes/Entity.parquet"),
        m=pl.scan_parquet(tmp_path / "graph/edges/MENTIONS.parquet"),
    ).execute("SELECT e.name FROM m JOIN e ON m.to_id = e.id WHERE e.id = 'a3' LIMIT 1", eager=True)
    assert asked["name"].to_list() == ["Björk"]
    assert written == sum(table.rows.num_rows for table in graph_image(home).tables)
    assert [path.name for path in tmp_path.iterdir()] == ["graph"]


@pytest.mark.parametrize(("what", "rows"), [("decisions", decision_rows), ("records", record_rows)])
def test_rows_are_the_same_as_parquet_and_jsonl(home: Home, what: str, rows: object, tmp_path: Path) -> None:
    export_to_path(home, what, "parquet", tmp_path / "rows.parquet")
    out = io.BytesIO()
    written = export(home, what, "jsonl", out)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert pq.read_table(tmp_path / "rows.parquet").to_pylist() == lines == list(rows(home))  # type: ignore[operator]
    assert written == len(lines) > 0


@pytest.mark.parametrize("file_format", FORMATS["graph"])
def test_the_same_home_gives_the_same_bytes(home: Home, file_format: str, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert export_to_path(home, "graph", file_format, tmp_path / name) > 0
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def contents(path: Path) -> dict[str, bytes]:
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return {str(file.relative_to(path)): file.read_bytes() for file in files if file.is_file()}


def test_rdf_of_a_home_begins_as_the_configuration_says(tmp_path: Path) -> None:
    path = tmp_path / "kg.toml"
    path.write_text('[export]\nbase_iri = "https://example.org/music/"\n', encoding="utf-8")
    assert load_config(path).export.base_iri == "https://example.org/music/"


@pytest.mark.parametrize("iri", ["", "music/", "https://example.org/no-end", "https://example.org/a b/", "x<y>:"])
def test_what_is_no_base_iri_is_refused(tmp_path: Path, iri: str) -> None:
    path = tmp_path / "kg.toml"
    path.write_text(f"[export]\nbase_iri = '{iri}'\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"export\.base_iri"):
        load_config(path)


def test_formats_that_are_not_there_are_named(home: Home) -> None:
    with pytest.raises(ConfigError, match="graphml"):
        export(home, "graph", "xlsx", io.BytesIO())
    with pytest.raises(ConfigError, match="parquet"):
        export(home, "records", "graphml", io.BytesIO())
    with pytest.raises(ConfigError, match="decisions"):
        export(home, "everything", "jsonl", io.BytesIO())


def test_a_folder_cannot_go_to_a_stream(home: Home) -> None:
    assert is_folder("graph", "neo4j-csv")
    assert not is_folder("decisions", "parquet")
    with pytest.raises(ConfigError, match="-o FOLDER"):
        export(home, "graph", "neo4j-csv", io.BytesIO())


def test_a_folder_that_holds_something_stays_as_it_is(home: Home, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work", encoding="utf-8")
    (tmp_path / "file").write_text("also mine", encoding="utf-8")
    for name in ("mine", "file"):
        with pytest.raises(InputError, match="holds something already"):
            export_to_path(home, "graph", "parquet", tmp_path / name)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "mine", "thesis.txt"]
    (tmp_path / "empty").mkdir()
    assert export_to_path(home, "graph", "parquet", tmp_path / "empty") > 0


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    class Failing(Home):
        @property
        def graph(self) -> None:  # type: ignore[override]
            raise OSError(28, "No space left on device")

    for file_format in ("jsonl", "parquet"):
        with Failing(embedded(tmp_path)) as home, pytest.raises(InputError, match="No space left"):
            export_to_path(home, "graph", file_format, tmp_path / "x")
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("x")]


def test_tables_are_all_there() -> None:
    assert [table.name for table in tables({})][:3] == ["Document", "Entity", "Record"]
