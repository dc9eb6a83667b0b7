"""What is due, for whom, and when to look next. Pure: an enrolment, prompts and `now` in, a list out."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from gateway.prompts.calendar import occasions
from gateway.prompts.occasion import ORDER, Due, Enrolment, Part, Rules
from gateway.prompts.schema import Prompt

LIVELY = timedelta(days=7)
LOOK_AT_LEAST_EVERY = timedelta(days=30)
NEVER_TALKED = timedelta(weeks=520)


@dataclass(frozen=True)
class Outlook:
    """A match's calendar at one moment: what is open, what is open but barred for now, when the next thing opens."""

    open: tuple[Due, ...]
    barred: tuple[Due, ...]
    next_opening_at: datetime | None

    def unsaid(self, said: Collection[str]) -> list[Due]:
        """What is open and was not said before; `said` holds the keys of what was."""
        return [one for one in self.open if one.key not in said]

    def look_again_at(self, said: Collection[str], now: datetime) -> datetime:
        """When to look at this match again: at the next opening, or tomorrow when something open now still will be.

        What the allowance put off today, or a PAUSE, or the talk of two people, may be said then.
        """
        tomorrow = now + timedelta(days=1)
        moments = [now + LOOK_AT_LEAST_EVERY]
        if self.next_opening_at:
            moments.append(self.next_opening_at)
        if any(one.closes_at > tomorrow for one in (*self.unsaid(said), *self.barred)):
            moments.append(tomorrow)
        return min(moments)


def outlook(enrolment: Enrolment, prompts: Mapping[str, Prompt], rules: Rules, now: datetime) -> Outlook:
    """Everything that the prompts hold for this match, in one reading of them.

    On a quiet day nothing may be said: what is still open on the next day is said then, the rest lapses.
    """
    open_now: list[Due] = []
    barred: list[Due] = []
    next_opening_at: datetime | None = None
    for one in occasions(enrolment, prompts, rules, now):
        if one.opens_at > now:
            next_opening_at = min(one.opens_at, next_opening_at or one.opens_at)
        elif now < one.closes_at:
            is_quiet = rules.quiet.holds(now.astimezone(one.person.zone).date())
            is_barred = is_quiet or bar_of(prompts[one.slug], enrolment, one, now)
            (barred if is_barred else open_now).append(one)
    return Outlook(tuple(open_now), tuple(barred), next_opening_at)


def within_allowance(found: Iterable[Due], rules: Rules, now: datetime) -> list[Due]:
    """The most pressing first; without what a person could not be sent any more today or this week."""
    taken: dict[int, list[date]] = {}
    kept = []
    for one in sorted(found, key=_urgency):
        today = now.astimezone(one.person.zone).date()
        days = taken.setdefault(one.person.id, list(one.person.told))
        monday = today - timedelta(days=today.weekday())
        if days.count(today) < rules.per_day and sum(day >= monday for day in days) < rules.per_week:
            days.append(today)
            kept.append(one)
    return kept


def _urgency(one: Due) -> tuple[int, datetime, str, int, int]:
    return ORDER[one.kind], one.opens_at, one.slug, one.match_id, one.person.id


def soonest_reaction(prompts: Mapping[str, Prompt]) -> timedelta | None:
    """How soon after a text that two people exchange a prompt may react to it."""
    moments = [prompt.when for prompt in prompts.values()]
    spans = [when.silence or when.late_reply for when in moments]
    spans += [when.after or timedelta() for when in moments if when.event == "first_text"]
    return min((span for span in spans if span is not None), default=None)


class Bar(StrEnum):
    """Why something that is open is not said."""

    CONSENT = "consent"
    TALKING = "talking"
    LANGUAGE = "language"
    COMMUNITY = "community"
    TAG = "tag"
    TRAINING = "training"
    ENGAGEMENT = "engagement"
    JUST_TALKED = "just_talked"

    @property
    def is_lasting(self) -> bool:
        """Whether it will most likely still be so on another day."""
        return self in (Bar.LANGUAGE, Bar.COMMUNITY, Bar.TAG)


def bar_of(prompt: Prompt, enrolment: Enrolment, one: Due, now: datetime) -> Bar | None:
    """The first condition of the prompt that does not hold at `now`. What belongs to a task's day is said whatever the talk.

    A conversation waits while another one goes on, unless it interrupts, so that none begins weeks after its day.
    """
    wanted, person = prompt.if_, one.person
    quiet_for = now - enrolment.talked_at if enrolment.talked_at else NEVER_TALKED
    is_lively, is_talking = quiet_for < LIVELY, one.begins_a_talk and person.is_talking
    just_talked = one.part is Part.TEXT and quiet_for < (wanted.skip_if_talked_within or timedelta())
    bars = (
        (person.has_consent != (wanted.consent == "given"), Bar.CONSENT),
        (is_talking and not prompt.interrupts, Bar.TALKING),
        (wanted.languages and person.language.partition("-")[0] not in wanted.languages, Bar.LANGUAGE),
        (wanted.communities and enrolment.community not in wanted.communities, Bar.COMMUNITY),
        (wanted.tags and not enrolment.tags & set(wanted.tags), Bar.TAG),
        (wanted.trained is not None and wanted.trained != person.is_trained, Bar.TRAINING),
        (wanted.engagement != "any" and (wanted.engagement == "lively") != is_lively, Bar.ENGAGEMENT),
        (just_talked, Bar.JUST_TALKED),
    )
    return next((bar for is_barred, bar in bars if is_barred), None)
