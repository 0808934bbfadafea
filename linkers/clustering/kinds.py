"""What kind of thing types speak of, and which kinds cannot be one thing."""

import polars as pl

from schemas.ontology import Ontology

ANY = ""
LEAST_DOCUMENTS = 2
LEAST_SHARE = 0.25
_BODIES = frozenset({"organization", "label"})
_BODY = "body"


def kinds(ontology: Ontology) -> dict[str, str]:
    """Return the kind of every type: its family, but bodies (organization, label) apart from other agents.

    Types without a family have none and are ANY.
    """
    return {name: _BODY if name in _BODIES else family for name, family in ontology.families().items()}


def contradict(left: frozenset[str], right: frozenset[str]) -> bool:
    """Say whether two sets of kinds cannot be one thing: both known, and nothing in common.

    A body goes with an agent, a place or an event, which are taken for one another all the time: bands are
    called organizations, studios places and festivals companies.
    """
    return bool(left and right and not (left & right) and not (_meet(left, right) or _meet(right, left)))


def _meet(bodies: frozenset[str], others: frozenset[str]) -> bool:
    return _BODY in bodies and bool(others & {"agent", "place", "event"})


def clear_kinds(names: pl.DataFrame) -> pl.DataFrame:
    """Return name and kind: the kinds that stand for a name beyond a slip of the extractor.

    names: name, doc_id, kind (not ANY), given (the type was given with the mention, not guessed). A kind is
    clear when it was given, or guessed in at least two documents and a quarter of those that have the name.
    """
    return clear_of(kind_evidence(names))


def kind_evidence(names: pl.DataFrame) -> pl.DataFrame:
    """Return name, kind, documents (how many) and given (in any) of names as `clear_kinds` takes them.

    Evidence of two sets of whole documents together is the sum of documents, and whether it was given in either.
    """
    return names.group_by("name", "kind").agg(pl.col("doc_id").n_unique().alias("documents"), pl.col("given").any())


def clear_of(evidence: pl.DataFrame) -> pl.DataFrame:
    """Return the clear kinds of `kind_evidence`, as `clear_kinds` does."""
    return (
        evidence.with_columns((pl.col("documents") / pl.col("documents").sum().over("name")).alias("share"))
        .filter(pl.col("given") | ((pl.col("documents") >= LEAST_DOCUMENTS) & (pl.col("share") >= LEAST_SHARE)))
        .select("name", "kind", "documents")
    )
