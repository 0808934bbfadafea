"""What a document's format says of it, before the file it stands in and the options complete it."""

from dataclasses import dataclass

from schemas.document import Cue


@dataclass(frozen=True, slots=True)
class Draft:
    """A document without its id and uri; "" is what the format does not say. Fields as in Document."""

    text: str
    kind: str
    cues: tuple[Cue, ...] = ()
    title: str = ""
    published: str = ""
    language: str = ""
