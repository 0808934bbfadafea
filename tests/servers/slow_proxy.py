"""A proxy of TCP that makes a server slow: every chunk is late, and few bytes pass in a second."""

import socket
import threading
import time
from contextlib import suppress

from tests.servers.ports import HOST

CHUNK = 16_384


class SlowProxy:
    """Passes connections on to a port of this machine while it is open; use it as a context manager.

    latency_s:   how late a chunk of bytes arrives, in each direction.
    bytes_per_s: how many bytes of one connection pass in a second, in each direction; None for no limit.
    host:        the address that it listens at; the port is the target's when the host differs from the target's.
    """

    def __init__(
        self, target: int, *, latency_s: float = 0.0, bytes_per_s: int | None = None, host: str = HOST
    ) -> None:
        self._target, self._latency_s, self._bytes_per_s = target, latency_s, bytes_per_s
        self._listening = socket.create_server((host, target if host != HOST else 0))
        self._open: list[socket.socket] = []
        self._passed = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        """The port that it listens at."""
        return int(self._listening.getsockname()[1])

    @property
    def passed(self) -> int:
        """How many bytes have passed."""
        return self._passed

    def __enter__(self) -> "SlowProxy":
        return self

    def __exit__(self, *_: object) -> None:
        for each in [self._listening, *self._open]:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
                server = socket.create_connection((HOST, self._target))
            except OSError:
                return
            self._open += [client, server]
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._pass, args=(source, sink), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while chunk := source.recv(CHUNK):
                time.sleep(self._latency_s + (len(chunk) / self._bytes_per_s if self._bytes_per_s else 0.0))
                sink.sendall(chunk)
                self._passed += len(chunk)
        for each in (source, sink):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
