"""Peoples and their places: which place an adjective or a people's name stands for."""

_IRREGULAR = """
united states=united states of america|america=united states of america,united states
american=united states of america,united states|british=united kingdom,great britain,britain|briton=united kingdom
britain=united kingdom,great britain|great britain=united kingdom|china=china,people s republic of china
english=england|englishman=england|welsh=wales|scottish=scotland|scots=scotland|scotch=scotland|irish=ireland
french=france|frenchman=france|dutch=netherlands,the netherlands,holland|holland=netherlands|german=germany
spanish=spain|spaniard=spain|portuguese=portugal|swiss=switzerland|greek=greece|turkish=turkey|turk=turkey
danish=denmark|dane=denmark|swedish=sweden|swede=sweden|finnish=finland|finn=finland|polish=poland|pole=poland
czech=czech republic,czechia|slovak=slovakia|slovene=slovenia|norwegian=norway|flemish=flanders|belgian=belgium
luxembourgish=luxembourg|icelandic=iceland|hungarian=hungary|croatian=croatia|croat=croatia|serb=serbia
bosnian=bosnia and herzegovina|kosovar=kosovo|macedonian=north macedonia,macedonia|moldovan=moldova
ukrainian=ukraine|belarusian=belarus|latvian=latvia|lithuanian=lithuania|cypriot=cyprus|manx=isle of man
breton=brittany|catalan=catalonia|basque=basque country|bavarian=bavaria|prussian=prussia|saxon=saxony
tyrolean=tyrol|venetian=venice|neapolitan=naples|florentine=florence|milanese=milan|genoese=genoa|viennese=vienna
muscovite=moscow|parisian=paris|glaswegian=glasgow|liverpudlian=liverpool|mancunian=manchester
chinese=china,people s republic of china|japanese=japan|korean=south korea,korea|south korean=south korea
north korean=north korea|taiwanese=taiwan|thai=thailand|vietnamese=vietnam|filipino=philippines|burmese=myanmar
cambodian=cambodia|laotian=laos|malay=malaysia|mongol=mongolia|tibetan=tibet|nepalese=nepal|nepali=nepal
pakistani=pakistan|afghan=afghanistan|bangladeshi=bangladesh|sri lankan=sri lanka|kazakh=kazakhstan
uzbek=uzbekistan|tajik=tajikistan|turkmen=turkmenistan|kyrgyz=kyrgyzstan|iraqi=iraq|israeli=israel|omani=oman
saudi=saudi arabia|kuwaiti=kuwait|qatari=qatar|yemeni=yemen|emirati=united arab emirates|lebanese=lebanon
palestinian=state of palestine,palestine|egyptian=egypt|moroccan=morocco|congolese=democratic republic of the congo
ivorian=ivory coast,cote d ivoire|ghanaian=ghana|senegalese=senegal|malian=mali|nigerien=niger|somali=somalia
south african=south africa|zimbabwean=zimbabwe|mozambican=mozambique|malagasy=madagascar|basotho=lesotho
new zealander=new zealand|kiwi=new zealand|australian=australia|aussie=australia|canadian=canada|quebecois=quebec
mexican=mexico|brazilian=brazil|argentine=argentina|argentinian=argentina|peruvian=peru|chilean=chile
uruguayan=uruguay|paraguayan=paraguay|ecuadorian=ecuador|venezuelan=venezuela|panamanian=panama
salvadoran=el salvador|puerto rican=puerto rico|costa rican=costa rica|haitian=haiti|cuban=cuba|jamaican=jamaica
barbadian=barbados|bajan=barbados|trinidadian=trinidad and tobago|dominican=dominican republic
bahamian=the bahamas,bahamas|hawaiian=hawaii|texan=texas|californian=california|londoner=london
new yorker=new york,new york city|us=united states,united states of america
usa=united states,united states of america|uk=united kingdom|eu=european union|uae=united arab emirates
ussr=soviet union|soviet=soviet union|soviets=soviet union|european=europe|asian=asia|african=africa|tx=texas
ny=new york|ca=california|fl=florida|nj=new jersey|va=virginia|nc=north carolina|sc=south carolina|tn=tennessee
ky=kentucky|ga=georgia|mn=minnesota|wi=wisconsin|mi=michigan|nv=nevada|nm=new mexico|az=arizona|ut=utah
wa=washington|ct=connecticut|nh=new hampshire|vt=vermont|ri=rhode island|nd=north dakota|sd=south dakota|ks=kansas
ak=alaska|bc=british columbia|nsw=new south wales|nyc=new york city|la=los angeles|dc=washington
"""
PLACES_OF: dict[str, tuple[str, ...]] = {
    people: tuple(places.split(","))
    for line in _IRREGULAR.split("\n")
    for people, _, places in (entry.partition("=") for entry in line.split("|") if entry)
}
"""Keys of places by the key of the people, the adjective, or the usual short name."""
_ENDINGS = (("ian", ("", "ia", "y")), ("an", ("a", "")), ("ese", ("", "a")), ("ish", ("",)))
_SHORTEST_STEM = 3


def places_of(key: str) -> tuple[str, ...]:
    """Return keys that the place of a people or adjective may have; for words that are neither, keys of nothing.

    A people or place before other words is put into words: "us army", "french president".

    >>> places_of("french"), places_of("parisians"), places_of("french president")[1]
    (('france',), ('paris',), 'president of france')
    """
    one = key[:-1] if key.endswith("s") and len(key) > 1 + _SHORTEST_STEM else key
    known = PLACES_OF.get(key) or PLACES_OF.get(one)
    if known:
        return known
    if " " in key:
        return _with_places(key)
    stems = [
        one[: -len(ending)] + tail
        for ending, tails in _ENDINGS
        if one.endswith(ending) and len(one) - len(ending) >= _SHORTEST_STEM
        for tail in tails
    ]
    return tuple(dict.fromkeys(stems))


def _with_places(key: str) -> tuple[str, ...]:
    """Return a key of several words with the place in words: first as it stands, then behind the rest."""
    words = key.split()
    for size in (2, 1):
        rest = " ".join(words[size:])
        places = PLACES_OF.get(" ".join(words[:size]), ()) or (places_of(words[0]) if size == 1 else ())
        if rest and places:
            return tuple(
                form for place in places for form in (f"{place} {rest}", f"{rest} of {place}", f"{rest} of the {place}")
            )
    return ()
