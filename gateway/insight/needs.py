"""Why a match needs a human, and from when on, worked out from how it stands. Pure.

A reason that only time brings is written down at once with the moment at which it will begin, so that nobody has to
look at a match that has gone silent. What the evidence means:

| reason | `since_at` | `amount` | `before` | `about_id`, `subject` |
|---|---|---|---|---|
| no_exchange, mentor_quiet | N days after the last text (of a mentor) | N | | the mentor |
| never_began | N days after the match was made | N | | |
| task_past_due | N days after the question whether it is done | N | | the task's name |
| never_reviewed, review_due | N days after the first text that staff have not read | texts unread | | |
| contact_due | the day on which a talk with staff was due | contacts so far | | the participant |
| one_sided | the first of the last texts | texts of the quieter side | of so many | who writes less |
| slower | the first of the last five replies | their median, seconds | median before, seconds | who replies |
| less_often | the last text | texts in its four weeks | in four weeks before | |
| ending | so many days before the end | days | | |
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log2

from gateway.insight.rules import Rules
from gateway.insight.talk import RECENT, Reply, Word, lately_and_before, median_seconds
from gateway.models import Reason, Role

ENOUGH_BEFORE = 5  # replies, to be measured against
FIRST_MONTH = timedelta(days=30)
TRENDS = frozenset({Reason.ONE_SIDED, Reason.SLOWER, Reason.LESS_OFTEN})


@dataclass(frozen=True)
class Facts:
    """One open match as the log knows it. `words` and `replies` are oldest first; times are aware UTC."""

    made_at: datetime
    members: Mapping[int, Role]
    words: Sequence[Word]
    replies: Sequence[Reply]
    unread: Sequence[Word]
    was_reviewed: bool
    contacts: Mapping[int, Sequence[datetime]]  # by participant, oldest first
    open_tasks: Mapping[str, datetime]  # asked whether it is done, and not answered with yes: since when
    closing_at: datetime | None = None


@dataclass(frozen=True)
class Found:
    """A reason and its evidence, as in the table above."""

    reason: Reason
    since_at: datetime
    amount: int | None = None
    before: int | None = None
    about_id: int | None = None
    subject: str | None = None
    level: int = 1
    step_days: int | None = None


def needs_of(facts: Facts, rules: Rules) -> list[Found]:
    """Every reason that holds or that time will bring, at most one of each kind."""
    return [
        *_silence(facts, rules),
        *_tasks(facts, rules),
        *_review(facts, rules),
        *_contact(facts, rules),
        *_one_sided(facts, rules),
        *_slower(facts, rules),
        *_less_often(facts, rules),
        *_ending(facts, rules),
    ]


def _after(reason: Reason, moment: datetime, days: int, about_id: int | None = None) -> Found:
    return Found(reason, moment + timedelta(days=days), days, about_id=about_id, step_days=days)


def _silence(facts: Facts, rules: Rules) -> Iterator[Found]:
    if not facts.words:
        yield _after(Reason.NEVER_BEGAN, facts.made_at, rules.begin_days)
        return
    yield _after(Reason.NO_EXCHANGE, facts.words[-1].at, rules.no_exchange_days)
    mentors = [person for person, role in facts.members.items() if role is Role.MENTOR]
    if mentors:
        of_mentors = [word.at for word in facts.words if word.role is Role.MENTOR]
        last = of_mentors[-1] if of_mentors else facts.words[0].at
        about = mentors[0] if len(mentors) == 1 else None
        yield _after(Reason.MENTOR_QUIET, last, rules.mentor_quiet_days, about)


def _tasks(facts: Facts, rules: Rules) -> Iterator[Found]:
    if facts.open_tasks:
        asked_at, task = min((at, task) for task, at in facts.open_tasks.items())
        days = rules.task_days
        since = asked_at + timedelta(days=days)
        yield Found(Reason.TASK_PAST_DUE, since, days, subject=task[:64], step_days=7)


def _review(facts: Facts, rules: Rules) -> Iterator[Found]:
    if facts.unread:
        first = facts.unread[0].at
        reason = Reason.REVIEW_DUE if facts.was_reviewed else Reason.NEVER_REVIEWED
        days = rules.review_days if facts.was_reviewed else rules.first_review_days
        yield Found(reason, first + timedelta(days=days), len(facts.unread), step_days=rules.review_days)


def _contact(facts: Facts, rules: Rules) -> Iterator[Found]:
    due = [
        (contact_due_at(facts.made_at, facts.contacts.get(person, ()), rules), person)
        for person, role in facts.members.items()
        if role is not Role.GUARDIAN
    ]
    if due:
        since, person = min(due)
        count = len(facts.contacts.get(person, ()))
        yield Found(Reason.CONTACT_DUE, since, count, about_id=person, step_days=rules.contact_days)


def contact_due_at(made_at: datetime, contacts: Iterable[datetime], rules: Rules) -> datetime:
    """When staff must next have spoken to one member: so many times in the first month, evenly, and monthly after.

    Source: Elements of Effective Practice for Mentoring, 4th edition, standard 5 (monitoring and support).
    """
    times = sorted(contacts)
    month_later = times[-1] + timedelta(days=rules.contact_days) if times else None
    if len(times) >= rules.contacts_in_first_month:
        return month_later or made_at + timedelta(days=rules.contact_days)
    due = made_at + FIRST_MONTH * ((len(times) + 1) / rules.contacts_in_first_month)
    return month_later if month_later and times[-1] > due else due


def _one_sided(facts: Facts, rules: Rules) -> Iterator[Found]:
    last = [word for word in facts.words if word.role in (Role.YOUTH, Role.MENTOR)][-rules.one_sided_texts :]
    if len(last) < rules.one_sided_texts:
        return
    of_mentors = sum(word.role is Role.MENTOR for word in last)
    quieter = Role.MENTOR if 2 * of_mentors < len(last) else Role.YOUTH
    least = min(of_mentors, len(last) - of_mentors)
    if 100 * least < rules.one_sided_percent * len(last):
        those = [person for person, role in facts.members.items() if role is quieter]
        about = those[0] if len(those) == 1 else None
        yield Found(Reason.ONE_SIDED, last[0].at, least, len(last), about, level=2 if least == 0 else 1)


def _slower(facts: Facts, rules: Rules) -> Iterator[Found]:
    found = [slow for person in facts.members if (slow := _slower_one(person, facts.replies, rules))]
    if found:
        yield max(found, key=lambda slow: (slow.amount or 0) / (slow.before or 1))


def _slower_one(person: int, replies: Sequence[Reply], rules: Rules) -> Found | None:
    mine = [reply for reply in replies if reply.by == person]
    lately, before = mine[-RECENT:], mine[:-RECENT]
    if len(before) < ENOUGH_BEFORE:
        return None
    now, then = median_seconds(lately) or 0, max(1, median_seconds(before) or 0)
    if now < rules.slower_times * then or now < rules.slower_hours * 3600:
        return None
    return Found(Reason.SLOWER, lately[0].at, now, then, person, level=max(1, int(log2(now / then))))


def _less_often(facts: Facts, rules: Rules) -> Iterator[Found]:
    lately, before = lately_and_before(facts.words)
    if before and 100 * lately < rules.less_often_percent * before:
        level = max(1, int(log2(before / max(1, lately))))
        yield Found(Reason.LESS_OFTEN, facts.words[-1].at, lately, before, level=level)


def _ending(facts: Facts, rules: Rules) -> Iterator[Found]:
    days = rules.ending_days
    if facts.closing_at:
        yield Found(Reason.ENDING, facts.closing_at, days)
    elif rules.match_weeks:
        ends_at = facts.made_at + timedelta(weeks=rules.match_weeks)
        yield Found(Reason.ENDING, ends_at - timedelta(days=days), days)
