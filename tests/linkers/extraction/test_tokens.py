import pytest

from linkers.extraction.tokens import CLOSED, FREE, PUNCTUATED, gap_kind, tokenize


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("AC/DC and blink-182", ["AC", "DC", "and", "blink", "182"]),
        ("“Heroes,” he said.", ["Heroes", "he", "said"]),
        ("P!nk, Ke$ha & A$AP", ["P!nk", "Ke$ha", "&", "A$AP"]),
        ("!!! played", ["!!!", "played"]),
        ("what?! no...", ["what", "no"]),
        ("방탄소년단 (BTS)", ["방탄소년단", "BTS"]),
        ("R.E.M. is here", ["R.E.M", "is", "here"]),
        (" \n\t", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert [text[t.start : t.end] for t in tokenize(text)] == words


@pytest.mark.parametrize("mark", ["'", "’"])
def test_possessive_ending_is_known(mark: str) -> None:
    text = f"Radiohead{mark}s song"
    first = tokenize(text)[0]
    assert (text[first.start : first.end], text[first.start : first.bare_end]) == (f"Radiohead{mark}s", "Radiohead")


@pytest.mark.parametrize(
    ("gap", "kind"),
    [
        (" ", FREE),
        ("/", FREE),
        ("\n", FREE),
        (", ", PUNCTUATED),
        (". ", PUNCTUATED),
        ("\n\n", CLOSED),
        ("\n \n", CLOSED),
    ],
)
def test_gaps_between_words(gap: str, kind: int) -> None:
    assert gap_kind(gap) == kind
