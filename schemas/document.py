"""A text, and where in time its parts were spoken."""

from dataclasses import dataclass

from schemas.identity import content_id


@dataclass(frozen=True, slots=True)
class Cue:
    """A stretch of a document's text with the time in which it was spoken.

    start, end:       half-open, code points of the document's text; start < end.
    start_ms, end_ms: milliseconds from the beginning of the recording; start_ms <= end_ms.
    speaker:          as written in the source, or None.
    """

    start: int
    end: int
    start_ms: int
    end_ms: int
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One text to be read: a transcript, show notes, an article.

    id:        unique in a home: the file's name without suffix, or the row's own id.
    text:      verbatim but for line ends (LF) and a dropped byte-order mark; not normalised.
    kind:      "transcript", "notes", "article" or what the source says; "" when not known.
    published: ISO 8601 date or time, or "".
    uri:       where it came from, relative to what was ingested, or as the source says.
    language:  BCP 47 tag, or "".
    cues:      ordered by start, not overlapping; empty for written text.
    """

    id: str
    text: str
    title: str = ""
    kind: str = ""
    published: str = ""
    uri: str = ""
    language: str = ""
    cues: tuple[Cue, ...] = ()

    @property
    def content_hash(self) -> str:
        """Hash of everything in the document; a changed document has another one."""
        cues = [f"{c.start},{c.end},{c.start_ms},{c.end_ms},{c.speaker}" for c in self.cues]
        return content_id(self.id, self.text, self.title, self.kind, self.published, self.uri, self.language, *cues)
