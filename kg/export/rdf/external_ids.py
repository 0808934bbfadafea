"""Pages of other catalogs that are about the same thing, told from the ids that a catalog holds."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.export.rdf.vocabulary import is_web_address

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@dataclass(frozen=True, slots=True)
class Scheme:
    """How the ids of another catalog look, and where it says what they mean.

    pattern: what an id looks like as a whole, in lower case.
    address: of its page; {id} is the id as it was given, {kind} the other catalog's word for the entity's type.
    kinds:   that word by kg's type; a type that is not here has no page. Empty when the address needs no word.
    """

    pattern: str
    address: str
    kinds: Mapping[str, str]


_MUSICBRAINZ = Scheme(
    _UUID,
    "https://musicbrainz.org/{kind}/{id}",
    {
        "artist": "artist",
        "person": "artist",
        "album": "release-group",
        "track": "recording",
        "label": "label",
        "event": "event",
        "genre": "genre",
        "work": "work",
    },
)
_SPOTIFY = {"artist": "artist", "album": "album", "track": "track", "podcast": "show", "episode": "episode"}
SCHEMES: Mapping[str, Scheme] = {
    "musicbrainz": _MUSICBRAINZ,
    "musicbrainz_id": _MUSICBRAINZ,
    "mbid": _MUSICBRAINZ,
    "wikidata": Scheme(r"q[0-9]+", "http://www.wikidata.org/entity/{id}", {}),
    "isni": Scheme(r"[0-9]{15}[0-9x]", "https://isni.org/isni/{id}", {}),
    "viaf": Scheme(r"[0-9]+", "http://viaf.org/viaf/{id}", {}),
    "geonames": Scheme(r"[0-9]+", "https://sws.geonames.org/{id}/", {}),
    "discogs": Scheme(
        r"[0-9]+", "https://www.discogs.com/{kind}/{id}", {"artist": "artist", "person": "artist", "label": "label"}
    ),
    "spotify": Scheme(r"[0-9a-z]{22}", "https://open.spotify.com/{kind}/{id}", _SPOTIFY),
}
"""Schemes by the names of properties that hold their ids."""

ADDRESSES = frozenset({"same_as", "sameas"})
"""Names of properties whose web addresses are pages about the same thing, whatever catalog they are of."""


def same_as(type_name: str, properties: Mapping[str, object]) -> Iterator[str]:
    """Yield the addresses of what is the same thing elsewhere, in the order of the properties.

    type_name:  kg's type of the entity.
    properties: of the entity; names are compared without regard to case. An id in a form that its scheme does not have
                yields nothing, and so does one whose page depends on a type that the scheme does not know.
    """
    for name, value in properties.items():
        for one in value if isinstance(value, list | tuple) else (value,):
            address = _address(name.lower(), str(one).strip(), type_name)
            if address:
                yield address


def musicbrainz_ids(properties: Mapping[str, object]) -> Iterator[str]:
    """Yield the MusicBrainz ids among the properties."""
    for name, value in properties.items():
        if SCHEMES.get(name.lower()) is _MUSICBRAINZ:
            for one in value if isinstance(value, list | tuple) else (value,):
                if re.fullmatch(_UUID, str(one).strip().lower()):
                    yield str(one).strip()


def _address(name: str, value: str, type_name: str) -> str | None:
    scheme = SCHEMES.get(name)
    if (scheme or name in ADDRESSES) and is_web_address(value):
        return value
    if scheme is None:
        return None
    bare = value.replace(" ", "") if name == "isni" else value
    kind = scheme.kinds.get(type_name, "")
    if not re.fullmatch(scheme.pattern, bare.lower()) or (scheme.kinds and not kind):
        return None
    return scheme.address.format(id=bare.upper() if name in {"wikidata", "isni"} else bare, kind=kind)
