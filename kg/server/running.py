"""Runs the server on a socket until it is told to stop."""

import socket
from collections.abc import Callable

import uvicorn

from kg.config import Config
from kg.server.app import create_app
from schemas.errors import ConfigError

_GRACE_S = 10
_KEEP_ALIVE_S = 5


def serve(config: Config, tell: Callable[[str], None]) -> None:
    """Serve a home until the process is interrupted or terminated; `tell` hears the address once it answers.

    Raises ConfigError when the address cannot be taken, and what `create_app` raises.
    """
    listening = _socket(config.serve.host, config.serve.port)
    with listening:
        app = create_app(config)
        host, port = listening.getsockname()[:2]
        tell(f"http://{f'[{host}]' if ':' in host else host}:{port}")
        settings = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_keep_alive=_KEEP_ALIVE_S,
            timeout_graceful_shutdown=_GRACE_S,
            ws="none",
        )
        uvicorn.Server(settings).run(sockets=[listening])


def _socket(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        raise ConfigError(
            "serve.port", f"cannot listen at {host} port {port}: {error.strerror}; give another"
        ) from error
