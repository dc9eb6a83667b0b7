"""`gateway audit`: the chain is checked, and its entries are found."""

import pytest
from sqlalchemy import Delete, Update
from sqlmodel import col, delete, select, update

from gateway.models import AuditEntry
from tests.cli.conftest import Shell, opened_with

THIRD = select(AuditEntry.id).order_by(col(AuditEntry.id)).offset(2).limit(1)


def tampered(shell: Shell, statement: Update | Delete) -> int:
    """Change the third entry; its id."""
    gateway = opened_with(shell)
    with gateway.db.transaction() as session:
        third = session.exec(THIRD).one()
        session.execute(statement.where(col(AuditEntry.id) == third))
    gateway.db.engine.dispose()
    assert third
    return third


@pytest.fixture
def acts(town: Shell) -> Shell:
    """Some acts on record."""
    for _number in range(5):
        town.done("messages")
    return town


def test_a_whole_chain_says_since_when_and_its_last_hash(acts: Shell) -> None:
    found = acts.done("audit", "verify", "--json").json
    assert found["whole"] is True and found["broken"] is None
    assert found["entries"] >= 5
    assert acts.done("audit", "verify", "--holds", found["last_hash"], "--json").json["holds"] is True


def test_a_changed_entry_is_named_and_exits_with_1(acts: Shell) -> None:
    third = tampered(acts, update(AuditEntry).values(subject="nothing"))
    assert acts.refused("audit", "verify").startswith(f"Broken at entry {third};")
    assert acts.run("audit", "verify", "--json").json["broken"] == third


def test_an_entry_that_is_gone_shows_at_the_next_one(acts: Shell) -> None:
    third = tampered(acts, delete(AuditEntry))
    assert acts.refused("audit", "verify").startswith(f"Broken at entry {third + 1};")


def test_an_end_that_was_cut_off_shows_by_a_hash_that_was_noted(acts: Shell) -> None:
    noted = acts.done("audit", "verify", "--json").json["last_hash"]
    gateway = opened_with(acts)
    with gateway.db.transaction() as session:
        last = session.exec(select(AuditEntry.id).order_by(col(AuditEntry.id).desc()).limit(1)).one()
        session.execute(delete(AuditEntry).where(col(AuditEntry.id) == last))
    gateway.db.engine.dispose()
    assert acts.done("audit", "verify", "--json").json["whole"] is True
    assert "entries at its end are gone" in acts.refused("audit", "verify", "--holds", noted)


def test_entries_are_listed_by_what_they_say(acts: Shell) -> None:
    listed = acts.done("audit", "list", "--actor", "cli", "--last", "3", "--json").json
    assert len(listed) == 3
    assert listed[0]["entry"] > listed[1]["entry"] > listed[2]["entry"]
    assert acts.done("audit", "list", "--actor", "nobody", "--json").json == []
    assert acts.done("audit", "list", "--until", "2020-01-01", "--json").json == []
