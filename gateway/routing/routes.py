"""From the phone that wrote and the line it wrote to, to the person and the match. It never guesses."""

from dataclasses import dataclass

from sqlalchemy import bindparam
from sqlmodel import col, select

from gateway.db import Session
from gateway.models import HELD, Line, MaskState, Match, MatchState, Member, Outcome, Participant, spelled
from gateway.people.directory import people_at
from gateway.sms.reactions import is_folded_reaction


@dataclass(frozen=True)
class Known:
    """What we know of whoever holds a phone. Shared: nobody in particular, and the rest only where all agree."""

    sender: Participant | None = None
    community_id: int | None = None
    language: str | None = None


@dataclass(frozen=True)
class ToMatch:
    """A member of a match wrote to his or her own mask; `has_left`: one who left the group, which goes on."""

    sender: Participant
    match: Match
    line: Line
    has_left: bool = False

    @property
    def known(self) -> Known:
        return Known(self.sender, self.match.community_id, self.sender.language)


@dataclass(frozen=True)
class ToProgram:
    """Somebody we know wrote to the program line. `sender` is None when several people share the phone."""

    known: Known
    line: Line

    @property
    def sender(self) -> Participant | None:
        return self.known.sender


@dataclass(frozen=True)
class FromStranger:
    """The phone holds no mask on this line; it reaches nobody. Yet staff must know who it is, when we do."""

    line: Line
    known: Known = Known()

    @property
    def sender(self) -> Participant | None:
        return self.known.sender


@dataclass(frozen=True)
class NotOurLine:
    """The number is not one of our lines: the provider points a number at us that was never added."""


Route = ToMatch | ToProgram | FromStranger | NotOurLine


def find_route(session: Session, from_index: bytes, to_number: str) -> Route:
    """Where a text from this phone to this line belongs."""
    line: Line | None = session.execute(_LINE, {"number": to_number}).scalars().first()
    if line is None:
        return NotOurLine()
    if line.is_program:
        known = _known_at(session, from_index)
        return ToProgram(known, line) if known else FromStranger(line)
    found = session.execute(_HOLDER, {"phone": from_index, "line": line.id}).first()
    if found:
        return ToMatch(found[0], found[1], line, found[2] is not None)
    return stranger_on(session, from_index, line)


def stranger_on(session: Session, phone_index: bytes, line: Line) -> FromStranger:
    """This phone on a line that is not its own."""
    return FromStranger(line, _known_at(session, phone_index) or Known())


def _known_at(session: Session, phone_index: bytes) -> Known | None:
    """None when nobody is enrolled with this phone."""
    people = people_at(session, phone_index)
    if not people:
        return None
    communities = {person.community_id for person in people}
    languages = {person.language for person in people}
    return Known(
        people[0] if len(people) == 1 else None,
        communities.pop() if len(communities) == 1 else None,
        languages.pop() if len(languages) == 1 else None,
    )


# Statements that run for every text are built once: building them costs more than running them.
_LINE = select(Line).where(col(Line.number) == bindparam("number"))
_HOLDER = (
    select(Participant, Match, Member.left_at)
    .join(Member, col(Member.participant_id) == Participant.id)
    .join(Match, col(Match.id) == Member.match_id)
    .where(
        col(Member.phone_index) == bindparam("phone"),
        col(Member.line_id) == bindparam("line"),
        spelled(col(Member.mask_state), *HELD),
    )
)


@dataclass(frozen=True)
class Partner:
    """Somebody who receives what another member writes, and the line it comes from."""

    person: Participant
    line: Line


def partners_of(session: Session, match_id: int, sender_id: int) -> list[Partner]:
    """Every other member whose mask is active, oldest first."""
    found = session.execute(_PARTNERS, {"match": match_id, "sender": sender_id})
    return [Partner(person, line) for person, line in found]


_PARTNERS = (
    select(Participant, Line)
    .join(Member, col(Member.participant_id) == Participant.id)
    .join(Line, col(Line.id) == Member.line_id)
    .where(
        col(Member.match_id) == bindparam("match"),
        col(Member.participant_id) != bindparam("sender"),
        col(Member.mask_state) == MaskState.ACTIVE,
    )
    .order_by(col(Member.id))
)


def cannot_pass(route: ToMatch, words: str, has_media: bool) -> tuple[Outcome, str, str | None] | None:
    """(outcome, reason for staff, key of the answer) when a text to this match is not for passing on."""
    match = route.match
    if match.state is MatchState.CLOSED or route.has_left:
        return Outcome.CLOSED_MATCH, "closed", "closed_match"
    if not words.strip():
        if has_media:
            return Outcome.REFUSED, "only_media", "only_words_please"
        return Outcome.REFUSED, "empty", None
    if is_folded_reaction(words):
        return Outcome.REFUSED, "reaction", None
    if match.state in (MatchState.PAUSED, MatchState.PROPOSED):
        return Outcome.REFUSED, "paused", "paused_match"
    return None
