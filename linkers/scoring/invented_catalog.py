"""A catalog of things that do not exist, so that weights do not hang on one real catalog."""

import random
from dataclasses import dataclass, replace

from linkers.scoring.invented_words import ADJECTIVE, FAMILY, GENRE, GIVEN, NOUN, PLACE, ROLE, SINGLE, TOPIC
from schemas.entity import Entity

Triple = tuple[str, str, str]


@dataclass
class Catalog:
    """Entities and the relations (subject, relation, object ids) between them."""

    entities: list[Entity]
    relations: list[Triple]


class _Inventor:
    """Adds things one by one; later ones build on earlier ones."""

    def __init__(self, rng: random.Random, prefix: str) -> None:
        self.rng = rng
        self.prefix = prefix
        self.entities: dict[str, Entity] = {}
        self.relations: list[Triple] = []

    def add(self, name: str, entity_type: str, description: str = "", aliases: tuple[str, ...] = ()) -> str:
        number = len(self.entities)
        popularity = round(self.rng.paretovariate(1.1), 3) if self.rng.random() < 0.7 else None
        entity = Entity(
            id=f"{self.prefix}/{entity_type}/{number}",
            name=name,
            type=entity_type,
            aliases=tuple(sorted({a for a in aliases if a and a != name})),
            description=description,
            popularity=popularity,
        )
        self.entities[entity.id] = entity
        return entity.id

    def name(self, entity_id: str) -> str:
        return self.entities[entity_id].name

    def pick(self, entity_type: str) -> str:
        return self.rng.choice([e.id for e in self.entities.values() if e.type == entity_type])

    def relate(self, subject: str, relation: str, target: str) -> None:
        self.relations.append((subject, relation, target))

    def person_name(self) -> str:
        middle = f" {self.rng.choice(GIVEN)}" if self.rng.random() < 0.08 else ""
        return f"{self.rng.choice(GIVEN)}{middle} {self.rng.choice(FAMILY)}"

    def band_name(self) -> str:
        kind = self.rng.random()
        if kind < 0.35:
            return f"The {self.rng.choice(ADJECTIVE)} {self.rng.choice(NOUN)}"
        if kind < 0.55:
            return f"{self.rng.choice(ADJECTIVE)} {self.rng.choice(NOUN)}"
        if kind < 0.7:
            return f"{self.rng.choice(FAMILY)} & the {self.rng.choice(NOUN)}"
        if kind < 0.8:
            return f"{self.rng.choice(SINGLE)} {self.rng.choice(FAMILY)}"
        return self.rng.choice(SINGLE)

    def title(self) -> str:
        kind = self.rng.random()
        if kind < 0.3:
            return self.rng.choice(SINGLE)
        if kind < 0.5:
            return f"{self.rng.choice(ADJECTIVE)} {self.rng.choice(SINGLE)}"
        if kind < 0.7:
            return f"{self.rng.choice(SINGLE)} of the {self.rng.choice(NOUN)}"
        if kind < 0.85:
            return f"{self.rng.choice(ADJECTIVE)} {self.rng.choice(NOUN)}"
        return f"Letters from {self.rng.choice(PLACE)}"


def invent(seed: int, *, artists: int, prefix: str) -> Catalog:
    """Return an invented audio catalog: about nine entities an artist, homonyms and near names among them.

    Deterministic: the same arguments give the same catalog.
    """
    made = _Inventor(random.Random(seed), prefix)
    for place in PLACE:
        made.add(place, "place", made.rng.choice(("Harbour town", "City in the hills", "Village by a lake", "")))
    for word in SINGLE[-24:]:
        made.add(word.lower(), "topic", f"{word} as a subject of songs and talk" if made.rng.random() < 0.5 else "")
    for genre in GENRE:
        made.add(genre, "genre", "", (genre.title(),))
    for _ in range(max(artists // 8, 3)):
        owner = made.rng.choice((*FAMILY, *NOUN))
        made.add(f"{owner} {made.rng.choice(('Records', 'Recordings', 'Sound'))}", "label")
        made.add(f"The {made.rng.choice(PLACE)} {made.rng.choice(('Herald', 'Post', 'Review'))}", "organization")
    for _ in range(artists):
        _artist(made)
    for _ in range(max(artists // 10, 3)):
        _podcast(made)
    return Catalog(list(made.entities.values()), made.relations)


def _artist(made: _Inventor) -> None:
    rng = made.rng
    place, genre, label = made.pick("place"), made.pick("genre"), made.pick("label")
    solo = rng.random() < 0.55
    name = made.person_name() if solo else made.band_name()
    what = rng.choice(ROLE) if solo else rng.choice(("band", "duo", "trio", "quartet"))
    description = f"{made.name(genre)} {what} from {made.name(place)}".capitalize() if rng.random() < 0.85 else ""
    artist = made.add(name, "artist", description, _artist_aliases(name, rng))
    made.relate(artist, "FROM_PLACE", place)
    made.relate(artist, "HAS_GENRE", genre)
    made.relate(artist, "SIGNED_TO", label)
    for _ in range(0 if solo else rng.randrange(3)):
        member = made.add(made.person_name(), "person", f"{rng.choice(ROLE)} of {name}".capitalize())
        made.relate(member, "MEMBER_OF", artist)
    for _ in range(rng.randrange(1, 3)):
        title = name if rng.random() < 0.15 else made.title()
        year = rng.randrange(1965, 2024)
        told = rng.choice((f"Album by {name}, {year}", f"{made.name(genre)} album of {year}", ""))
        album = made.add(title, "album", told)
        made.relate(album, "PERFORMED_BY", artist)
        for _ in range(rng.randrange(1, 4)):
            _track(made, artist, album, title)


def _artist_aliases(name: str, rng: random.Random) -> tuple[str, ...]:
    words = name.split()
    found = []
    if words[0] == "The":
        found.append(" ".join(words[1:]))
    if len(words) >= 3 and rng.random() < 0.4:
        found.append("".join(word[0] for word in words).upper())
    if len(words) == 2 and rng.random() < 0.2:
        found.append(f"{words[0]} {rng.choice(GIVEN)} {words[1]}")
    if rng.random() < 0.1:
        found.append(rng.choice(SINGLE))
    return tuple(found)


def _track(made: _Inventor, artist: str, album: str, album_title: str) -> None:
    rng = made.rng
    title = album_title if rng.random() < 0.15 else made.title()
    description = rng.choice((f"Song by {made.name(artist)}", f"Song from the album {album_title}", ""))
    track = made.add(title, "track", description)
    made.relate(track, "PERFORMED_BY", artist)
    made.relate(track, "ON_ALBUM", album)
    if rng.random() < 0.12:
        version = rng.choice(("Live", "Demo", "Remix", "Acoustic"))
        other = made.add(f"{title} ({version})", "track", description)
        made.relate(other, "PERFORMED_BY", artist)


def _podcast(made: _Inventor) -> None:
    rng = made.rng
    topic = rng.choice(TOPIC)
    name = rng.choice((f"The {rng.choice(FAMILY)} Hour", f"{topic.title()} Weekly", f"{made.title()} Radio"))
    podcast = made.add(name, "podcast", f"Podcast about {topic}")
    host = made.add(made.person_name(), "person", f"Host of {name}")
    made.relate(host, "HOSTS", podcast)
    for number in rng.sample(range(1, 60), rng.randrange(3, 7)):
        subject = rng.choice(TOPIC)
        title = rng.choice((f"Episode {number}", f"{name} #{number}", f"{subject.title()}, Part {number % 4 + 1}"))
        episode = made.add(title, "episode", f"About {subject}")
        made.relate(episode, "PART_OF", podcast)
        guest = made.pick("artist")
        made.relate(guest, "GUEST_ON", episode)


def names_only(catalog: Catalog) -> Catalog:
    """Return the catalog without descriptions, popularity, relations and aliases, all of one unknown type."""
    bare = [replace(e, type="other", aliases=(), description="", popularity=None) for e in catalog.entities]
    return Catalog(bare, [])
