from linkers.extraction.sentences import Sentences, chunks


def test_sentences_never_cross_a_blank_line() -> None:
    text = "One two\n\nthree four"
    assert Sentences(text, [(0, len(text))], breaks=(), limit=400).ranges == [(0, 7), (9, 19)]


def test_text_without_punctuation_is_parted_where_cues_begin() -> None:
    text = "word " * 100
    sentences = Sentences(text, [(0, len(text))], breaks=range(0, 500, 50), limit=240)
    assert all(end - start <= 120 for start, end in sentences.ranges)
    assert {start % 50 for start, _ in sentences.ranges} == {0}


def test_text_without_punctuation_and_cues_is_parted_between_words() -> None:
    text = "abcdefg " * 100
    sentences = Sentences(text, [(0, len(text))], breaks=(), limit=200)
    assert all(text[start:end].strip("abcdefg ") == "" and text[start] == "a" for start, end in sentences.ranges)
    assert all(end - start <= 100 for start, end in sentences.ranges)


def test_window_holds_whole_neighbouring_sentences_within_the_limit() -> None:
    text = " ".join(f"Sentence number {n:02d} here." for n in range(40))
    ranges = [(n * 24, n * 24 + 23) for n in range(40)]
    sentences = Sentences(text, ranges, breaks=(), limit=100)
    own, (low, high) = sentences.around(20 * 24 + 3, 20 * 24 + 8)
    assert own == ranges[20]
    assert low <= own[0] and own[1] <= high and high - low <= 100
    assert low in {start for start, _ in ranges} and high in {end for _, end in ranges}


def test_a_span_over_two_sentences_gets_both() -> None:
    text = "One two. Three four."
    sentences = Sentences(text, [(0, 8), (9, 20)], breaks=(), limit=400)
    assert sentences.around(4, 14)[0] == (0, 20)


def test_chunks_cover_the_text_and_end_at_paragraphs_first() -> None:
    text = ("A sentence of some words. " * 30 + "\n\n") * 5
    ranges = chunks(text, 1000)
    assert "".join(text[start:end] for start, end in ranges) == text
    assert all(end - start <= 1000 for start, end in ranges)
    assert all(text[start:end].endswith("\n\n") for start, end in ranges)


def test_chunks_of_text_without_any_break_are_cut_hard() -> None:
    assert chunks("x" * 25, 10) == [(0, 10), (10, 20), (20, 25)]
