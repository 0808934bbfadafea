"""How the text around a mention fits a candidate: vectors, where they can change the decision."""

from dataclasses import dataclass

import numpy as np

from linkers.columns import Column, Columns
from linkers.grouping import Groups, Ints, found_at, joined, matched, paired, ranges
from linkers.index import CatalogIndex
from linkers.scoring.leads import lead
from linkers.scoring.text_vectors import TextVectors, Vectors, distinct_cosines, unit

FAR = ("context", "document", "best_sentence", "company")
LEADS = ("context", "document", "company")
_COMPANY = 12


def unsettled(pairs: Columns, mentions: Groups) -> Column:
    """Return for each mention that has candidates whether strings do not settle it.

    pairs: the features that strings give. mentions: the rows of each mention.
    Settled is a mention with exactly one candidate of its name, which no type or cue contradicts and no longer
    name in the document draws away: of two words or more, or one rare word of the same family.
    """
    exact = pairs["exact_core"]
    good = exact & ~(pairs["type_conflict"] | pairs["cue_conflict"] | pairs["other_full_form"] | pairs["exact_common"])
    settling = good & (pairs["exact_long"] | pairs["type_agrees"])
    return np.asarray(~((mentions.sum(exact) == 1) & mentions.any(settling)))


def context_features(
    pairs: Columns, groups: Groups, mentions: Columns, vectors: TextVectors, index: CatalogIndex
) -> dict[str, Column]:
    """Return the features of context; candidates that were not compared have 0.

    pairs: row (of mentions), entity and the features that say which mentions are settled. groups: the rows of each
    mention. mentions: doc, query, surface, start, sentence; of whole documents.
    The sentence stands for the near context, the document's other sentences with open mentions and the names
    around for the far one: windows of several sentences cost more to encode and say no more.
    """
    features = {name: np.zeros(pairs.height) for name in (*FAR, *(f"{name}_lead" for name in LEADS))}
    read = np.zeros(pairs.height, dtype=bool)
    compared = vectors.available and index.vectors.shape[1] > 0
    opened = np.flatnonzero(unsettled(pairs, groups)) if compared else np.empty(0, dtype=np.int64)
    if len(opened):
        rows = ranges(groups.starts[opened], groups.sizes[opened])
        read[rows] = True
        texts = _Texts.of(mentions, pairs["row"][groups.starts[opened]], vectors)
        own = Groups(np.cumsum(groups.sizes[opened]) - groups.sizes[opened], len(rows))
        told = _compared(texts, own, pairs["entity"][rows].astype(np.int64), index)
        for name in LEADS:
            told[f"{name}_lead"] = np.round(lead(told[name], own), 3)
        for name, values in told.items():
            features[name][rows] = values
    return {**features, "context_read": read}


@dataclass(frozen=True)
class _Texts:
    """What surrounds some mentions: rows of `encoded` for each mention's sentence and company, and its document."""

    doc: Ints
    sentence: Ints
    company: Ints
    encoded: Vectors

    @classmethod
    def of(cls, mentions: Columns, rows: Ints, vectors: TextVectors) -> "_Texts":
        """Encode the sentences and the company of some mentions."""
        sentences = mentions["sentence"][rows].tolist()
        company = _company(mentions, rows)
        texts = sorted({*sentences, *company})
        number = {text: row for row, text in enumerate(texts)}
        sentence, names = (np.array([number[text] for text in some]) for some in (sentences, company))
        return cls(mentions["doc"][rows].astype(np.int64), sentence, names, vectors.of(texts))


def _compared(texts: _Texts, mentions: Groups, entity: Ints, index: CatalogIndex) -> dict[str, Column]:
    """Return the cosines named in FAR. mentions: the candidates of each mention; entity: of each candidate."""
    documents, means = _document_means(texts)
    sentence, company = mentions.spread(texts.sentence), mentions.spread(texts.company)
    context = distinct_cosines(sentence, entity, texts.encoded, index)
    best = _best_other(texts, mentions.spread(texts.doc), sentence, entity, index)
    return {
        "context": context,
        "document": distinct_cosines(mentions.spread(documents), entity, means, index),
        "best_sentence": np.where(np.isneginf(best), context, best),
        "company": distinct_cosines(company, entity, texts.encoded, index),
    }


def _document_means(texts: _Texts) -> tuple[Ints, Vectors]:
    """Return the row of each mention's document, and the mean of the distinct sentences of each, unit length."""
    pairs = np.unique(paired(texts.doc, texts.sentence))
    documents = Groups.of(pairs >> 32)
    means = unit(np.add.reduceat(texts.encoded[pairs & ((1 << 32) - 1)], documents.starts))
    return found_at(texts.doc, (pairs >> 32)[documents.starts]), means


def _best_other(texts: _Texts, doc: Ints, sentence: Ints, entity: Ints, index: CatalogIndex) -> Column:
    """Return the highest cosine of any other sentence of the document for each candidate, -inf without another."""
    sentences = np.unique(paired(texts.doc, texts.sentence))
    asked, place = np.unique(paired(doc, entity), return_inverse=True)
    pair, told = matched(asked >> 32, sentences >> 32)
    other = sentences[told] & ((1 << 32) - 1)
    cosine = distinct_cosines(other, asked[pair] & ((1 << 32) - 1), texts.encoded, index)
    order = np.lexsort((-cosine, pair))
    groups = Groups.of(pair[order])
    first = order[groups.starts]
    second = np.where(groups.sizes > 1, cosine[order[np.minimum(groups.starts + 1, len(order) - 1)]], -np.inf)
    return np.where(other[first][place] == sentence, second[place], cosine[first][place])


def _company(mentions: Columns, rows: Ints) -> list[str]:
    """Return for each of some mentions the other names of the document, those nearest to it, as one text."""
    keys = paired(mentions["doc"], mentions["query"])
    wanted, first, place = np.unique(keys[rows], return_index=True, return_inverse=True)
    start = mentions["start"][rows[first]].astype(np.int64)
    surface, other = joined(wanted >> 32, mentions["doc"].astype(np.int64))
    apart = np.flatnonzero(keys[other] != wanted[surface])
    surface, other = surface[apart], other[apart]
    at, query = mentions["start"][other].astype(np.int64), mentions["query"][other]
    far = np.abs(at - start[surface])
    # the nearest place of each other name, then the nearest names, in the order of the text
    nearest = np.lexsort((at, far, query, surface))
    nearest = nearest[Groups.of(surface[nearest], query[nearest]).starts]
    nearest = nearest[np.lexsort((query[nearest], at[nearest], far[nearest], surface[nearest]))]
    nearest = nearest[Groups.of(surface[nearest]).places < _COMPANY]
    nearest = nearest[np.lexsort((query[nearest], at[nearest], surface[nearest]))]
    ends = np.searchsorted(surface[nearest], np.arange(len(wanted) + 1))
    names = mentions["surface"][other[nearest]].tolist()
    texts = [", ".join(names[begin:end]) for begin, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)]
    return [texts[number] for number in place.tolist()]
