"""What a user may choose about extraction."""

from dataclasses import dataclass, field

from schemas.errors import ConfigError
from schemas.ontology import AUDIO_ONTOLOGY, Ontology


@dataclass(frozen=True, slots=True)
class ExtractionSettings:
    """Settings of the extractor; every one of them is part of its version.

    ontology:      maps spaCy's labels to entity types and holds the cue words.
    max_words:     longest catalog name looked for, in words; 1 to 16.
    context_chars: bound on a mention's context window, and on a sentence that no punctuation ends; >= 80.
    chunk_chars:   longest text given to spaCy at once; >= 1000.
    batch_chars:   how much text is read between two index lookups; >= 1000.
    sounds_alike:  in text without capitals, also take names that only sound like a catalog name.
    honorifics:    a person's mention begins with "Mr", "Sir", "Madame" where the text has it.
    """

    ontology: Ontology = field(default=AUDIO_ONTOLOGY)
    max_words: int = 8
    context_chars: int = 400
    chunk_chars: int = 100_000
    batch_chars: int = 300_000
    sounds_alike: bool = True
    honorifics: bool = True

    def __post_init__(self) -> None:
        if not 1 <= self.max_words <= 16:
            raise ConfigError("extract.max_words", f"{self.max_words!r} is not in 1 to 16")
        for name, least in (("context_chars", 80), ("chunk_chars", 1000), ("batch_chars", 1000)):
            value = getattr(self, name)
            if value < least:
                raise ConfigError(f"extract.{name}", f"{value!r} is below {least}")

    @property
    def identity(self) -> tuple[str, ...]:
        """Every setting as text, in a fixed order: what a version is made of."""
        types = (f"{t.name}/{t.family}/{'|'.join(t.also)}/{'|'.join(t.cues)}" for t in self.ontology.entity_types)
        numbers = (self.max_words, self.context_chars, self.chunk_chars, self.sounds_alike, self.honorifics)
        return (*(str(n) for n in numbers), *types)
