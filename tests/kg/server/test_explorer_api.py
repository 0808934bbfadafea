"""What the explorer asks beside the rest of the API: parts of the graph, timelines, drift, what the server is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.server import page
from tests.homes import digest
from tests.kg.gold_home import call, place, write_rows
from tests.kg.server.served_home import API, Service, copied, service

RELATIONS = [
    {"subject": "homogenic", "relation": "PERFORMED_BY", "object": "bjork"},
    {"subject": "twin-a", "relation": "INFLUENCED_BY", "object": "bjork"},
    {"subject": "twin-b", "relation": "INFLUENCED_BY", "object": "bjork"},
]


@pytest.fixture(scope="module")
def related(gold_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The home with relations between its entities, and with a dated document."""
    folder = tmp_path_factory.mktemp("related") / "home"
    config = copied(gold_home, folder)
    relations = write_rows(folder / "relations.jsonl", RELATIONS)
    catalog = str(folder / "catalog.jsonl")
    assert call(folder, "ingest", "catalog", catalog, "--source", "main", "--relations", str(relations)).exit_code == 0
    dated = [
        {"id": f"dated-{day}", "text": "Björk spoke again. Björk sang.", "published": f"2024-0{month}-{day:02}"}
        for month, day in ((1, 5), (1, 20), (3, 7))
    ]
    spans = [{"doc_id": row["id"], "start": start, "end": start + 5} for row in dated for start in (0, 19)]
    documents = write_rows(folder / "dated.jsonl", dated)
    given = write_rows(folder / "dated-spans.jsonl", spans)
    assert call(folder, "ingest", "documents", str(documents), "--mentions", str(given)).exit_code == 0
    assert call(folder, "resolve").exit_code == 0
    with service(config) as running:
        yield running


def test_a_subgraph_has_its_entities_and_all_edges_between_them(related: Service) -> None:
    told = related.post("/graph/subgraph", {"ids": ["homogenic", "bjork", "twin-a", "nobody"]})
    assert [entity["id"] for entity in told["entities"]] == ["bjork", "homogenic", "twin-a"]
    stated = [
        (edge["from_id"], edge["relation"], edge["to_id"]) for edge in told["edges"] if "source" in edge["properties"]
    ]
    assert stated == [("homogenic", "PERFORMED_BY", "bjork"), ("twin-a", "INFLUENCED_BY", "bjork")]
    bjork = told["entities"][0]
    rows = related.get("/entity/mentions", id="bjork")["mentions"]
    assert (bjork["mentions"], bjork["documents"]) == (len(rows), len({row["doc_id"] for row in rows}))
    assert told["complete"]


def test_a_subgraph_of_nothing_is_empty(related: Service) -> None:
    told = related.post("/graph/subgraph", {"ids": ["nobody"]})
    assert told == {"entities": [], "edges": [], "complete": True}
    assert related.post("/graph/subgraph", {"ids": []})["entities"] == []


def test_more_entities_than_are_drawn_are_refused(related: Service) -> None:
    answer = related.client.post(f"{API}/graph/subgraph", json={"ids": ["x"] * 5_001})
    assert answer.status_code == 422


def test_the_foremost_are_those_that_texts_speak_of(related: Service) -> None:
    first = related.get("/graph/foremost", limit=2)["entities"]
    everything = related.get("/graph/foremost", limit=100)["entities"]
    assert "bjork" in {entity["id"] for entity in first}
    least = min(entity["mentions"] for entity in first)
    others = {entity["id"]: entity for entity in everything if entity["id"] not in {e["id"] for e in first}}
    assert all(entity["mentions"] <= least for entity in others.values())
    assert others["far"]["mentions"] == 0  # the catalog's others fill up


def test_a_timeline_counts_by_date_and_tells_what_has_none(related: Service) -> None:
    told = related.get("/entity/timeline", id="bjork")
    assert (told["step"], told["undated"]) == ("day", 2)
    assert told["periods"] == [
        {"period": "2024-01-05", "documents": 1, "mentions": 2},
        {"period": "2024-01-20", "documents": 1, "mentions": 2},
        {"period": "2024-03-07", "documents": 1, "mentions": 2},
    ]


def test_relations_of_an_entity_are_bounded(related: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(related.get("/entity", id="bjork")["relations"]) == 3
    monkeypatch.setattr("kg.server.entities.MOST_RELATIONS", 1)
    assert len(related.get("/entity", id="bjork")["relations"]) == 2  # one of each kind


def test_drift_of_the_first_run_compares_with_nothing(served: Service) -> None:
    told = served.get("/drift")
    assert told["kind"] == "resolve"
    assert told["before"]["mentions"] == 0
    assert told["changed"] == told["now"]["mentions"] == sum(told["now"]["decisions"].values()) == 7
    assert sum(told["now"]["bins"]) == 7
    assert told["stability"] is None


def test_drift_tells_what_a_person_changed_and_what_undo_brought_back(own: Service) -> None:
    row = own.get("/review/queue")["mentions"][0]
    verdicts = [{"mention": row["mention_id"], "entity": "twin-b"}, {"mention": place("d1", "Björk"), "entity": None}]
    done = own.post("/review/decisions", {"verdicts": verdicts}, "reviewer")
    told = own.get("/drift")
    assert told["run_id"] == done["run_id"]
    assert told["changed"] == 2
    flows = [(flow["before"], flow["now"]) for flow in told["flows"]]
    assert flows == [("link", "nil"), ("review", "link")]
    assert told["stability"] > 0
    own.post(f"/review/decisions/{done['run_id']}/undo", None, "reviewer")
    assert own.get("/drift")["changed"] == 2  # the undo is the newest run, and took both back
    assert own.get("/drift", since=done["run_id"])["changed"] == 0


def test_drift_of_a_run_that_there_is_not(served: Service) -> None:
    assert served.client.get(f"{API}/drift", params={"since": "abcdef12"}).status_code == 404


def test_a_reviewer_takes_back_verdicts_and_no_other_run(own: Service) -> None:
    before = digest(own.config)
    row = own.get("/review/queue")["mentions"][0]
    verdict = {"verdicts": [{"mention": row["mention_id"], "entity": "twin-a"}]}
    run_id = own.post("/review/decisions", verdict, "reviewer")["run_id"]
    path = f"{API}/review/decisions/{run_id}/undo"
    assert own.client.post(path).status_code == 401
    assert own.client.post(path, headers=own.bearer("reader")).status_code == 403
    assert own.client.post(path, headers=own.bearer("reviewer")).json()["restored"] == 1
    assert own.client.post(path, headers=own.bearer("reviewer")).status_code == 409
    assert digest(own.config) == before
    resolved = next(run for run in own.get("/runs")["runs"] if run["kind"] == "resolve")["run_id"]
    other = own.client.post(f"{API}/review/decisions/{resolved}/undo", headers=own.bearer("editor"))
    assert other.status_code == 409
    assert digest(own.config) == before


def test_the_server_tells_its_types_and_the_role_of_a_key(served: Service) -> None:
    told = served.get("/about")
    assert {"name": "artist", "family": "agent"} in told["entity_types"]
    assert {"name": "PERFORMED_BY", "inverse": "PERFORMED"} in told["relation_types"]
    assert told["ways"] == ["exact", "fuzzy"]  # this home has no vectors
    assert told["role"] is None
    for role in ("reader", "reviewer", "editor"):
        answer = served.client.get(f"{API}/about", headers=served.bearer(role))
        assert answer.json()["role"] == role


def built(folder: Path) -> None:
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>explorer</title>", encoding="utf-8")
    (folder / "assets" / "index-1.js").write_text("export {};", encoding="utf-8")
    (folder / "assets" / "secret.txt").write_text("not for the page", encoding="utf-8")


def test_the_page_runs_its_own_files_only(served: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "FOLDER", tmp_path / "explorer")
    built(tmp_path / "explorer")
    shown = served.client.get("/")
    assert shown.text.endswith("explorer</title>")
    policy = dict(part.strip().split(" ", 1) for part in shown.headers["content-security-policy"].split(";"))
    assert policy["script-src"] == policy["style-src"] == policy["worker-src"] == policy["connect-src"] == "'self'"
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in shown.headers["content-security-policy"]
    file = served.client.get("/assets/index-1.js")
    assert file.headers["content-type"].startswith("text/javascript")
    assert "immutable" in file.headers["cache-control"]
    assert file.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "name", ["secret.txt", "none.js", "..%2Findex.html", "%2e%2e/page.py", "..", ".", "index-1.js%00", "assets"]
)
def test_nothing_else_is_sent(served: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(page, "FOLDER", tmp_path / "explorer")
    built(tmp_path / "explorer")
    answer: Any = served.client.get(f"/assets/{name}")
    assert answer.status_code == 404 or answer.text.endswith("explorer</title>")  # a client may resolve ".." itself


def test_where_it_was_not_built_the_page_says_what_to_do(
    served: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "FOLDER", tmp_path)
    shown = served.client.get("/")
    assert shown.status_code == 200
    assert "make explorer" in shown.text
    assert "openapi.json" in shown.text
    assert served.client.get("/assets/index-1.js").status_code == 404
