"""What the server refuses: too much, too often, too long, from elsewhere."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from kg.server.access import Rates
from kg.server.lanes import Lane
from kg.server.problems import ApiError
from tests.kg.server.served_home import API, Service, copied, service


@pytest.fixture(scope="module")
def narrow(gold_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    config = copied(gold_home, tmp_path_factory.mktemp("narrow") / "home")
    bounds = {"body_mb": 1, "query_rows": 3, "query_timeout_s": 1.5, "query_memory_mb": 700}
    with service(config, **bounds, origins=("https://kg.example.org",), hosts=("kg.example.org",)) as running:
        yield running


def problem(answer: Any) -> dict[str, Any]:
    """Return the problem that an answer is."""
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == answer.status_code
    assert {"type", "title", "status", "instance"} <= body.keys()
    return body


def test_a_body_that_is_too_large(narrow: Service) -> None:
    large = b'{"texts": [{"text": "' + b"x" * (2 << 20) + b'"}]}'
    headers = {"Content-Type": "application/json"}
    told = narrow.client.post(f"{API}/link", content=large, headers=headers)
    assert problem(told)["status"] == 413
    untold = narrow.client.post(f"{API}/link", content=iter([large[:1000], large[1000:]]), headers=headers)
    assert problem(untold)["status"] == 413
    assert narrow.client.get("/health").status_code == 200


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"texts": []}', b'{"texts": [{"text": 1}]}', b'{"texts": [{"text": "\\ud800"}]}']
)
def test_a_body_that_is_not_what_the_api_describes(narrow: Service, body: bytes) -> None:
    answer = narrow.client.post(f"{API}/link", content=body, headers={"Content-Type": "application/json"})
    assert problem(answer)["faults"]
    assert answer.status_code == 422


def test_a_body_nested_without_end(narrow: Service) -> None:
    body = b'{"query": "RETURN 1", "parameters": {"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}"
    answer = narrow.client.post(f"{API}/cypher", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)


def test_rows_of_a_query_are_bounded(narrow: Service) -> None:
    answer = narrow.post("/cypher", {"query": "UNWIND range(1, 100) AS x RETURN x", "limit": 50})
    assert (len(answer["rows"]), answer["truncated"]) == (3, True)


@pytest.mark.parametrize(
    "query",
    [
        "RETURN size(range(1, 400000000))",  # one expression that runs for half a minute
        "UNWIND range(1, 1000000000) AS x RETURN count(DISTINCT x)",
        "RETURN repeat('a', 1000000000)",
        "RETURN " + "[" * 1_500 + "]" * 1_500,  # the engine falls on its stack
    ],
)
def test_a_query_out_of_bounds_is_ended_and_the_next_is_answered(narrow: Service, query: str) -> None:
    answer = narrow.client.post(f"{API}/cypher", json={"query": query})
    assert problem(answer)["status"] == 400
    assert narrow.post("/cypher", {"query": "MATCH (d:Document) RETURN count(d)"})["rows"] == [[3]]


def test_hosts_and_origins(narrow: Service) -> None:
    for host in ("localhost:1", "127.0.0.1", "[::1]:80", "kg.example.org", "KG.example.org:443"):
        assert narrow.client.get("/health", headers={"Host": host}).status_code == 200, host
    for host in ("evil.example", "localhost.evil.example", "", "[::2]"):
        assert problem(narrow.client.get("/health", headers={"Host": host}))["status"] == 400, host
    allowed = narrow.client.get("/health", headers={"Origin": "https://kg.example.org"})
    assert allowed.headers["access-control-allow-origin"] == "https://kg.example.org"
    other = narrow.client.get("/health", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in other.headers


def test_no_origin_is_allowed_unless_it_is_named(served: Service) -> None:
    asked = {"Origin": "https://kg.example.org", "Access-Control-Request-Method": "POST"}
    answer = served.client.options(f"{API}/link", headers=asked)
    assert answer.status_code == 405
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("path", ["/health", "/nothing", f"{API}/entity?id=none", f"{API}/link", "/"])
def test_every_answer_has_the_security_headers(served: Service, path: str) -> None:
    headers = served.client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers


def test_who_asks_too_often_is_told_when_to_come_again(gold_home: Path, tmp_path: Path) -> None:
    with service(copied(gold_home, tmp_path / "home"), rate=0.01, burst=3) as running:
        answers = [running.client.get(f"{API}/review/queue") for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
        assert 60 < int(answers[-1].headers["retry-after"]) <= 101
        with_key = running.client.get(f"{API}/review/queue", headers=running.bearer("reader"))
        assert with_key.status_code == 200
        assert running.client.get("/health").status_code == 200


def test_a_bucket_fills_with_time_and_each_caller_has_one() -> None:
    rates = Rates(rate=2.0, burst=2)
    assert [rates.take("a", 0.0) for _ in range(3)] == [0.0, 0.0, 0.5]
    assert rates.take("b", 0.0) == 0.0
    assert rates.take("a", 0.5) == 0.0
    assert rates.take("a", 0.5) > 0.0


def test_a_lane_refuses_what_does_not_fit() -> None:
    async def story() -> None:
        lane = Lane("test", workers=1, waiting=1, seconds=60)
        release = threading.Event()
        fitting = [asyncio.create_task(lane.do(job)) for job in (release.wait, lambda: True)]
        await asyncio.sleep(0)  # both have asked, one after the other
        try:
            with pytest.raises(ApiError) as refused:
                await lane.do(lambda: True)
            assert (refused.value.status, lane.busy) == (503, 2)
        finally:
            release.set()
        assert await asyncio.gather(*fitting) == [True, True]
        lane.close()

    asyncio.run(story())


def test_a_lane_gives_up_what_is_late() -> None:
    async def story() -> None:
        lane = Lane("test", workers=1, waiting=1, seconds=1)
        release = threading.Event()
        running, waiting = (asyncio.create_task(lane.do(job)) for job in (release.wait, lambda: True))
        try:
            for late in (running, waiting):
                with pytest.raises(ApiError) as given_up:
                    await late
                assert given_up.value.status == 504
            # what has begun counts until it ends: the thread is not free before
            assert lane.busy == 1
        finally:
            release.set()
        assert await asyncio.wait_for(lane.do(lambda: "done"), 5) == "done"
        lane.close()

    asyncio.run(story())


def test_many_at_once_are_answered_alike(served: Service) -> None:
    expected = served.get("/entities", q="the lantern")
    answers: list[Any] = []

    def ask() -> None:
        for _ in range(15):
            answers.append(served.get("/entities", q="the lantern"))
            answers.append(served.get("/entity/mentions", id="bjork"))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert len(answers) == 180
    assert all(answer == expected for answer in answers if "results" in answer)
    assert len({len(answer["mentions"]) for answer in answers if "mentions" in answer}) == 1
