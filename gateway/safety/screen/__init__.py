"""What a text seems to hold, found offline by rules: pure, from text to verdict and findings.

It judges texts, never people, and its silence proves nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Category(StrEnum):
    CONTACT = "contact"
    MEETING = "meeting"
    SECRECY = "secrecy"
    SEXUAL = "sexual"
    CRISIS = "crisis"
    DISCLOSURE = "disclosure"
    VIOLENCE = "violence"
    HARASSMENT = "harassment"


class Verdict(StrEnum):
    ALLOW = "allow"
    FLAG = "flag"
    HOLD = "hold"
    ESCALATE = "escalate"


class Writer(StrEnum):
    YOUTH = "youth"
    MENTOR = "mentor"


@dataclass(frozen=True)
class Finding:
    """One thing found: the rule's name and the span of characters in the text."""

    category: Category
    rule: str
    span: tuple[int, int]


@dataclass(frozen=True)
class Screened:
    """What was decided, on what, by which version of the rules. What escalates may be held as well."""

    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    rules: str = ""
    is_held: bool = False


@dataclass(frozen=True)
class Rules:
    """A few plain phrases by category, until staff load their own."""

    version: str = "plain"
    phrases: tuple[tuple[Category, str, str], ...] = field(
        default=(
            (Category.CRISIS, "kill-myself", r"\b(?:kill myself|want to die|me tuer)\b"),
            (Category.CONTACT, "number", r"\b\d{3}[ .-]?\d{3}[ .-]?\d{4}\b"),
            (Category.CONTACT, "link", r"\bhttps?://\S+"),
            (Category.SEXUAL, "photo", r"\b(?:photo de toi toute nue|nude pics?)\b"),
            (Category.DISCLOSURE, "hits-me", r"\b(?:hits me|me frappe)\b"),
            (Category.SECRECY, "our-secret", r"\b(?:our secret|notre secret)\b"),
        )
    )


HELD_FROM_ADULT = (Category.CONTACT, Category.SEXUAL)
ESCALATED = (Category.CRISIS, Category.DISCLOSURE)


def screen(rules: Rules, text: str, language: str, writer: Writer, recent: Sequence[str] = ()) -> Screened:
    """Screen one text; `recent` holds the writer's texts before it, oldest first. Never reads `language` yet."""
    found = [
        Finding(category, rule, match.span())
        for category, rule, pattern in rules.phrases
        if (match := re.search(pattern, text, re.IGNORECASE))
    ]
    joined = "".join(re.findall(r"\d", " ".join([*recent, text])))
    if recent and not found and re.search(r"\d", text) and len(joined) >= 10:
        found.append(Finding(Category.CONTACT, "number-in-pieces", (0, len(text))))
    kinds = {finding.category for finding in found}
    is_adult = writer is Writer.MENTOR
    is_held = is_adult and bool(kinds & {*HELD_FROM_ADULT})
    escalates = bool(kinds & {*ESCALATED}) or (is_adult and Category.SEXUAL in kinds)
    verdict = Verdict.FLAG if kinds else Verdict.ALLOW
    verdict = Verdict.HOLD if is_held else verdict
    return Screened(Verdict.ESCALATE if escalates else verdict, tuple(found), rules.version, is_held)
