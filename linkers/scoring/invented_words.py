"""The parts that invented names are made of."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in text.split(","))


GIVEN = _words(
    "June Peter Marta Elias Nora Callum Ines Tobias Greta Ravi Yuki Amara Dario Lena Oskar Priya Felix Hana Mateo "
    "Ruth Silvia Jonas Adele Bruno Clara Desmond Edith Farid Gwen Hugo Iris Jamal Kira Leon Maeve Nils Olga Pablo "
    "Quentin Rosa"
)
FAMILY = _words(
    "Marlowe Harlan Okafor Lindqvist Castellan Verhoeven Ashdown Petrov Quill Nakamura Delacroix Brandt Sorensen Mbeki "
    "Holloway Farrow Ibarra Kowalski Penrose Rourke Thackeray Umber Vance Whitlock Yardley Zeller Corrigan Dunmore "
    "Ellery Fontaine Gallagher Haverford Ingram Jessop Kessler Lockwood Merriweather Northcote Osgood Pemberton "
    "Singh Chen Lopez Haddad Novak Costa Young West King Rivers Stone Snow Banks Love"
)
ADJECTIVE = _words(
    "Silver Hollow Velvet Broken Quiet Electric Northern Paper Golden Wild Midnight Distant Burning Plastic Crimson "
    "Lonely Sleeping Radio Modern Sunken"
)
NOUN = _words(
    "Foxes Rivers Machines Ghosts Harbour Engines Lanterns Wolves Satellites Gardens Mirrors Thieves Orchard Kings "
    "Swallows Parade Cathedral Astronauts Winter Hearts"
)
SINGLE = _words(
    "Hollow Ember Mirror Kestrel Vesper Lumen Tundra Cinder Quarry Halcyon Marrow Static Orchid Falcon Solace Thorn "
    "Home Hello Stay Alone Tonight Sunday Rain Fire Believe Dancer Yesterday Heaven Run Angel Smile Gold Water Lost"
)
PLACE = _phrases(
    "Eastmere,Port Calder,Lindholm,Vasterby,San Aurelio,New Harrow,Brackwater,Kirkby Moor,Alder Falls,Tarnova,"
    "Montclair,Oakhaven,Saint Brise,Dunwick,Rio Claro,Holmsund,Westray"
)
GENRE = _phrases(
    "harbour folk,slow techno,chamber pop,desert blues,night jazz,garage soul,dream punk,glass ambient,"
    "river reggae,tape house"
)
ROLE = ("singer", "guitarist", "pianist", "rapper", "songwriter", "producer", "cellist", "drummer")
TOPIC = _phrases(
    "lost tapes,radio drama,touring on a budget,old synthesizers,city gardens,unsolved thefts,deep sea diving,"
    "chess prodigies,bread baking,night trains,forgotten inventors,football chants"
)


STRANGER_GIVEN = _words(
    "Albin Beatrix Cosmo Dagny Ewan Fenella Gideon Hester Ivo Juno Kester Lorna Magnus Nell Orson Petra"
)
STRANGER_FAMILY = _words("Abernathy Blackwood Carrow Drummond Eastlake Fairweather Garrick Hathersage Inglewood Jorvik")
"""Names of people that no catalog holds."""
