"""R8 and R3, whatever happens: a random life of people, phones, matches and texts, checked after every step.

No handset ever shows words of somebody outside its matches, nor any participant's number; no text lacks a fate.
"""

import re
import shutil
import tempfile
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from gateway import outreach
from gateway.insight import queue
from gateway.matching.matches import GatesNotMet
from gateway.models import Role
from gateway.people.directory import person_with_key
from gateway.routing.masks import PoolTooSmall
from tests.unmasking import assert_nobody_is_unmasked
from tests.world import POOL, PROGRAM, Phone, World, open_world

HANDSETS = tuple(f"+1613555{number:04d}" for number in (2101, 2202, 2303, 2404, 2505))
STRANGER = "+19025550166"
WRITING = (
    *("see you at {n}", "ça va {n} ?", "ᓄᓇᕗᑦ {n}", "👍 {n}", "call me {n}"),
    *("I want to kill myself {n}", "my number is 902-555-0177 {n}"),
)
STAMP = re.compile(r"<(\d+)>")
which = st.integers(0, 99)


def digits(text: str) -> str:
    """The digits of a text, whatever stands between them."""
    return re.sub(r"[^0-9a-zA-Z]|(?<=\d)[^0-9](?=\d)", "", text)


class Life(RuleBasedStateMachine):
    """A gateway on SQLite, with a ledger of who may read what."""

    template: Path
    seen: ClassVar[set[tuple[int, int, str]]] = set()  # what was read, so that a test of nothing shows

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="passerelle-life-")
        place = Path(self.folder.name)
        file = shutil.copy(self.template, place / "gateway.db")
        self.world: World = open_world(f"sqlite:///{file}", place)
        self.people: list[tuple[Phone, Role]] = []
        self.matches: dict[
            int, list[tuple[str, str]]
        ] = {}  # those that are open: (handset, line) of each member
        self.lines: list[tuple[str, str]] = []  # (handset, a line that it was ever lent)
        self.may_read: dict[int, set[str]] = {}  # number of the text -> handsets
        self.commands = 0
        for role, handset in ((Role.YOUTH, 0), (Role.MENTOR, 1), (Role.YOUTH, 0), (Role.MENTOR, 2)):
            self.join(role, handset)
        self.match(self.people[0][0], self.people[1][0])
        self.match(self.people[2][0], self.people[3][0])

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.gateway.db.engine.dispose()
            self.world.network.close()
            self.folder.cleanup()

    def join(self, role: Role, handset: int) -> None:
        key = f"p{len(self.people)}"
        phone = self.world.person(key, role, HANDSETS[handset % len(HANDSETS)])
        self.people.append((phone, role))

    @rule(role=st.sampled_from([Role.YOUTH, Role.MENTOR]), handset=which)
    def somebody_joins(self, role: Role, handset: int) -> None:
        if len(self.people) < 8:
            self.join(role, handset)

    @rule(picks=st.lists(which, min_size=2, max_size=3, unique=True))
    def some_are_matched(self, picks: list[int]) -> None:
        chosen = list({pick % len(self.people): None for pick in picks})
        try:
            self.match(*(self.people[index][0] for index in chosen))
        except (GatesNotMet, PoolTooSmall, IndexError):
            return

    def match(self, *phones: Phone) -> None:
        match_id = self.world.match(*phones)
        self.matches[match_id] = [(phone.number, phone.mask) for phone in phones]
        self.lines += self.matches[match_id]

    @precondition(lambda self: self.matches)
    @rule(pick=which)
    def a_match_ends(self, pick: int) -> None:
        match_id = list(self.matches)[pick % len(self.matches)]
        self.world.close(match_id)
        del self.matches[match_id]

    @rule(picks=st.lists(which, min_size=1, max_size=4), form=st.sampled_from(WRITING))
    def some_text_lines_that_are_theirs(self, picks: list[int], form: str) -> None:
        theirs = [pair for members in self.matches.values() for pair in members] or self.lines
        for pick in picks:
            self.write(*theirs[pick % len(theirs)], form)
        self.world.settle()

    @rule(pick=which, form=st.sampled_from(WRITING))
    def somebody_texts_a_line_that_was_once_hers(self, pick: int, form: str) -> None:
        self.write(*self.lines[pick % len(self.lines)], form)
        self.world.settle()

    @rule(pick=which, line=st.sampled_from((*POOL, PROGRAM)), form=st.sampled_from(WRITING))
    def somebody_texts_any_line(self, pick: int, line: str, form: str) -> None:
        self.write((*HANDSETS, STRANGER)[pick % 6], line, form)
        self.world.settle()

    @rule(
        pick=which,
        line=st.sampled_from((*POOL, PROGRAM)),
        word=st.sampled_from(["STOP", "START", "HELP", "REPORT"]),
    )
    def somebody_gives_a_command(self, pick: int, line: str, word: str) -> None:
        self.world.network.text((*HANDSETS, STRANGER)[pick % 6], line, word)
        self.commands += 1
        self.world.settle()

    @rule(hours=st.sampled_from([1, 30, 24 * 91, 24 * 366]), are_verified=st.booleans())
    def time_passes(self, hours: int, are_verified: bool) -> None:
        """Long silence puts numbers in doubt; staff verify them, or have not yet."""
        self.world.clock.wait(hours * 3600)
        if are_verified:
            with self.world.gateway.db.transaction() as session:
                for phone, _ in self.people:
                    person = person_with_key(session, phone.key)
                    outreach.number_verified(session, person, self.world.clock.now())
        self.world.settle()

    def write(self, handset: str, line: str, form: str) -> None:
        """The text carries its own number, so that it is known wherever it turns up."""
        number = len(self.may_read) + 1
        self.may_read[number] = {
            other
            for members in self.matches.values()
            if (handset, line) in members
            for other, _ in members
            if other != handset
        }
        self.world.network.text(handset, line, form.format(n=f"<{number}>"))

    @invariant()
    def nobody_reads_what_is_not_for_them(self) -> None:
        if not hasattr(self, "world"):
            return
        for handset in (*HANDSETS, STRANGER):
            for text in self.world.network.inbox(handset):
                for found in STAMP.findall(text.body):
                    assert handset in self.may_read[int(found)], f"{handset} read text {found}"
                    Life.seen.add((id(self), int(found), handset))
                seen = digits(text.body)
                for number in HANDSETS:
                    assert not any(number[at : at + 7] in seen for at in range(1, len(number) - 6))

    @invariant()
    def no_text_of_ours_unmasks_anybody(self) -> None:
        if hasattr(self, "world"):
            assert_nobody_is_unmasked(self.world)

    @invariant()
    def every_text_has_a_fate(self) -> None:
        if not hasattr(self, "world"):
            return
        with self.world.gateway.db.reading() as session:
            accepted, accounted = queue.balance(session)
            assert accepted == accounted == len(self.may_read) + self.commands
            assert queue.relayed_without_a_leg(session) == 0


@pytest.mark.timeout(300)
def test_no_text_ever_reaches_anybody_outside_its_match(migrated_sqlite: Path) -> None:
    Life.template = migrated_sqlite
    case = type("Case", (Life.TestCase,), {})
    case.settings = settings(  # type: ignore[attr-defined]
        max_examples=12,
        stateful_step_count=25,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],  # to shrink a failure takes minutes; its steps are printed as they were
        suppress_health_check=list(HealthCheck),
    )
    case("runTest").runTest()
    assert len(Life.seen) > 50
