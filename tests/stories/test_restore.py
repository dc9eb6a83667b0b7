"""A backup is put back (R6, R7): nothing that has left since leaves again, nothing that came since is lost."""

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.models import OutboundState, Role
from gateway.privacy.backup import copy_sqlite, doubt_all
from gateway.web.health import health_of
from gateway.work import copies, jobs
from tests.world import Phone, World, open_world


@dataclass
class Restorable:
    """A world on SQLite whose database file can be put back."""

    world: World
    file: Path
    folder: Path

    def back_up(self) -> Path:
        target = self.folder / "backup.db"
        copy_sqlite(self.file, target)
        return target

    def restore(self, backup: Path) -> None:
        """As `gateway restore` does, then a start."""
        db = self.world.gateway.db
        db.engine.dispose()
        for name in (self.file, Path(f"{self.file}-wal"), Path(f"{self.file}-shm")):
            name.unlink(missing_ok=True)
        shutil.copy(backup, self.file)
        with db.transaction() as session:
            doubt_all(session, "test", self.world.clock.now())

    def start(self) -> None:
        jobs.recover_inbound(self.world.gateway)
        self.world.settle()


@pytest.fixture
def site(fresh_sqlite: str, tmp_path: Path) -> Restorable:
    return Restorable(
        open_world(fresh_sqlite, tmp_path), Path(fresh_sqlite.removeprefix("sqlite:///")), tmp_path
    )


@pytest.fixture
def cast(site: Restorable) -> tuple[Phone, Phone]:
    maya = site.world.person("maya", Role.YOUTH, "+17055550111")
    ben = site.world.person("ben", Role.MENTOR, "+14165550112")
    site.world.match(maya, ben)
    return maya, ben


def test_what_was_waiting_and_has_left_since_does_not_leave_again(
    site: Restorable, cast: tuple[Phone, Phone]
) -> None:
    maya, ben = cast
    maya.types("waits while we copy")
    jobs.drain_inbox(site.world.gateway)
    backup = site.back_up()
    site.world.settle()
    site.world.advance(minutes=20)
    site.restore(backup)
    site.start()
    assert ben.received == ["waits while we copy"]


def test_what_came_since_is_taken_in_again_and_not_relayed_twice(
    site: Restorable, cast: tuple[Phone, Phone]
) -> None:
    maya, ben = cast
    backup = site.back_up()
    site.world.advance(minutes=20)
    maya.texts("after the copy")
    ben.texts("seen")
    site.world.advance(minutes=20)
    site.restore(backup)
    site.start()
    assert (ben.received, maya.received) == (["after the copy"], ["seen"])
    assert len(site.world.inbound()) == 2


def test_what_had_not_left_when_the_disk_was_lost_leaves_after_the_restore(
    site: Restorable, cast: tuple[Phone, Phone]
) -> None:
    maya, ben = cast
    backup = site.back_up()
    site.world.advance(minutes=20)
    maya.types("nobody had time for this one")
    site.world.clock.at += timedelta(minutes=1)
    site.restore(backup)
    site.start()
    assert ben.received == ["nobody had time for this one"]


def test_a_stop_that_came_since_still_holds(site: Restorable, cast: tuple[Phone, Phone]) -> None:
    maya, ben = cast
    ben.types("queued before the copy")
    jobs.drain_inbox(site.world.gateway)
    site.world.clock.at += timedelta(seconds=1)
    maya.types("STOP")
    backup_before_stop = site.back_up()
    jobs.drain_inbox(site.world.gateway)
    site.restore(backup_before_stop)
    site.start()
    assert "queued before the copy" not in maya.received
    ben.texts("and one after")
    assert "and one after" not in maya.received
    assert sum("no more texts" in text for text in maya.received) == 1


def test_nothing_is_looked_up_before_the_texts_since_the_copy_are_in(
    site: Restorable, cast: tuple[Phone, Phone]
) -> None:
    maya, ben = cast
    maya.types("first things first")
    jobs.drain_inbox(site.world.gateway)
    site.restore(site.back_up())
    assert jobs.look_up_uncertain(site.world.gateway) == 0
    jobs.recover_inbound(site.world.gateway)
    assert jobs.look_up_uncertain(site.world.gateway) == 1
    site.world.settle()
    assert ben.received == ["first things first"]


class TestABackupOlderThanTheProvidersCopies:
    """What left more than a month ago is in no list any more: that it is absent says nothing."""

    def a_month_goes_by(self, site: Restorable) -> None:
        site.world.clock.at += timedelta(days=31)
        assert copies.remove_provider_copies(site.world.gateway) > 0

    def legs(self, site: Restorable) -> list[tuple[OutboundState, bool, str | None]]:
        return [(row.state, row.parked_at is not None, row.reason) for row in site.world.outbound()]

    def test_what_waited_in_it_is_parked_where_staff_are_called_and_never_sent(
        self, site: Restorable, cast: tuple[Phone, Phone]
    ) -> None:
        maya, ben = cast
        maya.types("waits while we copy")
        jobs.drain_inbox(site.world.gateway)
        backup = site.back_up()
        site.world.settle()
        self.a_month_goes_by(site)
        site.restore(backup)
        site.start()
        assert self.legs(site) == [(OutboundState.UNCERTAIN, True, "restored")]
        site.world.watches()
        assert [alert.reason for alert in site.world.alerts()] == ["parked"]
        site.world.advance(hours=25)
        assert self.legs(site) == [(OutboundState.FAILED, True, "never_known")]
        assert ben.received == ["waits while we copy"]
        assert health_of(site.world.gateway).parked == 0, "the alarm has an end"

    def test_what_came_since_and_is_still_there_is_not_passed_on_twice(
        self, site: Restorable, cast: tuple[Phone, Phone]
    ) -> None:
        maya, ben = cast
        jobs.recover_inbound(site.world.gateway)
        backup = site.back_up()
        site.world.clock.at += timedelta(minutes=20)
        flagged = "my number is 613-555-0142"  # it stays at the provider for staff, and its leg does not
        maya.texts(flagged)
        self.a_month_goes_by(site)
        site.restore(backup)
        site.start()
        assert len(site.world.inbound()) == 1
        assert self.legs(site) == [(OutboundState.UNCERTAIN, True, None)]
        site.world.advance(hours=25)
        assert ben.received == [flagged]

    def test_what_is_looked_up_while_it_must_be_in_the_list_is_sent_when_it_is_absent(
        self, site: Restorable, cast: tuple[Phone, Phone]
    ) -> None:
        maya, ben = cast
        maya.types("nobody had time for this one")
        jobs.drain_inbox(site.world.gateway)
        backup = site.back_up()
        site.world.clock.at += timedelta(days=29)
        site.restore(backup)
        site.start()
        assert [text.rpartition(") ")[2] for text in ben.received] == ["nobody had time for this one"]
