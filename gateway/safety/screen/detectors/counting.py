"""Numbers said in words, in English and in French, alone or mixed with figures: what digits do they stand for?"""

import re
from collections.abc import Sequence

UNITS = {
    **dict.fromkeys(("zero", "oh", "o", "nought", "zeros"), "0"),
    **dict.fromkeys(("one", "un", "une"), "1"),
    **dict.fromkeys(("two", "deux"), "2"),
    **dict.fromkeys(("three", "trois"), "3"),
    **dict.fromkeys(("four", "quatre"), "4"),
    **dict.fromkeys(("five", "cinq"), "5"),
    "six": "6",
    **dict.fromkeys(("seven", "sept"), "7"),
    **dict.fromkeys(("eight", "huit"), "8"),
    **dict.fromkeys(("nine", "neuf"), "9"),
}
# What sounds or looks alike, a digit only between two other digits.
SOUNDS = {
    **dict.fromkeys(("won", "wun", "hun", "1ne"), "1"),
    **dict.fromkeys(("to", "too", "tu", "tew", "deu", "2x"), "2"),
    **dict.fromkeys(("tree", "thre", "free", "troi", "3x"), "3"),
    **dict.fromkeys(("for", "fore", "fo", "kat", "katre", "quat", "catre"), "4"),
    **dict.fromkeys(("fife", "fiv", "cink", "sank", "sinq"), "5"),
    **dict.fromkeys(("sicks", "sis", "siks", "sics"), "6"),
    **dict.fromkeys(("sevn", "set", "cet", "sete"), "7"),
    **dict.fromkeys(("ate", "ait", "uit", "oui t", "wit"), "8"),
    **dict.fromkeys(("nein", "nin", "nef", "noeuf"), "9"),
    **dict.fromkeys(("ow", "owe", "nul", "null", "nil"), "0"),
}
TEENS = {
    **dict.fromkeys(("ten", "dix"), 10),
    **dict.fromkeys(("eleven", "onze"), 11),
    **dict.fromkeys(("twelve", "douze"), 12),
    **dict.fromkeys(("thirteen", "treize"), 13),
    **dict.fromkeys(("fourteen", "quatorze"), 14),
    **dict.fromkeys(("fifteen", "quinze"), 15),
    **dict.fromkeys(("sixteen", "seize"), 16),
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
}
TENS = {
    **dict.fromkeys(("twenty", "vingt", "vingts"), 20),
    **dict.fromkeys(("thirty", "trente"), 30),
    **dict.fromkeys(("forty", "fourty", "quarante"), 40),
    **dict.fromkeys(("fifty", "cinquante"), 50),
    **dict.fromkeys(("sixty", "soixante"), 60),
    **dict.fromkeys(("seventy", "septante"), 70),
    **dict.fromkeys(("eighty", "octante"), 80),
    **dict.fromkeys(("ninety", "nonante"), 90),
}
REPEATS = {"double": 2, "triple": 3}
HUNDRED = frozenset({"hundred", "cent", "cents"})
NUMBER_WORDS = frozenset({*UNITS, *TEENS, *TENS, *REPEATS, *HUNDRED})
_JOINED_WORDS = sorted({word for word in (*UNITS, *TEENS, *TENS) if len(word) > 1}, key=len, reverse=True)
_JOINED = re.compile("|".join(_JOINED_WORDS))
_ALL_JOINED = re.compile(f"(?:{'|'.join(_JOINED_WORDS)}){{2,}}")

Count = tuple[str, int]  # digits, and how many words they took
NOTHING: Count = ("", 0)


def read_count(words: Sequence[str], at: int) -> Count:
    """The longest number that begins at `at`, as it would be said aloud: "six cent treize" is 613, "oh one" only 0."""
    times = REPEATS.get(words[at], 0)
    if times:
        digit = _digit(words, at + 1)
        return (digit * times, 2) if digit else NOTHING
    return _hundreds(words, at) or _below_hundred(words, at)


def joined_digits(word: str) -> str:
    """The digits of number words run together, as in "sixonethree"; empty when it is anything else."""
    if len(word) < 6 or not _ALL_JOINED.fullmatch(word):
        return ""
    return "".join(read_count([part], 0)[0] for part in _JOINED.findall(word))


def _word(words: Sequence[str], at: int) -> str:
    return words[at] if at < len(words) else ""


def _digit(words: Sequence[str], at: int) -> str:
    word = _word(words, at)
    return word if len(word) == 1 and word.isdecimal() else UNITS.get(word, "")


def _hundreds(words: Sequence[str], at: int) -> Count | None:
    """ "six cent treize", "nine hundred"; "cent" alone is a hundred."""
    leads = UNITS.get(words[at], "") if _word(words, at + 1) in HUNDRED else ""
    used = 2 if leads not in {"", "0"} else 1
    if used == 1 and words[at] not in {"cent", "cents"}:
        return None
    skip = 1 if _word(words, at + used) in {"and", "et"} else 0
    rest, more = _below_hundred(words, at + used + skip)
    if not more or len(rest) > 2 or rest.startswith("0"):
        return f"{leads or 1}00", used
    return f"{leads or 1}{int(rest):02d}", used + skip + more


def _below_hundred(words: Sequence[str], at: int) -> Count:
    word = _word(words, at)
    if word in {"quatre"} and _word(words, at + 1) in {"vingt", "vingts"}:
        return _with_rest(words, at, 80, 2, widest=19)
    if word in {"soixante"}:
        return _with_rest(words, at, 60, 1, widest=19)
    if word in TENS:
        return _with_rest(words, at, TENS[word], 1, widest=9)
    if word in TEENS:
        return _teen(words, at)
    return (UNITS[word], 1) if word in UNITS else NOTHING


def _teen(words: Sequence[str], at: int) -> Count:
    """French says ten-seven."""
    ends = UNITS.get(_word(words, at + 1), "") if words[at] == "dix" else ""
    return (f"1{ends}", 2) if ends in {"7", "8", "9"} else (str(TEENS[words[at]]), 1)


def _with_rest(words: Sequence[str], at: int, tens: int, used: int, widest: int) -> Count:
    """Tens with what is added to them: "quatre-vingt-dix-neuf", "soixante et onze", "forty two"."""
    skip = 1 if _word(words, at + used) == "et" else 0
    word = _word(words, at + used + skip)
    if widest == 19 and word in TEENS:
        digits, more = _teen(words, at + used + skip)
        return str(tens + int(digits)), used + skip + more
    if UNITS.get(word, "0") != "0":
        return str(tens + int(UNITS[word])), used + skip + 1
    return str(tens), used
