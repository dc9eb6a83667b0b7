"""A page of a thread made ready to be shown: days, speakers, bubbles with the words that the screen marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from gateway.insight.places import Entry, Person, What
from gateway.models import Finding, Role
from gateway.sms.wording import clean
from gateway.web import words
from gateway.web.console.reasons import on
from gateway.web.console.thread.fates import category, fates
from gateway.web.languages import current_language
from gateway.web.languages import gettext as _


@dataclass(frozen=True)
class Piece:
    """Some words of a text; marked where the screen saw something."""

    text: str
    is_marked: bool = False


@dataclass(frozen=True)
class Line:
    """One place in the conversation. `day` and `who` are empty when they are those of the line before."""

    uid: str
    side: str  # "youth", "mentor", "program" or "note"
    day: str
    who: str
    at: str
    pieces: Sequence[Piece]
    lang: str  # empty when it is that of the page
    fates: Sequence[words.Said]
    found: Sequence[str]  # what the screen saw, in a few words each
    is_held: bool
    has_media: bool
    is_first_unread: bool


@dataclass(frozen=True)
class Scene:
    """What is the same for every line of a page. `staff` names who wrote the notes."""

    people: Mapping[int, Person]
    staff: Mapping[int, str]
    findings: Mapping[int, Sequence[Finding]]
    now: datetime
    zone: ZoneInfo

    def first_names(self) -> dict[int, str]:
        return {one.id: first_of(one) for one in self.people.values()}


def lines(entries: Sequence[Entry], scene: Scene) -> list[Line]:
    """These entries (newest first, as `insight.thread` gives them), oldest first."""
    found: list[Line] = []
    day = who = ""
    is_past_unread = False
    for entry in reversed(entries):
        line = _line(entry, scene, is_first_unread=entry.is_unread and not is_past_unread)
        is_past_unread = is_past_unread or entry.is_unread
        is_new_day = line.day != day
        is_new_speaker = is_new_day or (line.side, line.who) != who.partition("|")[::2]
        day, who = line.day, f"{line.side}|{line.who}"
        found.append(_shortened(line, is_new_day=is_new_day, is_new_speaker=is_new_speaker))
    return found


def _shortened(line: Line, *, is_new_day: bool, is_new_speaker: bool) -> Line:
    kept = {"day": line.day if is_new_day else "", "who": line.who if is_new_speaker else ""}
    return Line(**{**line.__dict__, **kept})


def _line(entry: Entry, scene: Scene, *, is_first_unread: bool) -> Line:
    person = scene.people.get(entry.by_id or 0) if entry.what is What.WORDS else None
    seen = scene.findings.get(entry.id, ()) if entry.what is What.WORDS else ()
    told = fates(entry, scene.first_names(), scene.now, scene.zone)
    return Line(
        uid=entry.uid,
        side=_side(entry, person),
        day=on(entry.at, scene.zone),
        who=_who(entry, person, scene),
        at=words.time_of_day(entry.at, scene.zone),
        pieces=pieces(entry.body, seen),
        lang=_lang(entry, person, scene),
        fates=told,
        found=_found(seen, told),
        is_held=entry.is_held,
        has_media=entry.has_media,
        is_first_unread=is_first_unread,
    )


def _found(seen: Sequence[Finding], told: Sequence[words.Said]) -> list[str]:
    """What the screen saw, each once, without what is said already of why the text is held."""
    said = " ".join(one.words for one in told)
    kinds = dict.fromkeys(category(one.category) or one.category for one in seen)
    return [kind for kind in kinds if kind not in said]


def _side(entry: Entry, person: Person | None) -> str:
    if entry.what is What.NOTE:
        return "note"
    if person is None:
        return "program"
    return "mentor" if person.role is Role.MENTOR else "youth"


def _who(entry: Entry, person: Person | None, scene: Scene) -> str:
    if entry.what is What.NOTE:
        name = scene.staff.get(entry.by_id or 0) or _("the command line")
        return _("Note by %(name)s", name=name)
    if person is not None:
        return first_of(person)
    to = _reader(entry, scene)
    return _("Program to %(name)s", name=first_of(to)) if to else _("Program")


def _reader(entry: Entry, scene: Scene) -> Person | None:
    """To whom the program said it."""
    return next(
        (scene.people[leg.to_id] for leg in entry.legs if leg.to_id and leg.to_id in scene.people), None
    )


def _lang(entry: Entry, person: Person | None, scene: Scene) -> str:
    """The language in which a text is most likely written, when it is not the page's."""
    reader = person or (_reader(entry, scene) if entry.what is What.SAID else None)
    return reader.language if reader and reader.language != current_language() else ""


def pieces(body: str | None, findings: Sequence[Finding]) -> list[Piece]:
    """The text with the places marked that were found in it; marks that overlap become one."""
    if body is None:
        return [Piece(_("(erased for good)"))]
    if not findings:
        return [Piece(words.visible(body))]
    text, spans = _placed(body, [(one.span_start, one.span_end) for one in findings])
    found: list[Piece] = []
    here = 0
    for start, end in _joined(spans, len(text)):
        found += [Piece(words.visible(text[here:start])), Piece(words.visible(text[start:end]), True)]
        here = end
    found.append(Piece(words.visible(text[here:])))
    return [piece for piece in found if piece.text]


def _placed(body: str, spans: Sequence[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    """The text and the spans in it. They count the letters of the cleaned text, which is what was screened.

    What cleaning took out (marks that turn the order of reading) stays to be seen; where letters were also put together
    anew, the cleaned text stands for what came.
    """
    cleaned = clean(body)
    places, here = [], 0
    for letter in cleaned:
        here = body.find(letter, here)
        if here < 0:
            return cleaned, list(spans)
        places.append(here)
        here += 1
    places.append(len(body))
    last = len(cleaned)
    return body, [(places[min(start, last)], places[min(end, last)]) for start, end in spans]


def _joined(spans: Sequence[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted((min(start, length), min(end, length)) for start, end in spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        elif start < end:
            joined.append((start, end))
    return joined


def first_of(person: Person) -> str:
    """The first word of the name."""
    return words.visible((person.name.split() or [person.key])[0])
