"""The parts of a running gateway in one frozen object, handed to the spines and the edges."""

from dataclasses import dataclass, field
from typing import Protocol

from gateway.clock import Clock
from gateway.db import Database
from gateway.flows.catalogue import Content
from gateway.flows.effects import Conversations
from gateway.library import Library
from gateway.providers.protocol import Provider
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

    @property
    def talk(self) -> Conversations:
        """What a conversation needs from outside."""
        return Conversations(self.library.flow, lambda community: self.content.charter_of(community).words)
