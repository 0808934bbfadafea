"""What the explorer draws and counts is the same on both homes."""

import json

from kg.config import Config
from kg.decide import Verdict, decide, take_back
from kg.drift import drift
from kg.home import Home
from kg.ingest import DocumentInput, ingest_documents
from kg.resolve import resolve
from kg.subgraph import foremost, subgraph
from kg.timeline import timeline
from tests.homes import fill, ingest_world
from tests.small_world import SmallWorld


def test_a_part_of_the_graph(config: Config, world: SmallWorld) -> None:
    fill(config, world)
    with Home(config) as home:
        ids = foremost(home, limit=8)
        told = subgraph(home, [*ids, "a3", "b2", "b2", "nobody"])
        whole = subgraph(home, foremost(home, limit=5_000))
    known = {entity["id"]: entity for entity in told.entities}
    assert list(known) == sorted({*ids, "a3", "b2"})
    assert known["a3"]["mentions"] >= known["a3"]["documents"] >= 1
    stated = [edge for edge in told.edges if edge["relation"] == "PERFORMED_BY"]
    assert {"relation": "PERFORMED_BY", "from_id": "b2", "to_id": "a3", "properties": {"source": "other"}} in stated
    assert all(edge["from_id"] in known and edge["to_id"] in known for edge in told.edges)
    assert told.complete
    assert whole.complete
    spoken = [entity["mentions"] for entity in sorted(whole.entities, key=lambda e: -e["mentions"])][:8]
    assert sorted((known[entity_id]["mentions"] for entity_id in ids), reverse=True) == spoken


def test_mentions_over_time(config: Config, world: SmallWorld) -> None:
    rows = [
        {"id": f"dated-{number}", "text": "Björk sang. Then Björk spoke.", "published": published}
        for number, published in enumerate(["2021-05-01", "2021-05-30T10:00:00Z", "2023-02-03", ""])
    ]
    (world.documents / "dated.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    fill(config, world)
    with Home(config) as home:
        told = timeline(home, "a3")
        undated = timeline(home, "p1")
    assert [(period.period, period.documents) for period in told.periods] == [
        ("2021-05-01", 1),
        ("2021-05-30", 1),
        ("2023-02-03", 1),
    ]
    assert all(period.mentions == 2 for period in told.periods)
    assert (told.step, told.undated > 2) == ("day", True)
    assert undated.periods == []


def test_what_a_run_changed(config: Config, world: SmallWorld) -> None:
    with Home(config) as home:
        assert drift(home).run_id == ""
        ingest_world(home, world)
        first = resolve(home)
        told = drift(home)
        assert (told.run_id, told.before.mentions) == (first.run_id, 0)
        assert told.changed == told.now.mentions == sum(told.now.bins)
        (world.documents / "more.txt").write_text("Björk came back with Prince.", encoding="utf-8")
        ingest_documents(home, DocumentInput([str(world.documents / "more.txt")]))
        resolve(home)
        more = drift(home)
        assert (more.before.mentions, more.changed) == (told.now.mentions, more.now.mentions - told.now.mentions)
        assert {flow["before"] for flow in more.flows} == {""}
        mention = next(
            row for batch in home.mentions.decisions() for row in batch.to_pylist() if row["decision"] == "link"
        )
        decided = decide(home, [Verdict(mention["mention_id"], None)])
        after = drift(home)
        assert after.flows == [{"before": "link", "now": "nil", "mentions": 1}]
        take_back(home, decided.run_id)
        assert drift(home, decided.run_id).changed == 0
