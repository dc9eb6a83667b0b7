"""Says what is due: an activity to each member from that member's own mask, all else from the program line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date

from gateway.authored.said import Said, signed
from gateway.db import Session
from gateway.i18n import ANYWHERE, date_of, day_of, locale_of, pick
from gateway.models import Kind, Line, Match, Participant
from gateway.outbox.enqueue import Draft, enqueue
from gateway.people.directory import data_key_of, first_name
from gateway.prompts.occasion import Due, Part, Rules
from gateway.prompts.schema import Prompt, PromptKind
from gateway.routing.lines import program_line
from gateway.routing.routes import partners_of
from gateway.sms.quiet_hours import next_open

NOBODY = 0
KINDS = {PromptKind.ACTIVITY: Kind.PROMPT, PromptKind.TIP: Kind.PROMPT}


@dataclass(frozen=True)
class Speaker:
    """What the program says, and in whose words: prompts by slug, the version they are of, its own words by language."""

    prompts: Mapping[str, Prompt]
    version_id: int
    words: Mapping[str, Mapping[str, str]]
    rules: Rules


def speak(
    session: Session,
    speaker: Speaker,
    one: Due,
    ends_on: date | None,
    maybe_sent_since: datetime | None,
    now: datetime,
) -> set[int]:
    """Queue one text, once for its occasion. Returns the line to ring; nothing when there is no line or no news.

    `ends_on` is the last day of the match, when its end is planned; `maybe_sent_since` as in `outbox.enqueue.Draft`.
    """
    prompt = speaker.prompts[one.slug]
    said = said_of(prompt, one.part)
    line = _line(session, one)
    if said is None or line is None or line.id is None:
        return set()
    person = session.get_one(Participant, one.person.id)
    is_reminder = one.part is Part.REMIND
    draft = Draft(
        kind=Kind.REMINDER if is_reminder else KINDS.get(one.kind, Kind.REMINDER),
        dedupe_key=one.key,
        line_id=line.id,
        to_number=session.open(person, "phone_sealed"),
        body=_body(session, speaker, said, one, person, ends_on, now),
        key_uid=data_key_of(session, person.community_id),
        wording=f"{one.slug}@{speaker.version_id}",
        participant_id=person.id,
        match_id=one.match_id if one.kind is PromptKind.ACTIVITY else None,
        not_before=next_open(now, one.person.zone, speaker.rules.window),
        expires_at=one.closes_at,
        maybe_sent_since=maybe_sent_since,
    )
    return {line.id} if enqueue(session, draft, now) else set()


def said_of(prompt: Prompt, part: Part) -> Said | None:
    """The words of one part; the question after a task is a conversation, and not said here."""
    if part is Part.TEXT:
        return prompt.text
    return prompt.task.remind_text if prompt.task and part is Part.REMIND else None


def _line(session: Session, one: Due) -> Line | None:
    if one.kind is not PromptKind.ACTIVITY:
        return program_line(session)
    places = partners_of(session, one.match_id, NOBODY)
    return next((place.line for place in places if place.person.id == one.person.id), None)


def _body(
    session: Session,
    speaker: Speaker,
    said: Said,
    one: Due,
    person: Participant,
    ends_on: date | None,
    now: datetime,
) -> str:
    """The words with the person's own values; {date} is the day of the task, or the last day of a match that ends."""
    language = person.language
    values = {
        word: pick({code: own[word] for code, own in speaker.words.items()}, language) for word in ANYWHERE
    }
    made_on = session.get_one(Match, one.match_id).created_at.astimezone(one.person.zone).date()
    day = one.task_on or ends_on or one.on
    values |= {
        "first_name": first_name(session, person),
        "week": str((one.on.toordinal() - made_on.toordinal() + made_on.weekday()) // 7 + 1),
        "day": day_of(now, one.person.zone, language) if one.task_on is None else _weekday(day, language),
        "date": date_of(day, language),
    }
    return Said(texts={code: signed(text, code) for code, text in said.texts.items()}).say(language, values)


def _weekday(day: date, language: str) -> str:
    return format_date(day, "EEEE", locale=locale_of(language))
