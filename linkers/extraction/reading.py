"""A document as the extractor sees it: words, sentences, and what its capitals mean."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from linkers.extraction.common_words import ALWAYS_CAPITAL, FUNCTION_WORDS
from linkers.extraction.sentences import Sentences
from linkers.extraction.tokens import Token
from schemas.document import Document

_LEAST_CAPITALS = 0.02  # share of words with a capital; ordinary English prose has five times as many
_MOST_CAPITALS = 0.6  # share of letters that are capitals; more is a text in block letters
_TITLE_CASE = 0.75


@dataclass(frozen=True, slots=True)
class Guess:
    """A span that spaCy takes for an entity; `type` is the ontology's, "" for labels without one."""

    start: int
    end: int
    type: str
    label: str


@dataclass
class Reading:
    """One document with its tokens, sentences and spaCy's guesses.

    words: the tokens without possessive 's, casefolded.
    cased: False when capitals tell nothing: speech-recognition text in lower case, or block letters.
    """

    document: Document
    tokens: list[Token]
    sentences: Sentences
    guesses: list[Guess]
    words: list[str] = field(init=False)
    cased: bool = field(init=False)
    guessed: set[tuple[int, int]] = field(init=False)
    _capital: list[bool] = field(init=False)
    _lower: set[str] | None = field(init=False, default=None)
    _title_case: dict[int, bool] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        text = self.document.text
        self.words = [text[t.start : t.bare_end].casefold() for t in self.tokens]
        self._capital = [_has_capital(text[t.start : t.bare_end]) for t in self.tokens]
        self.cased = is_cased(text, self.tokens)
        self.guessed = {(g.start, g.end) for g in self.guesses}

    @property
    def text(self) -> str:
        """The document's text."""
        return self.document.text

    def sentence_of(self, token: int) -> int:
        """Return the number of the sentence that holds a token."""
        return self.sentences.number(self.tokens[token].start)

    def is_capital(self, token: int) -> bool:
        """Say whether a token begins with a capital, or has one anywhere ("deadmau5" no, "iPod" yes)."""
        return self._capital[token]

    def has_case(self, token: int) -> bool:
        """Say whether a token has letters of a script with capitals."""
        found = self.tokens[token]
        word = self.text[found.start : found.bare_end]
        return word.lower() != word.upper()

    def content(self, first: int, last: int) -> list[int]:
        """Return which tokens of [first, last) are no function words; all of them if every one is."""
        chosen = [i for i in range(first, last) if self.words[i] not in FUNCTION_WORDS]
        return chosen or list(range(first, last))

    def is_capitalised(self, first: int, last: int) -> bool:
        """Say whether every content word of [first, last) that has case is written with a capital."""
        if last - first == 1:
            return self._capital[first] or not self.has_case(first)
        return all(self._capital[i] or not self.has_case(i) for i in self.content(first, last))

    def stands_out(self, first: int, last: int) -> bool:
        """Say whether a capital in [first, last) must mean a name.

        It does not at the beginning of a sentence, in a line where nearly every word has one, or in a
        word that English always writes so.
        """
        number = self.sentence_of(first)
        if self._is_title_case(number):
            return False
        return any(
            self.is_capital(i) and self.words[i] not in ALWAYS_CAPITAL and not self.begins_sentence(i)
            for i in self.content(first, last)
        )

    def begins_sentence(self, token: int) -> bool:
        """Say whether a token is the first of its sentence."""
        return token == 0 or self.sentence_of(token - 1) != self.sentence_of(token)

    def continues_a_name(self, first: int, last: int) -> bool:
        """Say whether a capitalised word stands right beside: "Queen" of "Queen Elizabeth" is no band."""
        following = last < len(self.tokens) and self.text[self.tokens[last - 1].end : self.tokens[last].start]
        if following == " " and self.is_capital(last):
            return True
        if first == 0:
            return False
        before = self.tokens[first - 1]
        joined = self.text[before.end : self.tokens[first].start] == " " and before.bare_end == before.end
        return joined and self.words[first - 1] not in FUNCTION_WORDS and self.stands_out(first - 1, first)

    def has_lower(self, word: str) -> bool:
        """Say whether the document uses a word without a capital, too."""
        if self._lower is None:
            pairs = zip(self.tokens, self.words, strict=True)
            self._lower = {w for t, w in pairs if self.text[t.start : t.bare_end].islower()}
        return word in self._lower

    def _is_title_case(self, number: int) -> bool:
        if number not in self._title_case:
            self._title_case[number] = self._judge_title_case(number)
        return self._title_case[number]

    def _judge_title_case(self, number: int) -> bool:
        start, end = self.sentences.ranges[number]
        words = self.text[start:end].split()[1:]
        if "," in self.text[start:end]:
            return False  # a list of names, not a headline
        long = [w for w in words if len(w) >= 4 and any(c.isalpha() for c in w)]
        return len(long) >= 3 and sum(w[0].isupper() for w in long) >= _TITLE_CASE * len(long)


def _has_capital(word: str) -> bool:
    return not word.islower() and any(map(str.isupper, word))


def is_cased(text: str, tokens: Sequence[Token]) -> bool:
    """Say whether the capitals of a text tell anything: not in lower case throughout, nor in block letters."""
    words = [text[t.start : t.end] for t in tokens]
    words = [w for w in words if w.lower() != w.upper() and w not in ("I", "I'm", "I'll", "I've", "I'd", "I’m")]
    if not words:
        return False
    capitals = [w for w in words if _has_capital(w)]
    letters = sum(len(w) if w.isalpha() else sum(map(str.isalpha, w)) for w in words)
    if letters > 12 and sum(c.isupper() and c.isalpha() for w in capitals for c in w) > _MOST_CAPITALS * letters:
        return False
    return len(capitals) > 0 and len(capitals) >= _LEAST_CAPITALS * len(words)
