"""Whether the type that a text suggests fits a candidate's."""

import polars as pl

from schemas.ontology import Ontology


def type_features(pairs: pl.DataFrame, ontology: Ontology) -> pl.DataFrame:
    """Return `pairs` with the features of type and cue.

    pairs: type and cue (what the text suggests and states, "" if nothing) and entity_type. Types without a
    family, or none, neither agree nor conflict.
    """
    entity_type, families = pl.col("entity_type"), ontology.families()
    family = {name: entity.replace_strict(families, default="") for name, entity in _columns().items()}
    known = family["entity_type"] != ""
    by_type, by_cue = known & (family["type"] != ""), known & (family["cue"] != "")
    return pairs.with_columns(
        (family["entity_type"] == "agent").alias("agent"),
        (family["entity_type"] == "place").alias("place"),
        ((pl.col("type") != "") & (pl.col("type") == entity_type)).alias("type_same"),
        (by_type & (family["type"] == family["entity_type"])).alias("type_agrees"),
        (by_type & (family["type"] != family["entity_type"])).alias("type_conflict"),
        ((pl.col("cue") != "") & (pl.col("cue") == entity_type)).alias("cue_agrees"),
        (by_cue & (family["cue"] != family["entity_type"])).alias("cue_conflict"),
    )


def _columns() -> dict[str, pl.Expr]:
    return {name: pl.col(name) for name in ("type", "cue", "entity_type")}
