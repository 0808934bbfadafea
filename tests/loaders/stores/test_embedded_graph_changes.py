import os
import shutil
import time
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from loaders.stores.graph.embedded import EmbeddedGraph
from schemas.batches import NODES
from tests.loaders.stores.embedded_graphs import entities, opened, relations

IDS = st.sampled_from(["a", "b", "c", "d", "é", "'"])
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
PAIRS = st.tuples(IDS, IDS)


class AnyChanges(RuleBasedStateMachine):
    """The store against two dictionaries."""

    @initialize()
    def start(self) -> None:
        self.folder = Path(os.environ["KG_TEST_FOLDER"]) / str(time.monotonic_ns())
        self.graph = opened(self.folder / "graph.lbug")
        self.names: dict[str, str] = {}
        self.sources: dict[tuple[str, str], str] = {}

    @rule(values=st.dictionaries(IDS, NAMES))
    def put_nodes(self, values: dict[str, str]) -> None:
        rows = [entities(i, name=name or "-") for i, name in values.items()]
        self.graph.put_nodes("Entity", pa.concat_tables([*rows, entities()]))
        self.names |= {i: name or "-" for i, name in values.items()}

    @rule(values=st.dictionaries(PAIRS, NAMES))
    def put_edges(self, values: dict[tuple[str, str], str]) -> None:
        rows = [relations(pair, source=source) for pair, source in values.items()]
        self.graph.put_edges("ABOUT", pa.concat_tables([*rows, relations()]))
        self.sources |= {p: source for p, source in values.items() if set(p) <= set(self.names)}

    @rule(ids=st.lists(IDS))
    def delete_nodes(self, ids: list[str]) -> None:
        self.graph.delete_nodes("Entity", ids)
        self.names = {i: name for i, name in self.names.items() if i not in ids}
        self.sources = {p: source for p, source in self.sources.items() if not set(p) & set(ids)}

    @rule(pairs=st.lists(PAIRS))
    def delete_edges(self, pairs: list[tuple[str, str]]) -> None:
        self.graph.delete_edges("ABOUT", relations(*pairs))
        self.sources = {p: source for p, source in self.sources.items() if p not in pairs}

    @precondition(lambda self: self.names)
    @rule()
    def clear(self) -> None:
        self.graph.clear()
        self.names, self.sources = {}, {}

    @rule()
    def reopen(self) -> None:
        self.graph.close()
        self.graph = opened(self.folder / "graph.lbug")

    @invariant()
    def holds_what_the_dictionaries_hold(self) -> None:
        rows = [entities(i, name=name) for i, name in sorted(self.names.items())]
        assert self.graph.nodes("Entity").equals(pa.concat_tables([*rows, entities()]).combine_chunks())
        edges = [relations(p, source=source) for p, source in sorted(self.sources.items())]
        assert self.graph.edges("ABOUT").equals(pa.concat_tables([*edges, relations()]).combine_chunks())

    def teardown(self) -> None:
        self.graph.close()
        shutil.rmtree(self.folder)


def test_any_sequence_of_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    monkeypatch.setenv("KG_TEST_FOLDER", str(tmp_path))
    quick = settings(max_examples=15, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(AnyChanges, settings=quick)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5))
def test_any_text_comes_back(graph: EmbeddedGraph, texts: list[str]) -> None:
    row = entities("a").to_pylist()[0] | {"name": texts[0], "aliases": texts}
    written = pa.Table.from_pylist([row], schema=NODES["Entity"])
    graph.put_nodes("Entity", written)
    assert graph.nodes("Entity").equals(written)
