"""The way of `make fit`, on a catalog and texts that are small enough for a test."""

from pathlib import Path

import numpy as np
import pytest

from linkers.scoring.features import FEATURES
from linkers.scoring.fitting import FitSettings, fit, make_samples, read_catalog
from linkers.scoring.invented_catalog import invent
from linkers.scoring.model import LinkerModel

SETTINGS = FitSettings(seed=3, documents=12, artists=15)


@pytest.fixture(scope="module")
def fitted() -> LinkerModel:
    train, alone = make_samples([invent(1, artists=15, prefix="t")], 3, None, SETTINGS)
    held_out, _ = make_samples([invent(2, artists=15, prefix="t")], 1003, None, SETTINGS)
    assert train.features.shape[1] == len(FEATURES)
    assert train.answerable.any()
    return fit(train, held_out, alone, SETTINGS, "a test")


def test_a_small_fit_is_a_model_that_ranks(fitted: LinkerModel, tmp_path: Path) -> None:
    assert fitted.fitted["command"] == "a test"
    assert fitted.fitted["held_out_top_is_right"] > 0.5
    shares = [share for _, share in fitted.precision_curve]
    assert shares == sorted(shares)
    assert 0.55 <= fitted.link_threshold <= 0.8
    fitted.save(tmp_path / "m.json")
    assert LinkerModel.load(str(tmp_path / "m.json")).version == fitted.version


def test_the_same_seed_fits_the_same(fitted: LinkerModel) -> None:
    train, alone = make_samples([invent(1, artists=15, prefix="t")], 3, None, SETTINGS)
    held_out, _ = make_samples([invent(2, artists=15, prefix="t")], 1003, None, SETTINGS)
    assert fit(train, held_out, alone, SETTINGS, "another").version == fitted.version
    assert np.isfinite(fitted.rank_weights).all()


def test_the_catalog_that_make_fit_names_can_be_read() -> None:
    data = Path(__file__).parents[3] / "kg" / "demo" / "data"
    catalog = read_catalog(data / "catalog-music.jsonl", data / "relations.jsonl")
    assert len(catalog.entities) > 500
    assert catalog.relations
