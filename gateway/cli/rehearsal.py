"""A rehearsal: the whole program, with people who have habits, on a clock that runs from one busy hour to the next.

It runs the real spines and jobs on the simulated network; see `stage` for what is different, and why.
"""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from gateway.cli.guests import PROGRAM, Guest, invite
from gateway.cli.stage import STARTS, VirtualClock, open_stage
from gateway.matching import matches
from gateway.models import Match, MatchState, OutboundMessage, OutboundState
from gateway.providers.simulator import HandsetText, SimulatedNetwork
from gateway.runtime import Gateway
from gateway.work import jobs, rounds

HOURS = (9, 11, 13, 15, 16, 18, 20, 22)  # when the day is looked at, Toronto time
LEAVES_ON_DAY = 20
CLOSES_IN_WEEKS = 4  # staff plan the end of every match so long before the last week
THINKS_SECONDS = 20  # before an answer is typed
MOST_TURNS = 40  # of texts and answers within one hour


@dataclass
class Rehearsal:
    """A gateway on a stage, and the people whom it serves."""

    gateway: Gateway
    network: SimulatedNetwork
    clock: VirtualClock
    guests: list[Guest]
    weeks: int
    dice: random.Random
    read_until: int = 0  # the last arrival that somebody has read

    def live_a_day(self, day: int) -> None:
        """Everything that happens on one day: coverage, words, prompts, answers."""
        today = (STARTS + timedelta(days=day)).date()
        for guest in self.guests:
            if guest.sort == "away":
                self.network.weather.coverage(guest.number, on=today.weekday() >= 5)
        if self.weeks > 2 * CLOSES_IN_WEEKS and day == 7 * (self.weeks - CLOSES_IN_WEEKS):
            self._plan_the_end(today + timedelta(weeks=CLOSES_IN_WEEKS, days=-1))
        for hour in HOURS:
            moment = datetime.combine(today, time(hour, 31), ZoneInfo("America/Toronto")).astimezone(UTC)
            self.clock.at = max(self.clock.at, moment)
            self._people_write(day, hour)
            rounds.speak(self.gateway)
            self._settle()

    def _plan_the_end(self, last_day: date) -> None:
        with self.gateway.db.transaction() as session:
            for match in session.exec(select(Match).where(Match.state == MatchState.ACTIVE)).all():
                matches.end_on(session, match, last_day, self.clock.now())

    def _people_write(self, day: int, hour: int) -> None:
        for guest in self.guests:
            if guest.mask and self.dice.random() < guest.writes / len(HOURS):
                self.network.text(guest.number, guest.mask, f"A word from day {day}, {hour} h.")
            if guest.sort == "leaves" and day == LEAVES_ON_DAY and hour == HOURS[3]:
                self.network.text(guest.number, guest.mask, "STOP")

    def _people_answer(self) -> None:
        """Answer the program line with a digit, as people do, sometimes with a word that cannot be read."""
        arrived = self.network.arrived_after(self.read_until)
        self.read_until = max((order for order, _ in arrived), default=self.read_until)
        if arrived:
            self.clock.wait(THINKS_SECONDS)
        last = {text.to_number: text for _, text in arrived if text.from_number == PROGRAM}
        holders = {guest.number: guest for guest in self.guests}
        for number, text in last.items():
            if _asks(text) and self.dice.random() < holders[number].answers:
                self.network.text(number, PROGRAM, self.dice.choice(("1", "2", "1", "hm")))

    def _settle(self) -> None:
        """Let what is due now happen; lines keep their pace, so the clock moves on as they send."""
        for _ in range(MOST_TURNS):
            jobs.drain_inbox(self.gateway)
            for line in self._lines_with_work():
                while jobs.deliver_next(self.gateway, line) <= self.clock.now() + timedelta(milliseconds=100):
                    pass
            arrived = self.network.tick(self.clock.now())
            jobs.look_up_uncertain(self.gateway)
            self._people_answer()
            if not arrived and not self._lines_with_work():
                break

    def _lines_with_work(self) -> list[int]:
        due = select(OutboundMessage.line_id).where(
            col(OutboundMessage.state) == OutboundState.QUEUED,
            col(OutboundMessage.not_before) <= self.clock.now(),
        )
        with self.gateway.db.reading() as session:
            return list(session.exec(due.distinct()))

    def transcripts(self) -> dict[str, list[str]]:
        """What each phone got and typed, in order."""
        return {
            f"{guest.key} ({guest.sort})": [
                f"{'<' if text.typed_here else '>'} {text.body}"
                for text in self.network.conversation(guest.number)
            ]
            for guest in self.guests
        }

    def close(self) -> None:
        self.gateway.db.close()
        self.network.close()


def _asks(text: HandsetText) -> bool:
    return "1" in text.body and "?" in text.body


def open_rehearsal(folder: Path, content: Path, numbers: range, weeks: int = 4) -> Rehearsal:
    """A new gateway with a pair for each number, matched and agreed, a few newcomers, and what staff wrote in use."""
    return rehearse_with(*open_stage(folder, content, VirtualClock()), numbers, weeks)


def rehearse_with(
    gateway: Gateway, network: SimulatedNetwork, clock: VirtualClock, numbers: range, weeks: int
) -> Rehearsal:
    """People for a stage that is open."""
    guests = invite(gateway, numbers, clock.now())
    return Rehearsal(gateway, network, clock, guests, weeks, random.Random(numbers.start))
