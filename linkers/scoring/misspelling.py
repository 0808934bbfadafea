"""How names come out wrong: typing errors, speech recognition, stylised writing, short forms."""

import random
import re

_SOUNDS = (
    ("ph", "f"), ("ck", "k"), ("qu", "kw"), ("x", "ks"), ("ee", "ea"), ("oo", "u"), ("ai", "ay"), ("ou", "ow"),
    ("gh", "g"), ("tion", "shun"), ("sch", "sh"), ("c", "k"), ("z", "s"), ("y", "i"), ("ie", "y"), ("ei", "ai"),
    ("th", "t"), ("mb", "m"), ("kn", "n"), ("wr", "r"), ("w", "v"), ("v", "w"), ("d", "t"), ("b", "p"), ("g", "j"),
    ("er", "a"), ("or", "er"), ("au", "o"), ("e", "a"), ("o", "u"), ("i", "e"), ("ll", "l"), ("tt", "t"), ("ss", "s"),
)  # fmt: skip
_STYLED = {"s": "$", "i": "!", "a": "@", "e": "3", "o": "0"}
_OTHER_WORDS = {"album": "record", "track": "song", "podcast": "show", "label": "records", "place": "city"}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def mistyped(name: str, rng: random.Random) -> str:
    """Return the name with one typing error, two in a long one."""
    for _ in range(1 + (len(name) > 9 and rng.random() < 0.4)):
        at = rng.randrange(1, max(len(name), 2))
        kind = rng.randrange(4)
        if kind == 0:
            name = name[:at] + rng.choice(_LETTERS) + name[at:]
        elif kind == 1 and len(name) > 4:
            name = name[:at] + name[at + 1 :]
        elif kind == 2:
            name = name[:at] + rng.choice(_LETTERS) + name[at + 1 :]
        else:
            name = name[: at - 1] + name[at : at + 1] + name[at - 1 : at] + name[at + 1 :]
    return name.strip()


def misheard(name: str, rng: random.Random) -> str:
    """Return the name as a speech recogniser may write it: other letters for the sounds, words parted or joined."""
    heard = re.sub(r"[^\w\s]", "", name).lower()
    fitting = [(old, new) for old, new in _SOUNDS if old in heard]
    for old, new in rng.sample(fitting, min(len(fitting), rng.choice((1, 1, 2, 3)))):
        places = [m.start() for m in re.finditer(re.escape(old), heard)]
        if places:
            at = rng.choice(places)
            heard = heard[:at] + new + heard[at + len(old) :]
    if rng.random() < 0.15 and " " in heard:
        heard = heard.replace(" ", "", 1)
    elif rng.random() < 0.15 and len(heard) > 7 and " " not in heard:
        cut = len(heard) // 2
        heard = heard[:cut] + " " + heard[cut:]
    return heard.strip()


def stylised(name: str, rng: random.Random) -> str:
    """Return the name in block letters, lower case, without its signs, or with signs for letters."""
    kind = rng.randrange(4)
    if kind == 0:
        return name.upper()
    if kind == 1:
        return name.lower()
    if kind == 2:
        return re.sub(r"[^\w\s]", "", name).strip() or name
    places = [i for i, sign in enumerate(name.lower()) if sign in _STYLED and i > 0]
    if not places:
        return name.upper()
    at = rng.choice(places)
    return name[:at] + _STYLED[name[at].lower()] + name[at + 1 :]


def extended(name: str, entity_type: str, rng: random.Random) -> str:
    """Return the name with a word that says what it is: "Graceland album", "Mr. Petrov Quill"."""
    if entity_type in ("person", "artist"):
        return f"{rng.choice(('Mr.', 'Sir', 'Dr.', 'Ms.', 'Saint', 'DJ', 'King'))} {name}"
    return f"{name} {rng.choice((entity_type, _OTHER_WORDS.get(entity_type, entity_type)))}"


def initials_of(name: str) -> str:
    """Return the initials of a name of three words or more in capitals; "" for others."""
    words = name.split()
    return "".join(word[0] for word in words).upper() if len(words) >= 3 else ""


def shortened(name: str, entity_type: str, rng: random.Random) -> str:
    """Return a short form of a name of several words, or the name itself."""
    words = name.split()
    if len(words) < 2:
        return name
    number = re.search(r"\d+", name)
    if entity_type == "episode" and number:
        return f"{rng.choice(('number', 'episode', 'Episode', 'number'))} {number.group()}"
    if entity_type in ("person", "artist") and len(words) <= 3 and words[0].lower() != "the":
        kind = rng.random()
        if kind < 0.6:
            return words[-1]
        if kind < 0.8:
            return words[0]
        before = f"{words[0][0]}." if kind < 0.9 else rng.choice(("Mr.", "Ms.", "Sir", "Dr."))
        return f"{before} {words[-1]}"
    if words[0].lower() in ("the", "a"):
        return " ".join(words[1:])
    if (short := initials_of(name)) and rng.random() < 0.2:
        return short
    keep = rng.randrange(1, len(words))
    return " ".join(words[:keep] if rng.random() < 0.6 else words[keep:])
