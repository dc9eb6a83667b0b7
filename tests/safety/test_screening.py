"""A text is screened beside the five before it; what fails or takes too long is held; what was found is kept."""

from collections.abc import Iterator

import pytest
from sqlmodel import select

from gateway.models import Finding, Line, LineKind, Participant, Role
from gateway.safety import screening
from gateway.safety.screen import Category, Screened, Verdict, Writer
from gateway.safety.screen import Finding as Found
from gateway.safety.screening import Seen
from gateway.safety.text import Text
from tests.world import NOON, POOL, Phone, World


def found(*kinds: Category, verdict: Verdict, is_held: bool = False, rule: str = "r") -> Seen:
    return Seen(Screened(verdict, tuple(Found(kind, rule, (0, 1)) for kind in kinds), "v", is_held))


@pytest.mark.parametrize(
    ("seen", "writer", "held"),
    [
        pytest.param(Seen(None), Writer.YOUTH, "screen_failed", id="a screen that failed holds"),
        pytest.param(
            found(Category.CONTACT, verdict=Verdict.HOLD, is_held=True), Writer.MENTOR, "contact", id="held"
        ),
        pytest.param(
            found(Category.CONTACT, verdict=Verdict.HOLD), Writer.MENTOR, "contact", id="hold says it alone"
        ),
        pytest.param(
            found(Category.SEXUAL, verdict=Verdict.ESCALATE, is_held=True),
            Writer.MENTOR,
            "sexual",
            id="what escalates may be held as well",
        ),
        pytest.param(
            found(Category.CRISIS, verdict=Verdict.ESCALATE), Writer.YOUTH, None, id="a crisis passes"
        ),
        pytest.param(
            found(Category.CRISIS, Category.CONTACT, verdict=Verdict.ESCALATE, is_held=True),
            Writer.YOUTH,
            None,
            id="a young person in a crisis passes whatever else there is",
        ),
        pytest.param(
            found(Category.CRISIS, Category.CONTACT, verdict=Verdict.ESCALATE, is_held=True),
            Writer.MENTOR,
            "contact",
            id="an adult's number does not reach a minor even then",
        ),
        pytest.param(found(Category.CONTACT, verdict=Verdict.FLAG), Writer.YOUTH, None, id="flagged passes"),
    ],
)
def test_why_a_text_may_not_be_passed_on(seen: Seen, writer: Writer, held: str | None) -> None:
    assert seen.hold_for(writer) == held


@pytest.mark.parametrize(
    ("rules", "is_worry"),
    [
        (("third-party",), True),
        (("kill-myself",), False),
        (("third-party", "kill-myself"), False),
        ((), False),
    ],
)
def test_a_worry_about_somebody_else_is_told_apart(rules: tuple[str, ...], is_worry: bool) -> None:
    findings = tuple(Found(Category.CRISIS, rule, (0, 1)) for rule in rules)
    assert Seen(Screened(Verdict.ESCALATE, findings, "v")).is_worry is is_worry


def test_what_was_found_is_kept_with_the_rules_that_found_it(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    maya.texts("ok, my number is 613-555-0142")
    with world.gateway.db.reading() as session:
        found = session.exec(select(Finding)).all()
    assert {(row.inbound_id, row.category, row.verdict) for row in found} == {(1, "contact", "flag")}
    assert (17, 29) in [(row.span_start, row.span_end) for row in found]
    assert all(row.rules for row in found)


def test_a_screen_that_takes_too_long_holds(world: World, maya: Phone, ben: Phone, pair: int) -> None:
    maya.texts("hi")
    seconds: Iterator[float] = iter([0.0, 1.1])
    (row,) = world.inbound()
    with world.gateway.db.transaction() as session:
        seen = screening.look(
            session,
            world.gateway.library.rules,
            row,
            "hi",
            "en",
            Writer.YOUTH,
            NOON,
            stopwatch=lambda: next(seconds),
        )
    assert seen.screened is None


def test_the_five_texts_before_it_are_the_writers_own_on_that_line(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    for number in range(7):
        maya.texts(f"m{number}")
        ben.texts(f"b{number}")
    maya.texts("last", to=POOL[3])
    last = next(row for row in reversed(world.inbound()) if row.to_number == maya.mask and row.match_id)
    with world.gateway.db.reading() as session:
        before = screening.recent_words(session, last)
    assert len(before) == 5
    assert len({word[0] for word in before}) == 1


@pytest.mark.parametrize(
    ("role", "writer"),
    [
        (Role.YOUTH, Writer.YOUTH),
        (Role.MENTOR, Writer.MENTOR),
        (Role.GUARDIAN, Writer.MENTOR),
        (None, Writer.YOUTH),
    ],
)
def test_every_adult_is_screened_as_one_and_whoever_is_unknown_as_a_young_person(
    world: World, maya: Phone, ben: Phone, pair: int, role: Role | None, writer: Writer
) -> None:
    maya.texts("hi")
    line = Line(number="+1", kind=LineKind.LONG, segments_per_second=1, next_slot_at=NOON, created_at=NOON)
    sender: Participant | None = maya.person
    if sender and role:
        sender.role = role
    text = Text(world.inbound()[0], 1, "hi", "+1", line, "en", b"", sender if role else None)
    assert text.writer is writer
