import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from loaders.stores.graph.embedded import EmbeddedGraph
from loaders.stores.graph.embedded_errors import store_error
from loaders.stores.graph.embedded_file import EmbeddedSettings
from loaders.stores.graph.embedded_reading import refuse_unless_about_the_graph
from schemas.batches import NODES, RELATION_EDGES
from schemas.errors import OntologyError, QueryError, StoreRejected, StoreUnavailable
from schemas.ontology import AUDIO_ONTOLOGY, RelationType


def entities(*ids: str, name: str = "") -> pa.Table:
    blank: dict[str, object] = {"type": "", "aliases": [], "description": "", "popularity": None}
    blank |= {"status": "catalog", "properties": ""}
    return pa.Table.from_pylist([{"id": i, "name": name or i, **blank} for i in ids], schema=NODES["Entity"])


def relations(*pairs: tuple[str, str], source: str = "s") -> pa.Table:
    rows = [{"from_id": a, "to_id": b, "source": source} for a, b in pairs]
    return pa.Table.from_pylist(rows, schema=RELATION_EDGES)


def opened(path: Path, **options: Any) -> EmbeddedGraph:
    graph = EmbeddedGraph(path, AUDIO_ONTOLOGY, **options)
    graph.prepare()
    return graph


def ids_of(graph: EmbeddedGraph) -> list[str]:
    found: list[str] = graph.nodes("Entity")["id"].to_pylist()
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "graph.lbug"


@pytest.fixture
def graph(path: Path) -> Iterator[EmbeddedGraph]:
    store = opened(path)
    yield store
    store.close()


def in_another_process(path: Path, code: str) -> subprocess.Popen[str]:
    prelude = """
        import sys, pyarrow as pa
        from pathlib import Path
        from tests.loaders.stores.test_embedded_graph import *
        path = Path(sys.argv[1])
    """
    program = textwrap.dedent(prelude) + textwrap.dedent(code)
    return subprocess.Popen(
        [sys.executable, "-c", program, str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )


# files and processes


def test_closing_leaves_the_file_and_its_lock_only(path: Path, graph: EmbeddedGraph) -> None:
    graph.put_nodes("Entity", entities("a"))
    assert (path.parent / "graph.lbug.writing").is_dir()
    graph.close()
    assert sorted(p.name for p in path.parent.iterdir()) == ["graph.lbug", "graph.lbug.lock"]


def test_what_was_written_is_there_after_reopening(path: Path, graph: EmbeddedGraph) -> None:
    graph.put_nodes("Entity", entities("a", "b"))
    graph.put_edges("ABOUT", relations(("a", "b")))
    graph.delete_nodes("Entity", ["b"])
    graph.put_nodes("Entity", entities("c"))
    graph.close()
    again = opened(path)
    assert again.nodes("Entity").equals(entities("a", "c"))
    again.put_nodes("Entity", entities("c", name="new"))
    again.close()
    assert opened(path).nodes("Entity").slice(1).equals(entities("c", name="new"))


def test_reading_leaves_the_file_as_it_is(path: Path, graph: EmbeddedGraph) -> None:
    graph.put_nodes("Entity", entities("a"))
    graph.close()
    before = path.stat()
    again = opened(path)
    again.query("MATCH (e) RETURN e")
    again.close()
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_second_writer_is_told_which_file_and_what_to_do(path: Path, graph: EmbeddedGraph) -> None:
    graph.put_nodes("Entity", entities("a"))
    code = """
        other = EmbeddedGraph(path, AUDIO_ONTOLOGY)
        try:
            other.put_nodes("Entity", entities("b"))
        except StoreUnavailable as error:
            print(error)
    """
    said, complaints = in_another_process(path, code).communicate()
    assert complaints == ""
    assert str(path) in said
    assert str(os.getpid()) in said
    assert "wait" in said
    assert ids_of(graph) == ["a"]


def test_readers_see_what_was_published_while_another_writes(path: Path, graph: EmbeddedGraph) -> None:
    graph.put_nodes("Entity", entities("a"))
    graph.close()
    reader, writer = opened(path), opened(path)
    assert ids_of(reader) == ["a"]
    writer.put_nodes("Entity", entities("b"))
    assert (ids_of(writer), ids_of(reader)) == (["a", "b"], ["a"])
    with pytest.raises(StoreUnavailable):
        reader.put_nodes("Entity", entities("c"))
    writer.close()
    assert ids_of(reader) == ["a", "b"]
    reader.put_nodes("Entity", entities("c"))
    assert ids_of(reader) == ["a", "b", "c"]
    reader.close()


def test_read_only_refuses_changes(path: Path, graph: EmbeddedGraph) -> None:
    graph.put_nodes("Entity", entities("a"))
    graph.close()
    reader = EmbeddedGraph(path, AUDIO_ONTOLOGY, read_only=True)
    assert ids_of(reader) == ["a"]
    with pytest.raises(StoreRejected, match="reading only"):
        reader.put_nodes("Entity", entities("b"))
    with pytest.raises(StoreRejected, match="reading only"):
        reader.query("CREATE (:Entity {id: 'b'})", write=True)
    reader.close()


def test_a_graph_that_is_not_there_says_so(path: Path) -> None:
    with pytest.raises(StoreRejected, match="prepare"):
        EmbeddedGraph(path, AUDIO_ONTOLOGY).nodes("Entity")


def test_a_file_of_something_else_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "graph.lbug"
    path.write_text("not a graph" * 1000)
    with pytest.raises(StoreRejected) as caught:
        EmbeddedGraph(path, AUDIO_ONTOLOGY).nodes("Entity")
    assert str(path) in caught.value.store


def test_closed_is_closed(graph: EmbeddedGraph) -> None:
    graph.close()
    graph.close()
    for call in (lambda: graph.nodes("Entity"), lambda: graph.put_nodes("Entity", entities("a"))):
        with pytest.raises(StoreRejected, match="closed"):
            call()


def test_many_changes_are_published_on_the_way(path: Path) -> None:
    graph = opened(path, settings=EmbeddedSettings(journal_bytes=10_000))
    for n in range(20):
        graph.put_nodes("Entity", entities(*(f"{n:02d}-{k}" for k in range(20))))
    other = opened(path)
    assert 0 < len(ids_of(other)) <= 400
    assert len(ids_of(graph)) == 400
    graph.close()
    assert len(ids_of(other)) == 400


def test_threads_may_share_a_store(graph: EmbeddedGraph) -> None:
    failed: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for n in range(10):
                graph.put_nodes("Entity", entities(f"{number}-{n}"))
                graph.query("MATCH (e:Entity) RETURN count(e)")
        except BaseException as error:  # whatever it is, the test must hear of it
            failed.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(ids_of(graph)) == 40


# killed processes

WRITE_UNTIL_KILLED = """
    graph = opened(path)
    n = max((int(i[:6]) for i in ids_of(graph)), default=-1) + 1
    while True:
        ids = [f"{n:06d}-{k:02d}" for k in range(40)]
        graph.put_nodes("Entity", entities(*ids))
        graph.put_edges("ABOUT", relations(*zip(ids, ids[::-1])))
        graph.put_nodes("Entity", entities(*ids[:20], name="changed"))
        graph.delete_nodes("Entity", ids[30:])
        print(n, flush=True)
        n += 1
        if n % 3 == 0:
            graph.close()
            graph = opened(path)
"""


def test_a_killed_process_loses_nothing_that_was_done(path: Path) -> None:
    done = -1
    for delay in (0.0, 0.05, 0.1, 0.15, 0.2, 0.25):
        process = in_another_process(path, WRITE_UNTIL_KILLED)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        rest, complaints = process.communicate()
        assert complaints == ""
        done = max(done, *(int(line) for line in rest.split()), 0)
        graph = opened(path)
        nodes = graph.nodes("Entity")
        for n in range(done + 1):
            assert f"{n:06d}-29" in nodes["id"].to_pylist()
        per_round = [i for i in nodes["id"].to_pylist() if i.startswith(f"{done:06d}")]
        assert len(per_round) == 30
        edges = graph.edges("ABOUT", per_round)
        assert edges.num_rows == 20
        graph.close()


def test_a_process_that_ends_without_closing_loses_nothing(path: Path) -> None:
    code = """
        graph = opened(path)
        graph.put_nodes("Entity", entities("a", "b"))
        graph.put_edges("ABOUT", relations(("a", "b")))
        graph.query("MATCH (e:Entity {id: $id}) SET e.name = $name", {"id": "a", "name": "it's"}, write=True)
        os._exit(0)
    """
    assert in_another_process(path, code).communicate() == ("", "")
    graph = EmbeddedGraph(path, AUDIO_ONTOLOGY, read_only=True)
    assert graph.nodes("Entity")["name"].to_pylist() == ["it's", "b"]
    assert graph.edges("ABOUT").equals(relations(("a", "b")))
    graph.close()


def test_a_process_killed_while_publishing_is_helped(path: Path, graph: EmbeddedGraph) -> None:
    graph.put_nodes("Entity", entities("a"))
    graph.close()
    shutil.copy(path, path.parent / "published")
    again = opened(path)
    again.put_nodes("Entity", entities("b"))
    again.close()
    publishing = path.parent / "graph.lbug.publishing"
    publishing.mkdir()
    path.rename(publishing / "graph.lbug")
    (path.parent / "published").rename(path)
    assert ids_of(opened(path)) == ["a", "b"]
    assert not publishing.exists()


def test_a_change_that_is_refused_is_not_made_again(path: Path, graph: EmbeddedGraph) -> None:
    graph.put_nodes("Entity", entities("a"))
    with pytest.raises(QueryError):
        graph.query("MATCH (e:Entity) SET e.name = 'x' RETURN 1 / 0", write=True)
    entries = list((path.parent / "graph.lbug.writing").glob("*.arrow"))
    graph.put_nodes("Entity", entities("b"))
    assert len(list((path.parent / "graph.lbug.writing").glob("*.arrow"))) == len(entries) + 1


# queries


@pytest.mark.parametrize(
    "cypher",
    [
        "LOAD FROM '{csv}' RETURN *",
        "MATCH (e:Entity) LOAD FROM '{csv}' RETURN *",
        "LOAD/**/FROM '{csv}' RETURN *",
        "load with headers (a STRING) from '{csv}' return *",
        "// it's a comment\nLOAD FROM '{csv}' RETURN *",
        "/* ' */ LOAD FROM '{csv}' /* ' */ RETURN *",
        "RETURN '\\'' AS a LOAD FROM '{csv}' RETURN *",
        "COPY (MATCH (e:Entity) RETURN e.id) TO '{out}'",
        "PROFILE COPY (MATCH (e:Entity) RETURN e.id) TO '{out}'",
        "COPY Entity FROM '{csv}'",
        "EXPORT DATABASE '{out}'",
        "IMPORT DATABASE '{out}'",
        "ATTACH '{out}' AS other (dbtype lbug)",
        "INSTALL json",
        "LOAD EXTENSION json",
        "CALL threads = 1",
        "CALL read_csv_serial('{csv}') RETURN *",
        "CALL clear_warnings() RETURN *",
        "CREATE NODE TABLE other (id STRING PRIMARY KEY)",
        "DROP TABLE ABOUT",
        "ALTER TABLE Entity ADD x STRING",
        "CHECKPOINT",
        "COMMIT",
        "MATCH (e) RETURN e.id; COPY (MATCH (e) RETURN e.id) TO '{out}'",
        "BEGIN TRANSACTION",
        "EXPLAIN COPY (MATCH (e:Entity) RETURN e.id) TO '{out}'; MATCH (e) RETURN e",
    ],
)
def test_what_is_more_than_reading_is_refused(graph: EmbeddedGraph, tmp_path: Path, cypher: str) -> None:
    secret, out = tmp_path / "secret.csv", tmp_path / "out.csv"
    secret.write_text("a,b\n1,2\n")
    graph.put_nodes("Entity", entities("a"))
    with pytest.raises(QueryError):
        graph.query(cypher.replace("{csv}", str(secret)).replace("{out}", str(out)))
    assert not out.exists()
    assert ids_of(graph) == ["a"]


@pytest.mark.parametrize(
    "cypher",
    [
        "MATCH (e:Entity) WHERE e.name = 'LOAD FROM x; COPY' RETURN e.id",
        'RETURN "CALL threads = 1" AS text',
        "MATCH (load:Entity) RETURN load.id AS copy",
        "MATCH (e:Entity) // LOAD FROM 'x'\nRETURN e.id;",
        "CALL show_tables() RETURN name",
        "EXPLAIN MATCH (e:Entity) RETURN e",
        "WITH 1 AS x UNWIND [x, 2] AS y RETURN y UNION ALL RETURN 3 AS y",
        "OPTIONAL MATCH (e:Entity)-[:ABOUT* SHORTEST 1..3]->(f:Entity) RETURN count(f)",
        "MATCH (a:Entity), (c:Entity) WHERE EXISTS { MATCH (c)-[:ABOUT]->(a) } RETURN count(*)",
    ],
)
def test_reading_is_not_refused(graph: EmbeddedGraph, cypher: str) -> None:
    refuse_unless_about_the_graph(cypher, write=False)
    graph.query(cypher)


@pytest.mark.parametrize(
    "cypher",
    [
        "LOAD FROM secret RETURN *",
        "MATCH (e:Entity) LOAD FROM secret RETURN *",
        "COPY Entity FROM secret",
        "DROP TABLE ABOUT",
        "CALL threads = 1",
    ],
)
def test_a_write_too_is_about_the_graph(graph: EmbeddedGraph, cypher: str) -> None:
    secret = pa.table({"a": [1]})  # the engine would find it in this frame
    with pytest.raises(QueryError):
        graph.query(cypher, write=True)
    assert secret.num_rows == 1


def test_a_long_query_is_given_up(path: Path) -> None:
    graph = opened(path, settings=EmbeddedSettings(query_timeout_s=0.3))
    started = time.monotonic()
    with pytest.raises(QueryError, match=r"longer than 0\.3 seconds"):
        graph.query("UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN count(a + b)")
    assert time.monotonic() - started < 10
    assert graph.query("RETURN 1").rows == [(1,)]
    graph.close()


def test_the_parameters_of_a_write_are_values_of_json(graph: EmbeddedGraph) -> None:
    with pytest.raises(QueryError):
        graph.query("MATCH (e:Entity) SET e.name = $x", {"x": b"bytes"}, write=True)


def test_a_mistake_is_placed_in_the_query_as_it_was_written(graph: EmbeddedGraph) -> None:
    with pytest.raises(QueryError, match=r"line: 1, offset: 10"):
        graph.query("MATCH (e) RETRUN e")


# the ontology


def test_new_relation_types_get_their_table_at_the_next_prepare(path: Path, graph: EmbeddedGraph) -> None:
    graph.put_nodes("Entity", entities("a", "b"))
    graph.close()
    wider = AUDIO_ONTOLOGY.extended([], [RelationType("REMIX_OF", "REMIXED_AS")])
    again = EmbeddedGraph(path, wider)
    again.prepare()
    again.put_edges("REMIX_OF", relations(("a", "b")))
    assert again.edges("REMIX_OF").equals(relations(("a", "b")))
    again.close()


def test_a_relation_type_called_like_a_label_is_refused(path: Path) -> None:
    clash = AUDIO_ONTOLOGY.extended([], [RelationType("ENTITY", "ENTITY_OF")])
    with pytest.raises(OntologyError) as caught:
        EmbeddedGraph(path, clash).prepare()
    assert caught.value.name == "ENTITY"


# what the engine says


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("IO exception: Could not set lock on file : /x (Lock is held by PID 1)", StoreUnavailable),
        ("Buffer manager exception: Unable to allocate memory!", StoreUnavailable),
        ("Copy exception: Found duplicated primary key value a", StoreRejected),
        ("Binder exception: Table ABOUT does not exist.", StoreRejected),
        ("Runtime exception: something that nobody has seen", StoreRejected),
    ],
)
def test_sentences_of_the_engine(sentence: str, kind: type[StoreUnavailable]) -> None:
    error = store_error("embedded:x", sentence)
    assert type(error) is kind
    assert error.store == "embedded:x"


def test_without_tables_the_way_out_is_named(path: Path, graph: EmbeddedGraph) -> None:
    graph.close()
    wider = AUDIO_ONTOLOGY.extended([], [RelationType("REMIX_OF", "REMIXED_AS")])
    with pytest.raises(StoreRejected, match="prepare"):
        EmbeddedGraph(path, wider).edges("REMIX_OF")


# any sequence of changes

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
