"""What people answered to check-ins and questionnaires: private words, read by those who look after them."""

from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request
from sqlalchemy import select
from sqlmodel import col

from gateway.db import Session
from gateway.insight.answers import Answered, answers
from gateway.models import Match, Participant
from gateway.people.access import Act, Viewer, match_for, may, people_for, person_for, sees_match
from gateway.people.directory import first_name
from gateway.privacy.audit import audit
from gateway.web import words
from gateway.web.console.guard import guarded
from gateway.web.console.program.blueprint import blueprint
from gateway.web.console.program.words import day
from gateway.web.current import current_gateway
from gateway.web.languages import gettext as _
from gateway.web.languages import link

PAGE = 40
LONGEST_QUESTION = 64


@dataclass(frozen=True)
class Filter:
    """Which answers: of one match, of one person, to one question. Empty parts ask for nothing."""

    match: str = ""
    person: str = ""
    question: str = ""

    def path(self, **more: object) -> str:
        """The address of these answers."""
        given = {name: value for name, value in vars(self).items() if value}
        return link("program.answered", **(given | more))


@dataclass(frozen=True)
class Row:
    """One answer, with the ways to more like it."""

    at: str
    name: str
    of_person: str
    conversation: str
    question: str
    of_question: str
    value: str


@blueprint.get("/program/answers")
@guarded(Act.LOOK)
def answered(viewer: Viewer) -> str:
    """The newest answers of people in the viewer's matches. Reading them is on record."""
    gateway, asked = current_gateway(), _asked()
    with gateway.db.transaction() as session:
        match = match_for(session, viewer, asked.match) if asked.match else None
        person = person_for(session, viewer, asked.person) if asked.person else None
        found = answers(
            session,
            among=select(col(Match.id)).where(sees_match(viewer)),
            match_id=match.id if match else None,
            participant_id=person.id if person else None,
            question=asked.question or None,
            before_id=_before(),
            most=PAGE + 1,
        )
        rows = _rows(session, viewer, found[:PAGE], asked)
        subject = f"match:{match.id}" if match else f"participant:{person.id}" if person else "answers"
        audit(session, viewer.actor, "answers.read", subject, gateway.clock.now(), {"count": len(rows)})
    older = asked.path(before=found[PAGE - 1].id) if len(found) > PAGE else None
    return render_template(
        "console/program/answers.html",
        rows=rows,
        is_filtered=asked != Filter(),
        older=older,
        newest=asked.path() if _before() else None,
        may_author=may(viewer, Act.AUTHOR),
    )


def _asked() -> Filter:
    args = request.args
    return Filter(args.get("match", ""), args.get("person", ""), args.get("question", "")[:LONGEST_QUESTION])


def _before() -> int | None:
    asked = request.args.get("before", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None


def _rows(session: Session, viewer: Viewer, found: list[Answered], asked: Filter) -> list[Row]:
    wanted = {one.participant_id for one in found}
    people = {row.id: row for row in session.exec(people_for(viewer).where(col(Participant.id).in_(wanted)))}
    return [_row(session, viewer, one, people.get(one.participant_id), asked) for one in found]


def _row(session: Session, viewer: Viewer, one: Answered, person: Participant | None, asked: Filter) -> Row:
    return Row(
        at=_moment(one.at, viewer),
        name=words.visible(first_name(session, person)) if person else _("somebody"),
        of_person=Filter(person=person.uid).path() if person else "",
        conversation=one.conversation,
        question=one.question,
        of_question=Filter(asked.match, asked.person, one.question).path(),
        value=_("erased") if one.value is None else words.visible(one.value),
    )


def _moment(at: datetime, viewer: Viewer) -> str:
    """Day and time where the viewer lives; answers are months apart, so the year stands too."""
    return f"{day(at.astimezone(viewer.zone).date())}, {words.time_of_day(at, viewer.zone)}"
