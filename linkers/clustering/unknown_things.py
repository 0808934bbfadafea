"""Which NIL mentions of all documents mean one unknown thing: a partition that depends on nothing but the mentions."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import OSA

from linkers.clustering.kinds import ANY, clear_kinds, contradict, kinds
from linkers.clustering.name_blocks import block_pairs, blocking_keys
from linkers.clustering.provisional import NilMentions, full_names
from linkers.clustering.same_name import bare, is_initialed, same_name
from schemas.ontology import Ontology

CLUSTERING_VERSION = "1"
FARTHEST = 0.4
"""Largest share of letters by which the chief names of two clusters may differ when a chain of slips joins them."""

Alike = tuple[float, str, str]
"""How surely two labels are writings of one name, and the labels, the smaller first."""

_PART = "\x1f"


@dataclass(frozen=True, slots=True)
class UnknownThings:
    """A partition of NIL mentions.

    labels:   for each mention, the name it goes by: a key, with the kind behind it where one name stands for things
              of contradicting kinds.
    clusters: for each label, the smallest label of its cluster.
    documents: for each label, how many documents have it.
    """

    labels: pl.Series
    clusters: dict[str, str]
    documents: dict[str, int]


def unknown_things(mentions: pl.DataFrame, ontology: Ontology) -> UnknownThings:
    """Cluster NIL mentions across documents.

    mentions: doc_id, start, surface, type, given (bool: the type was given, not guessed); any order, documents whole.
    Short forms follow the full form of their document. Names are joined when they are writings of one name
    (`same_name`) and no clear kind contradicts; then initials ("M. Quill") and names with or without the word for what
    they are ("Hollow Reed Studio") join the one cluster that fits, and stay alone when several do. Containment joins
    nothing. Names are compared in blocks, never all with all.
    """
    named = named_mentions(mentions, ontology)
    clear = clear_kinds(named.filter(pl.col("kind") != ANY))
    labels = labelled(named, named_parts(clear))
    documents = documents_of(labels)
    blocks = label_blocks(documents)
    alike = alike_names({pair for block in blocks.values() for pair in block_pairs(block)})
    return UnknownThings(labels.sort("row")["label"], cluster_labels(documents, clear, alike, ontology), documents)


def named_mentions(mentions: pl.DataFrame, ontology: Ontology) -> pl.DataFrame:
    """Return row, doc_id, type, given, name (key of the full form in its document) and kind of NIL mentions.

    mentions: as in `unknown_things`. What it says of a document does not depend on the others.
    """
    return (
        mentions.select("doc_id", "type", "given")
        .with_columns(
            pl.Series("name", full_names(NilMentions.of(mentions.to_arrow(), ontology)), dtype=pl.String),
            pl.col("type").replace_strict(kinds(ontology), default=ANY, return_dtype=pl.String).alias("kind"),
        )
        .with_row_index("row")
    )


def documents_of(labels: pl.DataFrame) -> dict[str, int]:
    """Return how many documents have each label, ordered by label."""
    return dict(labels.group_by("label").agg(pl.col("doc_id").n_unique()).sort("label").iter_rows())


def label_blocks(labels: Iterable[str]) -> dict[str, list[str]]:
    """Return the labels that share a blocking key, by key; sorted."""
    blocks: dict[str, list[str]] = defaultdict(list)
    for label in sorted(labels):
        for key in blocking_keys(bare(name_of(label))):
            blocks[key].append(label)
    return blocks


def alike_names(pairs: Iterable[tuple[str, str]]) -> list[Alike]:
    """Return those pairs of labels that are writings of one name, with how surely, (0, 1]; the surest first."""
    ordered = sorted(pairs)
    if not ordered:
        return []
    words = {label: bare(name_of(label)) for pair in ordered for label in pair}
    joined = {label: "".join(own) for label, own in words.items()}
    distances = process.cpdist(
        [joined[a] for a, _ in ordered], [joined[b] for _, b in ordered], scorer=OSA.distance, dtype=np.int32
    )
    found = [
        (same_name(words[left], words[right]), left, right)
        for (left, right), distance in zip(ordered, distances.tolist(), strict=True)
        if distance <= 2 + len(joined[left]) // 8
    ]
    return sorted((alike for alike in found if alike[0] > 0), key=_surest)


def cluster_labels(
    documents: Mapping[str, int], clear: pl.DataFrame, alike: Iterable[Alike], ontology: Ontology
) -> dict[str, str]:
    """Return for each label the smallest label of its cluster.

    documents: documents of each label, ordered by label. clear: as `clear_kinds` returns it. alike: what `alike_names`
    says of the pairs of all blocks, in any order, each once or more often.
    """
    clusters = _Clusters(documents, _kinds_of(clear, documents), _designators(ontology))
    clusters.join_writings(sorted(set(alike), key=_surest))
    clusters.join_short()
    return clusters.roots()


def _surest(alike: Alike) -> tuple[float, str, str]:
    return -alike[0], alike[1], alike[2]


def name_of(label: str) -> str:
    """Return the key that a label stands for."""
    return label.partition(_PART)[0]


def named_parts(clear: pl.DataFrame) -> pl.DataFrame:
    """Return name, kind and part of the names whose clear kinds contradict each other, the usual part first."""
    return pl.DataFrame(list(_parts(clear)), schema=["name", "kind", "part"], orient="row").cast(pl.String)


def labelled(named: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """Return named mentions with their label; a document's labels do not depend on the other documents."""
    if parts.is_empty():
        return named.with_columns(pl.col("name").alias("label"))
    own = named.join(parts, on=["name", "kind"], how="left", maintain_order="left")
    of_document = (
        own.filter(pl.col("part").is_not_null())
        .group_by("doc_id", "name", "part")
        .len()
        .sort(["doc_id", "name", "len", "part"], descending=[False, False, True, False])
        .group_by("doc_id", "name", maintain_order=True)
        .agg(pl.col("part").first().alias("near"))
    )
    usual = parts.group_by("name", maintain_order=True).agg(pl.col("part").first().alias("usual"))
    known = own.join(of_document, on=["doc_id", "name"], how="left", maintain_order="left").join(
        usual, on="name", how="left", maintain_order="left"
    )
    part = pl.coalesce("part", "near", "usual")
    label = pl.when(part.is_null()).then("name").otherwise(pl.col("name") + _PART + part)
    return known.with_columns(label.alias("label"))


def _parts(clear: pl.DataFrame) -> Iterable[tuple[str, str, str]]:
    """Yield (name, kind, part) of names whose clear kinds contradict each other, the part of most documents first."""
    ordered = clear.sort(["name", "documents", "kind"], descending=[False, True, False])
    for (name,), rows in ordered.group_by("name", maintain_order=True):
        groups: list[list[str]] = []
        for kind in rows["kind"]:
            fitting = (g for g in groups if not any(contradict(frozenset({kind}), frozenset({k})) for k in g))
            group = next(fitting, None)
            if group is None:
                groups.append([kind])
            else:
                group.append(kind)
        if len(groups) > 1:
            yield from ((str(name), kind, group[0]) for group in groups for kind in group)


def _kinds_of(clear: pl.DataFrame, labels: Iterable[str]) -> dict[str, frozenset[str]]:
    by_name: dict[str, set[str]] = defaultdict(set)
    for name, kind in clear.select("name", "kind").iter_rows():
        by_name[name].add(kind)
    found = {}
    for label in labels:
        name, _, part = label.partition(_PART)
        of_name = frozenset(by_name.get(name, ()))
        found[label] = frozenset(k for k in of_name if not contradict(frozenset({k}), {part})) if part else of_name  # type: ignore[arg-type]
    return found


def _designators(ontology: Ontology) -> Mapping[str, str]:
    """Return the words that say behind a name what it is ("Studio", "Records", "Festival"), with their kind."""
    kind_of = kinds(ontology)
    words = {"records": "body", "recordings": "body", "studio": "body", "studios": "body", "music": "body"}
    for entity_type in ontology.entity_types:
        for word in (entity_type.name, *entity_type.also, *entity_type.cues):
            if len(word) > 3 and word.isalpha() and word not in ("from", "record", "single", "series"):
                words.setdefault(word, kind_of[entity_type.name])
    return words


@dataclass
class _Clusters:
    """A union-find over labels whose clusters know their kinds and refuse what contradicts them."""

    documents: Mapping[str, int]
    kinds: dict[str, frozenset[str]]
    designators: Mapping[str, str]
    _parent: dict[str, str] = field(init=False)
    _chief: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self._parent = {label: label for label in self.documents}
        self._chief = dict(self._parent)
        self._words = {label: bare(name_of(label)) for label in self.documents}

    def roots(self) -> dict[str, str]:
        return {label: self._root(label) for label in self.documents}

    def join_writings(self, alike: Iterable[Alike]) -> None:
        """Join the names that are writings of one name, in the order that they are given in."""
        for _, left, right in alike:
            self._join(left, right)

    def join_short(self) -> None:
        """Join each initialed or designated name with the one cluster that it fits."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for short, full in (*self._initialed(), *self._designated()):
            if not contradict(self.kinds[self._root(short)], self.kinds[self._root(full)]):
                wanted[self._root(short)].add(self._root(full))
        for short in sorted(wanted):
            others = wanted[short] - {short}
            if len(others) == 1:
                self._join(short, others.pop(), near=False)

    def _initialed(self) -> Iterable[tuple[str, str]]:
        by_last: dict[tuple[str, str], list[str]] = defaultdict(list)
        for label, words in self._words.items():
            if len(words) > 1 and len(words[0]) > 1:
                by_last[words[0][0], words[-1]].append(label)
        for label, words in self._words.items():
            if len(words) > 1 and len(words[0]) < 3 and self._is_agent(label):
                for full in by_last.get((words[0][0], words[-1]), ()):
                    if full != label and is_initialed(words, self._words[full]) and self._is_agent(full):
                        yield label, full

    def _is_agent(self, label: str) -> bool:
        known = self.kinds[self._root(label)]
        return not known or "agent" in known

    def _designated(self) -> Iterable[tuple[str, str]]:
        by_name: dict[str, list[str]] = defaultdict(list)
        for label, words in self._words.items():
            by_name["".join(words)].append(label)
        for label, words in self._words.items():
            kind = self.designators.get(words[-1]) if len(words) > 1 else None
            stem = "".join(words[:-1])
            if kind is None or len(stem) < 3:
                continue
            for other in by_name.get(stem, ()):
                known = self.kinds[self._root(other)]
                if kind in known or (kind == "body" and "place" in known) or not known:
                    yield other, label

    def _join(self, left: str, right: str, *, near: bool = True) -> None:
        first, second = sorted((self._root(left), self._root(right)))
        if first == second or contradict(self.kinds[first], self.kinds[second]):
            return
        chiefs = self._chief[first], self._chief[second]
        if near and not self._near(*chiefs):
            return
        self._parent[second] = first
        self.kinds[first] |= self.kinds[second]
        self._chief[first] = min(chiefs, key=lambda label: (-self.documents[label], label))

    def _near(self, left: str, right: str) -> bool:
        """Whether the chief names are still one name, so that a chain of slips does not lead from name to name."""
        one, other = "".join(self._words[left]), "".join(self._words[right])
        return OSA.normalized_distance(one, other) <= FARTHEST

    def _root(self, label: str) -> str:
        while self._parent[label] != label:
            self._parent[label] = self._parent[self._parent[label]]
            label = self._parent[label]
        return label
