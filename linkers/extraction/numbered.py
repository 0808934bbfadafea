"""Parts of a work that are named by their number alone: "Episode 12", "Part II"."""

import re
from collections.abc import Iterator, Sequence

from linkers.extraction.name_index import NameIndex
from linkers.extraction.overlaps import Found
from linkers.extraction.reading import Reading
from linkers.normalization import normalize
from schemas.ontology import Ontology

_NUMBERED = re.compile(
    r"\b(?P<noun>episode|part|chapter|volume)s?\s+(?P<number>\d{1,5}(?:\s?[-–]\s?\d{1,5})?|[IVX]{1,6})(?![\w-])",
    re.IGNORECASE,
)


def numbered_parts(readings: Sequence[Reading], index: NameIndex, ontology: Ontology) -> list[list[Found]]:
    """Return for each text the numbered parts whose numbers some name of the catalog holds."""
    found = [list(_NUMBERED.finditer(reading.text)) for reading in readings]
    numbers = sorted({word for matches in found for match in matches for word in _words(match)})
    held = set()
    if numbers:
        frequency = index.token_frequency(numbers)
        held = {word for word, count in zip(numbers, frequency, strict=True) if count}
    return [list(_known(matches, held, ontology)) for matches in found]


def _words(match: re.Match[str]) -> list[str]:
    return normalize(match["number"]).split()


def _known(matches: Sequence[re.Match[str]], held: set[str], ontology: Ontology) -> Iterator[Found]:
    for match in matches:
        if held.issuperset(_words(match)):
            known = ontology.type_named(match["noun"])
            yield Found(match.start(), match.end(), known.name if known else "", "catalog")
