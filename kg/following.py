"""Links follow an entity whose id went into another."""

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from kg.home import Home
from kg.runs import OpenRun
from schemas.batches import STORED_DECISIONS

MENTIONS_AT_ONCE = 4_096


def follow(home: Home, run: OpenRun, moved: Mapping[str, str]) -> int:
    """Point the links of each id in `moved` to the id that it leads to, as decisions of the run; returns how many.

    Who decided and how probable it is stays; `kg undo` of the run restores the links as they were.
    """
    if not moved:
        return 0
    rows = home.mentions.document_rows()
    keys = dict(zip(rows["id"].to_pylist(), rows["decision_key"].to_pylist(), strict=True))
    followed = 0
    for old, new in sorted(moved.items()):
        for batch in _links(home, old):
            changed = {"entity_id": new, "best_entity_id": new, "run_id": run.run_id, "sequence": run.sequence}
            table = pa.Table.from_pylist([{**row, **changed} for row in batch], schema=STORED_DECISIONS)
            home.mentions.append_decisions(table, {row["doc_id"]: keys[row["doc_id"]] for row in batch})
            followed += len(batch)
    return followed


def _links(home: Home, entity_id: str) -> Iterator[list[dict[str, Any]]]:
    """Yield the links to an entity; all are read before any is changed."""
    found, after = [], ""
    while True:
        table, after = home.mentions.entity_mentions(entity_id, limit=MENTIONS_AT_ONCE, after=after)
        found.append([row for row in table.to_pylist() if row["decision"] == "link"])
        if not after:
            break
    yield from (batch for batch in found if batch)
