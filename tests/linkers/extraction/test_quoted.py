import pytest

from tests.linkers.extraction.conftest import Extract


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("The choir sang “ Stay, Corydon,” and went home.", "Stay, Corydon"),
        ('They ended with "The Prayer of Nature" on Sunday.', "The Prayer of Nature"),
    ],
)
def test_a_quoted_title_is_a_mention(extract: Extract, text: str, title: str) -> None:
    (found,) = (row for row in extract(text) if row["surface"] == title)
    assert found["type"] == "work"
    assert "quotes" in found["extractor"]


@pytest.mark.parametrize(
    "text",
    [
        'He said "we will be late" and left.',
        '"It is late," Gates said, "and we must go."',
        "we sang “stay corydon” and went home",
    ],
)
def test_speech_is_no_title(extract: Extract, text: str) -> None:
    assert all("quotes" not in row["extractor"] for row in extract(text))


def test_a_quotation_is_left_to_the_catalog_names_in_it(extract: Extract) -> None:
    assert all("quotes" not in row["extractor"] for row in extract("He calls it “Hello By Adele” and laughs."))
