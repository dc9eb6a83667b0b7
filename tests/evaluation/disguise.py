"""Contact details as people hide them: words, look-alikes, spaces, letters for digits, `at` for @."""

import random

from tests.evaluation import spoken

LOOK_ALIKES = (
    "０１２３４５６７８９",
    "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
    "⓪①②③④⑤⑥⑦⑧⑨",
    "٠١٢٣٤٥٦٧٨٩",
    "⁰¹²³⁴⁵⁶⁷⁸⁹",
    "𝟶𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾𝟿",
)
LEET = {"0": "oO", "1": "lI", "2": "zZ", "3": "E", "5": "S", "8": "B", "9": "g"}
BETWEEN = (" ", "  ", ".", "-", "_", "*", ", ", " . ", "/", "~")
FIRST = (
    "snow",
    "moose",
    "loon",
    "north",
    "lynx",
    "river",
    "huard",
    "caribou",
    "nordet",
    "castor",
    "aurore",
    "geai",
)
SECOND = ("example", "exemple", "fictif", "nobody", "personne", "madeup", "invented", "imaginaire")
DOMAINS = ("example.com", "example.org", "example.net", "mail.example.com", "courriel.example.org")
PATHS = ("", "/join", "/chat/{n}", "/r/{n}", "/photos?id={n}", "/clip/{n}", "/groupe-{n}", "/profil/{n}")


def digits(number: str, how: str, language: str, dice: random.Random) -> str:
    """`number` disguised. Raises KeyError for a way that nobody knows."""
    ways = {
        "words": lambda: _in_words(number, language, dice),
        "said": lambda: _said(number, language, dice),
        "byear": lambda: spoken.misspelt(number, language, dice),
        "mixed": lambda: _mixed(number, language, dice),
        "spaced": lambda: dice.choice(BETWEEN).join(number),
        "keycaps": lambda: dice.choice(["", " "]).join(f"{digit}\ufe0f\u20e3" for digit in number),
        "alike": lambda: number.translate(str.maketrans("0123456789", dice.choice(LOOK_ALIKES))),
        "leet": lambda: _leet(number, dice),
        "hidden": lambda: dice.choice(["\u200b", "\u200d", "\u2060", "\u00ad"]).join(number),
        "filled": lambda: _filled(number, language, dice),
    }
    return ways[how]()


def _in_words(number: str, language: str, dice: random.Random) -> str:
    said = spoken.one_by_one(number, language).split(" ")
    if dice.random() < 0.3:
        return dice.choice(["-", ", ", ".", " - "]).join(said)
    return " ".join(said)


def _said(number: str, language: str, dice: random.Random) -> str:
    """As it is said aloud: hundreds and tens, `triple five`, `trois fois cinq`."""
    area, exchange, line = number[:-7], number[-7:-4], number[-4:]
    middle = spoken.in_hundreds(exchange, language)
    if exchange == "555" and dice.random() < 0.4:
        middle = "triple five" if language == "en" else "trois fois cinq"
    first = [spoken.in_hundreds(area, language)] if area else []
    comma = dice.choice([" ", ", "])
    return comma.join([*first, middle, spoken.in_pairs(line, language, dice)])


def _mixed(number: str, language: str, dice: random.Random) -> str:
    """Some digits in figures, some in words, sometimes of the other language."""
    other = "fr" if language == "en" else "en"
    told = [
        digit
        if dice.random() < 0.5
        else spoken.DIGITS[other if dice.random() < 0.25 else language][int(digit)]
        for digit in number
    ]
    if not any(word.isalpha() for word in told):
        told[0] = spoken.DIGITS[language][int(number[0])]
    return " ".join(told)


def _leet(number: str, dice: random.Random) -> str:
    """Letters for at most four digits, those that a reader still takes for digits."""
    can = [place for place, digit in enumerate(number) if digit in LEET]
    swapped = set(dice.sample(can, min(len(can), dice.randint(2, 4))))
    told = "".join(
        dice.choice(LEET[digit]) if place in swapped else digit for place, digit in enumerate(number)
    )
    if len(number) < 7:
        return told
    return f"{told[:-7]}{dice.choice('-. ')}{told[-7:-4]}{dice.choice('-. ')}{told[-4:]}"


def _filled(number: str, language: str, dice: random.Random) -> str:
    """With small words between the groups, so that no ten digits stand together."""
    fillers = {
        "en": ("then", "and then", "dash", "lol", "next is"),
        "fr": ("pis", "puis", "tiret", "lol", "ensuite"),
    }
    groups = [group for group in (number[:-7], number[-7:-4], number[-4:-2], number[-2:]) if group]
    told = groups[0]
    for group in groups[1:]:
        told += f" {dice.choice(fillers[language])} {group}"
    return told


def handle(how: str, language: str, dice: random.Random) -> str:
    """A user name that says itself to be made up; `bare` has no @."""
    name = dice.choice(["{}{}{}", "{}_{}{}", "{}.{}{}", "{}-{}{}"]).format(
        dice.choice(FIRST), dice.choice(SECOND), dice.choice(["", "07", "22", "_x", "9"])
    )
    return name if how == "bare" else f"@{name}"


def mail(how: str, language: str, dice: random.Random) -> str:
    user, domain = (
        f"{dice.choice(FIRST)}{dice.choice(['.', '_', ''])}{dice.choice(SECOND)}",
        dice.choice(DOMAINS),
    )
    if not how:
        return f"{user}@{domain}"
    at = {
        "en": (" at ", " (at) ", "[at]", " AT "),
        "fr": (" arobase ", " (arobase) ", "[a]", " at ", " arobas "),
    }
    dot = {"en": (" dot ", " . ", "(dot)"), "fr": (" point ", " . ", "(point)")}
    if how == "spaced":
        return f"{user} @ {domain.replace('.', ' . ')}"
    return f"{user}{dice.choice(at[language])}{domain.replace('.', dice.choice(dot[language]))}"


def link(how: str, language: str, dice: random.Random) -> str:
    host = dice.choice(["", "www.", "chat.", "m."]) + dice.choice(DOMAINS)
    path = dice.choice(PATHS).format(n=dice.randint(11, 9999))
    if how == "spelled":
        dot = " dot " if language == "en" else " point "
        slash = " slash " if language == "en" else " barre oblique "
        return (host + path.partition("?")[0]).replace(".", dot).replace("/", slash)
    if how == "broken":
        return f"hxxps://{host.replace('.', '[.]')}{path}"
    scheme = dice.choice(["https://", "http://", ""])
    return scheme + ("www." + host if not scheme and not host.startswith("www.") else host) + path
