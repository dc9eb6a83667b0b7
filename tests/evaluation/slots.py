"""What is put into the templates: made-up numbers, addresses, handles and everyday words, drawn with seeded dice.

No number here can ring: the exchange is 555 (0100 to 0199 are kept for fiction, the rest serve no subscriber) or 958 and
959, which networks keep for tests. Mail and links use the reserved example domains, handles say that they are examples.
"""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.evaluation import disguise, spoken

AREAS = (
    "819",
    "873",
    "418",
    "705",
    "807",
    "867",
    "204",
    "306",
    "709",
    "438",
    "514",
    "613",
    "416",
    "250",
    "902",
)
SLOT = re.compile(r"\{([^{}]*)\}")
RANGE = re.compile(r"(\d+)-(\d+)")
PLAIN = (
    "{a}-{e}-{l}", "({a}) {e}-{l}", "{a}.{e}.{l}", "{a} {e} {l}", "{a}{e}{l}", "+1 {a} {e} {l}", "1-{a}-{e}-{l}",
    "1 ({a}) {e}-{l}", "+1{a}{e}{l}", "{a}-{e}{l}", "{a} {e}-{l}", "{a}/{e}-{l}", "{a}–{e}–{l}", "{a} {e} {f} {g}",
    "1{a}{e}{l}", "({a}){e}{l}",
)  # fmt: skip

Words = Mapping[str, Mapping[str, Sequence[str]]]  # by pool and language


@dataclass(frozen=True)
class Number:
    """A telephone number that nobody has."""

    area: str
    exchange: str
    line: str

    @property
    def digits(self) -> str:
        return self.area + self.exchange + self.line

    def written(self, form: str) -> str:
        return form.format(a=self.area, e=self.exchange, l=self.line, f=self.line[:2], g=self.line[2:])


def draw_number(dice: random.Random) -> Number:
    area = dice.choice(AREAS)
    if dice.random() < 0.6:
        return Number(area, "555", f"01{dice.randrange(100):02}")
    return Number(area, dice.choice(["555", "958", "959"]), f"{dice.randrange(2000, 10000)}")


class Filling:
    """The slots of one text. All its slots speak of one number, so that a text may give it in pieces."""

    def __init__(self, dice: random.Random, language: str, pools: Words) -> None:
        self.dice, self.language, self.pools = dice, language, pools
        self.number = draw_number(dice)

    def fill(self, template: str) -> str:
        """The template with every slot replaced, the inner ones first. Raises KeyError for a slot nobody knows."""
        while SLOT.search(template):
            template = SLOT.sub(lambda slot: self._one(slot[1]), template)
        return template

    def _one(self, name: str) -> str:
        if "|" in name:
            return self.dice.choice(name.split("|"))
        if bounds := RANGE.fullmatch(name):
            return str(self.dice.randint(int(bounds[1]), int(bounds[2])))
        if name in self.pools:
            return self.dice.choice(self.pools[name][self.language])
        return self._of_number(name) or self._of_address(name) or self._unknown(name)

    def _unknown(self, name: str) -> str:
        raise KeyError(name)

    def _of_number(self, name: str) -> str:
        number, dice, language = self.number, self.dice, self.language
        kind, _, how = name.partition(":")
        digits = {
            "area": number.area,
            "exchange": number.exchange,
            "line": number.line,
            "line1": number.line[:2],
            "line2": number.line[2:],
            "local": number.exchange + number.line,
            "phone": number.digits,
        }.get(kind)
        if digits is None:
            return ""
        if how:
            return disguise.digits(digits, how, language, dice)
        if kind == "phone":
            return number.written(dice.choice(PLAIN))
        return f"{number.exchange}{dice.choice('-- ')}{number.line}" if kind == "local" else digits

    def _of_address(self, name: str) -> str:
        kind, _, how = name.partition(":")
        made = {"mail": disguise.mail, "link": disguise.link, "handle": disguise.handle}.get(kind)
        if made is not None:
            return made(how, self.language, self.dice)
        if kind == "spoken":
            low, high = map(int, how.split("-"))
            return spoken.below_hundred(self.dice.randint(low, high), self.language)
        return ""
