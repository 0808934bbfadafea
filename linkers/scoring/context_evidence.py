"""How the text around a mention fits a candidate: vectors where they can change the decision, and shared words."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linkers.encoding import Encoder
from linkers.extraction.common_words import is_common
from linkers.index import CatalogIndex

_AT_ONCE = 20_000
_WORD = r"[\p{L}\p{N}]{3,}"
_COMMON_WORTH, _RARE_WORTH = 0.25, 1.0
_ENOUGH = 3.0

Vectors = NDArray[np.float32]


class TextVectors:
    """Vectors of texts, each distinct text encoded once. encoder None: no vectors."""

    def __init__(self, encoder: Encoder | None) -> None:
        self._encoder = encoder
        self._rows: dict[str, int] = {}
        self._vectors: list[Vectors] = []

    @classmethod
    def of_index(cls, encoder: Encoder | None, index: CatalogIndex) -> "TextVectors":
        """Return vectors that can be compared with an index's; none when it holds none."""
        return cls(encoder if index.vectors.shape[1] else None)

    @property
    def available(self) -> bool:
        """Whether there is an encoder."""
        return self._encoder is not None

    def of(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, (len(texts), dimensions)."""
        assert self._encoder is not None
        new = sorted(set(texts) - self._rows.keys())
        if new:
            self._vectors.append(self._encoder.encode(new))
            self._rows |= {text: row for row, text in enumerate(new, start=len(self._rows))}
            self._vectors = [np.vstack(self._vectors)]
        return self._vectors[0][[self._rows[text] for text in texts]]


def unsettled(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the mentions that strings do not settle, in order.

    Settled is a mention with exactly one candidate of its name, which no type or cue contradicts and no longer
    name in the document draws away: of two words or more, or one rare word of the same family.
    """
    exact = pl.col("exact_core")
    good = exact & ~pl.col("type_conflict") & ~pl.col("cue_conflict") & ~pl.col("other_full_form")
    long = pl.col("exact_long") & ~pl.col("exact_common")
    rare = pl.col("type_agrees") & ~pl.col("exact_common")
    settled = (exact.sum() == 1) & (good & (long | rare)).any()
    return pairs.group_by("mention", maintain_order=True).agg(settled.alias("settled")).filter(~pl.col("settled"))


FAR = ("context", "document", "best_sentence", "company")
"""Features that compare the entity with the mention's sentence, the document, its best sentence, the other names."""
LEADS = ("context", "document", "company")
_COMPANY = 12


def context_features(
    pairs: pl.DataFrame, mentions: pl.DataFrame, vectors: TextVectors, index: CatalogIndex
) -> pl.DataFrame:
    """Return `pairs` with the features of context; those that were not compared have 0.

    pairs: mention, entity and the features that say which mentions are settled. mentions: mention, doc, query,
    surface, start, sentence; of whole documents.
    The sentence stands for the near context, the document's other sentences with open mentions and the names
    around for the far one: windows of several sentences cost more to encode and say no more.
    """
    open_mentions = unsettled(pairs).select("mention")
    compared = vectors.available and index.vectors.shape[1] > 0 and open_mentions.height > 0
    if not compared:
        zeros = [pl.lit(0.0).alias(name) for name in (*FAR, *(f"{name}_lead" for name in LEADS))]
        return pairs.with_columns(*zeros, pl.lit(False).alias("context_read"))
    places = open_mentions.join(mentions, on="mention", how="left", maintain_order="left")
    places = places.join(_company(places, mentions), on=["doc", "query"], how="left", maintain_order="left")
    texts = pl.concat([places["sentence"], places["company"]]).unique().sort()
    rows = pl.DataFrame({"text": texts, "row": np.arange(len(texts), dtype=np.int64)})
    for column in ("sentence", "company"):
        places = places.join(
            rows.rename({"text": column, "row": f"{column}_row"}), on=column, how="left", maintain_order="left"
        )
    encoded = vectors.of(texts.to_list())
    asked = pairs.select("mention", "entity").join(
        places.select("mention", "doc", "sentence_row", "company_row"), on="mention", maintain_order="left"
    )
    documents, means = _document_vectors(places.select("doc", text="sentence_row"), encoded)
    asked = asked.join(documents, on="doc", how="left", maintain_order="left")
    others = (("context", "sentence_row", encoded), ("document", "mean", means), ("company", "company_row", encoded))
    for name, column, lines in others:
        told = _cosines(asked.select(pl.col(column).alias("text"), "entity").unique(), lines, index)
        asked = asked.join(
            told.rename({"text": column, "cosine": name}), on=[column, "entity"], how="left", maintain_order="left"
        )
    asked = asked.join(_best_sentences(asked, encoded, index), on=["doc", "sentence_row", "entity"], how="left")
    read = asked.select("mention", "entity", *FAR).with_columns(
        pl.col("best_sentence").fill_null(pl.col("context")),
        pl.lit(True).alias("context_read"),
        *(lead(name) for name in LEADS),
    )
    return pairs.join(read, on=["mention", "entity"], how="left", maintain_order="left").with_columns(
        pl.col(*FAR, *(f"{name}_lead" for name in LEADS)).fill_null(0.0), pl.col("context_read").fill_null(False)
    )


def _company(places: pl.DataFrame, mentions: pl.DataFrame) -> pl.DataFrame:
    """Return doc, query, company: the other names of the document as one text, those nearest to the mention."""
    wanted = places.group_by("doc", "query", maintain_order=True).agg(pl.col("start").first())
    others = mentions.select("doc", pl.col("query").alias("other"), "surface", pl.col("start").alias("at"))
    near = (
        wanted.join(others, on="doc", how="left")
        .filter(pl.col("other") != pl.col("query"))
        .with_columns((pl.col("at") - pl.col("start")).abs().alias("far"))
        .sort("doc", "query", "far", "at")
        .unique(subset=["doc", "query", "other"], keep="first", maintain_order=True)
        .group_by("doc", "query", maintain_order=True)
        .head(_COMPANY)
        .sort("doc", "query", "at")
    )
    told = near.group_by("doc", "query", maintain_order=True).agg(pl.col("surface").str.join(", ").alias("company"))
    return (
        wanted.select("doc", "query")
        .join(told, on=["doc", "query"], how="left")
        .with_columns(pl.col("company").fill_null(""))
    )


def _best_sentences(asked: pl.DataFrame, encoded: Vectors, index: CatalogIndex) -> pl.DataFrame:
    """Return doc, sentence_row, entity, best_sentence: the highest cosine of any other sentence of the document."""
    sentences = asked.select("doc", pl.col("sentence_row").alias("other")).unique()
    pairs = asked.select("doc", "entity").unique().join(sentences, on="doc")
    told = _cosines(pairs.select(pl.col("other").alias("text"), "entity").unique(), encoded, index)
    pairs = pairs.join(told.rename({"text": "other"}), on=["other", "entity"])
    return (
        asked.select("doc", "sentence_row", "entity")
        .unique()
        .join(pairs, on=["doc", "entity"])
        .filter(pl.col("other") != pl.col("sentence_row"))
        .group_by("doc", "sentence_row", "entity")
        .agg(pl.col("cosine").max().alias("best_sentence"))
    )


def lead(name: str) -> pl.Expr:
    """Return by how much a candidate's value is ahead of its mention's best other one; 0 when it is alone."""
    value = pl.col(name)
    highest, second = value.max().over("mention"), value.top_k(2).min().over("mention")
    best_other = pl.when(value == highest).then(second).otherwise(highest)
    return pl.when(pl.len().over("mention") > 1).then(value - best_other).otherwise(0.0).round(3).alias(f"{name}_lead")


def _document_vectors(places: pl.DataFrame, encoded: Vectors) -> tuple[pl.DataFrame, Vectors]:
    """Return doc -> mean (row), and the mean of the distinct contexts of each document, unit length."""
    rows = places.select("doc", "text").unique().sort("doc", "text")
    documents = rows.select("doc").unique().sort("doc").with_row_index("mean")
    of_row = rows.join(documents, on="doc", how="left", maintain_order="left")["mean"].to_numpy()
    sums = np.add.reduceat(
        encoded[rows["text"].to_numpy()], np.flatnonzero(np.diff(of_row.astype(np.int64), prepend=-1))
    )
    return documents, unit(sums)


def unit(vectors: Vectors) -> Vectors:
    """Return vectors at unit length, (n, d); lines of zeros stay."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def _cosines(asked: pl.DataFrame, encoded: Vectors, index: CatalogIndex) -> pl.DataFrame:
    """Return text, entity, cosine of each pair."""
    asked = asked.sort("text", "entity")
    return asked.with_columns(cosines(asked["text"].to_numpy(), asked["entity"].to_numpy(), encoded, index))


def cosines(
    rows: NDArray[np.integer], entities: NDArray[np.integer], encoded: Vectors, index: CatalogIndex
) -> pl.Series:
    """Return the cosine of each pair of a row of `encoded` and an entity's vector.

    3 decimals: vectors differ by noise with what is encoded together.
    """
    values = np.empty(len(rows), dtype=np.float32)
    for start in range(0, len(rows), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        values[part] = np.einsum("ij,ij->i", encoded[rows[part]], index.vectors[entities[part]].astype(np.float32))
    return pl.Series("cosine", np.round(values.astype(np.float64), 3))


def description_features(pairs: pl.DataFrame, mentions: pl.DataFrame, entities: pl.DataFrame) -> pl.DataFrame:
    """Return `pairs` with how many words of the description stand in the context, the surface's own left out.

    pairs: mention, query, entity. mentions: mention, query, surface, context. entities: entity, description.
    """
    described = (
        entities.filter(pl.col("description") != "").select("entity", _words("description")).explode("word").unique()
    )
    texts = mentions.select("query", "surface", "context").unique().with_row_index("place")
    spoken = texts.select("place", _words("context")).explode("word").unique()
    own = texts.select("place", _words("surface")).explode("word").unique()
    spoken = spoken.join(own, on=["place", "word"], how="anti").join(_worth(described), on="word")
    places = mentions.join(texts, on=["query", "surface", "context"], how="left").select("mention", "place")
    asked = pairs.select("mention", "entity").join(places, on="mention", maintain_order="left")
    told = (
        asked.select("place", "entity")
        .unique()
        .join(described, on="entity")
        .join(spoken, on=["place", "word"])
        .group_by("place", "entity")
        .agg((pl.col("worth").sum() / _ENOUGH).clip(0.0, 1.0).round(4).alias("description"))
    )
    found = asked.join(told, on=["place", "entity"], how="left", maintain_order="left")
    has = described.select("entity").unique().with_columns(pl.lit(True).alias("described"))
    return (
        pairs.with_columns(found["description"].fill_null(0.0))
        .join(has, on="entity", how="left", maintain_order="left")
        .with_columns(pl.col("described").fill_null(False))
    )


def _words(name: str) -> pl.Expr:
    return pl.col(name).str.to_lowercase().str.extract_all(_WORD).alias("word")


def _worth(words: pl.DataFrame) -> pl.DataFrame:
    distinct = words["word"].drop_nulls().unique().sort()
    worth = [_COMMON_WORTH if is_common(word) else _RARE_WORTH for word in distinct]
    return pl.DataFrame({"word": distinct, "worth": worth}, schema={"word": pl.String, "worth": pl.Float64})
