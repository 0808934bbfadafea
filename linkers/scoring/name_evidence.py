"""How a surface and a candidate's name agree, word by word: what edit distances do not say."""

import re
from collections.abc import Callable, Sequence

import numpy as np
import polars as pl

from linkers.blocking.name_scores import NAME_SCORES, name_scores
from linkers.extraction.common_words import is_common, is_given_name
from linkers.index.sounds import LEAST_INITIALS, SMALL_WORDS
from linkers.normalization import latin, normalize

_HONORIFICS_TEXT = """
mr mrs ms messrs miss mme mdme mlle madame mademoiselle monsieur dr prof professor doctor sir lady lord dame
rev reverend st saint capt captain col colonel gen general herr frau sig signor signora sgt president the a an
"""
_HONORIFICS = frozenset(_HONORIFICS_TEXT.split())
_VERSION_WORDS_TEXT = """
live remix remixed mix demo remaster remastered acoustic instrumental karaoke edit unplugged cover reprise deluxe
extended rerecorded mono stereo session sessions
"""
_VERSION_WORDS = frozenset(_VERSION_WORDS_TEXT.split())
_NUMERALS = {
    "ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12",
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
}  # fmt: skip
_LETTER = r"^\p{L}"
_DISTANT_RATIO, _DISTANT_HEAD = 0.6, 0.85
_DIGITS = re.compile(r"\d+")
_LEADING = rf"^(?:(?:{'|'.join(sorted(_HONORIFICS))}) )+"
_SMALL_WORDS = rf"(?:^|\s)(?:(?:{'|'.join(sorted(SMALL_WORDS))})(?:\s|$))+"
_MAY_HOLD_NUMBERS = rf"\d|\b(?:{'|'.join(sorted(_NUMERALS))})\b"
_MAY_HOLD_VERSION = rf"\b(?:{'|'.join(sorted(_VERSION_WORDS))})\b"


def describe(texts: Sequence[str], keys: Sequence[str] | None = None) -> pl.DataFrame:
    """Return one row a text: what its words are, for comparing with another text's.

    keys: the normal forms of the texts, where they are known.
    text, key, core (key without honorifics and determiners, in Latin letters), words (list), size, first, last,
    numbers (text), version (text), common (one common word), capital (any), initials (of the core),
    given (one given name).
    """
    known = [normalize(text) for text in texts] if keys is None else keys
    rows = pl.DataFrame({"text": texts, "key": known}, schema={"text": pl.String, "key": pl.String})
    bare = pl.col("key").str.replace(_LEADING, "")
    rows = rows.with_columns(bare.alias("bare"), bare.str.split(" ").alias("words"))
    size = pl.col("words").list.len().cast(pl.Int32)
    rows = rows.with_columns(
        size.alias("size"),
        pl.col("words").list.first().alias("first"),
        pl.col("words").list.last().alias("last"),
        pl.col("text").str.contains(r"\p{Lu}").alias("capital"),
        _where(rows["bare"], rows["bare"].str.contains(r"[^\x00-\x7f]"), latin, rows["bare"]).alias("core"),
        _where(rows["bare"], rows["bare"].str.contains(_MAY_HOLD_NUMBERS), _numbers, "").alias("numbers"),
        _where(rows["bare"], rows["bare"].str.contains(_MAY_HOLD_VERSION), _version, "").alias("version"),
    )
    one = rows["size"] == 1
    return rows.with_columns(
        _flagged(rows["first"], one, is_common).alias("common"),
        _flagged(rows["first"], one, is_given_name).alias("given"),
        _initials_of(pl.col("core")).alias("initials"),
    ).drop("bare")


def _where(values: pl.Series, rows: pl.Series, find: Callable[[str], str], otherwise: pl.Series | str) -> pl.Series:
    """Return what `find` says of the values of some rows, and of the others `otherwise`."""
    result = otherwise if isinstance(otherwise, pl.Series) else pl.repeat(otherwise, len(values), eager=True)
    places = rows.arg_true()
    found = pl.Series([find(value) for value in values.gather(places)], dtype=pl.String)
    return result.cast(pl.String).clone().scatter(places, found) if len(places) else result.cast(pl.String)


def _flagged(values: pl.Series, rows: pl.Series, holds: Callable[[str], bool]) -> pl.Series:
    flags = np.zeros(len(values), dtype=bool)
    places = rows.arg_true()
    flags[places.to_numpy()] = [holds(value) for value in values.gather(places)]
    return pl.Series(flags, dtype=pl.Boolean)


def _initials_of(core: pl.Expr) -> pl.Expr:
    """First letters of the words with meaning, as the index keeps them; "" for fewer than two."""
    letters = core.str.replace_all(_SMALL_WORDS, " ").str.strip_chars().str.replace_all(r"(\S)\S*\s*", "$1")
    return pl.when(letters.str.len_chars() >= LEAST_INITIALS).then(letters).otherwise(pl.lit(""))


def _numbers(key: str) -> str:
    words = key.split()
    spelled = [_NUMERALS[w] for w in words[1:] if w in _NUMERALS]
    found = spelled + [n for word in words for n in _DIGITS.findall(word)]
    return " ".join(sorted(n.lstrip("0") or "0" for n in found))


def _version(key: str) -> str:
    return " ".join(sorted(_VERSION_WORDS.intersection(key.split()[1:])))


def name_features(pairs: pl.DataFrame, surfaces: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Return `pairs` with the features that surface and name have together.

    pairs:    text (surface), alias (the name that matched best), main (it is the entity's own name), exact
              (equal by key or variant), phonetic, form and people (found so), ngram and sound (scores).
    surfaces, names: `describe` of the texts, and of the aliases.
    """
    s = surfaces.rename({c: f"s_{c}" for c in surfaces.columns if c != "text"})
    a = names.rename({c: f"a_{c}" for c in names.columns if c != "text"}).rename({"text": "alias"})
    joined = pairs.join(s, on="text", how="left", maintain_order="left").join(
        a, on="alias", how="left", maintain_order="left"
    )
    core = (pl.col("s_core") == pl.col("a_core")) | pl.col("exact")
    shared = pl.col("s_words").list.set_intersection("a_words").list.len()
    s_set, a_set = pl.col("s_words").list.n_unique(), pl.col("a_words").list.n_unique()
    joined = _core_scores(joined).with_columns(
        core.alias("core"), shared.alias("shared"), s_set.alias("s_set"), a_set.alias("a_set")
    )
    joined = joined.with_columns(*_equality(), *_containment(), *_person_names(), *_marks(), _initials())
    joined = joined.with_columns(_distant(), (pl.col("initials") & _in_capitals()).alias("acronym"))
    # how two names are written says little once all words of the one are in the other: it favours short names
    apart = ~(pl.col("core") | pl.col("contained") | pl.col("containing"))
    return joined.with_columns(
        *(pl.when(apart).then(pl.col(name)).otherwise(0.0).alias(name) for name in (*NAME_SCORES, "ngram", "sound")),
        apart.alias("apart"),
    ).drop("core", "shared", "s_set", "a_set")


def _initials() -> pl.Expr:
    long = pl.col("a_initials") == pl.col("s_core").str.replace_all(" ", "")
    short = (pl.col("s_size") > 2) & (pl.col("s_initials") == pl.col("a_core").str.replace_all(" ", ""))
    return (~pl.col("core") & (long | short)).alias("initials")


def _in_capitals() -> pl.Expr:
    return pl.col("text").str.to_uppercase() == pl.col("text")


def _core_scores(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return `pairs` with the plain name scores of the cores: a shared "the" makes no names alike."""
    scores = name_scores(pairs["s_core"].to_list(), pairs["a_core"].to_list())
    return pairs.with_columns(pl.Series(name, values) for name, values in scores.items())


def _distant() -> pl.Expr:
    agreeing = [pl.col(name) for name in ("core", "contained", "containing", "abbreviated", "phonetic", "initials")]
    agreeing += [pl.col(name) for name in ("form", "people")]
    close = (pl.col("ratio") >= _DISTANT_RATIO) | (pl.col("jaro_winkler") >= _DISTANT_HEAD)
    return (~(close | pl.any_horizontal(agreeing))).alias("distant")


def _equality() -> list[pl.Expr]:
    core, ratio = pl.col("core"), pl.col("ratio")
    return [
        core.alias("exact_core"),
        (core & (pl.col("s_size") >= 2)).alias("exact_long"),
        (core & pl.col("s_common")).alias("exact_common"),
        (core & pl.col("s_given")).alias("exact_given"),
        (core & (pl.col("text") == pl.col("alias"))).alias("same_case"),
        (core & pl.col("main")).alias("main_name"),
        pl.when(core).then(0.0).otherwise((ratio - 0.75) * 4).clip(0.0, 1.0).alias("near"),
    ]


def _containment() -> list[pl.Expr]:
    rest = ~pl.col("core")
    return [
        (rest & (pl.col("shared") == pl.col("s_set")) & (pl.col("a_set") > pl.col("s_set"))).alias("contained"),
        (rest & (pl.col("shared") == pl.col("a_set")) & (pl.col("s_set") > pl.col("a_set"))).alias("containing"),
        (
            rest & (pl.col("shared") > 0) & (pl.col("shared") < pl.col("s_set")) & (pl.col("shared") < pl.col("a_set"))
        ).alias("head_conflict"),
        pl.when(rest).then((pl.col("a_set") - pl.col("shared")) / 4).otherwise(0.0).clip(0.0, 1.0).alias("extra_words"),
        _tail(),
    ]


def _person_names() -> list[pl.Expr]:
    rest = ~pl.col("core")
    short = rest & (pl.col("s_size") == 1) & (pl.col("a_size") >= 2)
    same_last = rest & (pl.col("s_last") == pl.col("a_last")) & (pl.col("s_size") >= 2) & (pl.col("a_size") >= 2)
    s_first, a_first, s_last = pl.col("s_first"), pl.col("a_first"), pl.col("s_last")
    initial = (s_first.str.len_chars() == 1) | (a_first.str.len_chars() == 1)
    same_initial = s_first.str.slice(0, 1) == a_first.str.slice(0, 1)
    return [
        (short & (pl.col("s_last") == pl.col("a_last"))).alias("surname"),
        (short & (pl.col("s_first") == pl.col("a_first"))).alias("given_name"),
        (same_last & initial & same_initial).alias("abbreviated"),
        (same_last & ~same_initial & s_first.str.contains(_LETTER) & s_last.str.contains(_LETTER)).alias(
            "given_conflict"
        ),
    ]


def _tail() -> pl.Expr:
    head = pl.col("alias").str.replace(r"\s*(,.*|[(\[][^)\]]*[)\]])$", "").str.to_lowercase()
    longer = head != pl.col("alias").str.to_lowercase()
    return (~pl.col("core") & longer & (head == pl.col("text").str.to_lowercase())).alias("tail")


def _marks() -> list[pl.Expr]:
    ours, theirs = pl.col("s_numbers"), pl.col("a_numbers")
    return [
        ((ours == theirs) & (ours != "")).alias("number_agrees"),
        ((ours != theirs) & (ours != "") & (theirs != "")).alias("number_conflict"),
        ((ours == "") != (theirs == "")).alias("number_extra"),
        (pl.col("s_version") != pl.col("a_version")).alias("version_conflict"),
    ]
