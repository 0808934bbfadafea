"""The server: one app that serves one home."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.middleware.cors import CORSMiddleware

from kg.config import Config
from kg.server import (
    canvas,
    changes,
    documents,
    entities,
    exports,
    graph,
    linking,
    mentions,
    page,
    problems,
    reconcile,
    runs,
    status,
    tracing,
)
from kg.server.contract import KEY_SCHEME, PREFIX
from kg.server.desk import Desk
from kg.server.guards import Guards
from kg.version import VERSION

GROUPS = (linking, entities, graph, canvas, mentions, changes, documents, runs, tracing, exports, reconcile)
_OPEN = ("/health", "/ready")


def create_app(config: Config) -> FastAPI:
    """Return the ASGI app that serves a home; opens its stores, index and models, and closes them at shutdown.

    Raises ConfigError when the home is not there, StoreError, ModelError.
    """
    desk = Desk(config)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await asyncio.to_thread(desk.close)

    app = FastAPI(
        title="kg",
        version=VERSION,
        summary="Entities of an audio catalog, and the texts that mention them.",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.desk = desk
    api = APIRouter(prefix=PREFIX)
    for group in GROUPS:
        api.include_router(group.router)
    app.include_router(api)
    app.include_router(status.router)
    app.include_router(page.router)
    problems.install(app)
    if config.serve.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=config.serve.origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type"],
        )
    app.add_middleware(Guards, config=config.serve, metrics=desk.metrics)
    app.openapi = lambda: _described(app, private=config.serve.private)  # type: ignore[method-assign]
    return app


def _described(app: FastAPI, *, private: bool) -> dict[str, Any]:
    """Return the OpenAPI description: as FastAPI makes it, with problems and keys."""
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
        problem = problems.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        made["components"]["schemas"] |= {**problem.pop("$defs"), "Problem": problem}
        key = {"type": "http", "scheme": "bearer", "description": "made by `kg keys add`"}
        made["components"]["securitySchemes"] = {KEY_SCHEME: key}
        if private:
            for path, operations in made["paths"].items():
                for operation in () if path in _OPEN else operations.values():
                    operation["security"] = [{KEY_SCHEME: []}]
        app.openapi_schema = made
    return app.openapi_schema
