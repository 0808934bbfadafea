"""Gold about the records of a home: which of them are one thing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.home import Home
from loaders.readers.record_gold import read_record_gold
from schemas.errors import GoldRecordError
from schemas.record_gold import GoldMember, GoldPair


@dataclass(frozen=True, slots=True)
class RecordGold:
    """What gold says.

    cluster_of: the thing of each record that gold is about, by record key. Gold of pairs is about every record of the
    home: one that stands in no pair is a thing by itself. unknown: ids of gold that the home does not hold.
    """

    cluster_of: dict[str, str]
    unknown: tuple[str, ...]


def record_gold(home: Home, path: Path) -> RecordGold:
    """Return the gold of a file. Raises GoldRecordError for the first row that is wrong, FormatError, NotFoundError.

    A record is told by source and id, by source:record_id, or by a record_id that only one source has.
    """
    keys = _Keys(path, home.mentions.resolutions().keys())
    rows: list[GoldMember | GoldPair] = []
    for row in read_record_gold(path):
        if isinstance(row, GoldRecordError):
            raise row
        rows.append(row)
    if not rows:
        raise GoldRecordError(path, "holds no gold about records")
    members = {keys.find(r.record_id, r.source): r.cluster_id for r in rows if isinstance(r, GoldMember)}
    pairs = [
        (keys.find(r.left_id, r.left_source), keys.find(r.right_id, r.right_source))
        for r in rows
        if isinstance(r, GoldPair)
    ]
    members.pop("", None)
    things = _closed(pairs, keys.known) if pairs else {}
    return RecordGold(things | members, tuple(sorted(keys.unknown)))


class _Keys:
    """Finds the record that gold means; what the home does not hold is noted."""

    def __init__(self, path: Path, known: Iterable[str]) -> None:
        self.known = sorted(known)
        self.unknown: set[str] = set()
        self._path = path
        self._here = set(self.known)
        self._by_id: Mapping[str, list[str]] = defaultdict(list)
        for key in self.known:
            self._by_id[key.partition(":")[2]].append(key)

    def find(self, given: str, source: str) -> str:
        """Return the record key, "" when the home does not hold it."""
        wanted = f"{source}:{given}" if source else given
        if wanted in self._here:
            return wanted
        found = [] if source else self._by_id.get(given, [])
        if len(found) > 1:
            problem = f"record_id {given!r} stands in several sources; write one of {', '.join(found)}"
            raise GoldRecordError(self._path, problem)
        if not found:
            self.unknown.add(wanted)
        return found[0] if found else ""


def _closed(pairs: Iterable[tuple[str, str]], keys: Iterable[str]) -> dict[str, str]:
    """Return a thing for each key: pairs are one thing, and so are pairs that share a record."""
    parent = {key: key for key in keys}

    def root(key: str) -> str:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for left, right in pairs:
        if left and right:
            first, second = sorted((root(left), root(right)))
            parent[second] = first
    return {key: root(key) for key in parent}
