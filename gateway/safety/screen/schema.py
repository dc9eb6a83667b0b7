"""The shape of the files in `screening/`, checked when they are read."""

from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from gateway.authored.said import Strict
from gateway.i18n import WRITTEN
from gateway.safety.screen.verdicts import Action, Category, Verdict, Writer

Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Text = Annotated[str, Field(min_length=1, max_length=1600)]
Example = Text | tuple[Text, ...]  # several texts: those before it, and the one that is looked at


def _category(value: object) -> object:
    if value not in [one.value for one in Category]:
        raise ValueError(f"{value!r} is no category; write one of {', '.join(Category)}")
    return Category(value)


def _writer(value: object) -> object:
    if value not in [one.value for one in Writer]:
        raise ValueError(f"{value!r} is no writer; write one of {', '.join(Writer)}")
    return Writer(value)


def _action(value: object) -> object:
    word, plus, hold = str(value).partition("+")
    if word not in [one.value for one in Verdict] or (plus and hold != "hold"):
        raise ValueError(f"{value!r} is no verdict; write one of {', '.join(Verdict)}, or escalate+hold")
    verdict = Verdict(word)
    return Action(verdict, is_held=bool(plus) or verdict is Verdict.HOLD)


def _in_both(value: object) -> object:
    """Words in one language stand for both; in two, neither may be missing."""
    if isinstance(value, str):
        return dict.fromkeys(WRITTEN, value)
    if isinstance(value, dict) and (missing := [language for language in WRITTEN if not value.get(language)]):
        raise ValueError(f"the reason is missing in {missing[0]}")
    return value


Why = Annotated[dict[str, Text], BeforeValidator(_in_both)]
KnownCategory = Annotated[Category, BeforeValidator(_category)]
KnownWriter = Annotated[Writer, BeforeValidator(_writer)]
KnownAction = Annotated[Action, BeforeValidator(_action)]


class PhraseRule(Strict):
    """Phrases that mean one thing. An exception under `unless` spares the words that it lies over."""

    rule: Slug
    category: KnownCategory
    by: tuple[KnownWriter, ...] = Field(default=tuple(Writer), min_length=1)
    why: Why
    phrases: tuple[Text, ...] = Field(min_length=1)
    unless: tuple[Text, ...] = ()
    hits: tuple[Example, ...] = Field(min_length=1)
    misses: tuple[Example, ...] = ()


class DetectorRule(Strict):
    """A rule that is a program: its name is known, its reason and examples are written here."""

    rule: Slug
    by: tuple[KnownWriter, ...] = Field(default=tuple(Writer), min_length=1)
    why: Why
    hits: tuple[Example, ...] = Field(min_length=1)
    misses: tuple[Example, ...] = ()


class Sheet(Strict):
    """One file of rules. Its language is its name or its folder's: en, fr or any."""

    lists: dict[str, tuple[Text, ...]] = Field(default_factory=dict)
    shorthand: dict[str, Text] = Field(default_factory=dict)
    noise: tuple[Text, ...] = ()
    passed_on: tuple[Text, ...] = ()
    detectors: tuple[DetectorRule, ...] = ()
    rules: tuple[PhraseRule, ...] = ()


Row = dict[KnownWriter, KnownAction]


class Policy(Strict):
    """Category by writer: what happens."""

    policy: dict[KnownCategory, Row]

    @model_validator(mode="after")
    def _is_whole(self) -> "Policy":
        missing = [
            f"{category}: {writer}"
            for category in Category
            for writer in Writer
            if writer not in self.policy.get(category, {})
        ]
        if missing:
            raise ValueError(f"the policy says nothing of {', '.join(missing)}; add what happens")
        return self
