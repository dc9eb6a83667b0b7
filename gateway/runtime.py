"""The parts of a running gateway in one frozen object, handed to the spines and the edges."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from gateway.clock import Clock
from gateway.db import Database
from gateway.flows.catalogue import Content
from gateway.flows.effects import Conversations
from gateway.flows.schema import Helplines
from gateway.insight.rules import Rules
from gateway.library import Library
from gateway.providers.mail import Mailbox
from gateway.providers.protocol import Provider
from gateway.safety import crisis
from gateway.safety.escalation import Alarms
from gateway.safety.house import House
from gateway.settings import Settings


class Bell(Protocol):
    """Wakes whoever works. It carries ids, never a text; a ring that gets lost costs time, not texts."""

    def inbox(self) -> None:
        """Some text has arrived."""

    def line(self, line_id: int) -> None:
        """Something may be due on this line."""


class SilentBell:
    """For commands that do not work the queue themselves: the sweeper finds what they left."""

    def inbox(self) -> None:
        return

    def line(self, line_id: int) -> None:
        return


@dataclass(frozen=True)
class Gateway:
    """Everything a spine needs and may not fetch for itself."""

    settings: Settings
    db: Database
    provider: Provider
    content: Content
    clock: Clock
    bell: Bell
    token: str  # names this process in what it claims
    library: Library = field(default_factory=Library, compare=False)  # what staff wrote, by version
    mailbox: Mailbox | None = None  # where letters to staff are posted

    @property
    def talk(self) -> Conversations:
        """What a conversation needs from outside."""
        return Conversations(self.library.flow, lambda community: self.content.charter_of(community).words)

    @property
    def watch(self) -> Rules:
        """From when on a match needs a human."""
        charter = self.content.charter
        return Rules(ZoneInfo(charter.timezone), **charter.thresholds.model_dump())

    @property
    def alarms(self) -> Alarms:
        """What the charter says of alerts to staff."""
        charter, alarms = self.content.charter, self.content.charter.alarms
        return Alarms(
            acknowledge=timedelta(minutes=alarms.acknowledge_minutes),
            review=timedelta(hours=alarms.review_hours),
            day=charter.day_window,
            on_call=alarms.on_call,
            on_call_language=alarms.on_call_language,
            has_mail=self.mailbox is not None,
        )

    @property
    def copies_kept(self) -> timedelta:
        """For how long the provider keeps its copies: what left before that is in its list no longer."""
        return timedelta(days=self.content.charter.provider_copies_days)

    @property
    def house(self) -> House:
        """What the guard of a text needs from outside."""
        pages = self.content.charter.crisis
        communities = {slug: _helplines(lines) for slug, lines in pages.communities.items()}
        help_ = crisis.Help(_helplines(pages.default), communities)
        return House(self.content, self.library.rules, self.alarms, help_)


def _helplines(lines: Helplines) -> crisis.Helplines:
    return crisis.Helplines(lines.danger, lines.voice_line, lines.near)
