"""Relation files: direction, inverse names, bad rows."""

from pathlib import Path

import pytest

from loaders.readers.relations import RelationOptions, read_relations
from schemas.errors import ConfigError, FormatError, RelationError
from schemas.ontology import AUDIO_ONTOLOGY, EntityType, Ontology, RelationType
from schemas.relation import Relation

OPTIONS = RelationOptions("given", {}, AUDIO_ONTOLOGY)


def read(path: Path, text: str, options: RelationOptions = OPTIONS) -> list[Relation | RelationError]:
    path.write_text(text, encoding="utf-8")
    return list(read_relations(path, options))


def test_relations_of_csv_and_jsonl(tmp_path: Path) -> None:
    wanted = [Relation("t1", "PERFORMED_BY", "a1", "given"), Relation("t1", "ON_ALBUM", "b1", "own")]
    csv = "subject,relation,object,source\nt1,PERFORMED_BY,a1,\nt1,on album,b1,own\n"
    assert read(tmp_path / "r.csv", csv) == wanted
    jsonl = (
        '{"subject": "t1", "relation": "PERFORMED_BY", "object": "a1"}\n'
        '{"subject": "t1", "relation": "ON_ALBUM", "object": "b1", "source": "own", "year": 1991}\n'
    )
    assert read(tmp_path / "r.jsonl", jsonl) == wanted


def test_inverse_names_are_turned_round(tmp_path: Path) -> None:
    text = "subject,relation,object\nb1,HAS_TRACK,t1\na1,COLLABORATED_WITH,a2\n"
    assert read(tmp_path / "r.csv", text) == [
        Relation("t1", "ON_ALBUM", "b1", "given"),
        Relation("a1", "COLLABORATED_WITH", "a2", "given"),
    ]


def test_bad_rows_are_named(tmp_path: Path) -> None:
    rows = read(tmp_path / "r.csv", "subject,relation,object\na,SINGS,b\n,ON_ALBUM,b\na,ON_ALBUM,b\n")
    assert [type(row) for row in rows] == [RelationError, RelationError, Relation]
    first, second = rows[:2]
    assert isinstance(first, RelationError)
    assert isinstance(second, RelationError)
    assert first.line == 2
    assert "'SINGS' is not known" in first.problem
    assert "PERFORMED_BY" in first.problem
    assert second.problem == "subject is missing"


def test_an_inverse_of_several_is_refused(tmp_path: Path) -> None:
    two = tuple(RelationType(name, "DONE_BY") for name in ("DID", "MADE"))
    options = RelationOptions("x", {}, Ontology((EntityType("thing", "work"),), two))
    (error,) = read(tmp_path / "r.csv", "subject,relation,object\na,DONE_BY,b\n", options)
    assert isinstance(error, RelationError)
    assert "DID, MADE" in error.problem


def test_mapping(tmp_path: Path) -> None:
    options = RelationOptions("x", {"subject": "from", "object": "to"}, AUDIO_ONTOLOGY)
    assert read(tmp_path / "r.csv", "from,relation,to\na,ABOUT,b\n", options) == [Relation("a", "ABOUT", "b", "x")]
    with pytest.raises(FormatError, match="no column 'from'"):
        read(tmp_path / "r.csv", "subject,relation,to\na,ABOUT,b\n", options)
    with pytest.raises(ConfigError, match=r"map\.weight"):
        read(tmp_path / "r.csv", "", RelationOptions("x", {"weight": "w"}, AUDIO_ONTOLOGY))
