"""Invented sentences for fitting: {0} is a mention, {1} a second one, {hint} some words about the first."""

ABOUT: dict[str, tuple[str, ...]] = {
    "artist": (
        "I went to see {0} last night and the encore went on for half an hour.",
        "{0} played every song from the early years, and nobody left.",
        "There is something in the way {0} sings that I cannot explain.",
        "My brother had a poster of {0} over his bed, {hint} and all.",
        "We grew up with {0}, you know, {hint}, that was our whole world.",
        "When {0} recorded {1}, nobody in the studio expected much of it.",
        "{0} never toured with {1} again after that winter.",
        "You can hear {0} in everything that {1} did later.",
        "The band {0} sold out the hall in ten minutes.",
        "Our guest once opened for {0} in front of forty people.",
        "People forget that {0} was about {hint} long before it was fashionable.",
        "Then {0} walked on stage, and then {1}, and the room went quiet.",
    ),
    "person": (
        "{0} joins us today from a very small room with a very good microphone.",
        "I asked {0} about it, and there was a long pause.",
        "According to {0}, the tapes were lost in a move.",
        "{0} said that the whole thing began as a joke.",
        "Nobody worked harder that year than {0}, {hint}.",
        "{0} met {1} at a party where neither knew the host.",
        "The producer {0} heard it once and wanted to start again.",
        "Let me quote {0} here, because it matters: it was never about money.",
    ),
    "album": (
        "The album {0} came out on a rainy Friday and changed my year.",
        "I still think {0} is the best thing that {1} ever made.",
        "Side two of {0} is where the heart is.",
        "There are nine songs on {0}, and not one is too long.",
        "Critics were cruel to {0}, {hint}, but it has aged well.",
        "They made {0} in eleven days, with {1} behind the glass.",
        "My copy of {0} has a scratch right before the last song.",
    ),
    "track": (
        "They closed with {0}, and everybody knew the words.",
        "The song {0} was written on the back of a bus ticket.",
        "{0} was on the radio all that summer.",
        "If you only know one thing by {1}, it is probably {0}.",
        "We danced to {0} at the wedding, twice.",
        "The demo of {0} is slower, {hint}, and sadder.",
        "I cannot hear {0} without thinking of that kitchen.",
        "The drums on {0} were recorded in a stairwell.",
    ),
    "podcast": (
        "You are listening to {0}, and we have a lot to get through.",
        "I first heard about it on {0}, in the part about {hint}.",
        "{0} is back for another season with {1}.",
        "The podcast {0} did a long piece on exactly this.",
        "Thanks to everybody at {0} for letting us use the tape.",
    ),
    "episode": (
        "We talked about that in {0}, if you want to go back.",
        "The most downloaded one is still {0}.",
        "In {0} there is a moment where {1} simply stops talking.",
        "The episode {0} is the one about {hint}.",
    ),
    "label": (
        "{0} signed them after hearing one cassette.",
        "It came out on {0}, who pressed five hundred copies.",
        "The label {0} was run out of a garage, {hint}.",
        "{0} dropped {1} by fax.",
    ),
    "place": (
        "We recorded this one in {0} with the windows open.",
        "There is a bar in {0} where they still play it every night.",
        "Everybody I knew was moving to {0} that year.",
        "The tour ended in {0}, {hint}.",
        "She grew up near {0} and hated it.",
    ),
    "genre": (
        "At heart this is {0}, whatever the label says.",
        "A lot of {0} came out of that one street, {hint}.",
        "Somebody called it {0}, and the name stayed.",
    ),
    "organization": (
        "{0} wrote about it the next morning.",
        "She left {0} after eleven years to do this full time.",
        "According to {0}, sales fell by half.",
        "{0} and {1} have been fighting over it in court.",
    ),
}
"""By entity type: sentences that fit it."""

ANY: tuple[str, ...] = (
    "And that brings us to {0}.",
    "What do you make of {0}?",
    "So, {0}.",
    "I keep coming back to {0}, honestly.",
    "It all goes back to {0}, I think, and maybe {1}.",
    "You mentioned {0} before we started.",
    "Somebody in the chat is asking about {0}.",
    "Well, {0} is a different story, {hint}.",
    "We could do a whole hour on {0} alone.",
    "{0}, {1}, all of that was new to me.",
    "There was a time when {0} was everywhere.",
    "Without {0} none of this happens.",
    "Here is the thing with {0}: it grows on you.",
    "We should say a word about {0} and {1}.",
)
"""Sentences that fit anything."""

FILLER: tuple[str, ...] = (
    "Anyway, let us move on.",
    "That was a strange winter for everybody involved.",
    "I had no idea at the time, of course.",
    "It is hard to explain if you were not there.",
    "We will put a link in the notes.",
    "Right, exactly, that is what I mean.",
    "There was a lot of coffee and very little sleep.",
)
"""Sentences that mention nothing."""

SETTING: tuple[str, ...] = (
    "It was all about {hint} in those days.",
    "Think of {hint}, and you have the picture.",
    "If you care for {hint}, stay with us.",
    "Nobody in town talked of anything but {hint}.",
    "You know the sort of thing: {hint}.",
)
"""Sentences that set the scene of a document without naming its subject."""

SYNONYMS = {
    "singer": "vocalist", "band": "group", "rock": "loud guitars", "album": "record", "song": "tune", "duo": "pair",
    "trio": "three friends", "quartet": "four friends", "rapper": "MC", "debut": "first", "producer": "studio wizard",
    "guitarist": "guitar player", "drummer": "player of the drums", "pianist": "piano player", "city": "big town",
    "town": "small city", "label": "record company", "podcast": "audio show", "london": "the English capital",
    "york": "Manhattan", "seattle": "the Pacific Northwest", "british": "English", "american": "from the States",
    "france": "Paris", "french": "Parisian", "jazz": "improvised music", "punk": "three angry chords", "pop": "chart music",
    "hip": "beats", "electronic": "made with synthesizers", "soul": "gospel feeling", "folk": "old acoustic tunes",
    "metal": "heavy riffs", "ballad": "slow love tune", "host": "presenter", "episode": "instalment", "second": "next",
    "psychedelic": "trippy", "grunge": "flannel shirts and feedback", "disco": "dance floor music", "film": "movie",
    "composer": "writer of scores", "live": "on stage", "concert": "show on stage", "ireland": "Dublin", "games": "play",
    "village": "little place", "harbour": "port", "crime": "murder cases", "history": "the past", "songwriter": "lyricist",
    "desert": "sand and heat", "radio": "the airwaves", "night": "after dark", "river": "the water", "chamber": "strings",
}  # fmt: skip
"""Other words for words of descriptions, so that texts mean the same without saying it in the same words."""

CUED: dict[str, tuple[str, ...]] = {
    "artist": ("the band {0}", "the singer {0}"),
    "album": ("the album {0}", "the record {0}"),
    "track": ("the song {0}", "the single {0}"),
    "podcast": ("the podcast {0}",),
    "label": ("the label {0}",),
    "person": ("producer {0}",),
}
"""By entity type: a mention with a word that states the type."""
