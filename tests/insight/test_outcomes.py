"""What questionnaires tell, and what they must not tell."""

from collections.abc import Sequence

import pytest

from gateway.insight import answers
from gateway.insight.outcomes import Outcome, outcomes
from gateway.models import ContentKind, ContentVersion, KeptAnswer, Participant, Run, RunState
from gateway.models.types import new_uid
from gateway.people.directory import data_key_of
from tests.insight.conftest import EVERY_MATCH
from tests.insight.rows import add_match
from tests.world import World


def answer(world: World, match_id: int, person: Participant, flow: str, question: str, value: str) -> None:
    with world.gateway.db.transaction() as session:
        version = ContentVersion(
            kind=ContentKind.FLOWS,
            hash=new_uid(),
            files="{}",
            created_at=world.clock.now(),
            live_at=world.clock.now(),
        )
        session.add(version)
        session.flush()
        run = Run(
            dedupe_key=new_uid(),
            participant_id=person.id or 0,
            match_id=match_id,
            flow=flow,
            version_id=version.id or 0,
            state=RunState.ENDED,
            created_at=world.clock.now(),
        )
        session.add(run)
        session.flush()
        kept = KeptAnswer(
            participant_id=person.id or 0,
            match_id=match_id,
            run_id=run.id or 0,
            question=question,
            value_sealed=b"",
            at=world.clock.now(),
        )
        session.seal(kept, "value_sealed", value, data_key_of(session, person.community_id))
        session.add(kept)


def asked(world: World, pairs: Sequence[tuple[int | None, int | None]]) -> Outcome:
    """So many youths answer before and after; None: not asked."""
    for number, (before, after) in enumerate(pairs):
        person = world.person(f"y{number}").person
        with world.gateway.db.transaction() as session:
            match_id = add_match(session, [person], world.clock.now())
        for flow, value in (("questionnaire-pre", before), ("questionnaire-post", after)):
            if value is not None:
                answer(world, match_id, person, flow, "hopeful", str(value))
    with world.gateway.db.reading() as session:
        return outcomes(session, EVERY_MATCH)[0]


def test_means_are_of_those_who_answered_twice(world: World) -> None:
    found = asked(world, [(2, 4)] * 5 + [(3, 3)] * 5 + [(1, None)] * 6)
    assert (found.questionnaire, found.question) == ("questionnaire", "hopeful")
    assert (found.before, found.after, found.both) == (16, 10, 10)
    assert (found.mean_before, found.mean_after) == (2.5, 3.5)
    assert (found.rose, found.same, found.fell) == (5, 5, 0)


@pytest.mark.parametrize(
    "pairs",
    [
        pytest.param([(2, 4)] * 4, id="four people"),
        pytest.param([(2, None)] * 4, id="four people who answered once"),
    ],
)
def test_of_fewer_than_five_nothing_is_said(world: World, pairs: list[tuple[int | None, int | None]]) -> None:
    found = asked(world, pairs)
    told = (found.before, found.mean_before, found.mean_after, found.rose, found.same, found.fell)
    assert set(told) <= {None, 0} and found.before is None


def test_one_who_fell_cannot_be_counted_out(world: World) -> None:
    found = asked(world, [(2, 4)] * 8 + [(3, 3)] * 6 + [(4, 2)])
    assert (found.rose, found.same, found.fell) == (8, None, None)


def test_the_few_who_answered_only_once_cannot_be_counted_out(world: World) -> None:
    found = asked(world, [(2, 4)] * 6 + [(5, None)] * 2)
    assert (found.before, found.after, found.both) == (None, 6, 6)


def test_answers_are_found_by_match_person_and_question_newest_first(world: World) -> None:
    asked(world, [(2, 4), (3, 5)])
    with world.gateway.db.reading() as session:
        everything = answers.answers(session)
        assert [(one.who, one.conversation, one.value) for one in everything] == [
            ("y1", "questionnaire-post", "5"),
            ("y1", "questionnaire-pre", "3"),
            ("y0", "questionnaire-post", "4"),
            ("y0", "questionnaire-pre", "2"),
        ]
        first = everything[-1]
        mine = answers.answers(session, participant_id=first.participant_id, question="hopeful")
        assert [one.value for one in mine] == ["4", "2"]
        assert [one.value for one in answers.answers(session, match_id=first.match, most=1)] == ["4"]
        assert [one.value for one in answers.answers(session, before_id=everything[1].id)] == ["4", "2"]
        assert answers.answers(session, question="other") == []
