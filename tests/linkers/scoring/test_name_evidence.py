from typing import Any

import numpy as np
import pytest

from linkers.blocking.name_scores import name_scores
from linkers.columns import Columns
from linkers.normalization import key_variants, latin
from linkers.scoring.name_evidence import name_features
from linkers.scoring.names import Names


def compared(surface: str, alias: str) -> dict[str, Any]:
    surfaces, names = Names([surface]), Names([alias])
    pair = {
        "query": 0,
        "name": 0,
        "main": True,
        "exact": bool(set(key_variants(surface)) & set(key_variants(alias))),
        "phonetic": False,
        "form": False,
        "people": False,
        "ngram": 0.0,
        "sound": 0.0,
    }
    scores = name_scores([latin(surfaces.keys[0])], [latin(names.keys[0])])
    pairs = Columns({name: np.array([value]) for name, value in pair.items()}).plus(scores)
    return {name: values[0] for name, values in name_features(pairs, surfaces, names).items()}


@pytest.mark.parametrize(
    ("surface", "alias", "expected"),
    [
        ("Sir George Elvey", "George Elvey", {"exact_core", "exact_long"}),
        ("Marlowe", "June Marlowe", {"contained", "surname"}),
        ("June", "June Marlowe", {"contained", "given_name"}),
        ("J. Marlowe", "June Marlowe", {"abbreviated"}),
        ("Peter Marlowe", "June Marlowe", {"given_conflict", "head_conflict"}),
        ("Prince", "Prince Royce", {"contained", "given_name"}),
        ("reputation album", "reputation", {"containing"}),
        ("Episode 12", "Episode 21", {"number_conflict", "head_conflict"}),
        ("number 1470", "#1470", {"number_agrees", "containing"}),
        ("About a Girl", "About a Girl (Live)", {"version_conflict"}),
        ("Part II", "Part 2", {"number_agrees"}),
        ("Hello", "hello", {"exact_core", "exact_common"}),
        ("David", "David", {"exact_core", "exact_given"}),
        ("BBC", "British Broadcasting Corporation", {"initials", "acronym", "apart"}),
        ("the MP", "Member of Parliament", {"initials"}),
        ("Paris", "Paris, Texas", {"tail", "contained"}),
        ("Denver, Colorado", "Denver", {"headed", "containing"}),
        ("the Bronx", "The Roots", {"distant"}),
    ],
)
def test_what_words_say(surface: str, alias: str, expected: set[str]) -> None:
    found = compared(surface, alias)
    assert {name for name in expected if found[name]} == expected


@pytest.mark.parametrize(
    ("surface", "alias", "absent"),
    [
        ("Nirvana", "NIRVANA", "same_case"),
        ("number 12", "JRE 47", "given_conflict"),
        ("Marlowe", "Marlow", "contained"),
        ("Björk", "Bjork", "distant"),
        ("Episode 12", "Episode 12", "number_conflict"),
        ("bbc", "British Broadcasting Corporation", "acronym"),
        ("Paris", "Paris Hilton", "tail"),
    ],
)
def test_what_they_do_not_say(surface: str, alias: str, absent: str) -> None:
    assert not compared(surface, alias)[absent]
