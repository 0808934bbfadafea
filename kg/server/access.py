"""Who asks: keys, roles, and how many requests each may send."""

import time
from collections import OrderedDict
from threading import Lock

from starlette.requests import Request

from kg.home import Home
from kg.keys import FILE, Key, Role, keys, match_key
from kg.server.problems import ApiError, busy

MOST_CALLERS = 10_000
_SCHEME = "bearer "


class Keys:
    """The keys of the home, read again when their file changes: a removed key is refused at once."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._read: tuple[tuple[int, int, int] | None, list[Key]] = (None, [])

    def match(self, given: str) -> Key | None:
        """Return the key that was given, or None."""
        try:
            found = (self._home.config.home / FILE).stat()
        except FileNotFoundError:
            return None
        stamp = (found.st_ino, found.st_mtime_ns, found.st_size)
        if self._read[0] != stamp:
            self._read = (stamp, keys(self._home))
        return match_key(self._read[1], given)


class Rates:
    """A bucket of tokens for each caller, filled `rate` times a second up to `burst`; rate 0 refuses nobody."""

    def __init__(self, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = burst
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, caller: str, now: float | None = None) -> float:
        """Take a token; returns 0.0, or after how many seconds there is one. now: seconds of any clock."""
        if not self._rate:
            return 0.0
        now = time.monotonic() if now is None else now
        with self._lock:
            tokens, then = self._buckets.pop(caller, (float(self._burst), now))
            tokens = min(self._burst, tokens + (now - then) * self._rate)
            enough = tokens >= 1.0
            self._buckets[caller] = (tokens - 1.0 if enough else tokens, now)
            if len(self._buckets) > MOST_CALLERS:
                self._buckets.popitem(last=False)
        return 0.0 if enough else (1.0 - tokens) / self._rate


class Gate:
    """Lets a request through when its caller may do what it asks; private: reading needs a key too."""

    def __init__(self, known: Keys, rates: Rates, *, private: bool) -> None:
        self._keys = known
        self._rates = rates
        self.private = private

    def admit(self, request: Request, role: Role) -> None:
        """Raise ApiError: 401 without a right key, 403 when its role is not enough, 429 when it asks too often."""
        given = request.headers.get("authorization")
        key = self._key(given) if given is not None else None
        address = request.client.host if request.client else "unknown"
        wait = self._rates.take(f"key {key.id}" if key else f"address {address}")
        if wait:
            raise busy("too many requests", status=429, name="rate", after_s=int(wait) + 1)
        if given is not None and key is None:
            raise _unauthorized("the key is not one of this server")
        if key is None and (self.private or role != "reader"):
            raise _unauthorized(f"this needs a key with the role {role}")
        if key is not None and not key.may(role):
            raise ApiError(403, "role", f"the key has the role {key.role}; this needs {role}")

    def role(self, request: Request) -> Role | None:
        """Return the role of the key that comes with a request, None without a right key."""
        key = self._key(request.headers.get("authorization", ""))
        return key.role if key else None

    def _key(self, given: str) -> Key | None:
        if given[: len(_SCHEME)].lower() != _SCHEME:
            return None
        return self._keys.match(given[len(_SCHEME) :].strip())


def _unauthorized(detail: str) -> ApiError:
    return ApiError(401, "key", detail, headers={"WWW-Authenticate": 'Bearer realm="kg"'})
