"""How a conversation moves: a place and an event in, the next place and its effects out. Pure, and the same every time.

An answer that cannot be read gets one gentle second try; then staff are called and the conversation goes on.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from gateway.authored.said import Said
from gateway.flows.conversation import COMPARISON, END, UNANSWERED, AnswerKind, Flow, Step
from gateway.i18n import PLACEHOLDER
from gateway.sms.folding import fold

YES = frozenset(["1", "yes", "y", "yep", "yeah", "ok", "oui", "o", "ouais", "d", "accord"]) | {"d accord"}
NO = frozenset(["2", "no", "n", "nope", "non", "nah"])
MOST_STEPS = 60  # between two answers or waits; the loader refuses circles, this only makes sure
LONGEST_TEXT = 1600


@dataclass(frozen=True)
class Place:
    """Where a conversation stands. `wake_at` (UTC) is when it goes on without an answer; None at its end."""

    step: str
    answers: Mapping[str, str] = field(default_factory=dict)
    since: datetime | None = None
    tries: int = 0
    reminded: bool = False
    wake_at: datetime | None = None
    passed: tuple[str, ...] = field(
        default=(), compare=False
    )  # the steps taken by the last event, for a player

    @property
    def has_ended(self) -> bool:
        return self.step == END


@dataclass(frozen=True)
class Began:
    """The conversation begins, with what is known already."""

    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Heard:
    """The person wrote."""

    words: str


@dataclass(frozen=True)
class Woke:
    """Time has passed."""


@dataclass(frozen=True)
class Say:
    """Say one text. `part` is say, ask, again or remind; `menu` is the numbered choices by language."""

    step: str
    part: str
    said: Said
    menu: Mapping[str, str]


@dataclass(frozen=True)
class Keep:
    """Keep an answer."""

    name: str
    value: str


@dataclass(frozen=True)
class Put:
    """Change what we hold of the person."""

    name: str
    value: str


@dataclass(frozen=True)
class Call:
    """Staff should look; at once when it is urgent."""

    reason: str
    is_urgent: bool = False


Event = Began | Heard | Woke
Effect = Say | Keep | Put | Call


def advance(flow: Flow, place: Place | None, event: Event, now: datetime) -> tuple[Place, tuple[Effect, ...]]:
    """Move as far as the event allows. `place` is None when it begins; an ended conversation stays where it is."""
    effects: list[Effect] = []
    if place is None:
        known = event.answers if isinstance(event, Began) else {}
        return _walk(flow, flow.first, known, effects, now)
    step = flow.by_id.get(place.step)
    if step is None:
        return replace(place, step=END, wake_at=None), ()
    match event:
        case Heard(words) if step.ask:
            return _hear(flow, step, place, words, effects, now)
        case Woke() if place.wake_at and now >= place.wake_at:
            return _wake(flow, step, place, effects, now)
    return place, ()


def _hear(
    flow: Flow, step: Step, place: Place, words: str, effects: list[Effect], now: datetime
) -> tuple[Place, tuple[Effect, ...]]:
    answer = read_answer(step, words)
    if answer is None and place.tries == 0:
        effects.append(Say(step.id, "again", step.again or step.ask or Said(texts={}), step.menu))
        return replace(place, tries=1), tuple(effects)
    if answer is None:
        effects.append(Call("could_not_read_an_answer"))
        fallback = UNANSWERED if UNANSWERED in flow.by_id and step.id != UNANSWERED else END
        return _walk(flow, step.unanswered or fallback, place.answers, effects, now)
    answers = dict(place.answers)
    if step.save:
        answers[step.save] = answer
        effects.append(Keep(step.save, answer))
    return _walk(flow, _after_answer(flow, step, answer), answers, effects, now)


def _after_answer(flow: Flow, step: Step, answer: str) -> str:
    for go in step.go:
        if go.else_ or _fits(go.if_, answer):
            return go.target
    return step.then or flow.following(step.id)


def _fits(wanted: str | int | bool | None, answer: str) -> bool:
    if isinstance(wanted, bool):
        return answer == ("yes" if wanted else "no")
    written = str(wanted)
    if re.fullmatch(COMPARISON, written) and re.fullmatch(r"-?\d+", answer):
        sign, number, value = (
            written.rstrip("0123456789").rstrip(" -"),
            int(re.sub(r"[<>= ]", "", written)),
            int(answer),
        )
        return {"<=": value <= number, ">=": value >= number, "<": value < number, ">": value > number}[sign]
    return written == answer


def _wake(
    flow: Flow, step: Step, place: Place, effects: list[Effect], now: datetime
) -> tuple[Place, tuple[Effect, ...]]:
    if step.wait is not None:
        return _walk(flow, step.then or flow.following(step.id), place.answers, effects, now)
    since = place.since or now
    ends_at = since + step.timeout.after
    if step.remind and not place.reminded and now < ends_at:
        effects.append(Say(step.id, "remind", step.remind.text, step.menu))
        return replace(place, reminded=True, wake_at=ends_at), tuple(effects)
    return _walk(flow, step.timeout.go, place.answers, effects, now)


def _walk(
    flow: Flow, step_id: str, answers: Mapping[str, str], effects: list[Effect], now: datetime
) -> tuple[Place, tuple[Effect, ...]]:
    """Take steps until one waits for an answer or for time, or the end is reached."""
    steps, passed = flow.by_id, []
    for _ in range(MOST_STEPS):
        passed.append(step_id)
        step = steps.get(step_id)
        if step is None or step.end:
            break
        if step.ask:
            effects.append(Say(step.id, "ask", step.ask, step.menu))
            wake_at = now + (step.remind.after if step.remind else step.timeout.after)
            wake_at = min(wake_at, now + step.timeout.after)
            return Place(step.id, answers, now, wake_at=wake_at, passed=tuple(passed)), tuple(effects)
        if step.wait is not None:
            return Place(step.id, answers, now, wake_at=now + step.wait, passed=tuple(passed)), tuple(effects)
        step_id = _take(flow, step, answers, effects)
    return Place(END, answers, passed=tuple(passed)), tuple(effects)


def _take(flow: Flow, step: Step, answers: Mapping[str, str], effects: list[Effect]) -> str:
    """Do one step that happens at once; the id of the next."""
    if step.say:
        effects.append(Say(step.id, "say", step.say, {}))
    for name, value in (step.set or {}).items():
        written = ("yes" if value else "no") if isinstance(value, bool) else value
        effects.append(Put(name, PLACEHOLDER.sub(lambda found: answers.get(found[1], ""), written)))
    if step.alert:
        effects.append(Call(step.alert.reason, step.alert.urgent))
    if step.branch:
        return step.branch.cases.get(answers.get(step.branch.on, ""), step.branch.else_)
    return step.then or flow.following(step.id)


def read_answer(step: Step, words: str) -> str | None:
    """The answer as it is kept, or None when it cannot be read."""
    folded = fold(words)
    match step.answer:
        case AnswerKind.CHOICE:
            return _choice(step, folded)
        case AnswerKind.YES_NO:
            return "yes" if folded in YES else "no" if folded in NO else None
        case AnswerKind.SCALE | AnswerKind.NUMBER:
            return _number(step, folded)
        case AnswerKind.DATE:
            return _date(words.strip())
        case AnswerKind.TEXT:
            return words.strip()[:LONGEST_TEXT] or None
    return None


def _choice(step: Step, folded: str) -> str | None:
    for number, choice in enumerate(step.choices, start=1):
        labels = {fold(label) for label in choice.labels.values()}
        if folded in {str(number), fold(choice.is_), *labels} or folded in {
            f"{number} {label}" for label in labels
        }:
            return choice.is_
    return None


def _number(step: Step, folded: str) -> str | None:
    found = re.fullmatch(r"(\d{1,9})(?: (?:sur|of|out of) \d{1,9})?", folded)
    low, high = step.range or ((1, 5) if step.answer is AnswerKind.SCALE else (0, 10**9))
    return str(int(found[1])) if found and low <= int(found[1]) <= high else None


def _date(words: str) -> str | None:
    try:
        return date.fromisoformat(words.replace("/", "-").replace(" ", "-")).isoformat()
    except ValueError:
        return None
