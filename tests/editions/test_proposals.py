"""A change is looked at, put in use once, and never undoes a colleague's."""

from datetime import timedelta

import pytest
from sqlmodel import select

from gateway.authored.reading import AuthoringRefused
from gateway.db import Session
from gateway.editions.proposals import (
    Overtaken,
    Preview,
    preview,
    proposal_named,
    propose,
    put_in_use,
)
from gateway.editions.versions import edition_named, editions
from gateway.library import live_files, store
from gateway.models import ContentKind, ContentProposal, Staff, StaffRole
from gateway.people.staff import accounts
from gateway.people.staff.accounts import NewStaff
from tests.authored.test_bad_yaml import PROMPT
from tests.world import World

PROMPTS = ContentKind.PROMPTS
OLD = {"a.yaml": PROMPT.encode(), "b.yaml": PROMPT.encode()}
NEW = {"a.yaml": PROMPT.replace("good", "fine").encode(), "c.yaml": PROMPT.encode()}


def somebody(session: Session, world: World) -> int:
    found = session.exec(select(Staff.id)).first()
    if found:
        return found
    person = NewStaff("ann@example.org", StaffRole.OWNER, None, "Ann")
    row = accounts.add(session, person, world.clock.now())
    session.flush()
    assert row.id
    return row.id


def looked_at(session: Session, row: ContentProposal) -> Preview:
    return preview(session, row, pairs=100, price=0.01)


def test_a_preview_says_what_changes_and_what_it_costs_and_changes_nothing(world: World) -> None:
    with world.gateway.db.transaction() as session:
        store(session, PROMPTS, OLD, world.clock.now())
        row = propose(session, PROMPTS, NEW, somebody(session, world), world.clock.now())
        seen = looked_at(session, row)
        assert live_files(session, PROMPTS) == OLD
    assert (seen.changes.new, seen.changes.gone, seen.changes.changed) == (
        ("c.yaml",),
        ("b.yaml",),
        ("a.yaml",),
    )
    assert {cost.file for cost in seen.texts} == {"a.yaml", "c.yaml"}
    assert seen.month_before == pytest.approx(seen.month_after)
    assert seen.month_after > 0
    assert seen.lines[0][0] == "a.yaml" and any("fine" in line for line in seen.lines[0][1])


def test_it_is_put_in_use_once_and_remembers_by_whom(world: World) -> None:
    with world.gateway.db.transaction() as session:
        store(session, PROMPTS, OLD, world.clock.now())
        row = propose(session, PROMPTS, NEW, somebody(session, world), world.clock.now())
        later = world.clock.now() + timedelta(hours=1)
        first = put_in_use(session, row, "staff:ann", later)
        assert put_in_use(session, row, "staff:ann", later + timedelta(hours=1)) == first
        assert live_files(session, PROMPTS) == NEW
        found = editions(session, PROMPTS)
        seen = looked_at(session, row)
    assert [(one.is_live, one.actor, one.live_at) for one in found] == [
        (True, "staff:ann", later),
        (False, None, world.clock.now()),
    ]
    assert seen.is_used and seen.changes.new == ("c.yaml",)


def test_it_does_not_undo_what_a_colleague_put_in_use_meanwhile(world: World) -> None:
    with world.gateway.db.transaction() as session:
        store(session, PROMPTS, OLD, world.clock.now())
        row = propose(session, PROMPTS, NEW, somebody(session, world), world.clock.now())
        theirs = {"z.yaml": PROMPT.encode()}
        store(session, PROMPTS, theirs, world.clock.now() + timedelta(minutes=1))
        assert looked_at(session, row).is_overtaken
        with pytest.raises(Overtaken):
            put_in_use(session, row, "staff:ann", world.clock.now())
        assert live_files(session, PROMPTS) == theirs


def test_an_earlier_version_comes_back_like_any_other_change(world: World) -> None:
    with world.gateway.db.transaction() as session:
        store(session, PROMPTS, OLD, world.clock.now())
        store(session, PROMPTS, NEW, world.clock.now() + timedelta(minutes=1))
        earlier = editions(session, PROMPTS)[1]
        assert edition_named(session, PROMPTS, earlier.hash) is not None
        row = propose(session, PROMPTS, OLD, somebody(session, world), world.clock.now())
        version = put_in_use(session, row, "staff:ann", world.clock.now() + timedelta(minutes=2))
        assert (version, live_files(session, PROMPTS)) == (earlier.id, OLD)


def test_a_set_with_a_fault_is_not_kept(world: World) -> None:
    with world.gateway.db.transaction() as session:
        ann = somebody(session, world)
        with pytest.raises(AuthoringRefused, match=r"bad\.yaml:1"):
            propose(session, PROMPTS, {"bad.yaml": b"kind: activity\n"}, ann, world.clock.now())
        assert session.exec(select(ContentProposal)).all() == []


def test_a_proposal_is_thrown_away_after_a_week(world: World) -> None:
    with world.gateway.db.transaction() as session:
        ann, now = somebody(session, world), world.clock.now()
        old = propose(session, PROMPTS, OLD, ann, now)
        propose(session, PROMPTS, NEW, ann, now + timedelta(days=8))
        assert proposal_named(session, old.uid) is None
