"""The API against its own description: no 5xx, no status or body that is not described, on both homes.

KG_FUZZ_CASES   how many are generated for each operation and home; 250 make about 10,000 on one home
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.home import Home
from kg.keys import add_key
from kg.server import create_app
from tests.homes import embedded, fill, on_servers
from tests.kg.server.served_home import API
from tests.small_world import write_small_world

CASES = int(os.environ.get("KG_FUZZ_CASES", "4"))

SETTINGS = settings(max_examples=CASES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
# a run, a mention or a query that the description allows need not be there or be right: 400 and 404 are answers too
NOT_ASKED = [positive_data_acceptance]


def unending(app: ASGIApp) -> ASGIApp:
    """Return an app that stays open: schemathesis begins and ends it with each request."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        for event in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{event}.complete"})

    return served


@pytest.fixture(scope="module", params=["embedded", pytest.param("servers", marks=pytest.mark.servers)])
def api_schema(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("fuzz")
    if request.param == "embedded":
        config = embedded(folder)
    else:
        graph = request.getfixturevalue("neo4j_server").url
        mentions = request.getfixturevalue("cassandra_server").url
        config = on_servers(folder, graph, f"{mentions}/kg_fuzz")
    fill(config, write_small_world(folder / "files"))
    config = replace(
        config, serve=replace(config.serve, rate=0.0, hosts=("*",), query_timeout_s=60.0, request_timeout_s=600.0)
    )
    with Home(config) as home:
        key = add_key(home, "fuzz", "editor")[1]
    app = create_app(config)
    schema = schemathesis.openapi.from_asgi(f"{API}/openapi.json", unending(app))
    schema.config.update(headers={"Authorization": f"Bearer {key}"})
    yield schema
    app.state.desk.close()


def test_every_operation_answers_as_it_is_described(api_schema: Any) -> None:
    operations = [found.ok() for found in api_schema.get_all_operations()]
    assert len(operations) > 30
    for operation in operations:

        @SETTINGS
        @given(case=operation.as_strategy())
        def answers_as_described(case: Any) -> None:
            case.call_and_validate(excluded_checks=NOT_ASKED)

        answers_as_described()
