"""Whatever happens to records in whatever order: undo restores what was, ids stay, and former ids still answer."""

import tempfile
from pathlib import Path

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import runs
from kg.config import Config, ModelConfig
from kg.home import Home
from kg.raw_ids import entity_by_any_id
from kg.record_clusters import resolve_clusters
from kg.undo_records import restore_records
from kg.verdicts import Verdict, write_verdicts
from schemas.batches import PAIR_DECISIONS, VERDICTS
from schemas.identity import content_id
from schemas.record import Record
from schemas.run import Run

KEYS = [f"{source}:{number}" for source in "ab" for number in range(4)]
keys = st.sampled_from(KEYS)
take = st.tuples(st.just("take"), keys, st.sampled_from(["", "Q1", "Q2"]), st.sampled_from(["", "0", "b:3"]))
withdraw = st.tuples(st.just("withdraw"), keys)
say = st.tuples(
    st.just("say"),
    st.lists(st.tuples(keys, keys, st.sampled_from(VERDICTS)).filter(lambda v: v[0] != v[1]), min_size=1, max_size=3),
)
decide = st.tuples(
    st.just("decide"),
    st.lists(st.tuples(keys, keys, st.sampled_from([0.6, 0.9])).filter(lambda v: v[0] < v[1]), max_size=3),
)
undo = st.tuples(st.just("undo"))
steps = st.lists(st.one_of(take, take, withdraw, say, decide, undo), min_size=3, max_size=12)


class World:
    """The records of a home and what is decided about them, without index and graph."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.undoable: list[tuple[Run, tuple[object, ...]]] = []
        self.named: set[str] = set()

    def state(self) -> tuple[object, ...]:
        """Return all that an export shows of records, and all decisions about pairs."""
        return self.home.mentions.resolutions(), self.home.mentions.pairs().to_pylist()

    def do(self, number: int, kind: str, *what: object) -> None:
        """Do one step as a run."""
        store = self.home.mentions
        before = self.state()
        run = runs.begin(store, "resolve", content_id(str(number)), {})
        if kind == "take":
            key, wikidata, same = map(str, what)
            source, record_id = key.split(":")
            values = {"wikidata": wikidata, "same_as": same}
            properties = {name: value for name, value in values.items() if value}
            store.put_records("f", [Record(source, record_id, f"name {key}", "artist", properties=properties)])
        elif kind == "withdraw":
            store.remove_records([tuple(str(what[0]).split(":"))])  # type: ignore[list-item]
        elif kind == "say":
            write_verdicts(self.home, run, [Verdict(*said) for said in what[0]])  # type: ignore[attr-defined]
        elif kind == "decide":
            self._decide(run, what[0])  # type: ignore[arg-type]
        self._derive(run)
        runs.finish(store, run)
        if kind in ("say", "decide"):
            self.undoable.append((run.run, before))
        elif kind != "undo":
            self.undoable.clear()  # what was before is no longer all that was

    def undo_last(self, number: int) -> None:
        """Undo the last run that can be, and check that everything is as before."""
        target, before = self.undoable.pop()
        run = runs.begin(self.home.mentions, "undo", content_id(str(number)), {})
        restore_records(self.home, target, run)
        self._derive(run, target)
        runs.finish(self.home.mentions, run)
        assert self.state() == before

    def _derive(self, run: runs.OpenRun, target: Run | None = None) -> None:
        former = self.home.mentions.former_resolutions(target.sequence) if target else None
        live = {row.entity_id: key for key, row in self.home.mentions.resolutions().items()}
        resolved = resolve_clusters(self.home, list(self.home.mentions.records()), run, former)
        current = {row.entity_id for row in resolved.resolutions.values()}
        answers = entity_by_any_id(self.home)
        for old, key in live.items():
            if key in resolved.resolutions:
                assert answers[old] in current, old
        assert resolve_clusters(self.home, list(self.home.mentions.records()), run).moved == {}

    def _decide(self, run: runs.OpenRun, joins: list[tuple[str, str, float]]) -> None:
        people = {
            (r["left_key"], r["right_key"])
            for r in self.home.mentions.pairs().to_pylist()
            if r["decided_by"] == "person"
        }
        rows = [
            {
                **{"left_key": left, "right_key": right, "decision": "join", "probability": probability},
                **{"features": [probability], "evidence": "", "run_id": run.run_id, "sequence": run.sequence},
                "decided_by": "model",
            }
            for left, right, probability in {pair[:2]: pair for pair in joins}.values()
            if (left, right) not in people
        ]
        self.home.mentions.put_pairs(pa.Table.from_pylist(rows, schema=PAIR_DECISIONS), run.sequence)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_undo_restores_what_was_and_former_ids_answer(happened: list[tuple[object, ...]]) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        Home(Config(home=Path(folder) / "home", models=ModelConfig(encoder="none"))) as home,
    ):
        world = World(home)
        for number, (kind, *what) in enumerate(happened):
            if kind == "undo":
                if world.undoable:
                    world.undo_last(number)
            else:
                world.do(number, str(kind), *what)
        while world.undoable:
            world.undo_last(100 + len(world.undoable))
