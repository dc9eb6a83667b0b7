"""The shape of one conversation, `flows/<slug>.yaml`. Pure: it reads no file and no clock."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from gateway.authored.said import IN_FLOWS, Duration, Said, Strict, WithTexts, Wording, numbered
from gateway.authored.timing import Audience, Conditions, Late, OpenHours, When

END = "end"
UNANSWERED = "unanswered"
VERBS = ("say", "ask", "set", "wait", "alert", "branch", "end")
SETTABLE = ("language", "nights_quiet", "texting_consent", "training", "prompts_paused")
StepId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
COMPARISON = r"^(<=|>=|<|>) ?-?\d{1,9}$"


class AnswerKind(StrEnum):
    CHOICE = "choice"
    YES_NO = "yes_no"
    SCALE = "scale"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"


def _answer_kind(value: object) -> object:
    if isinstance(value, AnswerKind) or value in [kind.value for kind in AnswerKind]:
        return AnswerKind(value)
    raise ValueError(f"{value!r} is no kind of answer; write one of {', '.join(AnswerKind)}")


class Choice(Strict):
    """One option: `is` is what is kept and compared; the rest are its labels by language."""

    is_: str = Field(alias="is", pattern=r"^[a-z0-9_-]{1,32}$")
    labels: dict[str, str]

    @model_validator(mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if not isinstance(value, dict) or "labels" in value:
            return value
        return {"is": value.get("is"), "labels": {key: text for key, text in value.items() if key != "is"}}


class Remind(Strict):
    after: Duration
    text: Said


class Timeout(Strict):
    after: Duration = timedelta(days=7)
    go: str = END


class Go(Strict):
    """One branch after an answer: `if` is the answer kept, or a comparison; `else` takes the rest."""

    if_: str | int | bool | None = Field(default=None, alias="if")
    to: str | None = None
    else_: str | None = Field(default=None, alias="else")

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> "Go":
        if (self.else_ is None) == (self.if_ is None) or (self.if_ is None) != (self.to is None):
            raise ValueError("write { if: …, to: step } or { else: step }")
        return self

    @property
    def target(self) -> str:
        return self.to or self.else_ or END


class Alert(Strict):
    """Staff should look: today, or when it is `urgent` at once, at any hour, until somebody answers for it."""

    reason: str = Field(pattern=r"^[a-z][a-z0-9_]{0,47}$")
    urgent: bool = False


class Branch(Strict):
    on: str
    cases: dict[str, str]
    else_: str = Field(default=END, alias="else")


class Step(Strict):
    """One step does one thing: see VERBS."""

    id: StepId
    say: Said | None = None
    ask: Said | None = None
    answer: Annotated[
        AnswerKind | None, BeforeValidator(lambda v: None if v is None else _answer_kind(v))
    ] = None
    choices: tuple[Choice, ...] = ()
    range: tuple[int, int] | None = None
    save: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]{0,39}$")
    again: Said | None = None
    remind: Remind | None = None
    timeout: Timeout = Timeout()
    go: tuple[Go, ...] = ()
    unanswered: str | None = None
    set: dict[str, str | bool] | None = None
    wait: Duration | None = None
    alert: Alert | None = None
    branch: Branch | None = None
    end: Literal[True] | None = None
    then: str | None = None
    why: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _does_one_thing(self) -> "Step":
        given = [verb for verb in VERBS if getattr(self, verb) is not None]
        if len(given) != 1:
            raise ValueError(
                f"a step does exactly one of {', '.join(VERBS)} (here: {', '.join(given) or 'none'})"
            )
        if (self.ask is None) != (self.answer is None):
            raise ValueError("ask and answer go together; say what kind of answer is wanted")
        if (self.answer is AnswerKind.CHOICE) != bool(self.choices):
            raise ValueError("choices go with answer: choice, and only with it")
        if self.range and self.range[0] >= self.range[1]:
            raise ValueError("range goes from the smaller to the larger, as in [1, 5]")
        unknown = [key for key in self.set or {} if key not in SETTABLE]
        if unknown:
            raise ValueError(f"{unknown[0]} cannot be set; one of {', '.join(SETTABLE)} can")
        return self

    @property
    def menu(self) -> dict[str, str]:
        """The numbered choices by language."""
        return numbered([choice.labels for choice in self.choices])

    def targets(self, following: str) -> list[str]:
        """Every step to which this one may lead; `following` is the one below it."""
        onward = self.then or following
        if self.end:
            return [END]
        if self.branch:
            return [*self.branch.cases.values(), self.branch.else_]
        if self.ask is None:
            return [onward]
        found = [go.target for go in self.go] + [self.timeout.go]
        if not any(go.else_ for go in self.go):
            found.append(onward)
        return found + ([self.unanswered] if self.unanswered else [])

    def wordings(self) -> Iterator[tuple[tuple[str, ...], Said]]:
        for place, said in (
            (("say",), self.say),
            (("ask",), self.ask),
            (("again",), self.again),
            (("remind", "text"), self.remind.text if self.remind else None),
        ):
            if said:
                yield place, said


class Starts(When):
    """When the program begins the conversation by itself; `late` is how long it may wait for a better day.

    It waits while another conversation goes on, unless it `interrupts`: then that one ends.
    """

    window: OpenHours | None = None
    late: Late = timedelta(days=7)
    interrupts: bool = False
    if_: Conditions = Field(default=Conditions(), alias="if")

    def moment(self) -> When:
        values = {name: getattr(self, name) for name in When.model_fields}
        return When.model_construct(**values)


class Flow(WithTexts):
    """A conversation on the program line."""

    title: dict[str, str]
    for_: tuple[Audience, ...] = Field(alias="for", min_length=1)
    starts: Starts | None = None
    start: str | None = None
    steps: tuple[Step, ...] = Field(min_length=1)

    @property
    def first(self) -> str:
        return self.start or self.steps[0].id

    @property
    def asks_for_consent(self) -> bool:
        """Whether it may be held with somebody who has not yet agreed to texts."""
        return any("texting_consent" in (step.set or {}) for step in self.steps)

    @property
    def names_a_day(self) -> bool:
        """Whether its texts hold {date}, which whoever begins it must give."""
        return any("{date}" in text for one in self.wordings() for text in one.said.texts.values())

    @property
    def by_id(self) -> Mapping[str, Step]:
        return {step.id: step for step in self.steps}

    def following(self, step_id: str) -> str:
        """The id of the step below, or END."""
        ids = [step.id for step in self.steps]
        below = ids.index(step_id) + 1
        return ids[below] if below < len(ids) else END

    def wordings(self) -> list[Wording]:
        found = []
        for number, step in enumerate(self.steps):
            extra = {"choices": step.menu} if step.menu else {}
            for place, said in step.wordings():
                found.append(
                    Wording(("steps", number, *place), said, extra, step.why, names=(*IN_FLOWS, "date"))
                )
        return found
