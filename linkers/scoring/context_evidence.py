"""How the text around a mention fits a candidate: vectors, where they can change the decision."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from linkers.columns import Column, Columns
from linkers.grouping import Groups, Ints, found_at, matched, paired, portions, ranges
from linkers.index import CatalogIndex
from linkers.scoring.leads import lead
from linkers.scoring.nearest_names import nearest_names
from linkers.scoring.text_vectors import TextVectors, Vectors, distinct_cosines, unit

FAR = ("context", "document", "best_sentence", "company")
LEADS = ("context", "document", "company")
PAIRS_AT_ONCE = 1 << 20
"""Bound on the pairs of sentence and entity that are compared together: a long document has very many."""
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
    told, of_document = sentences & ((1 << 32) - 1), sentences >> 32
    nearest = np.empty(len(asked), dtype=np.int64)
    first, second = np.empty(len(asked)), np.full(len(asked), -np.inf)
    of_asked = asked >> 32
    sizes = np.searchsorted(of_document, of_asked, "right") - np.searchsorted(of_document, of_asked, "left")
    for part in portions(sizes, PAIRS_AT_ONCE):
        pair, row = matched(of_asked[part], of_document)
        cosine = distinct_cosines(told[row], asked[part][pair] & ((1 << 32) - 1), texts.encoded, index)
        order = np.lexsort((-cosine, pair))
        groups = Groups.of(pair[order])
        best = order[groups.starts]
        nearest[part], first[part] = told[row[best]], cosine[best]
        several = groups.sizes > 1
        second[part][several] = cosine[order[groups.starts[several] + 1]]
    return np.where(nearest[place] == sentence, second[place], first[place])


def _company(mentions: Columns, rows: Ints) -> list[str]:
    """Return for each of some mentions the other names of the document, those nearest to it, as one text."""
    keys = paired(mentions["doc"], mentions["query"])
    _, first, place = np.unique(keys[rows], return_index=True, return_inverse=True)
    asked, near = nearest_names(mentions, rows[first], _COMPANY)
    ends = np.searchsorted(asked, np.arange(len(first) + 1))
    names = mentions["surface"][near].tolist()
    texts = [", ".join(names[begin:end]) for begin, end in pairwise(ends.tolist())]
    return [texts[number] for number in place.tolist()]
