"""When texts speak of an entity: its mentions by the date on which their documents were published."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from kg.entities import entity_id_of
from kg.home import Home

Step = Literal["day", "month", "year"]
MOST_PERIODS = 120
_LENGTHS: dict[Step, int] = {"day": 10, "month": 7, "year": 4}
_COUNTED = (
    "MATCH (d:Document)-[m:MENTIONS]->(:Entity {id: $id}) "
    "RETURN d.published AS published, count(d) AS documents, sum(m.count) AS mentions"
)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time in which documents were published: YYYY, YYYY-MM or YYYY-MM-DD."""

    period: str
    documents: int
    mentions: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The mentions of an entity over time.

    step:    length of a period: the shortest of day, month, year that gives at most MOST_PERIODS of them.
    periods: those with mentions, ordered. undated: mentions in documents whose date is not known.
    """

    entity_id: str
    step: Step
    periods: list[Period] = field(default_factory=list)
    undated: int = 0


def timeline(home: Home, given: str) -> Timeline:
    """Count the mentions of an entity by date of publication. Raises NotFoundError."""
    entity_id = entity_id_of(home, given)
    rows = home.graph.query(_COUNTED, {"id": entity_id}).rows
    undated = sum(mentions for published, _, mentions in rows if not published)
    dated = [row for row in rows if row[0]]
    step: Step = next((name for name, length in _LENGTHS.items() if _number(dated, length) <= MOST_PERIODS), "year")
    documents: Counter[str] = Counter()
    mentions_of: Counter[str] = Counter()
    for published, number, mentions in dated:
        documents[published[: _LENGTHS[step]]] += number
        mentions_of[published[: _LENGTHS[step]]] += mentions
    periods = [Period(name, documents[name], mentions_of[name]) for name in sorted(documents)]
    return Timeline(entity_id, step, periods[-MOST_PERIODS:], undated)


def _number(rows: list[tuple[str, int, int]], length: int) -> int:
    return len({published[:length] for published, *_ in rows})
