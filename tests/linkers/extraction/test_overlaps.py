from linkers.extraction.overlaps import Found, SpansByPlace, without_overlaps


def test_the_longer_span_wins() -> None:
    spans = [Found(0, 4, "", "catalog"), Found(0, 9, "person", "spacy"), Found(10, 12, "", "catalog")]
    assert without_overlaps(spans) == [spans[1], spans[2]]


def test_of_equally_long_spans_the_catalogs_wins() -> None:
    spans = [Found(0, 5, "", "spacy"), Found(3, 8, "", "catalog")]
    assert without_overlaps(spans) == [spans[1]]


def test_equal_spans_of_both_become_one_with_the_type_that_is_known() -> None:
    spans = [Found(0, 5, "person", "spacy"), Found(0, 5, "", "catalog")]
    assert without_overlaps(spans) == [Found(0, 5, "person", "spacy+catalog")]
    assert without_overlaps(spans[::-1]) == [Found(0, 5, "person", "spacy+catalog")]


def test_spans_that_touch_both_stay() -> None:
    spans = [Found(0, 5, "", "catalog"), Found(5, 9, "", "catalog")]
    assert without_overlaps(spans[::-1]) == spans


def test_spans_are_found_by_place() -> None:
    spans = [Found(0, 20, "", "spacy"), Found(3, 5, "", "catalog"), Found(30, 35, "", "catalog")]
    places = SpansByPlace(reversed(spans))
    assert places.touching(5, 30) == [spans[0]]
    assert places.touching(4, 31) == spans
    assert places.touching(20, 30) == []
    assert SpansByPlace([]).touching(0, 9) == []
