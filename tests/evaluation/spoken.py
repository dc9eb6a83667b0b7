"""Digits as people say them in a text: in words, in tens, doubled, misspelt, in English and in French."""

import random

DIGITS = {
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    "fr": ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"),
}
MISSPELT = {
    "en": ("oh", "wun", "too", "thre", "for", "fiv", "sixx", "sevn", "ate", "nin"),
    "fr": ("zero", "in", "deu", "troi", "katre", "sink", "sis", "set", "uit", "neu"),
}
TEENS = {
    "en": ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
    "fr": ("dix", "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"),
}  # fmt: skip
TENS = {
    "en": ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),
    "fr": (
        "vingt",
        "trente",
        "quarante",
        "cinquante",
        "soixante",
        "soixante",
        "quatre-vingt",
        "quatre-vingt",
    ),
}


def one_by_one(digits: str, language: str) -> str:
    return " ".join(DIGITS[language][int(digit)] for digit in digits)


def misspelt(digits: str, language: str, dice: random.Random) -> str:
    """Each digit in words, about one in three written by ear."""
    return " ".join((MISSPELT if dice.random() < 0.35 else DIGITS)[language][int(digit)] for digit in digits)


def below_hundred(number: int, language: str) -> str:
    """`forty-two`, `quarante-deux`, `soixante-dix-sept`. French keeps its twenties: 71 is soixante-et-onze."""
    if number < 10:
        return DIGITS[language][number]
    if number < 20:
        return TEENS[language][number - 10]
    tens, unit = divmod(number, 10)
    word = TENS[language][tens - 2]
    if language == "fr" and tens in (7, 9):
        return f"{word}-{'et-' if number == 71 else ''}{TEENS['fr'][unit]}"
    if unit == 0:
        return word
    return f"{word}-{'et-' if language == 'fr' and unit == 1 and tens < 8 else ''}{DIGITS[language][unit]}"


def in_pairs(line: str, language: str, dice: random.Random) -> str:
    """Four digits as two tens, a leading zero said aloud: `oh one forty-two`, `zéro un quarante-deux`."""
    zero = dice.choice(["oh", "zero"]) if language == "en" else "zéro"
    said = [
        f"{zero} {DIGITS[language][int(pair[1])]}" if pair[0] == "0" else below_hundred(int(pair), language)
        for pair in (line[:2], line[2:])
    ]
    return " ".join(said)


def in_hundreds(three: str, language: str) -> str:
    """Three digits as one number: `eight nineteen`, `huit cent dix-neuf`."""
    hundreds, rest = int(three[0]), int(three[1:])
    tail = below_hundred(rest, language) if rest else ""
    if language == "en":
        return f"{DIGITS['en'][hundreds]} {tail or 'hundred'}"
    return f"{'' if hundreds == 1 else DIGITS['fr'][hundreds] + ' '}cent {tail}".strip()
