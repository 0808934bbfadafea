"""From letters to sounds by rules: how an English speaker would roughly say a key."""

import re
from functools import lru_cache

from linkers.normalization import latin, normalize

VOWELS = "aeiouAIOYR"
"""Sounds are single signs: vowels a e i o u, long A I, O as in out, Y as in boy, R as in bird; consonants as written,
with C ch, J j, N ng, S sh, T th, Z as in vision."""
CONSONANTS = "pbtdkgfvTszSZCJmnNlrwyh"
_DIGITS = tuple(
    word
    for line in (
        "zero one two three four five six seven eight nine ten eleven twelve",
        "thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
    )
    for word in line.split()
)
_TENS = ("", "", *["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"])
_LETTERS = {
    **{"a": "A", "b": "bi", "c": "si", "d": "di", "e": "i", "f": "ef", "g": "Ji", "h": "AC", "i": "I", "j": "JA"},
    **{"k": "kA", "l": "el", "m": "em", "n": "en", "o": "o", "p": "pi", "q": "kyu", "r": "ar", "s": "es", "t": "ti"},
    **{"u": "yu", "v": "vi", "w": "dabalyu", "x": "eks", "y": "wI", "z": "zi"},
}
_WORD_LIST = r"""
the=Ta of=av was=waz is=iz as=az has=haz his=hiz one=wan once=wans two=tu to=tu do=du who=hu you=yu your=yor
are=ar were=wR have=hav been=bin does=daz done=dan said=sed says=sez some=sam come=kam any=eni many=meni
there=Ter their=Ter they=TA give=giv live=liv people=pipal our=OR hour=OR hours=ORz through=Tru though=To
enough=inaf be=bi he=hi she=Si me=mi we=wi by=bI my=mI why=wI fly=flI sky=skI try=trI dry=drI sure=Sur hi=hI
eight=At four=for bury=beri money=mani love=lav above=abav month=manT other=aTR mother=maTR brother=braTR
heart=hart hearts=harts great=grAt hello=helo women=wimin woman=wuman blood=blad word=wRd words=wRdz work=wRk
world=wRld guy=gI island=IlAnd johnson=Jansan michael=mIkal sean=Son juan=wan jose=hosA joshua=JoSua isaac=Izak
stephen=stivan steven=stivan joseph=Josaf charles=Carlz james=Jamz louis=luis lewis=luis chicago=Sikago
texas=teksas
"""
_WORDS = dict(pair.split("=") for pair in _WORD_LIST.split())
"""Common words and given names that the rules would say wrongly."""
_RULE_LIST = r"""
^kn=n ^gn=n ^ps=s ^pn=n ^wr=r ^x=z ^mc(?=[ckqg])=ma ^mc=mak (?:ti|ci|si|ssi)ous=Sas [tcs]ia(?=n|l)=Sa ssion=San
tion=San (?<=[aeiou])sion=Zan sion=San ture(?=s?$)=CR sure$=ZR sch(?=oo)=sk sch=S tch=C chr=kr chl=kl ch=C sh=S
th=T (?<=[aeiou])h(?![aeiouy])= ph=f eigh=A augh=o ought=ot ough=o igh=I gh(?=[aeiou])=g gh= ck=k cqu=kw
que(?=s?$)=k qu=kw q=k dge=J dg(?=[iy])=J ngue(?=s?$)=N nge(?=s?$)=nJ nge(?=[lnm])=nJe ng(?=[aeiou])=Ng ng=N
n(?=[kxq])=N cc(?=[eiy])=ks sc(?=[eiy])=s c(?=[eiy])=s cz=C c=k gu(?=[ei])=g ign(?=s?$)=In gg=g
g(?=es?$|e[^tr]|y|ia|io)=J j=J (?<=e)x(?=[aeiou])=gz x=ks wh=w mb(?=s?$)=m bt$=t mn$=m tz=ts zz=ts dj=J rh=r
y(?=[aeiou])=y y$=i eum$=iam eau=o ear(?=[lnt])=R (?:ear|eer|ier|ere$)=ir (?:air|are$|eir)=er
(?:er|ir|ur|yr)(?![aeiou])=R (?<=..[bcdfgklmnpstv])or(?=s?$)=R our=or oor=or ore(?=s?$)=or ire(?=s?$)=Ir
ee|ea|ie(?!$)=i ie$=i ei(?=n$|m|s|nb|nst)=I ei=i ey(?=s?$)=i ey=A ai|ay=A oo=u ould=ud ous(?=$|ly)=as ou=O ow$=o
ow=O oa|oe=o oi|oy=Y alk=ok all=ol au|aw=o eu|ew|ui=u ue=u ae=e (?<=[bcdfgkpstz])le(?=s?$)=al tre$=tR
(?<=....)i(?=[vc]e(?:s|ly)?$)=i (?<=...)a(?=[gc]e(?:s)?$)=i a(?=[bcdfgjklmnpstvz]es?$)=A
i(?=[bcdfgjklmnpstvz]es?$)=I (?<=[sxz])es$=iz (?<=ch)es$=iz (?<=sh)es$=iz (?<=c)es$=iz (?<=g)es$=iz
(?<=[td])ed$=id (?<=..)ed$=d (?<=[bdgvmnlrw])s$=z (?<=[pkft])es$=s (?<=[a-z])es$=z (?<=[a-z])e$= a=a e=e i|y=i
o=o u$=u u(?=[bcdfgklmnprstvz][aeiouy])=u u=a
"""
# tried in order at each place; (pattern, sounds)
_RULES: tuple[tuple[str, str], ...] = tuple(
    (pattern, sounds) for pattern, _, sounds in (line.rpartition("=") for line in _RULE_LIST.split())
) + tuple((letter, letter) for letter in "bdfghklmnprstvwz")
_PATTERN = re.compile("|".join(f"(?P<r{number}>{pattern})" for number, (pattern, _) in enumerate(_RULES)))
_REPEATED = re.compile(r"(.)\1+")
_PARTS = re.compile(r"\d+|[^\d]+")
_AFTER_NUMBER = {"s": "z", "st": "T", "nd": "T", "rd": "T", "th": "T"}
_WORD = re.compile(r"[^\s/&.,-]+")
_CAPITALS = re.compile(r"(?<![^\s/&.,-])([A-Z]{2,5})(?:'?(s?))(?![^\s/&.,-])")
_SPELLED_OUT = re.compile(r"[^aeiouy]{1,4}")


@lru_cache(1 << 16)
def word_sounds(word: str) -> str:
    """Return the sounds of one word of a key in Latin letters; numbers are read out, words without vowels spelled.

    >>> word_sounds("night"), word_sounds("knight"), word_sounds("tlc")
    ('nIt', 'nIt', 'tielsi')
    """
    parts = _PARTS.findall(word)
    if len(parts) == 2 and parts[1] in _AFTER_NUMBER:
        return _number(parts[0]) + _AFTER_NUMBER[parts[1]]
    return "".join(_number(part) if part[0].isdigit() else _letters(part) for part in parts)


def _letters(word: str) -> str:
    if word in _WORDS:
        return _WORDS[word]
    if len(word) == 1 or _SPELLED_OUT.fullmatch(word):
        return "".join(_LETTERS.get(letter, "") for letter in word)
    spoken = "".join(_RULES[int((found.lastgroup or "r0")[1:])][1] for found in _PATTERN.finditer(word))
    return _REPEATED.sub(r"\1", spoken)


def _number(digits: str) -> str:
    return "".join(_letters(word) for word in _number_words(digits))


def _number_words(digits: str) -> list[str]:
    value = int(digits) if len(digits) <= 4 else -1
    if digits[0] == "0" or value < 0:
        return [_DIGITS[int(digit)] if digit.isascii() else "" for digit in digits]
    if value < 20:
        return [_DIGITS[value]]
    if value < 100:
        return [_TENS[value // 10], *([_DIGITS[value % 10]] if value % 10 else [])]
    if value % 1000 == 0:
        return [_DIGITS[value // 1000], "thousand"]
    if value < 1000 or value % 1000 < 10:
        unit, word = (100, "hundred") if value < 1000 else (1000, "thousand")
        rest = value % unit
        return [_DIGITS[value // unit], word, *(_number_words(str(rest)) if rest else [])]
    return [*_number_words(str(value // 100)), *(_number_words(str(value % 100)) if value % 100 else ["hundred"])]


def sounds(key: str) -> str:
    """Return the sounds of a key in Latin letters, its words joined."""
    return "".join(word_sounds(word) for word in key.split(" "))


def spoken(text: str) -> tuple[str, ...]:
    """Return the sounds of a name: as words and, where short words are in capitals, with these said letter by letter.

    >>> spoken("RAF Museum"), spoken("museum")
    (('rafmusiam', 'arAefmusiam'), ('musiam',))
    """
    read = sounds(latin(normalize(text)))
    if not _CAPITALS.search(text):
        return (read,)
    spelled = "".join(
        "".join(_LETTERS[letter] for letter in found.group(1).lower()) + found.group(2)
        if (found := _CAPITALS.fullmatch(word))
        else sounds(latin(normalize(word)))
        for word in _WORD.findall(text)
    )
    return (read,) if spelled == read else (read, spelled)
