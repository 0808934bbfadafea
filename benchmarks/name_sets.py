"""The open sets of names: names, and what was asked for them."""

import hashlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import polars as pl


@dataclass(frozen=True)
class NameSet:
    """Names, and questions with the name that is meant.

    ids, names: of the same length. asked: texts. meant: for each of them the place of its name.
    """

    ids: list[str]
    names: list[str]
    asked: list[str]
    meant: list[int]

    @classmethod
    def read(cls, folder: Path) -> "NameSet":
        """Read reference.csv (id, name) and queries.csv (query, reference_id); rows with an empty field are left out."""
        names = pl.read_csv(folder / "reference.csv", infer_schema=False).drop_nulls()
        asked = pl.read_csv(folder / "queries.csv", infer_schema=False).drop_nulls()
        ids = names["id"].to_list()
        place = {name_id: number for number, name_id in enumerate(ids)}
        kept = asked.filter(pl.col("reference_id").is_in(ids))
        meant = [place[name_id] for name_id in kept["reference_id"]]
        return cls(ids, names["name"].to_list(), kept["query"].to_list(), meant)

    def declared(self, place: int) -> bool:
        """Return whether a name belongs to the half that weights may be fitted on."""
        return hashlib.sha256(self.ids[place].encode()).digest()[0] % 2 == 0


def names_folder() -> Path:
    """Return the folder of the sets below KG_BENCH_DATA; ends the program when it is not there."""
    folder = Path(os.environ.get("KG_BENCH_DATA", "../shared/data")) / "names"
    if not folder.is_dir():
        sys.exit(f"{folder}: no sets of names there; set KG_BENCH_DATA to the folder that holds names/")
    return folder
