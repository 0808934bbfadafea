"""Documents with known answers, made from a catalog: mentions of every shape, right, wrong and unknown ones."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from linkers.scoring.invented_catalog import Catalog, Triple, names_only
from linkers.scoring.invented_words import STRANGER_FAMILY, STRANGER_GIVEN
from linkers.scoring.misspelling import extended, initials_of, misheard, mistyped, shortened, stylised
from linkers.scoring.sentence_templates import ABOUT, ANY, CUED, FILLER, OTHER_WORDS, SETTING
from schemas.document import Document
from schemas.entity import Entity
from schemas.span import GoldSpan

_SUGGESTED = {
    "artist": ("person", "organization", "artist"),
    "album": ("work",),
    "track": ("work",),
    "podcast": ("work",),
    "episode": ("work",),
    "label": ("organization",),
    "genre": ("",),
    "topic": ("",),
}
_LIKELY = {"artist": 4.0, "place": 4.0, "person": 3.0, "genre": 2.0}
"""How much likelier a name means such a thing than a work that is called the same."""
_SPELLED_OUT = 0.15
"""How often a name of three words or more is followed by its initials in brackets."""
_WRONG_TYPES = ("person", "organization", "place", "work")
_BY_TYPES_UNKNOWN = ("person", "organization", "place", "")


@dataclass
class LabelledText:
    """Documents and what their mentions mean.

    gold: entity_id is None for what the training index does not hold; `type` is what an extractor would suggest,
    often nothing and at times wrong; `note` names the shape of the mention.
    """

    documents: list[Document] = field(default_factory=list)
    gold: list[GoldSpan] = field(default_factory=list)


@dataclass(frozen=True)
class Split:
    """A catalog parted into what the index holds and what it lacks."""

    known: list[Entity]
    unknown: list[Entity]
    relations: list[Triple]

    @property
    def names_only(self) -> Catalog:
        """What an index holds that was given the names alone, while texts are written from all that is known."""
        return names_only(Catalog(self.known, []))

    @property
    def catalog(self) -> Catalog:
        """What an index holds."""
        return Catalog(self.known, self.relations)


def split(catalog: Catalog, seed: int, *, unknown_share: float) -> Split:
    """Hold a share of the entities out of the index; relations between known ones stay."""
    rng = random.Random(seed)
    unknown = {entity.id for entity in catalog.entities if rng.random() < unknown_share}
    return Split(
        known=[e for e in catalog.entities if e.id not in unknown],
        unknown=[e for e in catalog.entities if e.id in unknown],
        relations=[t for t in catalog.relations if t[0] not in unknown and t[2] not in unknown],
    )


def write_documents(parts: Split, seed: int, *, count: int, prefix: str) -> LabelledText:
    """Return `count` invented documents about a catalog's entities. Deterministic."""
    rng = random.Random(seed)
    cast = _Cast(parts, rng)
    text = LabelledText()
    for number in range(count):
        _Writer(cast, rng, f"{prefix}-{number}").write(text)
    return text


class _Cast:
    """Who may be spoken of: entities by weight, what is related, and things that no catalog has."""

    def __init__(self, parts: Split, rng: random.Random) -> None:
        self.rng = rng
        self.known, self.unknown = parts.known, parts.unknown
        self.by_id = {entity.id: entity for entity in parts.known}
        self.related: dict[str, list[str]] = defaultdict(list)
        for subject, _, target in parts.relations:
            self.related[subject].append(target)
            self.related[target].append(subject)
        self.weights = [1.0 + 2.0 * min(e.popularity or 0.0, 10.0) for e in self.known]
        named: dict[str, list[Entity]] = defaultdict(list)
        for entity in self.known:
            named[entity.name.lower()].append(entity)
        self.homonyms = [group for _, group in sorted(named.items()) if len(group) > 1]
        self.held = _held(named)

    def anyone(self) -> Entity:
        if self.homonyms and self.rng.random() < 0.25:
            group = self.rng.choice(self.homonyms)
            return self.rng.choices(group, [_LIKELY.get(e.type, 1.0) * (1.0 + (e.popularity or 0.0)) for e in group])[0]
        return self.rng.choices(self.known, self.weights)[0]

    def near_names(self, entity: Entity) -> list[Entity]:
        """Return an entity whose name this one's name holds, or the other way round; often none."""
        near = self.held.get(entity.name.lower(), [])
        return [self.rng.choice(self.rng.choice(near))] if near else []

    def company(self, entity: Entity, size: int) -> list[Entity]:
        """Return entities related to one, directly or by one between, without itself."""
        near = [e for e in self.related[entity.id] if e in self.by_id]
        further = [f for e in near for f in self.related[e] if f in self.by_id and f != entity.id]
        pool = sorted(set(near) | set(self.rng.sample(further, min(len(further), 4))))
        return [self.by_id[e] for e in self.rng.sample(pool, min(len(pool), size))]

    def stranger(self) -> tuple[str, str]:
        """Return name and type of something that the catalog does not hold."""
        kind = self.rng.random()
        if kind < 0.5 and self.unknown:
            entity = self.rng.choice(self.unknown)
            return entity.name, entity.type
        if kind < 0.75:
            return f"{self.rng.choice(STRANGER_GIVEN)} {self.rng.choice(STRANGER_FAMILY)}", "person"
        near = self.anyone()
        return self._near_miss(near.name), near.type

    def _near_miss(self, name: str) -> str:
        words = name.split()
        digits = [i for i, word in enumerate(words) if word.strip("#,.").isdigit()]
        if digits:
            at = digits[0]
            words[at] = words[at].replace(words[at].strip("#,."), str(self.rng.randrange(60, 200)))
        elif len(words) == 1:
            words = [*words, self.rng.choice(STRANGER_FAMILY)] if self.rng.random() < 0.6 else [words[0] + "ley"]
        elif self.rng.random() < 0.6:
            words[0] = self.rng.choice(STRANGER_GIVEN)
        else:
            words[-1] = self.rng.choice(STRANGER_FAMILY)
        return " ".join(words)


def _held(named: Mapping[str, list[Entity]]) -> dict[str, list[list[Entity]]]:
    """Return for each name the groups of entities whose name it holds as words, and those whose name holds it."""
    held: dict[str, list[list[Entity]]] = defaultdict(list)
    for name in sorted(named):
        words = name.split()
        parts = {" ".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1)} - {name}
        for part in sorted(parts & named.keys()):
            held[name].append(named[part])
            held[part].append(named[name])
    return held


class _Writer:
    """Writes one document, sentence by sentence, and notes where the mentions are."""

    def __init__(self, cast: _Cast, rng: random.Random, doc_id: str) -> None:
        self.cast, self.rng, self.doc_id = cast, rng, doc_id
        self.lower_case = rng.random() < 0.2
        self.parts: list[str] = []
        self.length = 0
        self.gold: list[GoldSpan] = []
        self.full: set[str] = set()
        self.hinting = rng.choice((0.0, 0.3, 0.6))

    def write(self, text: LabelledText) -> None:
        rng = self.rng
        subject = self.cast.anyone()
        cast: list[Entity] = [subject, *self.cast.company(subject, rng.randrange(5))]
        cast += [self.cast.anyone() for _ in range(rng.randrange(3))]
        if rng.random() < 0.5:
            cast += [near for entity in cast[:3] for near in self.cast.near_names(entity)]
        strangers = [self.cast.stranger() for _ in range(rng.randrange(4))]
        for _ in range(rng.randrange(2, 12)):
            if rng.random() < 0.12:
                self._put(rng.choice(FILLER) + " ")
            elif rng.random() < self.hinting / 2:
                self._put(rng.choice(SETTING).replace("{hint}", self._hint(subject)) + " ")
            elif strangers and rng.random() < 0.3:
                self._sentence(rng.choice(strangers), rng.choice(cast))
            else:
                first = rng.choices(cast, [3.0, *([1.0] * (len(cast) - 1))])[0]
                others = [e for e in cast if e is not first] or [self.cast.anyone()]
                second = rng.choice(strangers) if strangers and rng.random() < 0.15 else rng.choice(others)
                self._sentence(first, second)
        text.documents.append(Document(id=self.doc_id, text="".join(self.parts)))
        text.gold += self.gold

    def _sentence(self, first: Entity | tuple[str, str], second: Entity | tuple[str, str]) -> None:
        kind = first.type if isinstance(first, Entity) else first[1]
        templates = ABOUT.get(kind, ())
        templates = templates if templates and self.rng.random() < 0.7 else ANY
        hinted = [t for t in templates if "{hint}" in t] if self.rng.random() < self.hinting else []
        template = self.rng.choice(hinted or templates)
        bare = " the " not in template.partition("{0}")[0]
        if kind in CUED and bare and self.rng.random() < 0.12:
            template = template.replace("{0}", self.rng.choice(CUED[kind]), 1)
        while template:
            places = [(template.find(slot), slot) for slot in ("{0}", "{1}", "{hint}") if slot in template]
            if not places:
                break
            at, slot = min(places)
            self._put(template[:at])
            template = template[at + len(slot) :]
            if slot == "{hint}":
                self._put(self._hint(first))
            else:
                self._mention(first if slot == "{0}" else second)
        self._put(template + " ")

    def _hint(self, thing: Entity | tuple[str, str]) -> str:
        words = thing.description.rstrip(".").split() if isinstance(thing, Entity) else []
        if len(words) < 3:
            return self.rng.choice(("so to speak", "as far as I know", "if you remember", "of all things"))
        size = min(len(words), self.rng.randrange(3, 7))
        at = self.rng.randrange(len(words) - size + 1)
        chosen = words[at : at + size]
        if self.rng.random() < 0.6:
            chosen = [OTHER_WORDS.get(word.lower().strip(","), word) for word in chosen]
        return "all " + " ".join(chosen) if self.rng.random() < 0.3 else " ".join(chosen)

    def _put(self, text: str) -> None:
        text = text.lower() if self.lower_case else text
        self.parts.append(text)
        self.length += len(text)

    def _mention(self, thing: Entity | tuple[str, str]) -> None:
        if isinstance(thing, Entity):
            surface, note = self._shape(thing)
            entity_id, kind = thing.id, thing.type
        else:
            name, kind = thing
            again = name in self.full and self.rng.random() < 0.6
            surface, note, entity_id = (shortened(name, kind, self.rng) if again else name), "unknown", None
            self.full.add(name)
        self._note(surface, kind, entity_id, note)
        short = initials_of(surface)
        if short and self.rng.random() < _SPELLED_OUT:
            self._put(" (")
            self._note(short, kind, entity_id, "initials" if entity_id else note)
            self._put(")")

    def _note(self, surface: str, kind: str, entity_id: str | None, note: str) -> None:
        """Put a mention of a thing."""
        surface = surface.lower() if self.lower_case else surface
        start = self.length
        self._put(surface)
        if surface.strip() and self.length > start:
            suggested = self._suggested(kind)
            self.gold.append(GoldSpan(self.doc_id, start, self.length, entity_id, type=suggested, note=note))

    def _shape(self, entity: Entity) -> tuple[str, str]:
        """Return how an entity is written this time, and the name of that shape."""
        rng = self.rng
        name = rng.choice(entity.aliases) if entity.aliases and rng.random() < 0.2 else entity.name
        kind = rng.random()
        several = len(name.split()) > 1
        seen = entity.id in self.full
        self.full.add(entity.id)
        if several and kind < (0.5 if seen else 0.14):
            return shortened(name, entity.type, rng), "short after full" if seen else "short alone"
        if kind > 0.93 and len(name) > 4:
            return mistyped(name, rng), "typing error"
        if (kind > 0.85 or (self.lower_case and kind > 0.7)) and len(name) > 4:
            return misheard(name, rng), "misheard"
        if kind > 0.8:
            return stylised(name, rng), "stylised"
        if kind > 0.77:
            return extended(name, entity.type, rng), "extended"
        return name, "exact"

    def _suggested(self, kind: str) -> str:
        chance = self.rng.random()
        if kind == "other":
            return self.rng.choice(_BY_TYPES_UNKNOWN)
        if chance < 0.35:
            return ""
        if chance < 0.48:
            return self.rng.choice(_WRONG_TYPES)
        if chance < 0.6:
            return kind
        return self.rng.choice(_SUGGESTED.get(kind, (kind,)))


def texts_of(text: LabelledText) -> Sequence[str]:
    """Return the surfaces of the mentions, in order."""
    texts = {document.id: document.text for document in text.documents}
    return [texts[g.doc_id][g.start : g.end] for g in text.gold]
