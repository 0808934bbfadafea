"""A stream's place in its home: the write lock, the run, and the index that it decides by."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace

from kg import runs
from kg.catalog import CATALOG_STATE, STALE, refresh_catalog
from kg.home import Home
from kg.run_figures import Figures
from kg.streaming.options import StreamOptions, Tell
from kg.write_lock import MAKES_WAY, WriteLock, this_process
from linkers.index import CatalogIndex
from linkers.index.catalog_index import CURRENT
from schemas.errors import IndexMissingError, StoreUnavailable
from schemas.run import Run

LOOK_S = 1.0


class StreamPlace:
    """Taken before each batch, and given up when there is nothing to do or another process wants to write.

    run_ids: the runs that it made, in their order.
    """

    def __init__(self, home: Home, options: StreamOptions, tell: Tell) -> None:
        self._home, self._options, self._tell = home, options, tell
        self._lock = WriteLock(home.folder, makes_way=True)
        self._right = ExitStack()
        self._run: runs.OpenRun | None = None
        self._looked = self._published = 0.0
        self.run_ids: list[str] = []

    def prepare(self) -> None:
        """Open what takes seconds; an index that this home lacks is built from the shared store.

        Raises IndexMissingError where no catalog was ingested, StoreUnavailable.
        """
        if not self._index_version():
            self.take()
        _ = self._home.model, self._home.encoder, self._home.extractor, self._home.mentions

    def take(self) -> runs.OpenRun:
        """Hold the write lock and return the run to decide in, by the catalog as it is now; raises StoreUnavailable."""
        fresh = not self._lock.held
        if fresh:
            self._acquire()
            self._published = time.monotonic()
        if fresh or self._run is None or time.monotonic() - self._looked > LOOK_S:
            self._run = self._current_run()
            self._renew_index(self._run)
            self._looked = time.monotonic()
        return self._run

    def make_way(self, *, idle: bool) -> None:
        """Publish the graph and give up the lock when there is a reason: nothing to do, others wait, or it is time."""
        if not self._lock.held:
            return
        others = self._lock.others_wait()
        if not idle and not others and time.monotonic() - self._published < self._home.config.stream.publish_s:
            return
        self._home.publish_graph()
        self._published = time.monotonic()
        if idle or others:
            self._save()
            self._release()

    def others_wait(self) -> bool:
        """Whether a process for which the lock was given up has not taken it yet."""
        return not self._lock.held and self._lock.others_wait()

    def end(self) -> None:
        """Finish the run and give up the lock; where a store is away the run is found again at the next start."""
        with suppress(StoreUnavailable):
            if self._run is not None and self._is_newest(self._run):
                versions = {"index_version": self._home.index.version, "model_version": self._home.model.version}
                runs.finish(self._home.mentions, self._run, **versions)
        self._release()

    def _acquire(self) -> None:
        """Take the lock of the home, and the right to write to its store beside streams of other homes."""
        self._lock.acquire()
        try:
            self._right.enter_context(self._home.mentions.writing(this_process(self._home.folder), shared=True))
        except BaseException:
            self._lock.release()
            raise

    def _release(self) -> None:
        self._right.close()
        self._lock.release()

    def _current_run(self) -> runs.OpenRun:
        """Return the run that goes on, or another when other work was done since; runs tell which decision is newer."""
        if self._run is not None:
            if self._is_newest(self._run):
                self._save()
                return self._run
            self._run = None
        store, fingerprint = self._home.mentions, self._fingerprint
        found = next((run for run in self._newest_streams() if run.fingerprint == fingerprint), None)
        if found is not None and found.status == "running":
            opened = runs.OpenRun(
                run=found,
                counts=dict(found.counts),
                seconds=dict(found.seconds),
                figures=Figures({name: dict(table) for name, table in found.figures.items()}),
            )
        else:
            settings = {"group": self._options.group, "in": self._options.source, "out": self._options.target}
            opened = runs.begin(store, "stream", fingerprint, settings)
        if opened.run_id not in self.run_ids:
            self.run_ids.append(opened.run_id)
        return opened

    @property
    def _fingerprint(self) -> str:
        return f"{self._options.fingerprint}/{self._options.kafka(self._home.config).instance}"

    def _is_newest(self, run: runs.OpenRun) -> bool:
        """Whether nothing but streams has worked since, and nobody has ended the run."""
        return any(each.run_id == run.run_id and each.status == "running" for each in self._newest_streams())

    def _newest_streams(self) -> Iterator[Run]:
        for run in self._home.mentions.runs():
            if run.kind != "stream":
                return
            yield run

    def _save(self) -> None:
        """Write down what was counted until now, so that a run that others end has it."""
        if self._run is not None:
            counts, seconds = dict(sorted(self._run.counts.items())), dict(self._run.seconds)
            figures = self._run.figures.tables
            self._home.mentions.put_run(replace(self._run.run, counts=counts, seconds=seconds, figures=figures))

    def _renew_index(self, run: runs.OpenRun) -> None:
        """Take the catalog into use that another process has ingested, here or, on shared stores, elsewhere."""
        home, before = self._home, self._index_version()
        if before and (home.index_folder / CURRENT).read_text(encoding="ascii").strip() != before:
            home.use_index(CatalogIndex.open(home.index_folder))
        stated = home.mentions.get_state(CATALOG_STATE)
        # while an ingest is under way, or where one was killed, the catalog of before is what there is
        if stated not in ("", STALE, self._index_version()):
            refresh_catalog(home, run)
        if home.index.version != before:
            self._tell(f"deciding by catalog index {home.index.version}" + (f", before {before}" if before else ""))

    def _index_version(self) -> str:
        """Return the version of the index in use, "" when this home has none."""
        try:
            return self._home.index.version
        except IndexMissingError:
            return ""


@contextmanager
def only_stream(home: Home) -> Iterator[None]:
    """Let one stream work on a home at a time; raises StoreUnavailable when there is another."""
    with (home.folder / f"{MAKES_WAY}.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            problem = "another stream works on this home; give each stream a home of its own"
            raise StoreUnavailable(str(home.config.home), problem) from error
        yield
