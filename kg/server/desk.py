"""The desk: what every endpoint asks, one object for each running server."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request

from kg.config import Config
from kg.home import Home
from kg.server.access import Gate, Keys, Rates
from kg.server.lanes import Lane
from kg.server.metrics import Metrics
from kg.server.served import Served, guarded_graph
from kg.store_config import StoresConfig
from schemas.protocols import QueryResult

Made = TypeVar("Made")


class Desk:
    """The served home with its lanes, keys and measures; opens all. Raises ConfigError, StoreError, ModelError."""

    def __init__(self, config: Config) -> None:
        serve = config.serve
        bounded = replace(config.neo4j, query_timeout_s=min(config.neo4j.query_timeout_s, serve.query_timeout_s))
        # a client is told at once that a store is away, and asks again by itself
        self.config = replace(config, neo4j=bounded, stores=StoresConfig(patience_s=0))
        self.served = Served(self.config)
        self.metrics = Metrics()
        self.gate = Gate(Keys(Home(config)), Rates(serve.rate, serve.burst), private=serve.private)
        bounds = {"waiting": serve.waiting}
        self._reading = Lane("reading", workers=serve.workers, seconds=serve.request_timeout_s, **bounds)
        self._long = Lane("long", workers=1, seconds=serve.long_timeout_s, **bounds)
        self._changing = Lane("changing", workers=1, seconds=serve.long_timeout_s, **bounds)
        self._renewal: asyncio.Task[None] | None = None
        self._guarded = guarded_graph(self.config)

    async def read(self, job: Callable[[Home], Made]) -> Made:
        """Run a job that reads."""
        self._look_for_index()
        return await self._reading.do(lambda: self._read(job))

    async def read_with_models(self, job: Callable[[Home], Made]) -> Made:
        """Run a job that extracts or encodes: one at a time."""
        self._look_for_index()
        return await self._reading.do(lambda: self._read_with_models(job))

    async def read_long(self, job: Callable[[Home], Made]) -> Made:
        """Run a job that reads for a long time, beside the others."""
        return await self._long.do(lambda: self._read(job))

    async def change(self, job: Callable[[Home], Made]) -> Made:
        """Run a job that changes the home: one at a time."""
        return await self._changing.do(lambda: self._change(job))

    async def cypher(self, query: str, parameters: dict[str, Any], limit: int) -> QueryResult:
        """Run a query that somebody wrote, within the bounds."""
        guarded = self._guarded
        if guarded is not None:
            return await self._reading.do(lambda: guarded.query(query, parameters, limit=limit))
        return await self.read(lambda home: home.graph.query(query, parameters, limit=limit))

    def measure(self) -> bytes:
        """Return the measures as Prometheus reads them."""
        for lane in (self._reading, self._long, self._changing):
            self.metrics.busy.labels(lane.name).set(lane.busy)
        self.metrics.index.clear()
        if self.served.index_version:
            self.metrics.index.labels(self.served.index_version[:12]).set(self.served.index_size)
        return self.metrics.text()

    def close(self) -> None:
        """Wait for what runs and release everything."""
        for lane in (self._reading, self._long, self._changing):
            lane.close()
        if self._guarded is not None:
            self._guarded.close()
        self.served.close()

    def _read(self, job: Callable[[Home], Made]) -> Made:
        with self.served.reading() as home:
            return job(home)

    def _read_with_models(self, job: Callable[[Home], Made]) -> Made:
        with self.served.models, self.served.reading() as home:
            return job(home)

    def _change(self, job: Callable[[Home], Made]) -> Made:
        with self.served.changing() as home:
            return job(home)

    def _look_for_index(self) -> None:
        """Begin to open an index that another process has made; requests go on with the former until then."""
        if self.served.outdated and (self._renewal is None or self._renewal.done()):
            self._renewal = asyncio.create_task(self._long.do(self.served.renew))


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


AskedDesk = Annotated[Desk, Depends(_desk)]
