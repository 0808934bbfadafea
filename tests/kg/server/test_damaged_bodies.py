"""A thousand damaged bodies for the operations that take one: each is answered, or refused by a named problem, whole.

KG_FUZZ_BODIES makes so many times as many, KG_FUZZ_SEED others.
"""

import json
import os
import random
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest

from kg.home import Home
from tests.homes import digest
from tests.hostile.mutations import mutated
from tests.hostile.samples import Sample
from tests.kg.server.served_home import API, Service

TIMES = int(os.environ.get("KG_FUZZ_BODIES", "1"))
SEED = os.environ.get("KG_FUZZ_SEED", "7")
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Operation:
    """What takes a body, a body that it takes, and how many damaged ones it is sent."""

    path: str
    body: dict[str, Any]
    bodies: int
    kind: str = JSON


READING = [
    Operation(
        "/link",
        {
            "texts": [
                {"text": "Björk met The Lanterns.", "title": "x", "mentions": [{"start": 0, "end": 5, "type": "band"}]},
                {"text": "Björk sang."},
            ],
            "candidates": 2,
        },
        190,
    ),
    Operation("/entities/search", {"names": ["Björk", "the lanterns"], "limit": 3}, 180),
    Operation("/graph/subgraph", {"ids": ["bjork", "twin-a", "twin-b"]}, 180),
    Operation("/cypher", {"query": "MATCH (e:Entity {id: $id}) RETURN e.name", "parameters": {"id": "bjork"}}, 140),
    Operation("/reconcile", {"q0": {"query": "Björk", "type": "artist", "limit": 3}, "q1": {"query": "x"}}, 180, FORM),
]
CHANGES = ("/review/decisions", "/entities/promote", "/entities/assign", "/runs/{run}/undo")


def changing(service: Service) -> list[Operation]:
    """Return the operations that change a home, with bodies that this one takes."""
    waiting = service.get("/review/queue")["mentions"][0]["mention_id"]
    with Home(service.config) as home:
        rows = [row for batch in home.mentions.decisions() for row in batch.to_pylist()]
        run = home.mentions.runs()[-1].run_id
    unknown = next(row["provisional_id"] for row in rows if row["decision"] == "nil")
    verdicts = [{"mention": waiting, "entity": "twin-b"}, {"mention": "d1:0-5", "entity": None}]
    promoted = {"provisional_id": unknown, "type": "artist", "name": "New", "entity_id": "new"}
    bodies: list[dict[str, Any]] = [{"verdicts": verdicts}, promoted, {"provisional_id": unknown, "entity_id": "bjork"}]
    paths = [path.format(run=run) for path in CHANGES]
    return [Operation(path, body, 40) for path, body in zip(paths, bodies, strict=False)] + [
        Operation(f"/runs/{run[:-1]}/undo", {"x": 1}, 10)
    ]


def damaged(operation: Operation, number: int) -> bytes:
    """Return a body that is not the operation's own any more."""
    whole = json.dumps(operation.body).encode()
    rng = random.Random(f"{operation.path}/{SEED}/{number}")
    sent = whole
    while sent == whole:
        sent = mutated(Sample(".json", whole, lambda _: (), tree=operation.body), rng)
    if operation.kind == JSON:
        return sent
    return urlencode({"queries": sent}).encode() if rng.random() < 0.8 else sent


def answered(service: Service, operation: Operation, sent: bytes) -> dict[str, Any] | None:
    """Return what a body was answered; None when it was refused by a named problem."""
    headers = {"Content-Type": operation.kind, **service.bearer("editor")}
    answer = service.client.post(API + operation.path, content=sent, headers=headers)
    shown = f"{operation.path} {sent[:300]!r}: {answer.status_code} {answer.text[:300]}"
    assert answer.status_code < 500, shown
    told: dict[str, Any] = answer.json()
    if answer.status_code == 200:
        return told
    assert answer.headers["content-type"] == "application/problem+json", shown
    assert told["type"].startswith("urn:kg:problem:"), shown
    assert told["status"] == answer.status_code, shown
    assert told.get("faults") or told.get("detail"), shown
    return None


@pytest.mark.parametrize("operation", READING, ids=[operation.path for operation in READING])
def test_what_is_asked_with_a_damaged_body_is_answered_or_refused(served: Service, operation: Operation) -> None:
    count = operation.bodies * TIMES
    refused = sum(answered(served, operation, damaged(operation, number)) is None for number in range(count))
    # neither so weak that all is understood, nor so strong that nothing is
    assert count // 20 < refused < count


@pytest.mark.slow
def test_a_damaged_body_changes_all_that_it_says_or_nothing(own: Service) -> None:
    before, refused, taken = digest(own.config), 0, 0
    for operation in changing(own):
        for number in range(operation.bodies * TIMES):
            sent = damaged(operation, number)
            done = answered(own, operation, sent)
            if done is None:
                refused += 1
                continue
            taken += 1
            if operation.path == "/review/decisions":
                mentions = {verdict["mention"] for verdict in json.loads(sent)["verdicts"]}
                assert done["links"] + done["nils"] == len(mentions), "verdicts are taken all or none"
            if done.get("run_id"):
                own.post(f"/runs/{done['run_id']}/undo", None, "editor")
    assert digest(own.config) == before, "what was taken is taken back, so that nothing is left but of a refused body"
    with Home(own.config) as home:
        assert {run.status for run in home.mentions.runs()} <= {"finished", "undone"}
    assert taken > 0
    assert refused > taken


def test_bodies_are_a_thousand(own: Service) -> None:
    assert sum(operation.bodies for operation in [*READING, *changing(own)]) == 1_000
    described = own.client.get(f"{API}/openapi.json").json()["paths"]
    with_body = {path.removeprefix(API) for path, found in described.items() if "requestBody" in found.get("post", {})}
    assert with_body == {operation.path for operation in READING} | set(CHANGES[:3])
