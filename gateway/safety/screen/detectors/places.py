"""Where somebody lives: civic addresses and postal codes, in figures or in words."""

import re

from gateway.safety.screen.detectors.counting import UNITS
from gateway.safety.screen.folding import Plain
from gateway.safety.screen.listing import words

Span = tuple[int, int]
# Canada Post: no D, F, I, O, Q, U; the first letter is not W or Z either. An O in a digit's place is a nought.
_POSTAL = re.compile(
    r"(?<![a-z0-9])[abceghjklmnprstvxy][ .\-]?[0-9o][ .\-]?[abceghjklmnprstvwxyz][ .\-]{0,3}[0-9o][ .\-]?[abceghjklmnprstvwxyz]"
    r"[ .\-]?[0-9o](?![a-z0-9])"
)
_DIGIT_WORD = re.compile(rf"\b(?:{'|'.join(word for word in UNITS if len(word) > 1)})\b")
_NUMBER = r"(?<![\w$.,:\-])(?P<number>\d{1,5}) ?(?:[a-d]|bis)?(?![\w%°:])"
_ENGLISH_STREET = (
    r"(?:street|str|st|avenue|ave|av|road|rd|drive|dr|lane|ln|crescent|cres|cr|boulevard|blvd|court|ct|way|trail|terrace|"
    r"place|pl|circle|row|sideroad|concession|line|highway|hwy)"
)
_FRENCH_STREET = r"(?:rue|avenue|av|ave|boulevard|boul|bd|blvd|chemin|ch|rang|route|rte|cote|montee|allee|croissant|impasse|place|ruelle)"
_NAME = r"(?:[a-z][a-z'\-]+|\d{1,3}(?:st|nd|rd|th|e|eme|ieme))\.?"
_ENGLISH = re.compile(rf"{_NUMBER},? (?P<name>{_NAME}(?: {_NAME}){{0,2}}) (?P<street>{_ENGLISH_STREET})\b")
_FRENCH = re.compile(rf"{_NUMBER},? (?P<street>{_FRENCH_STREET})\.? (?P<name>{_NAME}(?: {_NAME}){{0,2}})")
_BOX = re.compile(
    r"\b(?:p\.? ?o\.? box|box|case postale|c\.p\.|cp|casier postal|r\.?r\.? ?#?|lot|general delivery|poste restante) ?#?(?P<number>\d{1,5})\b"
)
_BOX_WORDS = re.compile(r"^(?:box|lot|cp)")
# Words that stand between a number and "road" when no address is meant: 5 minutes down the road.
_NOT_A_NAME = words(
    "a an and the of in on to at by for from down up off out more of most other than then this that "
    "my your our their his her is was are were be been km kms kilometers kilometres miles m min mins "
    "minutes minute hours hour h days day weeks week times time years year old people kids cars "
    "trucks dogs guys percent dollars bucks pts points blocks block feet long last first best worst "
    "whole same right wrong only all each every any no some half way one two three four five half- "
    "hour degrees le la les des du de d un une et ou en sur sous pour par est sont etait dans au aux "
    "plus moins fois ans jours heures"
) - {"de", "du", "des", "la", "le", "les"}
_LIVES = re.compile(
    r"\b(?:live|lives|living|house|address|adresse|habite|reste|demeure|maison|stay|staying|apt|appart|come|viens|meet)\b"
)
_WEAK_STREETS = words("line way place pl court ct row cr st str highway hwy circle trail concession dr")


def addresses_in(plain: Plain) -> list[Span]:
    """Places (in folded letters) of civic addresses and postal boxes."""
    spans = [found.span() for found in _ENGLISH.finditer(plain.text) if _is_english(found, plain.text)]
    spans += [found.span() for found in _FRENCH.finditer(plain.text) if _is_french(found)]
    spans += [
        found.span()
        for found in _BOX.finditer(plain.text)
        if not _BOX_WORDS.match(found[0]) or _LIVES.search(plain.text)
    ]
    return sorted(spans)


def postal_codes_in(plain: Plain) -> list[Span]:
    """Places of postal codes; digits may be words."""
    spans = [found.span() for found in _POSTAL.finditer(plain.text) if sum(map(str.isdigit, found[0])) >= 2]
    return spans or _spelled_postal_codes(plain)


def _spelled_postal_codes(plain: Plain) -> list[Span]:
    if len(_DIGIT_WORD.findall(plain.text)) < 2:
        return []
    origin: list[int] = []
    parts: list[str] = []
    at = 0
    for found in _DIGIT_WORD.finditer(plain.text):
        parts += [plain.text[at : found.start()], UNITS[found[0]]]
        origin += [*range(at, found.start()), found.start()]
        at = found.end()
    parts.append(plain.text[at:])
    origin += range(at, len(plain.text) + 1)
    text = "".join(parts)
    return [(origin[found.start()], origin[found.end() - 1] + 1) for found in _POSTAL.finditer(text)]


def _is_english(found: re.Match[str], text: str) -> bool:
    names = found["name"].replace(".", "").split()
    if _NOT_A_NAME & set(names) or names[0] in {"de", "la", "le", "les"}:
        return False
    return found["street"] not in _WEAK_STREETS or len(names[-1]) > 3 or bool(_LIVES.search(text))


def _is_french(found: re.Match[str]) -> bool:
    names = found["name"].split()
    return not (_NOT_A_NAME & set(names[:1]))
