"""Phone numbers: plain, spaced, in words, mixed, in look-alikes, and in pieces over several texts.

Canadian and American shapes (3-3-4, an area and an exchange that start with 2 to 9), and any number with a + before it.
Crisis lines, toll-free numbers and whatever the program lists may be passed on by anybody.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

from gateway.safety.screen.detectors.digits import Digits, Item, digits_of
from gateway.safety.screen.folding import Plain
from gateway.safety.screen.listing import words
from gateway.sms.numbers import country_of

Span = tuple[int, int]
LOOK_BACK = 5  # texts
LOCAL = 7  # digits, only when there are no others
LENGTHS = (10, 11, LOCAL)
LONGEST_PIECE = 160  # letters of a text that may hold a piece of a number
_TEN = re.compile(r"[2-9]\d\d[2-9]\d{6}")
_TOLL_FREE = re.compile(r"1?8(?:00|33|44|55|66|77|88)\d{7}")
_GROUPED = frozenset({(3, 3, 4), (3, 7), (6, 4), (10,), (3, 3, 2, 2), (3, 4, 3), (3, 2, 2, 3), (4, 3, 3)})
_CUES = words(
    "number numbers num numba digits nombre numero numeros no cell cel cellulaire cellphone phone "
    "tel telephone call text texte textes texter appelle appeler appel ring whatsapp reach rejoins "
    "rejoindre joindre message ecris msg hmu"
)
_LABELS = words(
    "order commande tracking suivi confirmation isbn serial serie ticket billet invoice facture "
    "dossier matricule reference ref score points pts km views vues"
)
_CARRIERS = _CUES | words(
    "my mon ma mes the le la les is est c ce cest its it s starts start with commence par avec then "
    "puis pis first premier premiers second last dernier derniers part partie half rest reste end "
    "ends fin finit finish finishes beginning debut area code indicatif regional ok okay here voici "
    "rest and et of de that thats this ca me i je at sur au a in digits chiffres chiffre next "
    "suivant prochain now maintenant after apres one for pour so alors donc just only save note "
    "garde"
)
# What is counted in a sentence: "page 3 of the story" is no piece of a number.
_COUNTED = words(
    "page pages chapter chapitre question questions day days jour jours grade part round level niveau week weeks "
    "semaine semaines year years ans annee annees season saison episode room local bus points pts goals buts song "
    "chanson verse verset player joueur km kms minutes min hours heures times fois assists wins losses percent lesson "
    "lecon unit exercise exercice kids people personnes bucks dollars piastres degrees degres jersey chandail"
)
# Which piece it is, when a number is given out of order.
_PLACES = {
    **dict.fromkeys(
        words("first premier premiere start starts begin begins beginning debut commence area indicatif"), 0
    ),
    **dict.fromkeys(words("middle milieu second deuxieme"), 1),
    **dict.fromkeys(
        words("last dernier derniers derniere end ends ending fin finit finish finishes final"), 2
    ),
}


@dataclass(frozen=True)
class _About:
    """What the other words of a text say of its digits."""

    phones: bool
    labels: bool


def phones_in(plain: Plain, digits: Digits, allowed: Collection[str]) -> list[Span]:
    """Places (in folded letters) of whole numbers."""
    others = set(digits.others)
    about = _About(bool(_CUES & others), bool(_LABELS & others))
    return [span for run in digits.runs for span in _in_run(plain, run, about, allowed)]


def phone_in_pieces(digits: Digits, recent: Sequence[Plain], allowed: Collection[str]) -> Span | None:
    """The place of this text's piece, when it completes a number that earlier texts began.

    In the order in which the pieces came, or in the order that they themselves name ("but start 416", "last 0142").
    """
    if not 1 <= len(digits.all) <= 9 or not _is_piece(digits):
        return None
    pieces, has_cue = [digits], bool(_CUES & set(digits.others))
    for plain in reversed(recent[-LOOK_BACK:]):
        before = digits_of(plain) if len(plain.text) <= LONGEST_PIECE else Digits(())
        has_cue |= bool(_CUES & set(before.others))
        if not before.runs or not _is_piece(before):
            continue
        pieces.insert(0, before)
        if sum(len(piece.all) for piece in pieces) > 11:
            return None
        for ordered in (pieces, sorted(pieces, key=_place)):
            whole = "".join(piece.all for piece in ordered)
            is_local = len(whole) == 7 and has_cue and whole[0] in "23456789"
            if (_is_ten(whole, known_area=True) or is_local) and not _may_pass(whole, allowed):
                return digits.runs[0][0].start, digits.runs[-1][-1].end
    return None


def _place(piece: Digits) -> int:
    return next((_PLACES[word] for word in piece.others if word in _PLACES), 1)


def _is_piece(digits: Digits) -> bool:
    """Whether a text says little beside its digits, and counts nothing with them."""
    if _COUNTED & set(digits.others):
        return False
    return sum(word not in _CARRIERS for word in digits.others) <= 2


def _in_run(plain: Plain, run: Sequence[Item], about: _About, allowed: Collection[str]) -> list[Span]:
    whole = "".join(item.digits for item in run)
    if plain.text[run[0].start - 1 : run[0].start] == "+" and 8 <= len(whole) <= 15:
        return [] if _may_pass(whole, allowed) else [_span(run)]
    starts = list(accumulate((len(item.digits) for item in run), initial=0))
    item_at = {start: number for number, start in enumerate(starts)}
    found: list[Span] = []
    at = 0
    while at < len(run):
        lengths = LENGTHS if len(whole) - starts[at] == LOCAL else LENGTHS[:-1]
        ends = [item_at[starts[at] + length] for length in lengths if starts[at] + length in item_at]
        windows = (run[at:end] for end in ends)
        window = next((one for one in windows if _is_number(one, len(one) == len(run), about)), None)
        if window and not _may_pass("".join(item.digits for item in window), allowed):
            found.append(_span(window))
        at += len(window) if window else 1
    return found


def _is_number(window: Sequence[Item], is_whole: bool, about: _About) -> bool:
    """Whether ten, eleven or seven digits are a phone number, as they are parted."""
    groups = tuple(len(item.digits) for item in window)
    if len(groups) > 5 and not (is_whole or len(groups) >= 8):
        return False
    digits = "".join(item.digits for item in window)
    if len(digits) == LOCAL:
        return is_whole and _is_local(window, groups, digits, about)
    if groups == (10,) and about.labels and not about.phones:
        return False
    national = groups[1:] if groups[0] == 1 and digits[0] == "1" and len(digits) == 11 else groups
    if national in _GROUPED or groups == (11,):
        return _is_ten(digits) or (national == (3, 3, 4) and digits.removeprefix("1")[0] in "23456789")
    return _is_oddly_parted(window, groups, digits, is_whole, about)


def _is_oddly_parted(
    window: Sequence[Item], groups: tuple[int, ...], digits: str, is_whole: bool, about: _About
) -> bool:
    if groups == (2, 2, 2, 2, 2) and digits[0] == "0" and digits[1] != "0" and is_whole:
        return True  # as people write numbers in France
    if not _is_ten(digits, known_area=True) or _is_list(window, about.phones):
        return False
    return is_whole or len(window) >= 8


def _is_ten(digits: str, *, known_area: bool = False) -> bool:
    ten = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
    return bool(_TEN.fullmatch(ten)) and (not known_area or _is_area(ten[:3]))


@lru_cache(maxsize=800)
def _is_area(area: str) -> bool:
    return country_of(f"+1{area}2345678") is not None


def _is_local(window: Sequence[Item], groups: tuple[int, ...], digits: str, about: _About) -> bool:
    """Seven digits: 3-4 with a dash, or with a word that speaks of phones; or said one by one."""
    if digits[0] in "01":
        return False
    if about.phones:
        return groups in {(3, 4), (7,), (3, 2, 2), (1,) * 7} or len(window) >= 5
    is_dashed = groups == (3, 4) and window[1].before.strip(" ") in {"-", "."} and not window[0].is_spoken
    return is_dashed or (groups == (1,) * 7 and not _is_list(window, has_cue=False))


def _is_list(window: Sequence[Item], has_cue: bool) -> bool:
    """Scores, dates, times, things in a row: digits that are no phone number though they would fit."""
    numbers = [int(item.digits) for item in window]
    if len({later - earlier for earlier, later in pairwise(numbers)}) == 1 and len(numbers) > 2:
        return True
    if has_cue:
        return False
    between = [item.before.strip() for item in window[1:]]
    is_mixed = len({len(item.digits) for item in window}) > 1
    scores = sum(sign == "-" for sign in between) >= 2 and len(set(between)) > 1
    has_year = any(re.fullmatch(r"(?:19|20)\d\d", item.digits) for item in window[:-1])
    has_time = ":" in between and set(between) != {":"}
    is_row = is_mixed and any("," in sign for sign in between) and not any(item.is_spoken for item in window)
    return scores or has_year or has_time or is_row


def _may_pass(digits: str, allowed: Collection[str]) -> bool:
    return bool(_TOLL_FREE.fullmatch(digits)) or digits in allowed or digits.removeprefix("1") in allowed


def _span(items: Sequence[Item]) -> Span:
    return items[0].start, items[-1].end
