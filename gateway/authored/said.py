"""A text in several languages, as staff write it, and what must hold for it: languages, placeholders, length.

Placeholders are flat names from an allow-list; they are put in as data, never evaluated (abuse case 22).
"""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from gateway.authored.reading import Fault, Page, Place
from gateway.i18n import ANYWHERE, PLACEHOLDER, WRITTEN, is_language, pick
from gateway.sms.encoding import Encoding
from gateway.sms.segments import measure
from gateway.sms.wording import ease

LONGEST = {Encoding.GSM7: 136, Encoding.UCS2: 58}  # one segment less room for the signature (24 and 12 units)
MUST = WRITTEN
UNITS = {"minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
# Each placeholder at a realistic length, by language; "en" for a language that is not here.
SAMPLES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "first_name": "Alexandre",
        "program": "Passerelle",
        "phone": "1-800-555-0100",
        "hours": "Mon to Fri 9 to 5",
        "danger": "911",
        "week": "26",
        "day": "Wednesday",
        "date": "Wed September 30",
    },
    "fr": {
        "first_name": "Alexandre",
        "program": "Passerelle",
        "phone": "1-800-555-0100",
        "hours": "lundi au vendredi 9 h à 17 h",
        "danger": "911",
        "week": "26",
        "day": "mercredi",
        "date": "mercredi 30 septembre",
    },
}
PLACEHOLDERS = tuple(SAMPLES["en"])
IN_FLOWS = ("first_name", *ANYWHERE)  # a conversation knows of no week; {date} when it is given one


class Strict(BaseModel):
    """A piece of a file: nothing may be in it that we do not know, and nothing is bent into another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class Said(Strict):
    """One text by language; `why` says, by language, why it is longer than it should be."""

    texts: dict[str, str]
    why: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if not isinstance(value, dict) or "texts" in value:
            return value
        why = value.get("why") or {}
        return {"texts": {key: text for key, text in value.items() if key != "why"}, "why": why}

    def say(self, language: str, values: Mapping[str, str]) -> str:
        """The text in `language` or its fall-back with `values` put in; a name without a value stays empty."""
        return PLACEHOLDER.sub(lambda found: values.get(found[1], ""), pick(self.texts, language)).strip()


def _duration(value: object) -> timedelta:
    if isinstance(value, timedelta):  # read already
        return value
    if not isinstance(value, str):
        raise ValueError('write a length of time in quotes, as in "3 days"')
    number, _, unit = value.strip().partition(" ")
    name = unit.strip().removesuffix("s")
    if not number.isdecimal() or name not in UNITS or len(number) > 4:
        raise ValueError(
            f'{value!r} is no length of time; write it as in "30 minutes", "3 days" or "2 weeks"'
        )
    return timedelta(seconds=int(number) * UNITS[name])


Duration = Annotated[timedelta, BeforeValidator(_duration)]


def signed(text: str, language: str) -> str:
    """The words with the program's name before them, unless they hold it: nobody may take them for a partner's."""
    if "{program}" in text:
        return text
    return f"{{program}}{' ' if language.partition('-')[0] == 'fr' else ''}: {text}"


@dataclass(frozen=True)
class Wording:
    """One text at its place in a file, with the placeholders that only this one may hold and their samples."""

    place: Place
    said: Said
    extra: Mapping[str, Mapping[str, str]]  # name -> sample by language
    why: Mapping[str, str]
    signed: bool = False
    names: tuple[str, ...] = PLACEHOLDERS  # that may stand in it

    def sample(self, language: str) -> str:
        """The text as staff wrote it, placeholders filled at a realistic length."""
        return ease(self._filled(self.said, language))

    def as_it_leaves(self, language: str) -> str:
        """The same, with the program's name before it when that is put there."""
        return ease(self._filled(self.leaving(), language))

    def leaving(self) -> Said:
        """The words that leave: signed, when it is a text that is signed."""
        if not self.signed:
            return self.said
        return Said(texts={code: signed(text, code) for code, text in self.said.texts.items()})

    def _filled(self, said: Said, language: str) -> str:
        values = pick_all(language) | {name: pick(texts, language) for name, texts in self.extra.items()}
        return said.say(language, values)


class WithTexts(Strict):
    """What a file holds when it holds texts."""

    @abstractmethod
    def wordings(self) -> list[Wording]:
        """Every text in it, at its place."""


def pick_all(language: str) -> dict[str, str]:
    """A sample of every placeholder."""
    return dict(SAMPLES.get(language.partition("-")[0], SAMPLES["en"]))


def faults_of(page: Page, wording: Wording) -> Iterator[Fault]:
    """Everything wrong with one text."""
    texts, place = wording.said.texts, wording.place
    for language in MUST:
        if language not in texts:
            yield page.fault(place, f"the text is missing in {language}", f'add {language}: "…"')
    for language, text in texts.items():
        here = (*place, language)
        if not is_language(language):
            yield page.fault(here, f"{language!r} is no language code", "write it as in en, fr or oji")
        elif not text.strip():
            yield page.fault(here, "the text is empty", "write it, or remove the line")
        else:
            yield from _placeholder_faults(page, here, text, (*wording.names, *wording.extra))
            yield from _length_faults(page, here, language, wording)


def _placeholder_faults(page: Page, here: Place, text: str, allowed: Sequence[str]) -> Iterator[Fault]:
    for name in PLACEHOLDER.findall(text):
        if name not in allowed:
            remedy = f"use one of {', '.join(f'{{{word}}}' for word in allowed)}"
            yield page.fault(here, f"{{{name}}} is not a placeholder here", remedy)
    bare = PLACEHOLDER.sub("", text)
    if "{" in bare or "}" in bare:
        yield page.fault(
            here, "a brace stands alone", "write a placeholder as {program}, or leave braces out"
        )


def _length_faults(page: Page, here: Place, language: str, wording: Wording) -> Iterator[Fault]:
    size = measure(wording.sample(language))
    room = LONGEST[size.encoding]
    if size.units <= room or language in wording.why or language in wording.said.why:
        return
    because = f" because of {' '.join(size.offenders[:8])}" if size.offenders else ""
    what = f"{size.units} units in {size.encoding.value}{because}, and there is room for {room}"
    yield page.fault(here, what, f'shorten it, or say why beside it: why: {{{language}: "…"}}')


def numbered(options: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """ "1 Quiet nights, 2 Any time" in every language that all the options have."""
    languages = set.intersection(*(set(option) for option in options)) if options else set()
    return {
        language: ", ".join(f"{number} {option[language]}" for number, option in enumerate(options, start=1))
        for language in sorted(languages)
    }
