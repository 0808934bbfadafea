import os
import shutil
import signal
import threading
import time
from pathlib import Path

import pytest

from loaders.stores.graph.embedded import EmbeddedGraph
from loaders.stores.graph.embedded_errors import store_error
from loaders.stores.graph.embedded_file import EmbeddedSettings
from schemas.errors import OntologyError, QueryError, StoreRejected, StoreUnavailable
from schemas.ontology import AUDIO_ONTOLOGY, RelationType
from tests.loaders.stores.embedded_graphs import entities, ids_of, in_another_process, opened, relations

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
