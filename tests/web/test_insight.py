"""Figures of the program: names only for those who may look, nothing of fewer than five for those who may not."""

import csv
import io
import json
from datetime import timedelta

import pytest
from sqlmodel import select

from gateway.models import (
    ContentKind,
    ContentVersion,
    KeptAnswer,
    Match,
    Member,
    Participant,
    PulseWeek,
    Role,
    Run,
    RunState,
)
from gateway.people.directory import data_key_of
from gateway.web.console.insight import words
from gateway.web.languages import speaking
from tests.web.conftest import World
from tests.web.console import Office
from tests.web.test_program import seen


def talk(office: Office, more: int = 0) -> None:
    """Maya wrote three texts and Ben one, last week; so many matches are there besides."""
    gateway = office.place.gateway
    with gateway.db.transaction() as session:
        match = session.exec(select(Match)).one()
        last_week_on = gateway.watch.week_on(office.place.clock.now()) - timedelta(weeks=1)
        people = session.exec(
            select(Participant).join(Member).where(Member.match_id == match.id).order_by(Participant.key)
        ).all()
        for person in people:
            texts = 3 if person.role is Role.YOUTH else 1
            week = PulseWeek(
                match_id=match.id or 0,
                week_on=last_week_on,
                participant_id=person.id or 0,
                role=person.role,
                texts=texts,
                segments=texts,
                in_2_hours=texts,
            )
            session.add(week)
        copied = match.model_dump(exclude={"id", "uid"})
        session.add_all(Match(**copied) for _number in range(more))


def test_a_coordinator_sees_figures_as_a_drawing_and_as_words(office: Office) -> None:
    talk(office)
    page = office.ruth.opens("/insight/matches").text
    assert "Maya + Ben" in page
    assert "Mentors: 0 0 0 0 0 0 0 0 0 0 1 0. Youth: 0 0 0 0 0 0 0 0 0 0 3 0." in page
    assert '<path class="up" d="M105 29v-9"/>' in page and '<path class="down" d="M105 31v28"/>' in page
    assert "Written by mentors 25%" in seen(page)


def test_all_together_are_counted_with_a_table_beside(office: Office) -> None:
    talk(office)
    words = seen(office.ruth.opens("/insight").text)
    assert "1 open, 1 in all" in words
    assert "Nov 16 1 1 3 1 hour 1 hour" in words


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["1 billed text", "1.4 billed texts", "2 billed texts"]),
        ("fr", ["1 texto facturé", "1,4 texto facturé", "2 textos facturés"]),
    ],
)
def test_a_length_is_counted_as_each_language_counts(world: World, language: str, said: list[str]) -> None:
    with world.app.test_request_context(), speaking(language):
        assert [words.billed(length) for length in (1.0, 1.4, 2.0)] == said
        assert words.billed(None) == ""


def test_an_outcome_is_told_in_the_words_of_the_charter(office: Office) -> None:
    with office.place.gateway.db.transaction() as session:
        match = session.exec(select(Match)).one()
        maya = session.exec(select(Participant).where(Participant.role == Role.YOUTH)).first()
        assert maya is not None
        key_uid, now = data_key_of(session, maya.community_id), office.place.clock.now()
        version = ContentVersion(
            kind=ContentKind.FLOWS, hash="0" * 64, files="{}", created_at=now, live_at=now
        )
        session.add(version)
        session.flush()
        for flow in ("questionnaire-pre", "questionnaire-post"):
            run = Run(
                dedupe_key=flow,
                participant_id=maya.id or 0,
                match_id=match.id,
                flow=flow,
                version_id=version.id or 0,
                state=RunState.ENDED,
                created_at=now,
            )
            session.add(run)
            session.flush()
            for question in ("hopeful", "own_question"):
                kept = KeptAnswer(
                    participant_id=maya.id or 0,
                    match_id=match.id,
                    run_id=run.id or 0,
                    question=question,
                    value_sealed=b"",
                    at=now,
                )
                session.seal(kept, "value_sealed", "4", key_uid)
                session.add(kept)
    page = seen(office.ruth.opens("/insight?lang=fr").text)
    assert "A de l'espoir pour son avenir." in page
    assert "questionnaire : own question" in page.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(("more", "is_shown"), [(3, False), (4, True)])
def test_an_auditor_is_told_nothing_of_fewer_than_five_matches(
    office: Office, more: int, is_shown: bool
) -> None:
    talk(office, more)
    for path in ("/insight", "/insight/caseloads", "/insight/communities"):
        assert ("Written by mentors" in office.otto.opens(path).text) is is_shown, path
    sheets = json.loads(office.otto.opens("/insight/export.json").text)
    assert "matches" not in sheets
    assert bool(sheets["weeks"]) is is_shown


def test_an_auditor_reads_no_name(office: Office) -> None:
    talk(office, 5)
    for path in ("/insight", "/insight/caseloads", "/insight/communities"):
        page = office.otto.opens(path).text
        assert [name for name in ("Maya", "Ben", "Ruth") if name in page] == []


def test_another_community_is_not_counted(office: Office) -> None:
    talk(office, 5)
    assert "0 open, 0 in all" in seen(office.abe.opens("/insight").text)


def test_figures_leave_as_a_file_and_that_is_on_record(office: Office) -> None:
    talk(office)
    answer = office.ruth.opens("/insight/weeks.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="insight-weeks.csv"'
    assert next(iter(csv.reader(io.StringIO(answer.text))))[0] == "week_on"
    assert office.ruth.acts()[-1] == "insight.export"
    assert office.ruth.opens("/insight/secrets.csv").status_code == 404


def test_a_page_of_many_matches_stays_light(office: Office) -> None:
    talk(office, 60)
    office.ann.signs_in()
    answer = office.ann.client.get("/insight/matches", headers={"Accept-Encoding": "br"})
    assert len(answer.data) <= 14_000
    assert 'rel="next"' in office.ann.opens("/insight/matches").text
