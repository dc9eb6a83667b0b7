"""What is kept is sealed: to its row and column, under a ring that can move to a new key; nothing plain on disk."""

import hashlib
import logging
import sqlite3
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import SQLModel, col, select

from gateway import intake
from gateway.app import check_keys, open_database
from gateway.clock import SystemClock
from gateway.crypto import KEY_BYTES, KeyProblem, KeyRing, Tampered, index_of, new_key, read_key, seal, unseal
from gateway.db import Database, Erased, Vault
from gateway.models import DataKey, InboundMessage, OutboundMessage, Participant, Role
from gateway.people.directory import NewPerson, Refused, community_named, enrol
from gateway.privacy.keys import rewrap
from gateway.providers.protocol import InboundText
from gateway.settings import Settings
from gateway.work import jobs
from tests.world import PROGRAM, REPOSITORY, Phone, World, open_world

UID, DATA_KEY = b"8 bytes!", b"k" * KEY_BYTES
ONE, TWO, THREE = ("A" * 43, "C" * 43, "D" * 43)
INDEX = "B" * 43


def settings_with(url: str, ring: str = f"k1:{ONE}", index: str = INDEX) -> Settings:
    return Settings(
        _env_file=None,
        gateway_database_url=url,
        gateway_secret_key="s" * 40,
        gateway_data_keys=ring,
        gateway_index_key=index,
        gateway_content=REPOSITORY,
    )


def database(url: str, ring: str = f"k1:{ONE}", index: str = INDEX) -> Database:
    """The database opened with these keys, as a start does."""
    opened = open_database(settings_with(url, ring, index))
    check_keys(opened, SystemClock())
    return opened


# One value


@given(st.text())
def test_whatever_is_sealed_comes_back_as_it_was(words: str) -> None:
    assert unseal(seal(words, DATA_KEY, UID, "t.c:1"), DATA_KEY, "t.c:1") == words


def test_half_a_surrogate_pair_survives_the_seal() -> None:
    assert unseal(seal("\ud800", DATA_KEY, UID, "p"), DATA_KEY, "p") == "\ud800"


def test_the_same_words_are_never_sealed_alike() -> None:
    assert len({seal("hi", DATA_KEY, UID, "p") for _ in range(50)}) == 50


@pytest.mark.parametrize("place", ["t.c:2", "t.d:1", "u.c:1", ""], ids=["row", "column", "table", "nowhere"])
def test_a_value_that_was_moved_is_noticed(place: str) -> None:
    with pytest.raises(Tampered):
        unseal(seal("hi", DATA_KEY, UID, "t.c:1"), DATA_KEY, place)


@given(st.integers(0, 200), st.integers(1, 255))
def test_a_value_with_one_byte_changed_is_noticed(at: int, by: int) -> None:
    sealed = bytearray(seal("hello", DATA_KEY, UID, "p"))
    at = 1 + len(UID) + at % (len(sealed) - 1 - len(UID))
    sealed[at] ^= by
    with pytest.raises(Tampered):
        unseal(bytes(sealed), DATA_KEY, "p")


# The ring


@pytest.mark.parametrize(
    ("ring", "why"),
    [
        pytest.param("", "is empty", id="empty"),
        pytest.param(ONE, "must read id:key", id="no id"),
        pytest.param("k1:short", "holds 3 bytes|not urlsafe base64", id="too short"),
        pytest.param("k1:!!", "not urlsafe base64|holds", id="not base64"),
        pytest.param(f"k1:{ONE},k1:{TWO}", "twice", id="one id twice"),
        pytest.param(f"{'i' * 40}:{ONE}", "1 to 32 plain characters", id="a long id"),
        pytest.param(f"clé:{ONE}", "plain characters", id="an id with an accent"),
    ],
)
def test_a_ring_that_cannot_be_used_says_why_without_the_key(ring: str, why: str) -> None:
    with pytest.raises(KeyProblem, match=why) as refused:
        KeyRing.read(ring)
    assert ONE not in str(refused.value) and TWO not in str(refused.value)


def test_a_key_may_be_written_with_or_without_its_padding() -> None:
    key = urlsafe_b64encode(b"\xff" * 32).decode()
    assert read_key(key, "X") == read_key(key.rstrip("="), "X") == b"\xff" * 32


def test_a_data_key_opens_only_under_its_own_id() -> None:
    ring = KeyRing.read(f"k1:{ONE}")
    wrapped = ring.wrap(new_key(), UID)
    with pytest.raises(KeyProblem, match="not the one"):
        ring.unwrap(wrapped, b"another!")


# A start


@pytest.mark.parametrize(
    ("ring", "index", "why"),
    [
        pytest.param(f"k2:{TWO}", INDEX, "has no key 'k1'.*Put that key back", id="the key is missing"),
        pytest.param(f"k1:{TWO}", INDEX, "not the one that this database was sealed with", id="a wrong key"),
        pytest.param(f"k1:{ONE}", THREE, "GATEWAY_INDEX_KEY is not the one", id="a wrong index key"),
    ],
)
def test_keys_that_do_not_fit_are_refused_at_the_start(
    fresh_sqlite: str, ring: str, index: str, why: str
) -> None:
    database(fresh_sqlite).engine.dispose()
    with pytest.raises((KeyProblem, Refused), match=why):
        database(fresh_sqlite, ring, index)


def test_a_new_key_takes_over_and_then_the_old_one_can_go(fresh_sqlite: str, tmp_path: Path) -> None:
    world = open_world(fresh_sqlite, tmp_path)
    maya, ben = world.person("maya"), world.person("ben", Role.MENTOR)
    world.match(maya, ben)
    maya.texts("before the new key")
    both = database(fresh_sqlite, f"k2:{TWO},k1:{ONE}")
    with both.transaction() as session:
        count = rewrap(session, "test", world.clock.now())
        assert count == len(session.exec(select(DataKey)).all()) >= 2
        assert rewrap(session, "test", world.clock.now()) == 0
    only_new = database(fresh_sqlite, f"k2:{TWO}")
    with only_new.reading() as session:
        assert session.open(session.exec(select(InboundMessage)).one(), "body_sealed") == "before the new key"
    maya.texts("the running program has lost nothing")
    assert ben.received == ["before the new key", "the running program has lost nothing"]
    with pytest.raises(KeyProblem, match="has no key 'k2'"):
        database(fresh_sqlite, f"k1:{ONE}")


def test_rotation_that_has_not_run_still_needs_the_old_key(fresh_sqlite: str) -> None:
    database(fresh_sqlite).engine.dispose()
    database(fresh_sqlite, f"k2:{TWO},k1:{ONE}").engine.dispose()
    with pytest.raises(KeyProblem, match="retire it only after: gateway keys rotate"):
        database(fresh_sqlite, f"k2:{TWO}")


# Rows


def two_people(world: World) -> None:
    world.person("maya", phone="+17055550111")
    world.person("lea", phone="+18195550113")


def test_ciphertexts_swapped_between_rows_are_noticed(world: World) -> None:
    two_people(world)
    with world.gateway.db.transaction() as session:
        maya, lea = session.exec(select(Participant).order_by(col(Participant.id))).all()
        maya.phone_sealed, lea.phone_sealed = lea.phone_sealed, maya.phone_sealed
        session.add_all([maya, lea])
    with world.gateway.db.reading() as session:
        for person in session.exec(select(Participant)):
            with pytest.raises(Tampered):
                session.open(person, "phone_sealed")


def test_a_ciphertext_moved_to_another_column_is_noticed(world: World) -> None:
    two_people(world)
    with world.gateway.db.transaction() as session:
        maya = session.exec(select(Participant).where(Participant.key == "maya")).one()
        maya.name_sealed = maya.phone_sealed
        with pytest.raises(Tampered):
            session.open(maya, "name_sealed")


def test_a_destroyed_data_key_takes_all_that_it_sealed_with_it(world: World) -> None:
    two_people(world)
    with world.gateway.db.transaction() as session:
        for key in session.exec(select(DataKey)):
            key.wrapped = None
            session.add(key)
    vault = Vault(world.gateway.settings.ring, world.gateway.settings.index_key)
    anew = Database(world.gateway.settings.gateway_database_url, vault)
    with anew.reading() as session:
        maya = session.exec(select(Participant).where(Participant.key == "maya")).one()
        with pytest.raises(Erased):
            session.open(maya, "phone_sealed")
    anew.engine.dispose()


# Canaries


PLANTED = 200


def canary(number: int) -> tuple[str, str, str]:
    """(name, phone, body) that stand nowhere else."""
    return f"Zylphia{number:03d}", f"+1613555{2000 + number:04d}", f"plugh-{number:03d}-xyzzy"


def live_with_canaries(world: World) -> None:
    """Enrol many, match some, and let texts be relayed and answered."""
    people = [enrol_canary(world, number) for number in range(20)]
    for youth, mentor in zip(people[::2], people[1::2], strict=True):
        world.match(youth, mentor)
    now = world.clock.now()
    with world.gateway.db.transaction() as session:
        north = community_named(session, "north", now)
        for number in range(20, PLANTED):
            name, phone, body = canary(number)
            enrol(
                session, north, NewPerson(f"p{number}", Role.YOUTH, name, phone, "en", "America/Toronto"), now
            )
            intake.record(session, InboundText(f"SM{number:032}", phone, PROGRAM, body), "simulated", now)
    for number, person in enumerate(people):
        world.network.text(person.number, person.mask, canary(number)[2])
    jobs.drain_inbox(world.gateway)
    for line_id in {row.line_id for row in world.outbound()}:
        for _ in range(5):
            again = jobs.deliver_next(world.gateway, line_id)
            world.clock.at = max(world.clock.at, again) if again != jobs.NEVER else world.clock.at
    world.network.tick(world.clock.now())


def enrol_canary(world: World, number: int) -> Phone:
    name, phone, _ = canary(number)
    return world.person(name.lower(), Role.MENTOR if number % 2 else Role.YOUTH, phone)


def test_no_secret_and_no_hash_of_one_can_be_read_on_disk_or_in_the_logs(
    fresh_sqlite: str,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    folder = tmp_path / "network"
    folder.mkdir()
    world = open_world(fresh_sqlite, folder)
    live_with_canaries(world)
    assert len(world.outbound()) >= PLANTED / 2
    assert (tmp_path / "gateway.db-wal").exists()
    written = b"".join(file.read_bytes() for file in tmp_path.glob("gateway.db*"))
    written += ("".join(capfd.readouterr()) + caplog.text).encode()
    found = [secret for number in range(PLANTED) for secret in forms_of(number) if secret.encode() in written]
    hashed = [digest for number in range(20) for digest in hashes_of(number) if digest in written]
    assert (found, hashed) == ([], [])


def forms_of(number: int) -> tuple[str, ...]:
    name, phone, body = canary(number)
    return name, phone.removeprefix("+1"), body


def hashes_of(number: int) -> list[bytes]:
    """What an unkeyed hash would have made of the number: ten digits are guessed in seconds."""
    phone = canary(number)[1]
    made = [
        hashlib.new(kind, form.encode())
        for kind in ("sha256", "sha1", "md5")
        for form in (phone, phone[1:], phone[2:])
    ]
    return [hashed.digest() for hashed in made] + [hashed.hexdigest().encode() for hashed in made]


def test_the_index_of_a_number_needs_the_key() -> None:
    phone = "+17055550111"
    assert index_of(phone, b"a" * 32) != index_of(phone, b"b" * 32)
    assert index_of(phone, b"") != hashlib.sha256(phone.encode()).digest()


def test_sqlite_wipes_what_it_deletes(fresh_sqlite: str) -> None:
    opened = database(fresh_sqlite)
    with opened.reading() as session:
        pragmas = {
            name: session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("secure_delete", "synchronous", "journal_mode")
        }
    opened.engine.dispose()
    assert pragmas == {"secure_delete": 1, "synchronous": 2, "journal_mode": "wal"}


def test_bodies_and_numbers_are_sealed_under_the_key_of_the_community_that_owns_them(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    maya.texts("hello")
    with world.gateway.db.reading() as session:
        uid = session.execute(text("SELECT data_key_uid FROM communities")).scalar()
        for table, column in ((InboundMessage, "body_sealed"), (OutboundMessage, "to_sealed")):
            row: SQLModel = session.exec(select(table)).one()
            assert getattr(row, column)[1:9] == bytes(uid or b"")


def test_the_database_file_is_sqlite_and_holds_the_rows_at_all(fresh_sqlite: str, tmp_path: Path) -> None:
    """The canary test would be worth nothing if it looked at the wrong file."""
    world = open_world(fresh_sqlite, tmp_path)
    world.person("maya", phone="+17055550111")
    world.gateway.db.engine.dispose()
    world.network.close()
    with sqlite3.connect(tmp_path / "gateway.db") as file:
        assert file.execute("SELECT count(*) FROM participants").fetchone() == (1,)
    file.close()
