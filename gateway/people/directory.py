"""Communities, people and their phones: making them and finding them. Every private field is sealed here."""

import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select, update

from gateway.crypto import KEY_ID_BYTES, index_of, new_key
from gateway.db import Session
from gateway.models import (
    Community,
    DataKey,
    Installation,
    Line,
    Member,
    Participant,
    PersonAgenda,
    Role,
)


class Refused(ValueError):
    """A person asked for something that cannot be; the sentence says what to do instead."""


class OwnLine(Refused):
    """The phone is one of our lines: it would text itself."""

    def __init__(self) -> None:
        super().__init__("this is one of the gateway's own lines; give the person's own phone")


class KeyTaken(Refused):
    """Somebody is enrolled with this key."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key!r} is enrolled already; leave this row out")


INDEX_WORD = "passerelle"


def new_data_key(session: Session, now: datetime) -> bytes:
    """Make a data key, wrapped by the ring's first key; returns its id."""
    uid = os.urandom(KEY_ID_BYTES)
    session.add(DataKey(uid=uid, wrapped=session.vault.ring.wrap(new_key(), uid), created_at=now))
    session.flush()
    return uid


def installation(session: Session, now: datetime) -> Installation:
    """The installation's one row, made at the first start."""
    row = session.get(Installation, 1)
    if row is None:
        row = Installation(
            data_key_uid=new_data_key(session, now),
            index_check=index_of(INDEX_WORD, session.vault.index_key),
            created_at=now,
        )
        session.add(row)
        session.flush()
    return row


def house_key(session: Session) -> bytes:
    """The id of the data key for what belongs to no community (yet)."""
    vault = session.vault
    if not vault.house_key_uid:
        row = session.get(Installation, 1)
        assert row is not None, "open_gateway makes the installation before anything else"
        vault.house_key_uid = row.data_key_uid
    return vault.house_key_uid


def community_named(session: Session, slug: str, now: datetime) -> Community:
    """The community with this short name, made when it is new, with a data key of its own."""
    found = session.exec(select(Community).where(Community.slug == slug)).first()
    if found:
        return found
    community = Community(slug=slug, name=slug, data_key_uid=new_data_key(session, now), created_at=now)
    session.add(community)
    session.flush()
    return community


@dataclass(frozen=True)
class NewPerson:
    """What is needed to enrol somebody. `phone` is E.164, `timezone` an IANA zone."""

    key: str
    role: Role
    name: str
    phone: str
    language: str
    timezone: str
    screened_on: date | None = None
    trained_on: date | None = None
    nights_quiet: bool = False
    interests: tuple[str, ...] = ()
    most_matches: int = 1


def enrol(session: Session, community: Community, person: NewPerson, now: datetime) -> Participant:
    """Add a participant, sealed with the community's key. Raises Refused when the number is one of our lines."""
    assert community.id is not None
    if session.exec(select(Line.id).where(Line.number == person.phone)).first():
        raise OwnLine
    if session.exec(select(Participant.id).where(Participant.key == person.key)).first():
        raise KeyTaken(person.key)
    row = Participant(
        community_id=community.id,
        key=person.key,
        role=person.role,
        name_sealed=b"",
        phone_sealed=b"",
        phone_index=session.index(person.phone),
        language=person.language,
        timezone=person.timezone,
        screened_on=person.screened_on,
        trained_on=person.trained_on,
        nights_quiet=person.nights_quiet,
        most_matches=person.most_matches,
        created_at=now,
    )
    session.seal(row, "name_sealed", person.name, community.data_key_uid)
    session.seal(row, "phone_sealed", person.phone, community.data_key_uid)
    set_interests(session, row, person.interests)
    session.add(row)
    session.flush()
    session.add(PersonAgenda(participant_id=row.id or 0, next_look_at=now))
    return row


def look_at_people(session: Session, participant_ids: Sequence[int], now: datetime) -> None:
    """Something happened to these people: the next tick asks whether a conversation begins with them."""
    session.execute(
        update(PersonAgenda)
        .where(col(PersonAgenda.participant_id).in_(participant_ids))
        .values(next_look_at=now)
        .execution_options(synchronize_session=False)
    )


def interests_of(session: Session, person: Participant) -> tuple[str, ...]:
    """The tags of this person, in the order in which they were chosen."""
    if person.interests_sealed is None:
        return ()
    return tuple(filter(None, session.open(person, "interests_sealed").split(",")))


def set_interests(session: Session, person: Participant, tags: Iterable[str]) -> None:
    """Replace the tags of this person."""
    words = ",".join(dict.fromkeys(tags))
    if words:
        session.seal(person, "interests_sealed", words, data_key_of(session, person.community_id))
    else:
        person.interests_sealed = None


def person_with_key(session: Session, key: str) -> Participant:
    """Raises Refused, naming the command that lists the keys."""
    found = session.exec(select(Participant).where(Participant.key == key)).first()
    if found is None:
        raise Refused(f"nobody has the key {key!r}; `gateway people list` shows every key")
    return found


def people_at(session: Session, phone_index: bytes) -> list[Participant]:
    """Everyone enrolled with this phone; more than one when it is shared."""
    return list(
        session.exec(
            select(Participant).where(Participant.phone_index == phone_index).order_by(col(Participant.id))
        )
    )


def data_key_of(session: Session, community_id: int) -> bytes:
    """The id of a community's data key."""
    known = session.vault.community_keys
    if community_id not in known:
        known[community_id] = session.exec(
            select(Community.data_key_uid).where(Community.id == community_id)
        ).one()
    return known[community_id]


def first_name(session: Session, person: Participant) -> str:
    """The first word of the name: all that a group is shown."""
    words = session.open(person, "name_sealed").split()
    return words[0] if words else person.key


def first_names_in(session: Session, match_ids: Collection[int]) -> dict[int, list[str]]:
    """The first names of the members of these matches, by match, in the order in which they joined."""
    found = session.exec(
        select(Member.match_id, Participant)
        .join(Participant, col(Participant.id) == Member.participant_id)
        .where(col(Member.match_id).in_(match_ids), col(Member.left_at).is_(None))
        .order_by(col(Member.id))
    )
    names: dict[int, list[str]] = {match_id: [] for match_id in match_ids}
    for match_id, person in found:
        names[match_id].append(first_name(session, person))
    return names
