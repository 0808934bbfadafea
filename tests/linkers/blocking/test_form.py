from pathlib import Path

import pytest

from linkers.blocking import BlockingSettings, block, channel_names
from linkers.blocking.demonyms import places_of
from linkers.blocking.form import numbers_of
from tests.linkers.catalogs import index_of

NAMES = [
    *("France", "United States of America", "Paris", "condom", "love story", "Lady Gaga", "New York City"),
    *("United States Department of Education", "Prime Minister of the United Kingdom"),
]


@pytest.mark.parametrize(
    ("surface", "name", "channel"),
    [
        ("French", "France", "people"),
        ("Americans", "United States of America", "people"),
        ("U.S.", "United States of America", "people"),
        ("Parisian", "Paris", "people"),
        ("New Yorkers", "New York City", "people"),
        ("U.S. Department of Education", "United States Department of Education", "people"),
        ("British Prime Minister", "Prime Minister of the United Kingdom", "people"),
        ("condoms", "condom", "form"),
        ("Love Stories", "love story", "form"),
    ],
)
def test_other_forms_of_a_name_are_found(tmp_path: Path, surface: str, name: str, channel: str) -> None:
    index = index_of(tmp_path, NAMES)
    found = block([surface], index, settings=BlockingSettings()).table.to_dicts()
    channels = {NAMES[row["entity"]]: channel_names(row["channels"]) for row in found}
    assert channel in channels[name]


@pytest.mark.parametrize("key", ["gaga", "us", "bus", "class", "a", ""])
def test_words_that_are_no_plural_stay_as_they_are(key: str) -> None:
    assert not any(form in ("u", "bu", "clas", "") for form in numbers_of(key))


def test_words_that_are_no_people_lead_nowhere() -> None:
    assert places_of("officers") == () and places_of("conservatives") == ()
