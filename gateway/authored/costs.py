"""What each text costs: its encoding, segments, offending characters and reading level, and the price of sending it."""

from collections.abc import Iterable
from dataclasses import dataclass

from gateway.authored.level import reading_level
from gateway.authored.reading import Page
from gateway.authored.said import Wording
from gateway.sms.segments import measure

PRICE = 0.0139  # CAD a segment to a Canadian phone, carrier fee included: a guess that `--price` replaces


@dataclass(frozen=True)
class Cost:
    """One text in one language. Money in the currency of the price; `sends_a_month` is for one pair."""

    file: str
    line: int
    name: str
    language: str
    encoding: str
    units: int
    segments: int
    offenders: tuple[str, ...]
    level: str | None
    sends_a_month: float

    def facts(self, pairs: int, price: float) -> dict[str, object]:
        return {
            "file": self.file,
            "line": self.line,
            "text": self.name,
            "language": self.language,
            "encoding": self.encoding,
            "units": self.units,
            "segments": self.segments,
            "offenders": " ".join(self.offenders),
            "level": self.level,
            "per_send": round(self.segments * price, 4),
            "per_month": round(self.month(pairs, price), 2),
        }

    def month(self, pairs: int, price: float) -> float:
        """A month of this text, if everybody read this language."""
        return self.segments * price * self.sends_a_month * pairs


def costs(name: str, page: Page, wording: Wording, sends_a_month: float) -> Iterable[Cost]:
    """The cost of a text in each of its languages, signed when it leaves signed."""
    for language, text in wording.said.texts.items():
        body = wording.as_it_leaves(language)
        size = measure(body)
        place = (*wording.place, language)
        yield Cost(
            file=page.file,
            line=page.line(place),
            name=f"{name} {'.'.join(str(step) for step in wording.place if isinstance(step, str) and step != 'steps')}",
            language=language,
            encoding=size.encoding.value,
            units=size.units,
            segments=size.segments,
            offenders=size.offenders,
            level=reading_level(text, language),
            sends_a_month=sends_a_month,
        )


def month_of(found: Iterable[Cost], pairs: int, price: float) -> float:
    """A month of all of them for a program half of whose people read each of two languages."""
    seen = list(found)
    languages = {cost.language for cost in seen} & {"en", "fr"}
    return sum(cost.month(pairs, price) for cost in seen if cost.language in languages) / max(
        1, len(languages)
    )
