"""Titles in quotation marks: "Stay, Corydon" is a work, whether a catalog or a model knows it or not."""

import re
from collections.abc import Iterator, Sequence

from linkers.extraction.common_words import FUNCTION_WORDS
from linkers.extraction.gazetteer import NameHit
from linkers.extraction.overlaps import Found, SpansByPlace
from linkers.extraction.reading import Reading
from schemas.ontology import Ontology

_QUOTED = re.compile(
    r"“\s?(?P<curly>[^\"“”\n]{2,60}?)[,.;]?\s?”|(?<!\w)\"(?=\S)(?P<straight>[^\"“”\n]{2,60}?)[,.;]?(?<=\S)\"(?!\w)"
)
_WORD = re.compile(r"[^\W_][\w'’]*")
_LABEL = "WORK_OF_ART"


def quoted_titles(reading: Reading, meant: Sequence[NameHit], ontology: Ontology) -> Iterator[Found]:
    """Yield what stands in double quotes as a title does: two words or more, the first and all but small ones capital.

    A quotation that holds a name of the catalog is left to it. Nothing in a text without capitals.
    """
    if not reading.cased:
        return
    known, work = SpansByPlace(meant), ontology.type_named(_LABEL)
    for match in _QUOTED.finditer(reading.text):
        start, end = match.span("curly" if match["curly"] else "straight")
        if _is_title(reading.text[start:end]) and not known.touching(start, end):
            yield Found(start, end, work.name if work else "", "quotes")


def _is_title(quoted: str) -> bool:
    words = _WORD.findall(quoted)
    telling = [word for word in words if word.casefold() not in FUNCTION_WORDS]
    capitals = all(word[0].isupper() for word in [*words[:1], *telling])
    return len(words) > 1 and bool(telling) and capitals and quoted == quoted.strip()
