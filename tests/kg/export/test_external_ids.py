import pytest

from kg.export.rdf.external_ids import SCHEMES, musicbrainz_ids, same_as
from schemas.ontology import AUDIO_ONTOLOGY

MBID = "5b11f4ce-a62d-471e-81fc-a69a8278c7da"


@pytest.mark.parametrize(
    ("type_name", "name", "value", "page"),
    [
        ("artist", "musicbrainz", MBID, f"https://musicbrainz.org/artist/{MBID}"),
        ("album", "MBID", MBID, f"https://musicbrainz.org/release-group/{MBID}"),
        ("track", "musicbrainz_id", f" {MBID} ", f"https://musicbrainz.org/recording/{MBID}"),
        ("artist", "wikidata", "q11649", "http://www.wikidata.org/entity/Q11649"),
        ("artist", "isni", "0000 0001 2369 4269", "https://isni.org/isni/0000000123694269"),
        ("podcast", "spotify", "4rOoJ6Egrf8K2IrywzwOMk", "https://open.spotify.com/show/4rOoJ6Egrf8K2IrywzwOMk"),
        ("place", "geonames", 5786899, "https://sws.geonames.org/5786899/"),
        ("artist", "discogs", "125246", "https://www.discogs.com/artist/125246"),
        ("", "viaf", "134964654", "http://viaf.org/viaf/134964654"),
        ("topic", "same_as", "https://example.org/t?a=1#b", "https://example.org/t?a=1#b"),
        ("topic", "wikidata", "https://www.wikidata.org/wiki/Q1", "https://www.wikidata.org/wiki/Q1"),
    ],
)
def test_an_id_becomes_its_page(type_name: str, name: str, value: object, page: str) -> None:
    assert list(same_as(type_name, {name: value})) == [page]
    assert list(same_as(type_name, {name: [value, value]})) == [page, page]


@pytest.mark.parametrize(
    ("type_name", "name", "value"),
    [
        ("artist", "musicbrainz", "Q11649"),
        ("place", "musicbrainz", MBID),  # a venue is a place there, a city an area: not told which
        ("artist", "wikidata", "Nirvana"),
        ("artist", "same_as", "a17"),
        ("artist", "same_as", "https://example.org/a b"),
        ("artist", "same_as", 'https://example.org/"><b>'),
        ("artist", "country", "https://example.org/us"),
        ("album", "discogs", "125246"),
        ("artist", "isni", "12"),
    ],
)
def test_what_is_not_sure_has_no_page(type_name: str, name: str, value: object) -> None:
    assert list(same_as(type_name, {name: value})) == []


def test_musicbrainz_ids_are_found_whatever_the_type() -> None:
    assert list(musicbrainz_ids({"mbid": [MBID, "no"], "wikidata": "Q1"})) == [MBID]


def test_schemes_speak_of_types_that_there_are() -> None:
    known = {entity_type.name for entity_type in AUDIO_ONTOLOGY.entity_types}
    assert {kind for scheme in SCHEMES.values() for kind in scheme.kinds} <= known
