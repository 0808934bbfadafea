import numpy as np

from linkers.columns import Columns
from linkers.grouping import Groups
from linkers.index.words import Words, word_hashes
from linkers.scoring.kinship import kinship

Row = tuple[int, str, str]


def row(query: int, name: str, surface: str) -> Row:
    return query, name.lower(), surface.lower()


def kin(rows: list[Row]) -> list[float]:
    surfaces = {query: surface for query, _, surface in rows}
    words = [name.split() for _, name, _ in rows]
    pairs = Columns(
        {
            "doc": np.zeros(len(rows), dtype=np.int64),
            "query": np.array([query for query, _, _ in rows]),
            "given_name": np.array([w[0] == r[2] and len(w) > 1 for w, r in zip(words, rows, strict=True)]),
            "a_last": word_hashes([each[-1] for each in words]),
            "a_size": np.array([len(each) for each in words]),
        }
    )
    return kinship(pairs, Groups.of(pairs["query"]), Words.of([surfaces[n] for n in sorted(surfaces)])).tolist()  # type: ignore[no-any-return]


def test_two_given_names_share_a_family_name() -> None:
    rows = [
        row(0, "David Marlowe", "David"),
        row(0, "David Quill", "David"),
        row(1, "Victoria Marlowe", "Victoria"),
        row(1, "Victoria Lake", "Victoria"),
    ]
    assert kin(rows) == [1.0, 0.0, 1.0, 0.0]


def test_a_family_name_that_is_stated_counts_whole_and_one_of_several_in_common_less() -> None:
    assert kin([row(0, "David Marlowe", "David"), row(0, "David Quill", "David"), row(1, "Quill", "Quill")]) == [
        0,
        1,
        0,
    ]
    rows = [row(q, f"{given} {family}", given) for q, given in enumerate(("Ann", "Bea")) for family in ("Ash", "Oak")]
    assert kin(rows) == [0.5] * 4


def test_what_one_surface_has_in_common_with_itself_is_no_kinship() -> None:
    assert kin([row(0, "David Marlowe", "David"), row(0, "David Marlowe", "David")]) == [0, 0]
