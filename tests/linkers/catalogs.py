"""A catalog of names that are hard to find."""

from pathlib import Path

from linkers.index import CatalogIndex
from schemas.entity import Entity

HARD_NAMES = [
    "Beyoncé",
    "Björk",
    "P!nk",
    "Ke$ha",
    "A$AP Rocky",
    "AC/DC",
    "MØ",
    "Sigur Rós",
    "U2",
    "X",
    "IU",
    "311",
    "!!!",
    "L7",
    "The The",
    "Prince",
    "Prince Royce",
    "Nirvana",
    "British Broadcasting Corporation",
    "Чайковский",
    "방탄소년단",
    "Taylor Swift",
    "Jonathan Swift",
]


def entities(names: list[str]) -> list[Entity]:
    return [Entity(f"e{number:03}", name, "artist") for number, name in enumerate(names)]


def index_of(folder: Path, names: list[str]) -> CatalogIndex:
    return CatalogIndex.build(folder, entities(names), [], encoder=None)
