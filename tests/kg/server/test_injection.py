"""A corpus of what attackers send, at every place where text goes in: none of it changes, reads or tells anything."""

import json
from typing import Any

import pytest

from tests.homes import digest
from tests.kg.server.served_home import API, Service

CORPUS = [
    "' OR 1=1 --",
    "'; DROP TABLE decisions; --",
    "' UNION SELECT body FROM documents --",
    "x'}) DETACH DELETE e //",
    "x'}) MATCH (n) DETACH DELETE n RETURN 1 //",
    "x\"}) SET e.name = 'owned' //",
    "Artist`) DETACH DELETE n //",
    "PERFORMED_BY]->(x) DETACH DELETE x //",
    "$id}) RETURN e UNION MATCH (n) RETURN n //",
    "\\'}) RETURN 1 //",
    "../../../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "/etc/passwd",
    "file:///etc/passwd",
    "C:\\windows\\win.ini",
    "keys.json",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{7*7}}${7*7}<%= 7*7 %>#{7*7}",
    "${jndi:ldap://127.0.0.1/a}",
    "%s%s%s%n%x",
    "a\r\nSet-Cookie: owned=1\r\n\r\n<html>",
    "a\x00b",
    "\u202eevil\u2066\ufeff",
    "A" * 999,
    "\U0010ffff\ud7ff\ue000",
    "__proto__",
    "0x7fffffffffffffff",
    "-1",
    "1e309",
    "NaN",
    "null",
    "[]",
    "{}",
    "*",
    "(((((((((((((((((((((((((((((((((a)+)+)+)+)+",
]
CYPHER = [
    "MATCH (n) DETACH DELETE n",
    "MATCH (n) SET n.name = 'owned' RETURN n",
    "CREATE (:Entity {id: 'owned'})",
    "MERGE (e:Entity {id: 'owned'}) RETURN e",
    "MATCH (e:Entity) REMOVE e.name RETURN e",
    "DROP TABLE Entity",
    "ALTER TABLE Entity ADD x STRING",
    "COPY Entity FROM '/etc/passwd'",
    "COPY (MATCH (e:Entity) RETURN e) TO '/tmp/owned.csv'",
    "LOAD FROM '/etc/passwd' RETURN *",
    "MATCH (e) LOAD FROM '/etc/passwd' RETURN *",
    "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "ATTACH '/etc/passwd' AS x (dbtype sqlite)",
    "INSTALL httpfs",
    "LOAD EXTENSION httpfs",
    "EXPORT DATABASE '/tmp/owned'",
    "IMPORT DATABASE '/tmp/owned'",
    "CALL threads=1",
    "CALL dbms.listConfig()",
    "CALL apoc.load.json('http://127.0.0.1')",
    "RETURN 1; MATCH (n) DETACH DELETE n",
    "EXPLAIN MATCH (n) DETACH DELETE n",
    "PROFILE MATCH (n) DETACH DELETE n",
    "/* x */ CREATE (:Entity {id: 'owned'})",
    "// x\nCREATE (:Entity {id: 'owned'})",
    "BEGIN TRANSACTION",
    "CREATE MACRO f(x) AS x",
    "USE x MATCH (n) RETURN n",
    "MATCH (n) CALL { WITH n DETACH DELETE n } RETURN 1",
    "MATCH (n) RETURN n \x00 DELETE n",
]
TEXT_OF_QUERIES = [
    "/entities?q={}",
    "/entities?q=x&type={}",
    "/entities?q=x&way={}",
    "/entity?id={}",
    "/entity/mentions?id={}",
    "/entity/mentions?id=bjork&after={}",
    "/entity/neighbourhood?id={}",
    "/entity/neighbours?id=bjork&relation={}",
    "/entity/neighbours?id=bjork&relation=PERFORMED_BY&direction={}",
    "/entity/neighbours?id=bjork&relation=PERFORMED_BY&after={}",
    "/paths?start={}&end=bjork",
    "/mention/why?mention={}",
    "/mention/why-not?mention=d1:0-5&entity={}",
    "/documents?after={}",
    "/document?id={}",
    "/document/mentions?id={}",
    "/runs/{}",
    "/runs?before={}",
    "/evaluations/{}",
    "/evaluations/all?compare={}",
    "/export/{}",
    "/export/graph?format={}",
    "/reconcile?queries={}",
    "/reconcile/suggest/entity?prefix={}",
    "/reconcile/suggest/type?prefix={}",
    "/reconcile/preview?id={}",
]
SECRET = ("root:x:0", "Traceback", "site-packages", "sqlite", "mentions.sqlite", "graph.lbug", "salt")


def check(answer: Any, service: Service) -> None:
    """Assert that an answer is no failure, tells nothing of the machine, and has no header of the attacker's."""
    assert answer.status_code < 500, answer.text
    for secret in (*SECRET, str(service.config.home)):
        assert secret.lower() not in answer.text.lower(), answer.text[:500]
    assert "set-cookie" not in answer.headers
    if answer.headers["content-type"].startswith("text/html"):
        assert "<script>" not in answer.text
        assert "<img" not in answer.text


@pytest.fixture
def unchanged(served: Service) -> Any:
    before = digest(served.config)
    yield
    assert digest(served.config) == before


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("path", TEXT_OF_QUERIES)
def test_in_paths_and_queries(served: Service, path: str) -> None:
    from urllib.parse import quote

    for text in CORPUS:
        check(served.client.get(API + path.format(quote(text, safe=""))), served)


@pytest.mark.usefixtures("unchanged")
def test_in_bodies(served: Service) -> None:
    editor = served.bearer("editor")
    for text in CORPUS:
        check(served.client.post(f"{API}/link", json={"texts": [{"text": text, "title": text}]}), served)
        given = {"text": text, "mentions": [{"start": 0, "end": 1, "type": text[:64]}]}
        check(served.client.post(f"{API}/link", json={"texts": [given]}), served)
        check(served.client.post(f"{API}/entities/search", json={"names": [text]}), served)
        asked = {"query": "MATCH (e:Entity {id: $x}) RETURN e.name", "parameters": {"x": text, text: text}}
        check(served.client.post(f"{API}/cypher", json=asked), served)
        queries = json.dumps({text: {"query": text, "type": text[:64]}})
        check(served.client.post(f"{API}/reconcile", data={"queries": queries}), served)
        verdict = {"verdicts": [{"mention": text, "entity": text}]}
        check(served.client.post(f"{API}/review/decisions", json=verdict, headers=editor), served)
        promoted = {"provisional_id": text, "name": text, "entity_id": text}
        check(served.client.post(f"{API}/entities/promote", json=promoted, headers=editor), served)
        check(
            served.client.post(
                f"{API}/entities/assign", json={"provisional_id": text, "entity_id": text}, headers=editor
            ),
            served,
        )


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("query", CYPHER)
def test_cypher_that_does_more_than_read(served: Service, query: str) -> None:
    answer = served.client.post(f"{API}/cypher", json={"query": query})
    check(answer, served)
    assert answer.status_code == 400


@pytest.mark.usefixtures("unchanged")
def test_in_headers(served: Service) -> None:
    for text in CORPUS:
        plain = text.replace("\r", "").replace("\n", "").replace("\x00", "").encode()
        headers = {b"Authorization": b"Bearer " + plain, b"X-Forwarded-For": plain, b"User-Agent": plain}
        check(served.client.get(f"{API}/review/queue", headers=headers), served)
        check(
            served.client.get("/health", headers={b"X-Forwarded-Host": plain, b"Origin": plain, b"Cookie": plain}),
            served,
        )
