"""How `kg serve` answers, and every bound that it keeps."""

from dataclasses import dataclass, fields

from schemas.errors import ConfigError

_AT_LEAST_ZERO = ("port", "rate", "waiting")


@dataclass(frozen=True, slots=True)
class ServeConfig:
    """Settings of the server; times in seconds.

    host, port:        where it listens; port 0 takes a free one.
    private:           whether reading needs a key too; changing always does.
    origins:           web origins whose pages may ask (CORS), such as https://kg.example.org; none by default.
    hosts:             names under which it may be asked, beside `host` and the loopback names; "*" for any.
    workers:           requests that are worked on at a time; waiting: those that may wait beside them.
    request_timeout_s: of a request; long_timeout_s: of an export, an evaluation, a change, or a batch of texts.
    query_timeout_s, query_rows, query_memory_mb: of a Cypher query that somebody writes.
    body_mb:           largest body of a request.
    rate, burst:       requests a second for each key, or each address without one, and how many at once; rate 0: any.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    private: bool = False
    origins: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    workers: int = 4
    waiting: int = 64
    request_timeout_s: float = 30.0
    long_timeout_s: float = 600.0
    query_timeout_s: float = 10.0
    query_rows: int = 10_000
    query_memory_mb: int = 2_048
    body_mb: int = 32
    rate: float = 100.0
    burst: int = 200

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool | str | tuple):
                continue
            if value < 0 or (not value and field.name not in _AT_LEAST_ZERO):
                least = "at least 0" if field.name in _AT_LEAST_ZERO else "above 0"
                raise ConfigError(f"serve.{field.name}", f"{value!r} is not {least}")
        if self.port > 65_535:
            raise ConfigError("serve.port", f"{self.port!r} is not a port; 0 to 65535")
        for origin in self.origins:
            if not origin.startswith(("http://", "https://")) or origin.endswith("/"):
                raise ConfigError("serve.origins", f"{origin!r} is not an origin, such as https://kg.example.org")
