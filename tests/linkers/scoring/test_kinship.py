import polars as pl

from linkers.scoring.kinship import kinship


def row(query: int, entity: int, name: str, surface: str) -> dict[str, object]:
    words = name.lower().split()
    return {
        "doc": 0,
        "query": query,
        "entity": entity,
        "given_name": words[0] == surface.lower() and len(words) > 1,
        "a_last": words[-1],
        "a_size": len(words),
        "s_words": surface.lower().split(),
    }


def test_two_given_names_share_a_family_name() -> None:
    rows = [
        row(0, 0, "David Marlowe", "David"),
        row(0, 1, "David Quill", "David"),
        row(1, 2, "Victoria Marlowe", "Victoria"),
        row(1, 3, "Victoria Lake", "Victoria"),
    ]
    found = kinship(pl.DataFrame(rows)).sort("entity")
    assert found.select("entity", "kin").rows() == [(0, 1.0), (2, 1.0)]


def test_a_family_name_that_is_stated_counts_whole_and_one_of_several_in_common_less() -> None:
    rows = [row(0, 0, "David Marlowe", "David"), row(0, 1, "David Quill", "David"), row(1, 2, "Quill", "Quill")]
    assert kinship(pl.DataFrame(rows)).select("entity", "kin").rows() == [(1, 1.0)]
    rows = [
        row(q, 10 * q + n, f"{g} {f}", g) for q, g in enumerate(("Ann", "Bea")) for n, f in enumerate(("Ash", "Oak"))
    ]
    assert kinship(pl.DataFrame(rows))["kin"].to_list() == [0.5] * 4
