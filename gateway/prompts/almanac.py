"""A match's calendar for a person to read: what is due, what waits or is passed over and why, what comes next. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.prompts.calendar import occasions
from gateway.prompts.occasion import Due, Enrolment, Rules
from gateway.prompts.plan import Bar, bar_of, within_allowance
from gateway.prompts.schema import Prompt


class Stands(StrEnum):
    """Where one occasion stands."""

    SAID = "said"  # its hours are still open, and it is queued or sent
    DUE = "due"  # at the next look
    WAITS = "waits"  # the person has had as many texts of the program as are allowed
    BARRED = "barred"  # a condition does not hold
    AHEAD = "ahead"


@dataclass(frozen=True)
class Entry:
    """One occasion. `bar`: the condition that does not hold, of things ahead only one that will most likely last."""

    due: Due
    stands: Stands
    bar: Bar | None = None


def almanac(
    enrolment: Enrolment, prompts: Mapping[str, Prompt], rules: Rules, said: Collection[str], now: datetime
) -> list[Entry]:
    """Every occasion that is open or ahead, in the order in which they open. `said`: the keys of what was said."""
    entries = [
        _entry(prompts[one.slug], enrolment, one, said, now)
        for one in occasions(enrolment, prompts, rules, now)
        if now < one.closes_at
    ]
    due = [entry.due for entry in entries if entry.stands is Stands.DUE]
    fits = {one.key for one in within_allowance(due, rules, now)}
    entries = [
        Entry(entry.due, Stands.WAITS) if entry.stands is Stands.DUE and entry.due.key not in fits else entry
        for entry in entries
    ]
    return sorted(entries, key=lambda entry: (entry.due.opens_at, entry.due.slug, entry.due.person.id))


def _entry(prompt: Prompt, enrolment: Enrolment, one: Due, said: Collection[str], now: datetime) -> Entry:
    if one.key in said:
        return Entry(one, Stands.SAID)
    bar = bar_of(prompt, enrolment, one, now)
    if one.opens_at > now:
        return Entry(one, Stands.AHEAD, bar if bar and bar.is_lasting else None)
    return Entry(one, Stands.BARRED, bar) if bar else Entry(one, Stands.DUE)
