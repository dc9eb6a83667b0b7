"""Plays a conversation without a phone or a database: for a terminal, for transcripts, and to visit every step of it."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from gateway.authored.said import pick_all
from gateway.flows.conversation import AnswerKind, Flow, Step
from gateway.flows.engine import Began, Call, Effect, Event, Heard, Keep, Place, Put, Say, Woke, advance
from gateway.i18n import date_of, pick
from gateway.sms.wording import ease

SKIP = "~"  # in place of an answer: let time pass


class LineKind(StrEnum):
    """What a line of a played conversation shows."""

    SAID = ">"  # the program says a text
    TYPED = "<"
    TIME = "~"  # has passed, as many days
    KEPT = "kept"  # an answer, with its name
    SET = "set"  # something that is held of the person
    STAFF = "staff"  # should look, and why
    END = "."


@dataclass(frozen=True)
class Line:
    """One line. `name` names what was kept or set."""

    kind: LineKind
    words: str = ""
    name: str = ""

    def __str__(self) -> str:
        """As in a terminal, and in a transcript."""
        match self.kind:
            case LineKind.KEPT:
                return f"  ({self.name}: {self.words})"
            case LineKind.SET:
                return f"  (set {self.name}: {self.words})"
            case LineKind.STAFF:
                return f"  (staff: {self.words})"
            case LineKind.END:
                return self.kind.value
            case _:
                return f"{self.kind.value} {self.words}"


FIRST = datetime(2027, 1, 5, 17, tzinfo=UTC)
NONSENSE = "?"
ENDS_ON = date(2027, 6, 18)


@dataclass
class Player:
    """One passage through a flow. Every method returns lines to show; time is the player's own."""

    flow: Flow
    language: str
    place: Place | None = None
    now: datetime = FIRST
    seen: set[str] = field(default_factory=set)

    def begin(self) -> list[Line]:
        return self._move(Began())

    def hear(self, words: str) -> list[Line]:
        return [Line(LineKind.TYPED, words), *self._move(Heard(words))]

    def skip(self) -> list[Line]:
        """Let time pass until the conversation goes on by itself."""
        if self.place is None or self.place.wake_at is None:
            return []
        waited, self.now = self.place.wake_at - self.now, self.place.wake_at
        return [Line(LineKind.TIME, _span(waited)), *self._move(Woke())]

    def pass_time(self, days: int) -> list[Line]:
        """Let so many days pass, and whatever happens in them."""
        until, lines = self.now + timedelta(days=days), [Line(LineKind.TIME, f"{days} days")]
        while self.place and self.place.wake_at and self.place.wake_at <= until:
            self.now = self.place.wake_at
            lines += self._move(Woke())
        self.now = until
        return lines

    def take(self, event: Event) -> list[Line]:
        return self.hear(event.words) if isinstance(event, Heard) else self.skip()

    def _move(self, event: Event) -> list[Line]:
        self.place, effects = advance(self.flow, self.place, event, self.now)
        self.seen |= set(self.place.passed)
        lines = [line for effect in effects for line in self._lines(effect)]
        return [*lines, Line(LineKind.END)] if self.place.has_ended else lines

    def _lines(self, effect: Effect) -> Iterator[Line]:
        match effect:
            case Say():
                self.seen.add(f"{effect.step}.{effect.part}")
                yield Line(LineKind.SAID, self._said(effect))
            case Keep(name, value):
                yield Line(LineKind.KEPT, value, name)
            case Put(name, value):
                if name == "language" and value:
                    self.language = value
                yield Line(LineKind.SET, value, name)
            case Call(reason, _):
                yield Line(LineKind.STAFF, reason)

    def _said(self, effect: Say) -> str:
        values = pick_all(self.language) | {"first_name": "Maya", "date": date_of(ENDS_ON, self.language)}
        values["choices"] = pick(effect.menu, self.language) if effect.menu else ""
        return ease(effect.said.say(self.language, values))


def _span(waited: timedelta) -> str:
    return f"{waited.days} days" if waited.days else str(waited)


def every_step(flow: Flow, language: str) -> tuple[list[list[Line]], set[str]]:
    """Passages that together visit every step and every text that can be reached, and what they visited."""
    passages: list[list[Line]] = []
    seen: set[str] = set()
    for path in _paths(flow):
        player = Player(flow, language)
        lines = player.begin()
        for event in path:
            lines += player.take(event)
        while player.place and not player.place.has_ended:  # to its end, so that a transcript reads whole
            lines += player.take(_first_event(flow, player.place))
        if player.seen - seen:
            seen |= player.seen
            passages.append(lines)
    return passages, seen


def _first_event(flow: Flow, place: Place) -> Event:
    step = flow.by_id[place.step]
    return _events(step)[0] if step.ask else Woke()


def _paths(flow: Flow) -> Iterator[list[Event]]:
    """Event sequences, short ones first, one for each different state that can be reached."""
    names = sorted({step.branch.on for step in flow.steps if step.branch})
    first, _ = advance(flow, None, Began(), FIRST)
    ahead: deque[tuple[Place, list[Event], datetime]] = deque([(first, [], FIRST)])
    known: set[tuple[object, ...]] = set()
    yield []
    while ahead and len(known) < 3000:
        place, path, now = ahead.popleft()
        key = (place.step, place.tries, place.reminded, *(place.answers.get(name) for name in names))
        if place.has_ended or key in known:
            continue
        known.add(key)
        for event in _events(flow.by_id[place.step]):
            then = place.wake_at if isinstance(event, Woke) and place.wake_at else now
            onward, _ = advance(flow, place, event, then)
            yield [*path, event]
            ahead.append((onward, [*path, event], then))


def _events(step: Step) -> list[Event]:
    """What may happen at a step: every answer, one that cannot be read, and silence."""
    if step.ask is None:
        return [Woke()]
    return [
        *(Heard(words) for words in _answers(step)),
        *([] if step.answer is AnswerKind.TEXT else [Heard(NONSENSE)]),
        Woke(),
    ]


def _answers(step: Step) -> list[str]:
    match step.answer:
        case AnswerKind.CHOICE:
            return [str(number) for number in range(1, len(step.choices) + 1)]
        case AnswerKind.YES_NO:
            return ["1", "2"]
        case AnswerKind.SCALE | AnswerKind.NUMBER:
            low, high = step.range or (1, 5)
            return [str(number) for number in range(low, min(high, low + 9) + 1)]
        case AnswerKind.DATE:
            return ["2027-06-01"]
        case _:
            return ["a few words"]
