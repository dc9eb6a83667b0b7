"""A thread as staff read it: one conversation, page by page, with what became of each text."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlmodel import select

from gateway.insight import thread
from gateway.insight.coming import coming, unread_in
from gateway.insight.places import EPOCH, MICROSECOND, Cursor, Entry, Page, What
from gateway.models import DataKey, Match, OutboundState, Outcome, Reason, Role
from gateway.oversight import notes, reviews
from gateway.oversight.acting import CLI
from tests.insight.conftest import EVERY_MATCH, look
from tests.world import PROGRAM, Phone, World


def page(world: World, match_id: int, before: Cursor | None = None, most: int = 50) -> Page:
    with world.gateway.db.reading() as session:
        return thread.page(session, match_id, before=before, most=most)


def bodies(entries: list[Entry]) -> list[str | None]:
    return [entry.body for entry in entries]


def all_pages(world: World, match_id: int, most: int) -> list[Entry]:
    """The whole thread, page by page."""
    found: list[Entry] = []
    before: Cursor | None = None
    for _ in range(100):
        one = page(world, match_id, before, most)
        found += one.entries
        if one.older is None:
            return found
        before = Cursor.read(str(one.older))
    raise AssertionError("the thread has no end")


def note(world: World, match_id: int, words: str) -> None:
    with world.gateway.db.transaction() as session:
        notes.add_note(session, CLI, session.get_one(Match, match_id), words, world.clock.now())


def test_both_sides_are_one_conversation_newest_first(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    maya.texts("hi")
    ben.texts("hello")
    maya.texts("how are you?")
    one = page(world, pair)
    assert bodies([*one.entries]) == ["how are you?", "hello", "hi"]
    assert [one.people[entry.by_id or 0].name for entry in one.entries] == ["Maya", "Ben", "Maya"]
    assert [[leg.state for leg in entry.legs] for entry in one.entries] == [[OutboundState.DELIVERED]] * 3
    assert one.older is None


def test_what_the_program_said_and_what_staff_noted_stand_in_their_place(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    maya.texts("hi")
    world.clock.at += timedelta(minutes=1)
    note(world, pair, "Her first text.")
    world.clock.at += timedelta(minutes=1)
    maya.texts("HELP")
    one = page(world, pair)
    assert [entry.what for entry in one.entries] == [What.SAID, What.WORDS, What.NOTE, What.WORDS]
    said = one.entries[0]
    assert (said.wording, said.legs[0].to_id) == ("help", maya.person.id)


def test_a_held_text_is_marked_and_says_why(world: World, pair: int, maya: Phone, ben: Phone) -> None:
    for _ in range(7):
        maya.texts("hello")
    held = [entry for entry in page(world, pair).entries if entry.is_held]
    assert held and {(entry.outcome, entry.reason) for entry in held} == {(Outcome.HELD, "loop")}


def test_a_text_that_did_not_arrive_says_why(world: World, pair: int, maya: Phone, ben: Phone) -> None:
    world.network.weather.refuse(ben.number, "30007")
    maya.texts("hello?")
    lost = page(world, pair).entries[-1].legs[0]
    assert (lost.to_id, lost.reason, lost.error_code) == (ben.person.id, "filtered", "30007")


def test_a_group_shows_each_copy(world: World, maya: Phone, ben: Phone) -> None:
    paul = world.person("paul")
    group = world.match(maya, paul, ben)
    world.network.weather.refuse(paul.number, "30007")
    maya.texts("hi all")
    legs = page(world, group).entries[-1].legs
    assert [(leg.to_id, leg.state) for leg in legs] == [
        (paul.person.id, legs[0].state),
        (ben.person.id, OutboundState.DELIVERED),
    ]
    assert legs[0].state in (OutboundState.UNDELIVERED, OutboundState.FAILED)


def test_unread_marks_go_when_the_page_was_reviewed(world: World, pair: int, maya: Phone, ben: Phone) -> None:
    maya.texts("hi")
    one = page(world, pair)
    assert [entry.is_unread for entry in one.entries] == [True]
    assert one.last_review is None
    ben.texts("hello")
    with world.gateway.db.transaction() as session:
        match, now = session.get_one(Match, pair), world.clock.now()
        reviews.reviewed(session, CLI, match, world.gateway.watch, now, up_to_inbound=one.newest_inbound_id)
    one = page(world, pair)
    assert [(entry.body, entry.is_unread) for entry in one.entries] == [("hello", True), ("hi", False)]
    assert one.last_review and one.last_review.at == now


@pytest.mark.parametrize("most", [1, 2, 3, 7])
def test_pages_hold_every_entry_once_though_all_came_at_the_same_moment(
    world: World, pair: int, maya: Phone, ben: Phone, most: int
) -> None:
    for number in range(4):
        maya.types(f"m{number}")
        ben.types(f"b{number}")
        note(world, pair, f"n{number}")
    maya.types("HELP")
    world.settle()
    whole = all_pages(world, pair, 50)
    assert len(whole) == 14
    paged = all_pages(world, pair, most)
    assert [(entry.what, entry.id) for entry in paged] == [(entry.what, entry.id) for entry in whole]


def test_a_new_text_does_not_move_the_older_pages(world: World, pair: int, maya: Phone, ben: Phone) -> None:
    for number in range(4):
        maya.texts(f"m{number}")
    first = page(world, pair, most=2)
    ben.texts("news")
    assert bodies([*page(world, pair, first.older, 2).entries]) == ["m1", "m0"]


def test_another_match_is_another_thread(world: World, pair: int, maya: Phone, ben: Phone) -> None:
    maya.texts("hi")
    other = world.match(world.person("lea"), world.person("paul", Role.MENTOR))
    assert page(world, other).entries == []


def test_what_was_erased_is_shown_as_gone(world: World, pair: int, maya: Phone, ben: Phone) -> None:
    maya.texts("hi")
    with world.gateway.db.transaction() as session:
        for key in session.exec(select(DataKey)):
            key.wrapped = None
            session.add(key)
    world.gateway.db.vault.opened.clear()
    with world.gateway.db.reading() as session:
        rows = [*thread._inbound(session, thread._Window(pair, 50))]
        assert [thread._entry(session, row, {}, 0).body for row in rows] == [None]


def test_a_page_costs_the_same_few_queries_however_many_texts(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    asked: list[str] = []

    def note_it(_c: object, _cu: object, statement: str, *_: object) -> None:
        asked.append(statement)

    def count() -> int:
        asked.clear()
        page(world, pair)
        return len(asked)

    maya.texts("one")
    event.listen(world.gateway.db.engine, "before_cursor_execute", note_it)
    first = count()
    for number in range(10):
        maya.texts(f"text {number}")
    assert count() == first <= 10


@given(
    st.integers(0, 2**51).map(lambda micros: EPOCH + micros * MICROSECOND),
    st.sampled_from(list(What)),
    st.integers(1, 2**40),
)
def test_a_cursor_survives_its_way_through_an_address(at: datetime, what: What, row_id: int) -> None:
    cursor = Cursor(at, what, row_id)
    assert Cursor.read(str(cursor)) == cursor


@pytest.mark.parametrize(
    "written", ["", "x", "1.2", "zz.0.1", "1.9.1", "1.0.zz", "1.0.1.1", "9" * 40 + ".0.1"]
)
def test_a_cursor_that_was_tampered_with_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="no place"):
        Cursor.read(written)


def test_a_thread_can_be_walked_back_to_its_newest_page(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    for number in range(3):
        maya.texts(f"one {number}")
        note(world, pair, f"note {number}")
        ben.texts(f"two {number}")
    everything = all_pages(world, pair, 50)
    oldest = page(world, pair, Cursor.read(str(page(world, pair, most=7).older)))
    found, here = [*reversed(oldest.entries)], oldest
    for _ in range(20):
        if here.newer is None:
            break
        with world.gateway.db.reading() as session:
            here = thread.page(session, pair, after=here.newer, most=2)
        assert here.older is not None or not here.entries
        found += reversed(here.entries)
    assert [entry.uid for entry in found] == [entry.uid for entry in reversed(everything)]
    assert page(world, pair).newer is None


def test_what_was_reported_about_staff_is_left_out_for_those_it_may_be_about(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    maya.texts("hi")
    maya.texts("REPORT STAFF")
    maya.texts("she scares me")
    ben.texts("hello")
    with world.gateway.db.reading() as session:
        seen = thread.page(session, pair, with_staff_reports=False)
        whole = thread.page(session, pair)
        near = thread.around(
            session, pair, seen.entries[-1].at, seen.entries[-1].id, with_staff_reports=False
        )
    assert bodies([*seen.entries]) == ["hello", "hi"]
    assert "she scares me" in bodies([*whole.entries]) and len(whole.entries) > 3
    assert bodies(near) == ["hello"]


def test_today_tells_nobody_that_staff_were_reported(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    maya.texts("REPORT STAFF")
    maya.texts("she scares me")
    assert look(world).reasons(pair) == []
    maya.texts("REPORT STAFF", PROGRAM)
    assert look(world).reasons(pair) == []


def test_what_time_will_bring_is_known_and_how_much_is_unread(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    maya.texts("hi")
    look(world)
    with world.gateway.db.reading() as session:
        soon = coming(session, EVERY_MATCH, world.clock.now())
        later = coming(session, EVERY_MATCH, world.clock.now() + timedelta(days=30))
        assert unread_in(session, [pair]) == {pair: 1}
    assert [(one.match.id, one.reason) for one in soon] == [(pair, Reason.NEVER_REVIEWED)]
    assert soon[0].at.date() == (world.clock.now() + timedelta(days=3)).date()
    assert later == []
