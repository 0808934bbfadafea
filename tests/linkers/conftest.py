from collections.abc import Callable, Sequence

import pyarrow as pa
import pytest
import spacy

from linkers.extraction.extractor import Extractor
from linkers.extraction.settings import ExtractionSettings
from linkers.index import CatalogIndex
from schemas.document import Document
from schemas.entity import Entity
from schemas.span import Span

Marked = tuple[str, str]
MakeMentions = Callable[[CatalogIndex, Sequence[Marked]], pa.Table]


def small_catalog() -> tuple[list[Entity], list[tuple[str, str, str]]]:
    """Homonyms, a name within a name, numbered episodes, versions of a song, two people of one surname."""
    rows = [
        ("nirvana-us", "Nirvana", "artist", ("Nirvana (US band)",), "Grunge trio from Aberdeen, Washington", 0.9),
        ("nirvana-uk", "Nirvana", "artist", ("Nirvana UK",), "Psychedelic pop duo from London", 0.2),
        ("kurt", "Kurt Cobain", "person", (), "Singer and guitarist", 0.8),
        ("nevermind", "Nevermind", "album", (), "Second album by the Seattle grunge trio", 0.9),
        ("prince", "Prince", "artist", (), "Singer from Minneapolis", 0.9),
        ("prince-royce", "Prince Royce", "artist", (), "Bachata singer from the Bronx", 0.5),
        ("ep12", "Episode 12", "episode", (), "", None),
        ("ep21", "Episode 21", "episode", (), "", None),
        ("girl", "About a Girl", "track", (), "Song", 0.5),
        ("girl-live", "About a Girl (Live)", "track", (), "Song in a concert", 0.4),
        ("june", "June Marlowe", "artist", (), "Folk singer", 0.3),
        ("peter", "Peter Marlowe", "person", (), "Drummer", 0.3),
        ("sigur", "Sigur Rós", "artist", (), "Band from Reykjavík", 0.6),
        ("twin-a", "The Lanterns", "artist", (), "", None),
        ("twin-b", "The Lanterns", "artist", (), "", None),
        ("kesha", "Ke$ha", "artist", (), "Pop singer", 0.6),
    ]
    entities = [Entity(i, n, t, a, d, p) for i, n, t, a, d, p in rows]
    relations = [
        ("kurt", "MEMBER_OF", "nirvana-us"),
        ("nevermind", "PERFORMED_BY", "nirvana-us"),
        ("girl", "PERFORMED_BY", "nirvana-us"),
    ]
    return entities, relations


@pytest.fixture(scope="session")
def small_index(tmp_path_factory: pytest.TempPathFactory) -> CatalogIndex:
    """The small catalog without vectors."""
    entities, relations = small_catalog()
    return CatalogIndex.build(tmp_path_factory.mktemp("index"), entities, relations, encoder=None)


@pytest.fixture(scope="session")
def make_mentions() -> MakeMentions:
    """Make MENTIONS of (document id, text with [marked] mentions); `[name|type]` states the suggested type."""

    def make(index: CatalogIndex, texts: Sequence[Marked]) -> pa.Table:
        documents, spans = [], []
        for doc_id, marked in texts:
            text = ""
            for number, piece in enumerate(marked.replace("]", "[").split("[")):
                surface, _, suggested = piece.partition("|") if number % 2 else (piece, "", "")
                if number % 2:
                    spans.append(Span(doc_id, len(text), len(text) + len(surface), suggested))
                text += surface
            documents.append(Document(id=doc_id, text=text))
        return Extractor(spacy.blank("en"), index, ExtractionSettings()).extract(documents, spans)

    return make
