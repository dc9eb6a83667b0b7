"""What the screen says of a text: what it found, where, and what must happen to the text."""

from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    """What a finding is about."""

    CONTACT = "contact"
    MEETING = "meeting"
    SECRECY = "secrecy"
    SEXUAL = "sexual"
    CRISIS = "crisis"
    DISCLOSURE = "disclosure"
    VIOLENCE = "violence"
    HARASSMENT = "harassment"


class Verdict(StrEnum):
    """What must happen, in rising order of weight."""

    ALLOW = "allow"
    FLAG = "flag"  # passed on, and staff look later
    HOLD = "hold"  # waits until staff have looked
    ESCALATE = "escalate"  # a human is told at once

    @property
    def weight(self) -> int:
        return tuple(Verdict).index(self)


class Writer(StrEnum):
    """Who wrote the text: what is right from one is not from the other."""

    YOUTH = "youth"
    MENTOR = "mentor"


@dataclass(frozen=True, order=True)
class Action:
    """One cell of the policy: the verdict, and whether the text waits too (`escalate+hold`)."""

    verdict: Verdict
    is_held: bool


@dataclass(frozen=True)
class Finding:
    """One thing found. `span` counts code points of the text as given: (start, end), the end not included.

    What was joined over several texts spans its part in this one.
    """

    category: Category
    rule: str
    span: tuple[int, int]


@dataclass(frozen=True)
class Screened:
    """The outcome for one text. `rules` is the hash of the rule set that decided; `is_held` may go with `escalate`."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    rules: str
    is_held: bool = False
