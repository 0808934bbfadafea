"""The right to write to a keyspace: one process alone, or several that share; given for seconds and kept alive.

It stands in one row, which only conditional statements touch; the nodes forget its holder when its time is over, by
their own clock. The row keeps who wrote alone last, and a timestamp that is later than all that were written.
"""

import threading
import time
from contextlib import suppress
from typing import NamedTuple

from loaders.stores.mentions.cassandra_session import CassandraSession
from schemas.errors import StoreHeld, StoreRejected, StoreUnavailable
from schemas.writer import Writer

LEASE_S = 30
RENEW_S = 8.0
_AHEAD_US = 2 * LEASE_S * 1_000_000

_HERE = "WHERE name = 'home'"
_FREE = "owner = null AND shared = null"
_BEGIN = "INSERT INTO writers (name, last, stamp) VALUES ('home', '', 0) IF NOT EXISTS"
_SEEN = f"SELECT owner, told, shared, last, stamp FROM writers {_HERE}"
_TAKE = f"UPDATE writers USING TTL {LEASE_S} SET owner = ?, told = ? {_HERE} IF"
_JOIN = f"UPDATE writers USING TTL {LEASE_S} SET shared[?] = ? {_HERE} IF owner = null"


class _Seen(NamedTuple):
    owner: str | None
    told: str | None
    shared: dict[str, str] | None
    last: str
    stamp: int


class Lease:
    """The right of one writer to write to a keyspace.

    shared:   beside others that share; then no writer is alone, and while one is alone nobody shares.
    behind_s: by how many seconds this machine's clock is behind that of who wrote before, as far as that is certain.
    """

    def __init__(self, session: CassandraSession, writer: Writer, *, shared: bool) -> None:
        self._db, self._writer, self._shared = session, writer, shared
        self._key = f"{writer.place}|{writer.id}"
        self._guard = threading.Lock()
        self._valid_until = 0.0
        self._last = ""
        self.behind_s = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep_alive, name="kg-lease", daemon=True)

    def take(self) -> None:
        """Take it; raises StoreHeld, which says who holds it."""
        began = time.monotonic()
        self._db.swap(_BEGIN)
        seen = self._see()
        self._last = seen.last
        if not (self._join() if self._shared else self._take(seen)):
            raise StoreHeld(self._db.url, self._refusal())
        self.behind_s = max(0.0, self._db.stamps.begin_after(self._see().stamp) - 2 * LEASE_S)
        self._note()
        self._valid_until = began + LEASE_S
        self._thread.start()

    def check(self) -> None:
        """Return while it is held; raises StoreRejected when another wrote because this one was silent too long."""
        if time.monotonic() >= self._valid_until:
            self._renew()

    def give_back(self) -> None:
        """Let others write; a store that does not answer forgets it by itself."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()
        with suppress(StoreUnavailable):
            if self._shared:
                self._db.swap(f"DELETE shared[?] FROM writers {_HERE} IF EXISTS", (self._key,))
            else:
                newest = self._db.stamps.newest
                self._db.swap(f"UPDATE writers SET stamp = ? {_HERE} IF owner = ?", (newest, self._key))
                self._db.swap(f"DELETE owner, told FROM writers {_HERE} IF owner = ?", (self._key,))

    def _see(self) -> _Seen:
        row = self._db.newest(_SEEN)
        return _Seen(*row) if row else _Seen(None, None, None, "", 0)

    def _take(self, seen: _Seen) -> bool:
        place = f"{self._writer.place}|"
        own = (self._key, self._writer.told)
        # whoever held it from this folder, whose lock we hold, was killed
        for key in seen.shared or {}:
            if key.startswith(place):
                self._db.swap(f"DELETE shared[?] FROM writers {_HERE} IF EXISTS", (key,))
        if seen.owner and seen.owner.startswith(place):
            taken = self._db.swap(f"{_TAKE} owner = ? AND shared = null", (*own, seen.owner))
        else:
            taken = self._db.swap(f"{_TAKE} {_FREE}", own)
        return taken or self._see().owner == self._key

    def _join(self) -> bool:
        return self._db.swap(_JOIN, (self._key, self._writer.told))

    def _note(self) -> None:
        """Note who writes, and a timestamp that none of its writes reaches while the lease is valid."""
        ahead = self._db.stamps.newest + _AHEAD_US
        if self._shared:
            self._db.swap(f"UPDATE writers SET stamp = ? {_HERE} IF stamp < ?", (ahead, ahead))
        else:
            self._last = self._key
            noted = (self._key, ahead, self._key)
            self._db.swap(f"UPDATE writers SET last = ?, stamp = ? {_HERE} IF owner = ?", noted)

    def _renew(self) -> None:
        with self._guard:
            began = time.monotonic()
            if not (self._join_again() if self._shared else self._take_again()):
                problem = f"this process was silent for longer than {LEASE_S} s and lost the right to write: "
                raise StoreRejected(self._db.url, problem + self._refusal() + "; then run it again")
            self._note()
            self._valid_until = began + LEASE_S

    def _take_again(self) -> bool:
        own = (self._key, self._writer.told)
        held = self._db.swap(f"{_TAKE} owner = ?", (*own, self._key))
        return held or self._db.swap(f"{_TAKE} {_FREE} AND last = ?", (*own, self._last))

    def _join_again(self) -> bool:
        return self._db.swap(f"{_JOIN} AND last = ?", (self._key, self._writer.told, self._last))

    def _keep_alive(self) -> None:
        while not self._over.wait(RENEW_S):
            # a store that is away is waited for by the next write, which asks again
            with suppress(StoreUnavailable, StoreRejected):
                self._renew()

    def _refusal(self) -> str:
        seen = self._see()
        told = seen.told or ", ".join(sorted((seen.shared or {}).values()))
        if not told:
            return "another process wrote to it meanwhile"
        return f"{told} is writing to it; wait for it to end (if it was killed, {LEASE_S} s), then try again"
