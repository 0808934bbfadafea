"""What the columns of a table hold, and how each is compared."""

import re
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from linkers.records.cleaning import plain
from linkers.records.numbers import parsed
from linkers.records.plan import COMPARATORS, ColumnPlan

LOOKED_AT = 20_000
"""Rows that are looked at, evenly drawn."""
NUMERIC = 0.85
CONTAINED = 0.85
NAME_WORDS = 5.0
"""Names have so many words at most, in the mean."""
_CONTAINMENT_ROWS = 2_000
_YEARS = (1400, 2100)
_CODE = r"^[A-Za-z]{0,8}[-_:./ ]?[0-9][0-9A-Za-z:._/-]*$"
_KEYS = (
    ("isrc", r"(?i)^[A-Z]{2}-?[A-Z0-9]{3}-?\d{2}-?\d{5}$"),
    ("wikidata", r"^(?:https?://www\.wikidata\.org/(?:wiki|entity)/)?Q\d+$"),
    ("musicbrainz|mbid", r"(?i)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$"),
    ("isni", r"^(?:\d{4}[ -]?){3}\d{3}[\dX]$"),
    ("ean|upc|gtin|barcode", r"^\d{8,14}$"),
    ("isbn", r"(?i)^[\d -]{9,16}[\dX]$"),
    ("doi", r"(?i)10\.\d{4,9}/\S+$"),
)
_HINTS = (
    ("person", r"artist|author|person|creator|composer|singer|director|actor|writer|surname|first_?name|last_?name"),
    ("title", r"title|track|album|song|work|headline"),
    ("place", r"place|city|country|address|street|region|postcode|zip|location"),
    ("text", r"description|summary|notes?$|plot|abstract|comment|bio"),
    ("category", r"genre|type|category|language|gender|kind|brand|venue|label"),
    ("name", r"name"),
)


def profile_columns(table: pl.DataFrame) -> tuple[ColumnPlan, ...]:
    """Return how each column is compared. table: texts, null for no value, without record_id and source."""
    step = max(1, table.height // LOOKED_AT)
    rows = table.gather_every(step)
    plans = [_column(rows[name]) for name in rows.columns]
    return _sentences(_without_repeats(plans, rows), rows)


def _sentences(plans: tuple[ColumnPlan, ...], rows: pl.DataFrame) -> tuple[ColumnPlan, ...]:
    """Hold the only column of a table for text, not for names, where its cells are long."""
    compared = [place for place, plan in enumerate(plans) if plan.comparator == "words"]
    if len(compared) != 1:
        return plans
    plan = plans[compared[0]]
    words = _mean(rows[plan.name].drop_nulls().str.count_matches(r"\S+"))
    if words <= NAME_WORDS:
        return plans
    why = f"{words:.1f} words a cell: more than a name has"
    return tuple(_plan(plan.name, "text", why) if other is plan else other for other in plans)


def _column(cells: pl.Series) -> ColumnPlan:
    name = cells.name
    known = cells.drop_nulls()
    if not len(known):
        return _plan(name, "ignored", "it is empty")
    key = _key(name, known)
    if key:
        return replace(_plan(name, "identifier", f"{key}; equal values join, different ones part"), key=True)
    distinct = known.n_unique() / len(known)
    values = parsed(known)
    share = {kind: 1 - values[kind].null_count() / len(known) for kind in values.columns}
    if share["day"] >= NUMERIC:
        return _plan(name, "date", f"{share['day']:.0%} of its cells are dates")
    numeric = _mean(values["number"].is_not_null() | values["seconds"].is_not_null())
    if numeric >= NUMERIC:
        return _numeric(name, known, values, distinct)
    if distinct > 0.98 and len(known) > 100 and _mean(known.str.contains(_CODE)) > 0.95:
        return _plan(name, "ignored", "nearly every cell is a code of its own: it numbers the rows")
    return _textual(name, known, distinct)


def _key(name: str, known: pl.Series) -> str:
    for hint, pattern in _KEYS:
        if re.search(hint, name.lower()) and _mean(known.str.contains(pattern)) >= 0.9:
            return f"named {name!r}, and its cells are written as {hint.split('|')[0]} are"
    return ""


def _numeric(name: str, known: pl.Series, values: pl.DataFrame, distinct: float) -> ColumnPlan:
    clock = _mean(values["seconds"].is_not_null())
    if clock > 0.1:
        return _plan(name, "duration", f"{clock:.0%} of its cells are written as a duration, the rest as numbers")
    number = values["number"].drop_nulls()
    whole = bool((number == number.floor()).all())
    if whole and distinct > 0.98 and len(known) > 100:
        return _plan(name, "ignored", "nearly every cell is a whole number of its own: it numbers the rows")
    years = _mean(number.is_between(*_YEARS))
    short = _mean(number.is_between(0, 99))
    if whole and years > 0.15 and years + short > 0.95:
        return _plan(name, "date", f"{years:.0%} of its cells are years")
    return _plan(name, "number", f"{1 - values['number'].null_count() / len(known):.0%} of its cells are numbers")


def _textual(name: str, known: pl.Series, distinct: float) -> ColumnPlan:
    words = _mean(known.str.count_matches(r"\S+"))
    said = f"{words:.1f} words a cell, {distinct:.0%} of the cells distinct"
    if words > 12:
        return _plan(name, "text", said)
    for kind, hint in _HINTS:
        if re.search(hint, name.lower()):
            return _plan(name, kind, f"{said}; the column's name speaks of a {kind}")
    if known.n_unique() <= max(20, 0.02 * len(known)):
        return _plan(name, "category", said)
    if distinct > 0.5 and words < 1.5 and _mean(known.str.contains(_CODE)) > 0.8:
        return _plan(name, "identifier", f"{said}; codes, compared as text since their writing may differ")
    return _plan(name, "name", said)


def _plan(name: str, kind: str, why: str) -> ColumnPlan:
    comparator = next(known for known, kinds in COMPARATORS.items() if kind in kinds)
    return ColumnPlan(name, kind, comparator, why)


def _without_repeats(plans: Sequence[ColumnPlan], rows: pl.DataFrame) -> tuple[ColumnPlan, ...]:
    """Leave out a column whose words stand in a richer one: four columns of one name are one fact, not four."""
    textual = [plan.name for plan in plans if plan.comparator == "words"]
    some = rows.select(textual).gather_every(max(1, rows.height // _CONTAINMENT_ROWS))
    words = {name: [set(cell.lower().split()) if cell else set() for cell in plain(some[name])] for name in textual}
    size = {name: sum(map(len, cells)) for name, cells in words.items()}
    found = list(plans)
    for place, plan in enumerate(found):
        if plan.comparator != "words":
            continue
        for other in found:
            if other.comparator != "words" or other.name == plan.name or size[other.name] <= size[plan.name]:
                continue
            share = _held(words[plan.name], words[other.name])
            if share > CONTAINED:
                why = f"{share:.0%} of its words stand in {other.name!r}, which says more"
                found[place] = _plan(plan.name, "ignored", why)
                break
    return tuple(found)


def _held(inner: Sequence[set[str]], outer: Sequence[set[str]]) -> float:
    """Return which share of the words of one column stand in the other's cell of the same row."""
    total = sum(len(words) for words in inner)
    return sum(len(words & other) for words, other in zip(inner, outer, strict=True)) / total if total else 0.0


def _mean(values: pl.Series) -> float:
    """Return the mean of numbers or of yes and no, 0.0 of none."""
    return float(values.cast(pl.Float64).to_numpy().mean()) if len(values) else 0.0
