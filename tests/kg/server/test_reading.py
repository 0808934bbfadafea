"""What the API answers when it is asked."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from kg.export import export
from kg.home import Home
from kg.search import search
from tests.kg.gold_home import TEXTS, place
from tests.kg.server.served_home import API, Service


def pages(ask: Callable[[str], dict[str, Any]], rows: str) -> list[list[Any]]:
    """Return the rows of all pages."""
    found, token = [], ""
    while True:
        page = ask(token)
        found.append(page[rows])
        token = page["next"]
        if not token:
            return found


def test_a_text_is_linked_as_the_command_links_it(served: Service) -> None:
    asked = {"texts": [{"text": TEXTS["d1"][1]}, {"text": "Nothing here."}], "candidates": 3}
    first, second = served.post("/link", asked)["results"]
    links = [(row["surface"], row["entity_id"]) for row in first if row["decision"] == "link"]
    assert links == [("Björk", "bjork"), ("Homogenic", "homogenic")]
    assert first[0]["candidates"][0]["name"] == "Björk"
    assert second == []


def test_given_mentions_are_linked_and_no_others(served: Service) -> None:
    given = [{"start": 11, "end": 20, "type": "album"}]
    text = TEXTS["d1"][1]
    answer = served.post("/link", {"texts": [{"text": text, "mentions": given}, {"text": text, "mentions": []}]})
    assert [[row["surface"] for row in rows] for rows in answer["results"]] == [["Homogenic"], []]


def test_a_mention_outside_its_text_is_refused(served: Service) -> None:
    asked = {"texts": [{"text": "Björk", "mentions": [{"start": 3, "end": 9}]}]}
    answer = served.client.post(f"{API}/link", json=asked)
    assert answer.status_code == 400
    assert "not inside its text" in answer.json()["detail"]


def test_texts_of_a_batch_are_decided_as_they_are_alone(served: Service) -> None:
    texts = [{"text": text * 30} for _, text in TEXTS.values()] * 40
    together = served.post("/link", {"texts": texts})["results"]
    alone = [served.post("/link", {"texts": [text]})["results"][0] for text in texts[:3]]
    assert together == alone * 40


@pytest.mark.parametrize(("way", "found"), [("exact", []), ("fuzzy", ["bjork"])])
def test_search_by_exact_name_and_by_names_alike(served: Service, way: str, found: list[str]) -> None:
    hits = served.get("/entities", q="Byork", way=way, limit=1)["results"]
    assert [hit["id"] for hit in hits] == found


def test_search_takes_types_and_many_names(served: Service) -> None:
    others = served.get("/entities", q="Homogenic", type="artist")["results"]
    assert all(hit["type"] == "artist" and hit["score"] < 0.5 for hit in others)
    assert served.get("/entities", q="Homogenic", type="record")["results"][0]["id"] == "homogenic"
    found = served.post("/entities/search", {"names": ["björk", "the lanterns"], "limit": 1})["results"]
    assert [[hit["name"] for hit in hits] for hits in found] == [["Björk"], ["The Lanterns"]]
    with Home(served.config) as home:
        assert found[0][0]["score"] == search(home, "björk", limit=1)[0].score


def test_vector_search_without_vectors_is_refused(served: Service) -> None:
    assert served.client.get(f"{API}/entities", params={"q": "x", "way": "vector"}).status_code == 400


def test_an_entity_has_its_records_with_provenance(served: Service) -> None:
    found = served.get("/entity", id="bjork")
    assert found["facts"]["name"] == "Björk"
    assert [(record["id"], record["source"]) for record in found["records"]] == [
        ("main:bjork", "main"),
        ("other:bj2", "other"),
    ]
    assert all(record["run_id"] for record in found["records"])
    assert served.get("/entity", id="other:bj2")["id"] == "bjork"


def test_mentions_come_page_by_page_in_order(served: Service) -> None:
    of_entity = pages(lambda t: served.get("/entity/mentions", id="homogenic", limit=1, after=t), "mentions")
    assert [[row["doc_id"] for row in page] for page in of_entity] == [["d1"], ["d2"]]
    whole = served.get("/document/mentions", id="d2")["mentions"]
    of_document = pages(lambda t: served.get("/document/mentions", id="d2", limit=2, after=t), "mentions")
    assert [row for page in of_document for row in page] == whole
    assert [len(page) for page in of_document] == [2, 1]
    of_home = pages(lambda t: served.get("/documents", limit=2, after=t), "documents")
    assert [[row["id"] for row in page] for page in of_home] == [["d1", "d2"], ["d3"]]


@pytest.mark.parametrize("token", ["x", "5b5d", "5b2261225d", "00" * 50, "5b22612c5d", "ff"])
@pytest.mark.parametrize("path", ["/documents?", "/entity/mentions?id=bjork&", "/document/mentions?id=d1&"])
def test_a_token_that_no_answer_gave_is_refused(served: Service, path: str, token: str) -> None:
    if path == "/documents?" and token == "5b2261225d":
        return  # that is the token of a document "a"
    answer = served.client.get(f"{API}{path}after={token}")
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:kg:problem:page-token"


def test_why_and_why_not(served: Service) -> None:
    mention = place("d1", "Björk")
    assert served.get("/mention/why", mention=mention)["candidates"][0]["entity_id"] == "bjork"
    assert served.get("/mention/why-not", mention=mention, entity="far")["verdict"]


def test_a_document_and_what_is_not_there(served: Service) -> None:
    assert served.get("/document", id="d1")["text"] == TEXTS["d1"][1]
    answer = served.client.get(f"{API}/document", params={"id": "d9"})
    assert (answer.status_code, answer.json()["detail"]) == (404, "document 'd9' does not exist")


def test_runs_and_counts(served: Service) -> None:
    newest = served.get("/runs", limit=1)
    assert newest["more"]
    run = newest["runs"][0]
    assert served.get(f"/runs/{run['run_id'][:10]}") == run
    older = served.get("/runs", before=run["sequence"])["runs"]
    assert [row["sequence"] for row in older] == list(range(run["sequence"] - 1, 0, -1))
    counts = served.get("/stats")
    assert counts["stored"]["documents"] == 3
    assert str(served.config.home) not in json.dumps(counts)


def test_evaluation_against_a_golden_set_of_the_home(served: Service) -> None:
    assert served.get("/evaluations") == {"golden_sets": ["all"]}
    found = served.get("/evaluations/all", spans="gold")
    assert found["measures"]["link_precision"] == 1.0
    page = served.client.get(f"{API}/evaluations/all/report")
    assert page.headers["content-type"].startswith("text/html")
    assert "script" not in page.headers["content-security-policy"]


@pytest.mark.parametrize(("what", "file_format"), [("graph", "jsonl"), ("decisions", "csv"), ("records", "jsonl")])
def test_an_export_has_the_bytes_of_the_command(served: Service, what: str, file_format: str) -> None:
    expected = io.BytesIO()
    with Home(served.config) as home:
        export(home, what, file_format, expected)
    answer = served.client.get(f"{API}/export/{what}", params={"format": file_format})
    assert answer.content == expected.getvalue()


def test_cypher_reads_rows_with_parameters(served: Service) -> None:
    asked = {"query": "MATCH (e:Entity) WHERE e.type = $t RETURN e.id ORDER BY e.id", "parameters": {"t": "artist"}}
    answer = served.post("/cypher", asked | {"limit": 2})
    assert answer == {"columns": ["e.id"], "rows": [["bjork"], ["far"]], "truncated": True}


def test_the_description_names_every_status_and_the_role(served: Service) -> None:
    described = served.get("/openapi.json")
    for path, operations in described["paths"].items():
        for operation in operations.values():
            statuses = operation["responses"].keys()
            assert path == "/health" or {"500", "503", "504"} <= statuses, path
            assert ("security" in operation) == ("403" in statuses), path
    assert described["components"]["securitySchemes"]["key"]["scheme"] == "bearer"


def test_reconciliation(served: Service) -> None:
    manifest = served.get("/reconcile")
    assert manifest["versions"] == ["0.2"]
    assert manifest["view"]["url"] == "http://localhost/api/v1/entity?id={{id}}"
    queries = {
        "q0": {"query": "Bjork", "type": "artist", "limit": 3},
        "q1": {"query": "The Lanterns", "properties": [{"pid": "year", "v": 1999}]},
        "q2": {"query": "Homogenic", "type": ["artist"]},
    }
    answer = served.client.post(f"{API}/reconcile", data={"queries": json.dumps(queries)})
    found = answer.json()
    assert answer.status_code == 200
    assert found == served.get("/reconcile", queries=json.dumps(queries))
    first = found["q0"]["result"][0]
    assert (first["id"], first["match"], first["score"]) == ("bjork", True, 100.0)
    assert [hit["match"] for hit in found["q1"]["result"][:2]] == [False, False]
    assert all(hit["id"] != "homogenic" for hit in found["q2"]["result"])
    assert served.get("/reconcile/suggest/entity", prefix="homo")["result"][0]["id"] == "homogenic"
    assert [row["id"] for row in served.get("/reconcile/suggest/type", prefix="alb")["result"]] == ["album"]
    assert "<h1>Björk</h1>" in served.client.get(f"{API}/reconcile/preview", params={"id": "bjork"}).text


@pytest.mark.parametrize("queries", ["", "[]", "{}", '{"q0": "Björk"}', '{"q0": {"query": ""}}', "{", "null"])
def test_bad_queries_of_a_reconciliation_are_refused(served: Service, queries: str) -> None:
    answer = served.client.post(f"{API}/reconcile", data={"queries": queries})
    assert answer.status_code in (400, 422)


def test_health_readiness_and_measures(served: Service) -> None:
    served.post("/link", {"texts": [{"text": TEXTS["d1"][1]}]})
    assert served.client.get("/health").json()["status"] == "ok"
    assert served.client.get("/ready").json()["index_version"]
    measures = served.client.get("/metrics").text
    assert 'kg_linked_mentions_total{decision="link"}' in measures
    assert 'kg_requests_total{method="GET",route="/health",status="200"}' in measures
