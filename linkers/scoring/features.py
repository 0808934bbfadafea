"""What is measured about a candidate: every feature by name, with its range and meaning, in the model's order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkers.columns import Columns


@dataclass(frozen=True, slots=True)
class Feature:
    """One number about a candidate of a mention.

    low, high: its range, both ends possible. meaning: one sentence, as a person reads it in an explanation.
    """

    name: str
    low: float
    high: float
    meaning: str


def _flag(name: str, meaning: str) -> Feature:
    return Feature(name, 0.0, 1.0, meaning)


NAME = (
    _flag("exact", "The surface and a name of the entity are equal in normal form, or by a known variant of it."),
    _flag("exact_core", "They are equal once honorifics and determiners are set aside."),
    _flag("exact_unique", "Equal, and no other entity has that name."),
    _flag("exact_long", "Equal, and the name has two words or more."),
    _flag("exact_common", "Equal, but the name is one common English word."),
    _flag("exact_given", "Equal, but the name is one usual given name."),
    _flag("same_case", "The surface is written exactly as a name of the entity, capitals and signs included."),
    _flag("main_name", "The name that matches is the entity's own name, not an alias."),
    _flag("ratio", "Levenshtein similarity of the normal forms without honorifics and determiners, where apart."),
    _flag("jaro_winkler", "Jaro-Winkler similarity of the same, where apart."),
    _flag("token_set", "Similarity of their sets of words, where apart."),
    _flag("near", "How far the Levenshtein similarity is over 0.75, when not equal: 1 at 1."),
    _flag("ngram", "Cosine of the character 3-grams, where apart."),
    _flag("vector_apart", "Cosine of the surface's vector and the entity's, where neither name is part of the other."),
    _flag("vector_part", "The same where the surface is part of the name, or the name of the surface."),
    _flag("vector_word", "The same where the surface is one capitalised word and part of the name."),
    _flag("vector_noun", "The same where the surface is a common noun, not equal to the name."),
    _flag("phonetic", "The surface sounds like a name of the entity."),
    _flag("sound", "How alike surface and name sound, phoneme by phoneme, where that was compared."),
    _flag("initials", "The surface is made of the initials of a name of the entity, or the other way round."),
    _flag("form", "The surface is a name in the other grammatical number."),
    _flag("people", "The entity is the place of the people, the adjective or the short name that the surface is."),
    _flag("acronym", "The surface is written in capitals and made of the initials of a name of the entity."),
    _flag("tail", "The name is the surface with a tail behind a comma or in brackets: Paris, Texas."),
    _flag("headed", "The surface is the name with such a tail."),
    _flag("noun_agrees", "The surface is written small in a text with capitals, and so is the name: a common noun."),
    _flag("noun_conflict", "The surface is written small in a text with capitals, and the name is not."),
    _flag("proper_conflict", "The surface has capitals, the name none."),
    _flag("part_noun", "One name is part of the other, and the surface is a common noun."),
    _flag("contained", "All words of the surface are in the name, which has more."),
    _flag("containing", "All words of the name are in the surface, which has more."),
    _flag("contained_word", "The surface is one capitalised word, and all of it is in the name, which has more."),
    _flag("surname", "The surface is the last word of the name."),
    _flag("given_name", "The surface is the first word of the name."),
    _flag("abbreviated", "The last words are equal and a given name is written as its initial."),
    _flag("given_conflict", "The last words are equal, but given names begin differently."),
    _flag("head_conflict", "Surface and name have several words, share some, and each has one the other lacks."),
    _flag("extra_words", "Words of the name that the surface lacks, a quarter each."),
    _flag("beaten", "Not equal, while another candidate's name is."),
    _flag("distant", "Nothing in the two names agrees by more than chance."),
    _flag("number_agrees", "Both have the same number."),
    _flag("number_conflict", "Both have numbers, and they differ: Episode 12, Episode 21."),
    _flag("number_extra", "One has a number, the other none."),
    _flag("version_conflict", "One says live, remix, demo or the like, the other does not."),
)
PRIOR = (
    Feature("homonyms", 0.0, 10.0, "Logarithm of the number of entities with exactly the surface's name."),
    _flag("popularity", "Share of the popularity of all candidates that match as well as this one; 0.5 if unknown."),
)
TYPE = (
    _flag("agent", "The entity is a person, a band or an organisation."),
    _flag("place", "The entity is a place."),
    _flag("type_same", "The type that the text suggests is the entity's."),
    _flag("type_agrees", "The type that the text suggests is of the same family as the entity's: agent, work, place."),
    _flag("type_conflict", "It is of another family."),
    _flag("cue_agrees", "A cue word states the entity's type: the album X."),
    _flag("cue_conflict", "A cue word states a type of another family."),
)
DOCUMENT = (
    _flag("full_form", "A longer name in the document holds the surface, and is exactly a name of this entity."),
    _flag("full_form_beaten", "So it is, but the surface as it stands is exactly the name of another."),
    _flag("other_full_form", "A longer name in the document holds the surface and is none of this entity."),
    _flag("full_form_exact", "So it is, but the surface as it stands is exactly the name of this entity."),
    _flag(
        "spelled_out", "A name in the document has the surface for its initials, and is exactly a name of this entity."
    ),
    _flag("other_spelled_out", "A name in the document has the surface for its initials, and is none of this entity."),
    _flag("kin", "The surface is its given name, and another name of the document shares its family name."),
    _flag("also_named", "The document names this entity exactly in another way as well."),
    _flag("coherence", "Entities that are related to it in the catalog are named in the document."),
    _flag("coherence_lead", "How far that is ahead of the best rival; 0 when behind."),
)
CONTEXT = (
    _flag("context_read", "The context was compared: strings alone did not settle the mention."),
    Feature("context", -1.0, 1.0, "Cosine of the context's vector and the entity's, 3 decimals; 0 if not compared."),
    Feature("context_lead", -1.0, 1.0, "By how much that is ahead of the best rival, or behind the best."),
    Feature("document", -1.0, 1.0, "Cosine of the mean of the document's contexts and the entity's vector."),
    Feature("best_sentence", -1.0, 1.0, "The highest cosine of any other sentence of the document that was read."),
    Feature("company", -1.0, 1.0, "Cosine of the other names of the document, those nearest, and the entity's vector."),
    Feature("document_lead", -1.0, 1.0, "By how much `document` is ahead of the best rival, or behind the best."),
    Feature("company_lead", -1.0, 1.0, "By how much `company` is ahead of the best rival, or behind the best."),
    Feature(
        "context_word",
        -1.0,
        1.0,
        "`context` where the surface is one capitalised word of the name: its first if another has the very name.",
    ),
    Feature(
        "company_word",
        -1.0,
        1.0,
        "`company` where the surface is one capitalised word of the name: its first if another has the very name.",
    ),
    Feature(
        "document_word",
        -1.0,
        1.0,
        "`document` where the surface is one capitalised word of the name: its first if another has the very name.",
    ),
    _flag("description", "Words of the entity's description that stand in the context, rare ones more."),
    _flag("described", "The entity has a description."),
)
SURFACE = (
    Feature("words", 0.0, 2.0, "Logarithm of the number of words in the surface."),
    _flag("common_word", "The surface is one common English word."),
    _flag("no_capital", "The surface has no capital letter."),
    _flag("any_exact", "Some candidate is exact."),
    _flag("partial_single", "The surface is one word, and the candidate is not exact."),
)
DEFINITIONS: tuple[Feature, ...] = (*NAME, *PRIOR, *TYPE, *DOCUMENT, *CONTEXT, *SURFACE)
FEATURES: tuple[str, ...] = tuple(feature.name for feature in DEFINITIONS)
"""Names of the features, in the order of every feature vector."""
_ROWS_AT_ONCE = 4_096  # so that all their features lie in the processor's cache
_LOW, _HIGH = (np.array([getattr(f, end) for f in DEFINITIONS], dtype=np.float32) for end in ("low", "high"))


def matrix(pairs: Columns) -> NDArray[np.float32]:
    """Return the features of candidates, (n, number of features), each cut to its range.

    pairs: one row a candidate of a mention, one column a feature.
    """
    values = np.empty((pairs.height, len(FEATURES)), dtype=np.float32)
    columns = [pairs[name] for name in FEATURES]
    for start in range(0, pairs.height, _ROWS_AT_ONCE):
        part = slice(start, start + _ROWS_AT_ONCE)
        for place, column in enumerate(columns):
            values[part, place] = column[part]
        np.clip(values[part], _LOW, _HIGH, out=values[part])
    return values
