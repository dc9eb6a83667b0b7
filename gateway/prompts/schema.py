"""The shape of one prompt, `prompts/<slug>.yaml`. Pure: it reads no file and no clock."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from gateway.authored.said import IN_FLOWS, PLACEHOLDERS, Duration, Said, Strict, WithTexts, Wording
from gateway.authored.timing import OF_PERSONS, Audience, Conditions, Day, Late, OpenHours, Weekday, When


class PromptKind(StrEnum):
    """Activity: in the match's own thread, seen by all. The others are private, from the program line."""

    ACTIVITY = "activity"
    CHECKIN = "checkin"
    REMINDER = "reminder"
    TASK = "task"
    TIP = "tip"
    FLOW = "flow"  # never written in a prompt's file: the start of a conversation, planned as prompts are


def _kind(value: object) -> object:
    if isinstance(value, PromptKind):
        return value
    words = [kind.value for kind in PromptKind if kind is not PromptKind.FLOW]
    if value not in words:
        raise ValueError(f"{value!r} is no kind of prompt; write one of {', '.join(words)}")
    return PromptKind(value)


class DueOn(Strict):
    """The day on which a task is due: a date, or a day of a week of the match."""

    date: Day | None = None
    week: int | None = Field(default=None, ge=1, le=520)
    weekday: Weekday | None = None

    @model_validator(mode="after")
    def _is_one_day(self) -> "DueOn":
        if (self.date is None) == (self.week is None) or (self.week is None) != (self.weekday is None):
            raise ValueError("say either date, or week and weekday")
        return self


HELP_COMES = Said(
    texts={
        "en": "Good that you ask. Staff will see it, {hours}. You can also call: {phone}",
        "fr": "Demander, c'est un bon pas. L'équipe le verra, {hours}. Une personne répond aussi au {phone}",
    }
)


class Task(Strict):
    """A step with a day: reminders before it, and a question on the day after it. `help_text` answers whoever says HELP."""

    due: DueOn
    remind_before: tuple[Duration, ...] = ()
    remind_text: Said | None = None
    done_question: Said
    help_text: Said = HELP_COMES

    @model_validator(mode="after")
    def _says_what_it_reminds_of(self) -> "Task":
        if self.remind_before and self.remind_text is None:
            raise ValueError("remind_before needs remind_text")
        return self


class CallWhen(Strict):
    """The answer that asks for a person, and what is said to it."""

    at: int
    text: Said


class Answer(Strict):
    """What a check-in waits for: a number. It is kept for staff and for figures, and never passed on."""

    range: tuple[int, int]
    call: CallWhen | None = None

    @model_validator(mode="after")
    def _goes_up(self) -> "Answer":
        low, high = self.range
        if low >= high:
            raise ValueError("range goes from the smaller to the larger, as in [1, 4]")
        if self.call and not low <= self.call.at <= high:
            raise ValueError("call.at is no answer; give one that lies in range")
        return self


class Prompt(WithTexts):
    """One prompt. `late` None: never after its window."""

    kind: Annotated[PromptKind, BeforeValidator(_kind)]
    stage: Literal["beginning", "building", "deepening", "closing"] = "building"
    to: tuple[Audience, ...] = Field(default=("youth", "mentor"), min_length=1)
    when: When
    window: OpenHours | None = None
    if_: Conditions = Field(default=Conditions(), alias="if")
    late: Late = None
    text: Said | None = None
    task: Task | None = None
    answer: Answer | None = None
    interrupts: bool = False  # a conversation that begins though another one goes on
    why: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_whole(self) -> "Prompt":
        if self.text is None and self.kind is not PromptKind.FLOW:
            raise ValueError("text is missing; add text: { en: …, fr: … }")
        if self.kind is not PromptKind.FLOW and self.when.event in OF_PERSONS:
            raise ValueError(f"{self.when.event} begins conversations only; write it under starts in flows/")
        if self.kind is not PromptKind.FLOW and self.if_.consent != "given":
            raise ValueError("only a conversation may ask for consent; write it under starts in flows/")
        if (self.kind is PromptKind.TASK) != (self.task is not None):
            raise ValueError("a task, and nothing else, has the key task; add or remove it")
        if self.kind is not PromptKind.FLOW and self.interrupts:
            raise ValueError("only a conversation interrupts; write it under starts in flows/")
        if (self.kind is PromptKind.CHECKIN) != (self.answer is not None):
            raise ValueError("a check-in, and nothing else, has the key answer; add or remove it")
        return self

    def wordings(self) -> list[Wording]:
        """Every text in it."""
        found: list[Wording] = []
        if self.text:
            found.append(
                self._wording("text", said=self.text, names=IN_FLOWS if self.answer else PLACEHOLDERS)
            )
        if self.task:
            if self.task.remind_text:
                found.append(self._wording("task", "remind_text", said=self.task.remind_text))
            found += [
                self._wording("task", "done_question", said=self.task.done_question, names=IN_FLOWS),
                self._wording("task", "help_text", said=self.task.help_text, names=IN_FLOWS, signed=False),
            ]
        if self.answer and self.answer.call:
            call = self.answer.call.text
            found.append(self._wording("answer", "call", "text", said=call, names=IN_FLOWS, signed=False))
        return found

    def _wording(
        self, *place: str, said: Said, names: tuple[str, ...] = PLACEHOLDERS, signed: bool = True
    ) -> Wording:
        return Wording(place, said, {}, self.why, signed, names)
