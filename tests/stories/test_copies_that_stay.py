"""What the provider keeps for longer than a month: for the law, and for staff who still need it (abuse case 18)."""

from datetime import timedelta

import pytest

from gateway.matching import matches
from gateway.models import Role, Urgency
from gateway.oversight import reviews
from gateway.oversight.acting import By
from gateway.people import legal_hold
from gateway.people.alerts import raise_alert
from gateway.privacy import provider_copies
from gateway.privacy.provider_copies import Rules
from gateway.safety import escalation, review
from gateway.safety.actor import CLI
from tests.at_provider import after, at_provider, late
from tests.world import PROGRAM, Phone, World

NUMBER = "my number is 613-555-0142"


class TestLegalHold:
    def place(self, world: World, *, person: Phone | None = None, match_id: int | None = None) -> int:
        with world.gateway.db.transaction() as session:
            participant_id = person.person.id if person else None
            hold = legal_hold.place(
                session, "police", world.clock.now(), None, participant_id=participant_id, match_id=match_id
            )
            return hold.id or 0

    def lift(self, world: World, hold_id: int) -> None:
        with world.gateway.db.transaction() as session:
            legal_hold.lift(session, hold_id, world.clock.now(), None)

    @pytest.mark.parametrize("whom", ["maya", "ben", "the match"])
    def test_what_it_names_stays_until_it_is_lifted_and_the_rest_goes(
        self, world: World, maya: Phone, ben: Phone, pair: int, whom: str
    ) -> None:
        lea, paul = world.person("lea"), world.person("paul", Role.MENTOR)
        world.match(lea, paul)
        maya.texts("kept")
        lea.texts("gone")
        people = {"maya": maya, "ben": ben}
        hold = self.place(world, person=people.get(whom), match_id=None if whom in people else pair)
        assert after(world, 33) == 2
        assert at_provider(world) == ["kept", "kept"]
        assert late(world) == (0, 2)
        self.lift(world, hold)
        assert late(world) == (2, 0)
        assert after(world, 0) == 2
        assert at_provider(world) == []

    def test_a_person_is_kept_with_what_she_said_outside_any_thread(
        self, world: World, maya: Phone, ben: Phone, pair: int
    ) -> None:
        maya.texts("for staff", to=PROGRAM)
        self.place(world, person=maya)
        after(world, 31)
        assert "for staff" in at_provider(world)

    def test_it_counts_from_its_moment_also_in_the_middle_of_a_round(
        self, world: World, maya: Phone, ben: Phone, pair: int
    ) -> None:
        maya.texts("hi")
        world.clock.wait(timedelta(days=31).total_seconds())
        rules = Rules(world.gateway.provider.name, world.gateway.copies_kept)
        with world.gateway.db.reading() as session:
            found = provider_copies.due(session, rules, world.clock.now(), most=9)
        self.place(world, match_id=pair)
        with world.gateway.db.reading() as session:
            ids = [provider_copies.ids_of(session, each, rules, world.clock.now()) for each in found]
        assert ids == [None, None]


class TestWhatStaffStillNeed:
    def test_a_text_that_waits_for_a_decision(self, world: World, maya: Phone, ben: Phone, pair: int) -> None:
        ben.texts(NUMBER)
        after(world, 31)
        assert at_provider(world) == [NUMBER], "what the program said of it is gone, and it stays"
        with world.gateway.db.transaction() as session:
            review.discard(session, CLI, 1, world.clock.now())
        assert after(world, 0) == 1
        assert at_provider(world) == []

    def test_a_text_that_was_flagged_and_passed_on(
        self, world: World, maya: Phone, ben: Phone, pair: int
    ) -> None:
        maya.texts(NUMBER)
        after(world, 31)
        assert at_provider(world) == [NUMBER], "the leg is gone"
        with world.gateway.db.transaction() as session:
            review.looked(session, CLI, 1, world.clock.now())
        assert after(world, 0) == 1

    @pytest.mark.parametrize("is_of_the_match", [True, False])
    def test_a_thread_with_an_urgent_alert(
        self, world: World, maya: Phone, ben: Phone, pair: int, is_of_the_match: bool
    ) -> None:
        maya.texts("hi")
        with world.gateway.db.transaction() as session:
            match_id = pair if is_of_the_match else None
            alert = raise_alert(session, maya.person.id, "report", world.clock.now(), match_id=match_id)
            assert alert.urgency is Urgency.NOW
        assert after(world, 31) == 0
        assert at_provider(world) == ["hi", "hi"]
        with world.gateway.db.transaction() as session:
            escalation.close(session, session.merge(alert), None, world.clock.now())
        after(world, 0)
        assert at_provider(world) == []

    def test_an_alert_that_can_wait_keeps_nothing(
        self, world: World, maya: Phone, ben: Phone, pair: int
    ) -> None:
        maya.texts("hi")
        with world.gateway.db.transaction() as session:
            raise_alert(session, maya.person.id, "number_doubted", world.clock.now(), match_id=pair)
        assert after(world, 31) == 2

    def test_a_text_that_is_held_for_what_is_not_in_its_words(
        self, world: World, maya: Phone, ben: Phone, pair: int
    ) -> None:
        maya.texts("before the summer")
        world.clock.wait(timedelta(days=91).total_seconds())
        maya.texts("and after it")  # whose phone is it now?
        after(world, 31)
        assert at_provider(world) == ["and after it"]

    def test_the_text_of_a_stranger_that_an_urgent_alert_is_about(
        self, world: World, maya: Phone, ben: Phone, pair: int
    ) -> None:
        stranger = Phone(world, "stranger", "+16135550177", mask=PROGRAM)
        stranger.texts("first")
        stranger.texts("second")
        with world.gateway.db.transaction() as session:
            raise_alert(session, None, "report", world.clock.now(), inbound_id=2)
        after(world, 31)
        assert at_provider(world) == ["second"]

    def test_a_text_that_nobody_has_handled(self, world: World, maya: Phone, ben: Phone, pair: int) -> None:
        maya.types("hi")
        assert after(world, 31) == 0
        world.settle()
        assert after(world, 0) == 1, "it has come through, and its leg is new"
        assert at_provider(world) == [world.network.inbox(ben.number)[0].body]

    def test_a_picture_until_somebody_has_read_its_thread(
        self, world: World, maya: Phone, ben: Phone, pair: int
    ) -> None:
        maya.texts("look", media=("image/jpeg",))
        maya.texts("and?")
        after(world, 31)
        assert at_provider(world) == ["look"]
        self.read(world, pair, up_to=0)
        assert after(world, 0) == 0
        self.read(world, pair, up_to=1)
        assert after(world, 0) == 1

    def read(self, world: World, match_id: int, up_to: int) -> None:
        with world.gateway.db.transaction() as session:
            match = matches.get(session, match_id)
            now = world.clock.now()
            reviews.reviewed(session, By("test"), match, world.gateway.watch, now, up_to_inbound=up_to)
