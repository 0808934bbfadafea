"""From probabilities to link, review or NIL, with one sentence that says why."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkers.columns import Columns

TIE = 0.02
"""Candidates whose scores differ by less are equally likely: nothing tells them apart."""
KINDS = ("link", "review", "nil")
LINK, REVIEW, NIL = range(3)
NOTHING = "no entity has a similar name"

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where decisions change.

    link: least probability of a link, over 0.5. nil: a mention that is in the catalog with less is NIL, at most 0.5.
    nothing_found: probability of NIL where no candidate was found.
    """

    link: float
    nil: float
    nothing_found: float


@dataclass(frozen=True)
class Decided:
    """What was decided of mentions that have candidates.

    kind: LINK, REVIEW or NIL. tie: other candidates are as likely as the best. names_one: the best candidate is the
    likeliest answer, else NIL is. probability: of the likeliest answer, 6 decimals.
    """

    kind: NDArray[np.int64]
    tie: Flags
    names_one: Flags
    probability: NDArray[np.float64]


def decide(best: Columns, thresholds: Thresholds) -> Decided:
    """Decide on mentions by their best candidates.

    best: one row a mention: score, runner_up (score of the second, -inf without), probability (of the best candidate),
    in_catalog (that any candidate is meant).

    The likeliest answer is the best candidate, or NIL when that is likelier. Equally likely candidates are never
    linked: they are reviewed, unless NIL.
    """
    probability, in_catalog = best["probability"], best["in_catalog"]
    tie = best["score"] - best["runner_up"] < TIE
    is_nil = in_catalog < thresholds.nil
    # a tie halves every candidate's probability without making it likelier that none is meant
    names_one = ~is_nil & ((probability >= 1.0 - in_catalog) | (tie & (in_catalog >= 0.5)))
    kind = np.where(is_nil, NIL, np.where((probability >= thresholds.link) & ~tie, LINK, REVIEW))
    likeliest = np.where(names_one, probability, 1.0 - in_catalog)
    return Decided(kind, tie, names_one, np.asarray(np.round(likeliest, 6), dtype=np.float64))


_NAME = (
    ("exact_unique", "exact name, the only entity of that name"),
    ("exact_core", "exact name, which other entities have too"),
    ("full_form", "short form of a name that the document gives in full"),
    ("contained", "short form of its name"),
    ("abbreviated", "short form of its name"),
    ("containing", "its name with words added"),
    ("initials", "initials of its name"),
    ("near", "nearly its name"),
    ("phonetic", "sounds like its name"),
)
_UNLIKE = "name only distantly alike"
_FOR = (
    "a cue word states its type",
    "type agrees",
    "related entities are named in the document",
    "the document names it in another way too",
    "its description fits the context",
    "the context is nearest to it",
)
_AGAINST = (
    "a cue word states another type",
    "type differs",
    "numbers differ",
    "another version",
    "a longer name in the document is not its",
    "given names differ",
    "a common word",
)


def reasons(best: Columns, decided: Decided, names: Sequence[str], tied: Sequence[Sequence[str]]) -> list[str]:
    """Return one sentence a mention that says why it was decided so.

    best: the features of the best candidates. names: of the best candidates. tied: ids of the candidates that share the
    best score.
    """
    alike = _first_of([best[name] > 0 for name, _ in _NAME])
    supported = _phrases(_FOR, _flags_for(best))
    opposed = _phrases(_AGAINST, _flags_against(best))
    sentences = []
    rows = zip(decided.kind.tolist(), decided.tie.tolist(), alike.tolist(), supported, opposed, strict=True)
    for row, (kind, tie, likeness, spoke_for, spoke_against) in enumerate(rows):
        name = _NAME[likeness][1] if likeness < len(_NAME) else _UNLIKE
        if kind == NIL:
            sentences.append(f"no candidate is likely; the nearest is {names[row]}: {name}{spoke_against}")
        elif tie:
            sentences.append(f"candidates that nothing tells apart: {', '.join(tied[row])}")
        else:
            doubt = "not certain: " if kind == REVIEW else ""
            sentences.append(f"{doubt}{name}{spoke_for}{spoke_against}")
    return sentences


def _flags_for(best: Columns) -> list[Flags]:
    return [
        best["cue_agrees"] > 0,
        (best["type_agrees"] > 0) & (best["cue_agrees"] == 0),
        best["coherence"] > 0,
        best["also_named"] > 0,
        best["description"] >= 0.3,
        best["context_lead"] >= 0.03,
    ]


def _flags_against(best: Columns) -> list[Flags]:
    return [
        best["cue_conflict"] > 0,
        (best["type_conflict"] > 0) & (best["cue_conflict"] == 0),
        best["number_conflict"] > 0,
        best["version_conflict"] > 0,
        best["other_full_form"] > 0,
        best["given_conflict"] > 0,
        best["exact_common"] > 0,
    ]


def _first_of(flags: Sequence[Flags]) -> NDArray[np.int64]:
    """Return the number of the first flag that is set in each row; their count where none is."""
    found = np.full(len(flags[0]), len(flags))
    for number in reversed(range(len(flags))):
        found[flags[number]] = number
    return found


def _phrases(texts: Sequence[str], flags: Sequence[Flags]) -> list[str]:
    """Return the texts whose flags are set in each row, each after a semicolon."""
    codes = np.zeros(len(flags[0]), dtype=np.int64)
    for number, flag in enumerate(flags):
        codes |= flag.astype(np.int64) << number
    said: dict[int, str] = {}
    for code in np.unique(codes).tolist():
        said[code] = "".join(f"; {text}" for number, text in enumerate(texts) if code >> number & 1)
    return [said[code] for code in codes.tolist()]
