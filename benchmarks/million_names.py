"""A catalog of very many names, made of words and names that English really uses; the same on every machine."""

import random
from collections.abc import Iterator
from importlib.resources import files

from schemas.entity import Entity

_SURNAMES = """
adams alexander allen anderson bailey baker barnes bell bennett black brooks brown bryant burke butler byrne campbell
carter chapman chen clark clarke cole coleman collins cook cooper costa cox cruz davies davis diaz dixon doyle edwards
ellis evans ferguson fernandez fisher fletcher ford foster fox fraser freeman garcia gibson gomez gonzalez gordon graham
grant gray green griffin hall hamilton hansen harris harrison hart harvey hayes henderson henry hernandez hill holmes
howard hughes hunt hunter jackson james jenkins jensen johansson johnson jones jordan kelly kennedy khan kim king knight
kowalski kumar larsen lee lewis li lopez lynch macdonald marshall martin martinez mason matthews mccarthy mcdonald meyer
miller mills mitchell moore morales morgan morris morrison muller murphy murray myers nelson newman nguyen nielsen novak
o'brien o'connor o'neill olsen ortiz owens palmer park parker patel patterson perez perry peters peterson phillips porter
powell price quinn ramirez ramos reed reid reyes reynolds rice richardson rivera roberts robertson robinson rodriguez
rogers rose ross rossi russell ryan sanchez sanders santos sato schmidt schneider scott shah sharma shaw silva simmons
simpson singh smith spencer stevens stewart stone sullivan suzuki svensson tanaka taylor thomas thompson torres tran
tucker turner wagner walker wallace walsh ward warren watson weber webb wells west white williams wilson wong wood woods
wright yang young zhang
"""
_ENDINGS = ("band", "trio", "quartet", "orchestra", "collective", "records", "podcast", "sessions", "brothers")


def million_names(aliases: int, seed: int = 7) -> Iterator[Entity]:
    """Yield entities that bear `aliases` different names in all: people, acts, titles of one to five words, shows."""
    draw = random.Random(seed)
    words = [word for word in _lines("common_words.txt") if word.isalpha()]
    given = [word.title() for word in _lines("given_names.txt")]
    surnames = [word.title() for word in _SURNAMES.split()]
    makers = (
        lambda: ("person", f"{draw.choice(given)} {draw.choice(surnames)}"),
        lambda: ("person", f"{draw.choice(given)} {chr(65 + draw.randrange(26))}. {draw.choice(surnames)}"),
        lambda: ("artist", f"The {draw.choice(words)} {draw.choice(words)}s".title()),
        lambda: ("artist", f"{draw.choice(surnames)} {draw.choice(words)} {draw.choice(_ENDINGS)}".title()),
        lambda: ("track", " ".join(draw.choices(words, k=draw.choice((1, 2, 2, 3, 3, 4, 5)))).title()),
        lambda: ("album", f"{draw.choice(words)} and {draw.choice(words)}".title()),
        lambda: (
            "episode",
            f"Episode {draw.randrange(1, 2000)}: the {draw.choice(words)} {draw.choice(words)}".title(),
        ),
    )
    seen: set[str] = set()
    while len(seen) < aliases:
        kind, name = draw.choice(makers)()
        if name not in seen:
            seen.add(name)
            yield Entity(f"{kind}/{len(seen):07}", name, kind)


def _lines(name: str) -> list[str]:
    return files("linkers.extraction").joinpath(name).read_text(encoding="utf-8").split()
