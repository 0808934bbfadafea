"""Budgets of the channels, and what they cut."""

from dataclasses import dataclass, field

CHANNELS = ("exact", "ngram", "phonetic", "token", "initials", "vector", "form", "people", "context")
"""Names of the channels; channel number i has bit 1 << i in a candidate's `channels`."""


def channel_names(mask: int) -> list[str]:
    """Return the names of the channels in a bit mask, sorted.

    >>> channel_names(0b1001)
    ['exact', 'token']
    """
    return sorted(name for number, name in enumerate(CHANNELS) if mask >> number & 1)


@dataclass(frozen=True, slots=True)
class BlockingSettings:
    """How many candidates each channel may give, per surface form.

    ngram, phonetic, token, initials, vector, context: most aliases (entities for vector and context) of a channel.
    least_sound:  least score of names that sound alike; below it alignments are chance.
    homonyms:     most entities of exactly the same name.
    max_postings: a word that more aliases hold is read only so far, and the rest is counted as cut.
    total:        most candidates after the union, best plain name score first; exact names are never cut by it.
    """

    ngram: int = 40
    phonetic: int = 20
    token: int = 40
    initials: int = 20
    vector: int = 30
    context: int = 15
    least_sound: float = 0.7
    homonyms: int = 50
    max_postings: int = 1_000
    total: int = 64


@dataclass
class BlockingReport:
    """What blocking found and what its budgets cut.

    found: candidates by channel. cut: by channel, rows that a budget left out. empty: surfaces without any candidate.
    """

    found: dict[str, int] = field(default_factory=lambda: dict.fromkeys(CHANNELS, 0))
    cut: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*CHANNELS, "total"), 0))
    empty: int = 0
