"""Around every request: which host it names, how large its body is, which headers the answer has, how long it took."""

import time
from collections.abc import MutableMapping
from typing import Any

from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.serve_config import ServeConfig
from kg.server.metrics import Metrics
from kg.server.problems import ApiError, bug, log, problem_response

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_ANYWHERE = ("0.0.0.0", "::")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "interest-cohort=()",
    "Cache-Control": "no-store",
}
"""A header that an endpoint sets itself stays as it is."""


class Guards:
    """ASGI middleware that refuses what no endpoint should see."""

    def __init__(self, app: ASGIApp, *, config: ServeConfig, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._most = config.body_mb << 20
        self._hosts = None if "*" in config.hosts else _host_names(config)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        refused = self._refused(Headers(scope=scope))
        app = problem_response(refused) if refused else self._app
        try:
            await app(scope, _Body(receive, self._most), answer)
        except Exception as error:  # a bug: told to the log, not to the caller
            log.exception("%s %s", scope["method"], getattr(scope.get("route"), "path", "none"))
            if answer.started:
                raise
            await problem_response(bug(error))(scope, receive, answer)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            self._metrics.answered(_method(scope), route, answer.status, time.perf_counter() - answer.began)

    def _refused(self, headers: Headers) -> ApiError | None:
        host = (
            headers.get("host", "").rsplit(":", 1)[0] if not headers.get("host", "").endswith("]") else headers["host"]
        )
        if self._hosts is not None and host.lower() not in self._hosts:
            return ApiError(400, "host", "the server is not asked by this host name")
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            return ApiError(400, "content-length", "the content length is no number")
        return _too_large(self._most) if len(length) > 15 or int(length) > self._most else None


class _Body:
    """Receives a body up to its largest size."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._most = most
        self._size = 0

    async def __call__(self) -> MutableMapping[str, Any]:
        message = await self._receive()
        self._size += len(message.get("body", b""))
        if self._size > self._most:
            raise HTTPException(413, _too_large(self._most).detail)
        return message


class _Answer:
    """Sends an answer with the headers that every answer has."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 500
        self.started = False
        self.began = time.perf_counter()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)


def _host_names(config: ServeConfig) -> frozenset[str]:
    own = () if config.host in _ANYWHERE else (config.host,)
    return frozenset(name.lower() for name in (*LOOPBACK, *own, *config.hosts))


def _too_large(most: int) -> ApiError:
    return ApiError(413, "too-large", f"the body is larger than {most >> 20} MB")


def _method(scope: Scope) -> str:
    known = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    return scope["method"] if scope["method"] in known else "other"
