"""Which names of a document are short for which others: looked up, never compared all with all."""

from collections.abc import Iterator, Mapping, Sequence

from linkers.clustering.same_name import bare, is_initialed

_GIVEN = 3  # letters of a first word that is more than initials
_MOST_INITIALS = 3

Name = tuple[int, int]
"""Number of the document and of the key."""


def held_names(names: Sequence[Name], keys: Sequence[str]) -> list[tuple[int, int]]:
    """Return the rows (short, long) of names of one document, ordered, where the longer is a full form of the shorter.

    A full form has all words of a key in a row, or the key is it with initials for first names. A name is looked up by
    each run of its words, and by its last word with the initials before it: names that only share a word are never
    compared, for a document may have a hundred thousand of them.
    """
    rows = {name: row for row, name in enumerate(names)}
    number = {keys[key]: key for _, key in names}
    lengths = sorted({text.count(" ") + 1 for text in number})
    initialed = _initialed(names, keys)
    held = set()
    for (document, key), row in rows.items():
        for other in {*_runs(keys[key], lengths, number), *_initials(document, keys[key], keys, initialed)}:
            short = rows.get((document, other))
            if short is not None and len(keys[other]) < len(keys[key]):
                held.add((short, row))
    return sorted(held)


def _runs(full: str, lengths: Sequence[int], number: Mapping[str, int]) -> Iterator[int]:
    """Yield the numbers of the keys that are some words of a name in a row."""
    words = full.split(" ")
    for length in lengths:
        for first in range(len(words) - length + 1):
            found = number.get(" ".join(words[first : first + length]))
            if found is not None:
                yield found


def _initialed(names: Sequence[Name], keys: Sequence[str]) -> dict[tuple[int, str, str], list[int]]:
    """Return the keys that begin with initials, by document, last word and initials."""
    found: dict[tuple[int, str, str], list[int]] = {}
    for document, key in names:
        words = bare(keys[key]) if len(keys[key].partition(" ")[0]) < _GIVEN else ()
        if len(words) > 1:
            found.setdefault((document, words[-1], "".join(words[:-1])), []).append(key)
    return found


def _initials(
    document: int, full: str, keys: Sequence[str], initialed: Mapping[tuple[int, str, str], list[int]]
) -> Iterator[int]:
    """Yield the keys of a document that are a name with initials for its first names, and share a word with it."""
    words = bare(full) if initialed else ()
    for count in range(1, min(len(words), _MOST_INITIALS + 1)):
        initials = "".join(word[0] for word in words[:count])
        for key in initialed.get((document, words[-1], initials), ()):
            if is_initialed(bare(keys[key]), words) and not set(keys[key].split(" ")).isdisjoint(full.split(" ")):
                yield key
