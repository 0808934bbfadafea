"""What the API changes, who may, and that requests see it at once."""

import time
from pathlib import Path

import pytest

from kg.home import Home
from kg.ingest import CatalogInput, ingest_catalog
from kg.keys import remove_key
from kg.resolve import resolve
from tests.homes import digest
from tests.kg.gold_home import place, write_rows
from tests.kg.server.served_home import API, Service, copied, service

WRITES = [
    ("reviewer", "/review/decisions", {"verdicts": [{"mention": "d1:0-5", "entity": None}]}),
    ("editor", "/entities/promote", {"provisional_id": "nil/0"}),
    ("editor", "/entities/assign", {"provisional_id": "nil/0", "entity_id": "bjork"}),
    ("editor", "/runs/abcdef/undo", None),
]


@pytest.mark.parametrize(("role", "path", "body"), WRITES)
def test_a_change_needs_a_key_of_the_right_role(served: Service, role: str, path: str, body: object) -> None:
    before = digest(served.config)
    url = API + path
    assert served.client.post(url, json=body).status_code == 401
    for wrong in (
        "Bearer ",
        "Bearer x",
        f"Basic {served.keys['editor']}",
        f"Bearer {served.keys['editor'][:-1]}!",
        "Bearer ü",
    ):
        answer = served.client.post(url, json=body, headers={b"Authorization": wrong.encode()})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert served.client.post(url, json=body, headers=served.bearer("reader")).status_code == 403
    if role == "editor":
        assert served.client.post(url, json=body, headers=served.bearer("reviewer")).status_code == 403
    assert digest(served.config) == before


def test_a_removed_key_is_refused_at_once(own: Service) -> None:
    asked = {"provisional_id": "nil/none", "dry_run": True}
    assert own.client.post(f"{API}/entities/promote", json=asked, headers=own.bearer("editor")).status_code == 404
    with Home(own.config) as home:
        remove_key(home, "test editor")
    assert own.client.post(f"{API}/entities/promote", json=asked, headers=own.bearer("editor")).status_code == 401


def test_review_decides_is_seen_at_once_stands_and_is_taken_back(own: Service) -> None:
    before = digest(own.config)
    queue = own.get("/review/queue")["mentions"]
    assert [row["surface"] for row in queue] == ["The Lanterns"]
    assert {candidate["entity_id"] for candidate in queue[0]["candidates"]} == {"twin-a", "twin-b"}
    verdicts = [{"mention": queue[0]["mention_id"], "entity": "twin-b"}, {"mention": "d1:0-5", "entity": None}]
    done = own.post("/review/decisions", {"verdicts": verdicts}, "reviewer")
    assert (done["links"], done["nils"]) == (1, 1)
    assert own.get("/review/queue")["mentions"] == []
    assert [row["doc_id"] for row in own.get("/entity/mentions", id="twin-b")["mentions"]] == ["d2"]
    assert own.get("/mention/why", mention="d1:0-5")["decision"]["decided_by"] == "person"
    asked = {"query": "MATCH (:Document)-[m:MENTIONS]->(e:Entity {id: 'twin-b'}) RETURN m.count"}
    assert own.post("/cypher", asked)["rows"] == [[1]]
    with Home(own.config) as home:
        resolve(home)
    assert own.get("/mention/why", mention=place("d2", "The Lanterns"))["decision"]["entity_id"] == "twin-b"
    own.post(f"/runs/{done['run_id']}/undo", None, "editor")
    assert digest(own.config) == before


@pytest.mark.parametrize(
    ("verdict", "status"),
    [
        ({"mention": "d1:0-4", "entity": "bjork"}, 404),
        ({"mention": "d1:0-5", "entity": "nobody at all"}, 404),
        ({"mention": "d1:0-5", "entity": "Zyqqwv Quorl"}, 404),
    ],
)
def test_verdicts_are_taken_all_or_none(served: Service, verdict: dict[str, str], status: int) -> None:
    before = digest(served.config)
    asked = {"verdicts": [{"mention": "d1:0-5", "entity": None}, verdict]}
    answer = served.client.post(f"{API}/review/decisions", json=asked, headers=served.bearer("reviewer"))
    assert answer.status_code == status
    assert digest(served.config) == before


def test_a_promoted_entity_is_found_at_once(own: Service) -> None:
    assert own.get("/entities", q="Zyqqwv Quorl", way="exact")["results"] == []
    asked = {"provisional_id": "Zyqqwv Quorl", "type": "artist", "entity_id": "quorl"}
    assert own.post("/entities/promote", asked | {"dry_run": True}, "editor")["run_id"] == ""
    done = own.post("/entities/promote", asked, "editor")
    assert (done["mentions"], done["documents"]) == (2, 2)
    assert own.get("/entities", q="Zyqqwv Quorl", way="exact")["results"][0]["id"] == "quorl"
    linked = own.post("/link", {"texts": [{"text": "Zyqqwv Quorl sings."}]})
    assert linked["results"][0][0]["entity_id"] == "quorl"
    taken = own.client.post(f"{API}/entities/promote", json=asked, headers=own.bearer("editor"))
    assert taken.status_code == 404
    run = own.client.post(f"{API}/runs/{done['run_id']}/undo", headers=own.bearer("editor"))
    assert run.json()["restored"] == 2
    again = own.client.post(f"{API}/runs/{done['run_id']}/undo", headers=own.bearer("editor"))
    assert again.status_code == 409


def test_an_unknown_thing_is_given_to_an_entity(own: Service) -> None:
    asked = {"provisional_id": "Zyqqwv Quorl", "entity_id": "far"}
    assert own.post("/entities/assign", asked, "editor")["entity_id"] == "far"
    assert own.get("/entities", q="Zyqqwv Quorl", way="exact")["results"][0]["id"] == "far"


def test_an_index_that_another_process_made_is_taken_into_service(own: Service, tmp_path: Path) -> None:
    file = write_rows(tmp_path / "more.jsonl", [{"id": "new", "name": "Quiet Machines", "type": "artist"}])
    with Home(own.config) as home:
        ingest_catalog(home, CatalogInput([str(file)], (), "more"))
    until = time.monotonic() + 60  # a model is opened beside the requests
    while not own.get("/entities", q="Quiet Machines", way="exact")["results"] and time.monotonic() < until:
        time.sleep(0.05)
    assert own.get("/entities", q="Quiet Machines", way="exact")["results"][0]["id"] == "new"
    assert own.get("/entity", id="new")["id"] == "new"


def test_a_private_server_needs_a_key_for_everything_but_health(gold_home: Path, tmp_path: Path) -> None:
    with service(copied(gold_home, tmp_path / "home"), private=True) as running:
        for path in (f"{API}/entities?q=x", f"{API}/export/graph", f"{API}/reconcile", "/metrics"):
            assert running.client.get(path).status_code == 401
            assert running.client.get(path, headers=running.bearer("reader")).status_code == 200
        assert running.client.get("/health").status_code == running.client.get("/ready").status_code == 200
        described = running.client.get(f"{API}/openapi.json").json()
        assert "security" in described["paths"][f"{API}/entities"]["get"]
