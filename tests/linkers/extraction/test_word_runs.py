from hypothesis import given
from hypothesis import strategies as st

from linkers.extraction.reading import Reading
from linkers.extraction.sentences import Sentences
from linkers.extraction.tokens import CLOSED, PUNCTUATED, gap_kind, tokenize
from linkers.extraction.word_runs import WordRuns, word_runs
from linkers.normalization import normalize
from schemas.document import Document

texts = st.lists(
    st.lists(st.sampled_from(["red", "Blue's", "green", "odd", ",", ".", "\n\n", "-"]), max_size=12).map(" ".join),
    max_size=3,
)
words = st.sets(st.sampled_from(["red", "blue", "blues", "green"]))
Row = tuple[int, int, bool, bool, str]


def rows(runs: WordRuns) -> list[Row]:
    columns = (runs.first, runs.last, runs.bare, runs.punctuated, runs.code)
    found = zip(*(column.tolist() for column in columns), strict=True)
    return [(first, last, bare, punctuated, runs.keys[code]) for first, last, bare, punctuated, code in found]


def naive(readings: list[Reading], known: set[str], max_words: int) -> list[Row]:
    """Every run, word by word."""
    found: list[Row] = []
    begin = 0
    for reading in readings:
        tokens, text = reading.tokens, reading.text
        whole = [normalize(text[t.start : t.end]) for t in tokens]
        bare = [normalize(text[t.start : t.bare_end]) for t in tokens]
        for first in range(len(tokens)):
            for last in range(first, min(first + max_words, len(tokens))):
                inner = [gap_kind(text[tokens[i].end : tokens[i + 1].start]) for i in range(first, last)]
                if CLOSED in inner or not known.issuperset(whole[first:last]):
                    break
                if last > first and not {whole[last], bare[last]} & known:
                    break
                for is_bare, key in ((True, bare[last]), (False, whole[last])):
                    if not is_bare or tokens[last].bare_end != tokens[last].end:
                        run = " ".join([*whole[first:last], key])
                        found.append((begin + first, begin + last + 1, is_bare, PUNCTUATED in inner, run))
        begin += len(tokens)
    return found


@given(texts, words, st.integers(1, 5))
def test_runs_are_those_that_a_loop_finds(contents: list[str], known: set[str], max_words: int) -> None:
    readings = [
        Reading(Document(f"d{n}", text), tokenize(text), Sentences(text, [(0, len(text))], breaks=(), limit=400), [])
        for n, text in enumerate(contents)
    ]
    forms = {r.text[t.start : end] for r in readings for t in r.tokens for end in (t.end, t.bare_end)}
    runs = word_runs(readings, {form: normalize(form) for form in forms}, known, max_words)
    assert sorted(rows(runs)) == sorted(naive(readings, known, max_words))
    chosen = {"red", "red green", "blue"}
    kept = rows(runs.of_keys(chosen))
    assert kept == sorted((r for r in rows(runs) if r[4] in chosen), key=lambda r: (r[0], r[1], not r[2]))
