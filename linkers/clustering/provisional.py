"""Which unknown thing a NIL mention names: ids that are the same for the same name in every document and run."""

import polars as pl

from linkers.clustering.same_name import bare, is_initialed
from linkers.normalization import normalize
from schemas.identity import content_id
from schemas.ontology import Ontology

PREFIX = "nil/"


def provisional_id(key: str) -> str:
    """Return the id of the unknown thing that is called `key`, the normalised full form of its name."""
    return PREFIX + content_id("provisional", key)


def provisional_ids(mentions: pl.DataFrame, ontology: Ontology) -> pl.Series:
    """Return the provisional id that each NIL mention has by its document alone.

    mentions: doc_id, start, surface, type; one row a NIL mention, whole documents. Equal full names have
    equal ids; what other documents say is the business of `unknown_things`.
    """
    final = full_names(mentions, ontology)
    names = final.unique(maintain_order=True)
    ids = pl.DataFrame(
        {"name": names, "id": [provisional_id(name) for name in names]}, schema={"name": pl.String, "id": pl.String}
    )
    return final.to_frame("name").join(ids, on="name", how="left", maintain_order="left")["id"]


def full_names(mentions: pl.DataFrame, ontology: Ontology) -> pl.Series:
    """Return the key of the full name of each NIL mention within its document.

    mentions: doc_id, start, surface, type; whole documents. Within a document a short form takes the full form
    that holds all its words in a row ("Marlowe" after "June Marlowe") or has its first names as initials ("M. Quill"),
    unless their types contradict each other; of several the one last named before it, else the first after.
    """
    surfaces = mentions["surface"].unique(maintain_order=True)
    keys = pl.DataFrame(
        {"surface": surfaces, "key": [normalize(s) or s for s in surfaces]},
        schema={"surface": pl.String, "key": pl.String},
    )
    rows = (
        mentions.select("doc_id", "start", "surface", "type")
        .with_row_index("row")
        .join(keys, on="surface", how="left", maintain_order="left")
        .with_columns(
            pl.col("type").replace_strict(ontology.families(), default="", return_dtype=pl.String).alias("family")
        )
    )
    full = _full_forms(rows)
    named = rows.join(full, on="row", how="left", maintain_order="left")
    return named.select(pl.coalesce("full", "key").alias("name"))["name"]


def _full_forms(rows: pl.DataFrame) -> pl.DataFrame:
    """Return row and full: the key of the full form that a short form's mention follows."""
    pairs = _pairs(rows)
    short = pairs.select("doc_id", "key").unique()
    wanted = rows.select("row", "doc_id", "key", "start").join(short, on=["doc_id", "key"])
    named = (
        pairs.select("doc_id", "key", "full")
        .join(rows.select("doc_id", pl.col("key").alias("full"), "start"), on=["doc_id", "full"])
        .sort("start", "full")
    )
    by = ["doc_id", "key"]
    wanted = wanted.sort("start", "row")
    before = wanted.join_asof(named, on="start", by=by, strategy="backward", check_sortedness=False)
    after = wanted.join_asof(named, on="start", by=by, strategy="forward", check_sortedness=False)
    return (
        before.select("row", "full")
        .join(after.select("row", pl.col("full").alias("later")), on="row")
        .select("row", pl.coalesce("full", "later").alias("full"))
    )


def _pairs(rows: pl.DataFrame) -> pl.DataFrame:
    """Return doc_id, key, full: names of a document and the longest names in it that hold them."""
    names = rows.group_by("doc_id", "key").agg(pl.col("family").filter(pl.col("family") != "").unique().sort())
    words = names.with_columns(pl.col("key").str.split(" ").alias("word"))
    exploded = words.select("doc_id", "key", "word").explode("word").unique()
    longer = exploded.rename({"key": "full"})
    shared = (
        exploded.join(longer, on=["doc_id", "word"])
        .filter(pl.col("full").str.len_chars() > pl.col("key").str.len_chars())
        .select("doc_id", "key", "full")
        .unique()
    )
    spaced = (pl.lit(" ") + pl.col("key") + pl.lit(" "), pl.lit(" ") + pl.col("full") + pl.lit(" "))
    held = shared.filter(spaced[1].str.contains(spaced[0], literal=True) | _initialed(shared))
    typed = (
        held.join(names, on=["doc_id", "key"])
        .join(names.rename({"key": "full", "family": "full_family"}), on=["doc_id", "full"])
        .filter(
            (pl.col("family").list.len() == 0)
            | (pl.col("full_family").list.len() == 0)
            | (pl.col("family").list.set_intersection("full_family").list.len() > 0)
        )
        .select("doc_id", "key", "full")
    )
    # a full form that is itself the short form of a longer one leads to the longer one
    return typed.join(typed.select("doc_id", pl.col("key").alias("full")).unique(), on=["doc_id", "full"], how="anti")


def _initialed(pairs: pl.DataFrame) -> pl.Series:
    """Say of each pair (key, full) whether the key is the full form with initials for first names."""
    return pl.Series(
        [
            len(key.partition(" ")[0]) < 3 and is_initialed(bare(key), bare(full))
            for key, full in pairs.select("key", "full").iter_rows()
        ],
        dtype=pl.Boolean,
    )
