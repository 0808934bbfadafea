"""The part of `kg undo` that is about records: decisions about pairs and the entities that they made."""

from dataclasses import replace

import polars as pl

from kg.frames import frame
from kg.home import Home
from kg.record_clusters import MACHINE
from kg.runs import OpenRun
from kg.verdicts import decision_id
from linkers.clustering.records import PERSON
from schemas.batches import PAIR_DECISIONS
from schemas.run import Run

_KEY = ["left_key", "right_key"]


def restore_records(home: Home, target: Run, run: OpenRun) -> int:
    """Make decisions about pairs and resolutions what they were before a run, where no later run changed them.

    Entities, index and graph follow by `refresh_catalog`. Returns how many pairs and resolutions were restored.
    """
    store = home.mentions
    current, former = frame(store.pairs()), frame(store.former_pairs(target.sequence))
    mine = current.filter(pl.col("sequence") == target.sequence)
    gone = former.join(current.select(_KEY), on=_KEY, how="anti")
    withdrawn = [key for key in gone.select(_KEY).iter_rows() if _is_withdrawn_by(home, key, target)]
    back = pl.concat(
        [
            former.join(mine.select(_KEY), on=_KEY, how="semi"),
            gone.join(
                pl.DataFrame(withdrawn, schema=dict.fromkeys(_KEY, pl.String), orient="row"), on=_KEY, how="semi"
            ),
        ]
    )
    if back.height:
        store.put_pairs(back.sort(_KEY).to_arrow().cast(PAIR_DECISIONS), run.sequence)
    made = mine.join(former.select(_KEY), on=_KEY, how="anti")
    store.withdraw_pairs(made.select(_KEY).iter_rows(), run.sequence)
    _compare_again(home, pl.concat([mine, back]))
    resolutions = store.resolutions()
    rows = [
        row
        for key, row in store.former_resolutions(target.sequence).items()
        if key in resolutions and resolutions[key].run_id == target.run_id
    ]
    store.put_resolutions(rows, run.run_id, run.sequence)
    return mine.height + len(withdrawn) + len(rows)


def find_verdicts(home: Home, given: str) -> list[tuple[str, str]]:
    """Return the pairs that a person's current decision is about whose id is, or begins with, `given`."""
    said = frame(home.mentions.pairs()).filter(pl.col("decided_by") == PERSON)
    rows = said.select(*_KEY, "sequence").iter_rows()
    return [(left, right) for left, right, sequence in rows if decision_id(left, right, sequence).startswith(given)]


def take_back_verdict(home: Home, pair: tuple[str, str], run: OpenRun) -> int:
    """Make of a pair what was decided before its current decision, or nothing; returns the number of the run undone."""
    history = home.mentions.pair_history(*pair)
    before = [row for row in history if row["until"] == history[0]["sequence"]]
    if before:
        rows = [{name: row[name] for name in PAIR_DECISIONS.names} for row in before]
        table = pl.DataFrame(rows, schema_overrides={"features": pl.List(pl.Float32)}).to_arrow()
        home.mentions.put_pairs(table.select(PAIR_DECISIONS.names).cast(PAIR_DECISIONS), run.sequence)
    else:
        home.mentions.withdraw_pairs([pair], run.sequence)
    return int(history[0]["sequence"])


def _is_withdrawn_by(home: Home, key: tuple[str, str], target: Run) -> bool:
    return bool(home.mentions.pair_history(*key)[0]["until"] == target.sequence)


def _compare_again(home: Home, changed: pl.DataFrame) -> None:
    """Let the next resolve decide again about the records of pairs that a model decided."""
    judged = changed.filter(pl.col("decision").is_in(list(MACHINE)))
    keys = {*judged["left_key"].to_list(), *judged["right_key"].to_list()}
    memory = home.mentions.memory()
    home.mentions.put_memory({key: replace(memory[key], compared="") for key in sorted(keys) if key in memory})
