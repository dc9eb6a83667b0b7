"""Texts as they will be sent: the program's own name and number in them, a sample of everything else. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gateway.authored.costs import Cost, costs
from gateway.authored.reading import Page
from gateway.authored.said import Wording, pick_all
from gateway.i18n import ANYWHERE, pick
from gateway.sms.segments import measure
from gateway.sms.wording import ease

Words = Mapping[str, Mapping[str, str]]  # program, phone and hours by language


@dataclass(frozen=True)
class Shown:
    """One text in one language, and what it costs as it stands here."""

    body: str
    cost: Cost

    @property
    def language(self) -> str:
        return self.cost.language


def as_sent(name: str, page: Page, wording: Wording, words: Words, sends_a_month: float) -> list[Shown]:
    """One text in each of its languages, in the order of the file."""
    found = []
    for cost in costs(name, page, wording, sends_a_month):
        body = _body(wording, cost.language, words)
        size = measure(body)
        own = replace(
            cost,
            encoding=size.encoding.value,
            units=size.units,
            segments=size.segments,
            offenders=tuple(size.offenders),
        )
        found.append(Shown(body, own))
    return found


def _body(wording: Wording, language: str, words: Words) -> str:
    own = {name: pick({code: said[name] for code, said in words.items()}, language) for name in ANYWHERE}
    extra = {name: pick(texts, language) for name, texts in wording.extra.items()}
    said = wording.leaving()
    return ease(said.say(language, pick_all(language) | own | extra))
