"""The files for neo4j-admin, by their text; that the importer takes them is an integration test."""

import csv
from pathlib import Path

from kg.export.neo4j_csv import write_neo4j_csv
from tests.kg.export.images import NASTY, ROWS, image


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_nodes_have_ids_types_and_labels(tmp_path: Path) -> None:
    write_neo4j_csv(image(), tmp_path)
    nodes = {row["id:ID(Entity)"]: row for row in rows(tmp_path / "nodes/Entity.csv")}
    assert nodes["a1"][":LABEL"] == "Entity\x1fArtist"
    assert nodes["r1"][":LABEL"] == "Entity\x1fRadioShow"
    assert nodes["u1"][":LABEL"] == "Entity"
    assert nodes["a1"]["aliases:string[]"] == 'Nirvana; US\x1fThe "N"'
    assert nodes["a1"]["description:string"] == NASTY
    assert nodes["b/1 %"]["popularity:double"] == "2"


def test_nothing_is_told_from_empty_by_quotes(tmp_path: Path) -> None:
    write_neo4j_csv(image({"Entity": [{"id": "x", "name": "", "aliases": []}]}), tmp_path)
    (line,) = (tmp_path / "nodes/Entity.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert line == '"x","","","","",,"","{}","Entity"'


def test_edges_name_their_ends(tmp_path: Path) -> None:
    write_neo4j_csv(image(), tmp_path)
    (first, second) = rows(tmp_path / "relationships/MENTIONS.csv")
    assert (first[":START_ID(Document)"], first[":END_ID(Entity)"]) == ("d1", "a1")
    assert (first["count:long"], first["probability:double"], second["first_ms:long"]) == ("3", "0.875", "")


def test_every_file_is_an_argument_of_the_import(tmp_path: Path) -> None:
    written = write_neo4j_csv(image(), tmp_path)
    assert written == sum(map(len, ROWS.values()))
    given = (tmp_path / "import.args").read_text(encoding="utf-8").splitlines()
    named = {line.rpartition("=")[2] for line in given if line.startswith(("--nodes", "--relationships"))}
    assert named == {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.csv")}
    assert "--relationships=PERFORMED_BY=relationships/PERFORMED_BY.csv" in given


def test_the_mark_between_names_is_taken_out_of_them(tmp_path: Path) -> None:
    names = [["a\x1fb", "c"], [], ["d"]]
    write_neo4j_csv(image({"Entity": [{"id": str(n), "aliases": part} for n, part in enumerate(names)]}), tmp_path)
    assert [row["aliases:string[]"] for row in rows(tmp_path / "nodes/Entity.csv")] == ["a b\x1fc", "", "d"]
