"""Which names are compared: those that share a blocking key, and in a large block those that are near in order."""

from collections.abc import Iterable, Sequence
from itertools import combinations

from linkers.clustering.same_name import spelled
from linkers.index.sounds import sound_code

LARGEST_BLOCK = 100
"""Names that share a blocking key are compared up to this number; of more, each with its neighbours in order."""

REACH = LARGEST_BLOCK // 2
"""So many next neighbours each name of a larger block is compared with."""

LEAST_FOR_DELETION = 5


def blocking_keys(words: tuple[str, ...]) -> set[str]:
    """Return what a name shares with its slips: letters without one, sound, spelling, its longest words."""
    joined = "".join(words)
    keys = {f"s{sound_code(' '.join(words))}", f"p{spelled(joined)}", f"j{joined}"} - {"s"}
    if len(joined) >= LEAST_FOR_DELETION:
        keys |= {f"j{joined[:n]}{joined[n + 1 :]}" for n in range(len(joined))}
    first_letters = "".join(sorted(word[0] for word in words))
    keys |= {f"w{word} {first_letters}" for word in words if len(word) > 3 and len(words) > 1}
    return keys


def block_pairs(block: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Yield the pairs of a block of sorted labels; in a large one, each label with its next neighbours."""
    if len(block) <= LARGEST_BLOCK:
        yield from combinations(block, 2)
        return
    for place, label in enumerate(block):
        yield from ((label, other) for other in block[place + 1 : place + 1 + REACH])
