"""Every error that kg raises on purpose; anything else is a bug.

    KgError
    ├── ConfigError            a setting is wrong: names the key
    ├── OntologyError          a type or a relation is not an identifier, or not known
    ├── InputError             something in a file is wrong: names the file and the line
    │   ├── FormatError        the file as a whole cannot be read as the format it claims
    │   ├── RecordError        a row of a catalog
    │   ├── RelationError      a row of a relations file
    │   ├── DocumentError      a document
    │   ├── SpanError          a given or gold span
    │   └── GoldRecordError    a row of gold about records
    ├── NotFoundError          an id, a run or a file that does not exist
    ├── TakenError             an id is in use already
    ├── PageError              a token of a page that no answer has given
    ├── IndexMissingError      the catalog index is absent or not readable
    ├── ModelError             a model is absent or does not fit
    ├── WorkerError            a process that shared the work ended early
    ├── QueryError             a Cypher query is refused: syntax, or a write without --write
    ├── RunError               a run cannot be done or undone
    ├── GoldError              a mention cannot go into a golden set as it was asked
    ├── ReviewError            a decision about records cannot be made as it was asked
    ├── TrainingError          a model cannot be fitted, or is not better than the one there is
    ├── GateError              a measure is under its least value
    ├── AlertError             two runs differ by more than the alert rules allow
    ├── MissingExtraError      something needs a package that an extra brings
    └── StoreError             a store failed
        ├── StoreUnavailable   transient: the same call may succeed later
        │   ├── StoreHeld      another process writes to it
        │   └── DiskFullError  a folder takes no more: names it
        └── StoreRejected      terminal: the same call will fail again

The command line prints a KgError as one line and exits with 1.
"""

from collections.abc import Iterable
from pathlib import Path

from schemas.visible import shortened, visible

_LONGEST = 4_000
_LONGEST_PROBLEM = 2_000
_LONGEST_PLACE = 1_000


class KgError(Exception):
    """Base of all errors that kg raises on purpose.

    Its text holds no control characters but line ends: what it quotes cannot command the terminal that shows it.
    """

    def __init__(self, text: str = "") -> None:
        super().__init__(shortened(visible(text, keep="\n"), _LONGEST))


class ConfigError(KgError, ValueError):
    """A setting is missing, unknown or out of range. `key` is its path, such as ``link.precision``."""

    def __init__(self, key: str, problem: str) -> None:
        self.key = key
        self.problem = problem
        super().__init__(f"setting {key}: {problem}")


class OntologyError(KgError, ValueError):
    """An entity type or relation type is not known, or is not an identifier."""

    def __init__(self, name: str, problem: str, known: Iterable[str] = ()) -> None:
        self.name = name
        self.known = tuple(sorted(known))
        tail = f"; known: {', '.join(self.known)}" if self.known else ""
        super().__init__(f"{name!r} {problem}{tail}")


class InputError(KgError, ValueError):
    """Something in a file is wrong. `line` counts from 1; None when the file as a whole is meant."""

    def __init__(self, path: Path | str, problem: str, line: int | None = None) -> None:
        self.path = str(path)
        self.line = line
        self.problem = shortened(problem, _LONGEST_PROBLEM)
        place = shortened(self.path, _LONGEST_PLACE)
        where = place if line is None else f"{place} line {line}"
        super().__init__(visible(f"{where}: {self.problem}"))


class FormatError(InputError):
    """A file cannot be read as the format that it claims to be."""


class RecordError(InputError):
    """A row of a catalog file is wrong."""


class RelationError(InputError):
    """A row of a relations file is wrong."""


class DocumentError(InputError):
    """A document is wrong."""


class SpanError(InputError):
    """A given or gold span is wrong."""


class GoldRecordError(InputError):
    """A row of gold about records is wrong."""


class NotFoundError(KgError, LookupError):
    """What was asked for does not exist. `nearest` holds what may have been meant."""

    def __init__(self, what: str, name: str, nearest: Iterable[str] = (), hint: str = "") -> None:
        self.what = what
        self.name = name
        self.nearest = tuple(nearest)
        text = f"{what} {name!r} does not exist"
        if self.nearest:
            text += f"; nearest: {', '.join(self.nearest)}"
        if hint:
            text += f"; {hint}"
        super().__init__(text)


class TakenError(KgError, ValueError):
    """An id that something new shall have is in use already."""

    def __init__(self, name: str, hint: str) -> None:
        self.name = name
        super().__init__(f"id {name!r} is in use already; {hint}")


class PageError(KgError, ValueError):
    """A token is not one that an answer has given for its next page."""

    def __init__(self, token: str) -> None:
        self.token = token
        super().__init__(f"page token {token[:80]!r} is not one that an answer gave; leave it out for the first page")


class IndexMissingError(KgError):
    """The catalog index is absent, unfinished or of another format."""

    def __init__(self, folder: Path | str, problem: str) -> None:
        self.folder = str(folder)
        self.problem = problem
        super().__init__(f"catalog index {self.folder}: {problem}")


class ModelError(KgError):
    """A model is absent or does not fit what it is asked to do."""

    def __init__(self, model: str, problem: str) -> None:
        self.model = model
        self.problem = problem
        super().__init__(f"model {model!r}: {problem}")


class WorkerError(KgError):
    """A process that shared the work ended early. `stage` is what it worked on."""

    def __init__(self, stage: str, problem: str) -> None:
        self.stage = stage
        self.problem = problem
        super().__init__(f"{stage}: {problem}")


class QueryError(KgError, ValueError):
    """A Cypher query is refused."""

    def __init__(self, problem: str, query: str = "") -> None:
        self.problem = problem
        self.query = query
        super().__init__(f"query refused: {problem}")


class RunError(KgError):
    """A run cannot be done or undone."""

    def __init__(self, run_id: str, problem: str) -> None:
        self.run_id = run_id
        self.problem = problem
        super().__init__(f"run {run_id}: {problem}")


class GoldError(KgError, ValueError):
    """A mention cannot go into a golden set as it was asked."""


class ReviewError(KgError, ValueError):
    """A decision about records cannot be made as it was asked."""


class TrainingError(KgError):
    """A model cannot be fitted to what was given, or is not better than the one there is."""


class GateError(KgError):
    """A measure is under the least value that was asked for."""


class AlertError(KgError):
    """Two runs differ by more than alert rules allow. `rules` are the names of those that are broken."""

    def __init__(self, rules: Iterable[str], problem: str) -> None:
        self.rules = tuple(rules)
        self.problem = problem
        super().__init__(f"alert rules broken: {', '.join(self.rules)}: {problem}")


class MissingExtraError(KgError, ImportError):
    """Something needs a package that comes with an extra. `extra` is its name."""

    def __init__(self, what: str, extra: str) -> None:
        self.extra = extra
        super().__init__(f"{what} needs a package that is not installed; run: pip install 'audiokg[{extra}]'")


class StoreError(KgError):
    """A store failed. `store` is its URL without credentials."""

    def __init__(self, store: str, problem: str) -> None:
        self.store = store
        self.problem = problem
        super().__init__(f"{store}: {problem}")


class StoreUnavailable(StoreError):
    """The store does not answer or is overloaded; the same call may succeed later."""


class StoreHeld(StoreUnavailable):
    """Another process holds the right to write; the text says which."""


class DiskFullError(StoreUnavailable):
    """The disk, or what may be used of it, is full. `store` is the folder or file that takes no more."""

    def __init__(self, store: str, problem: str = "the disk is full, or a quota is reached") -> None:
        hint = "what was committed stays. Make room and run the same command again: it goes on from there"
        super().__init__(store, f"{problem}; {hint}")


class StoreRejected(StoreError):
    """The store refuses; the same call will fail again."""
