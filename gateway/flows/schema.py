"""The shape of `flows/program.yaml`, the program's charter. Pure: it reads no file and no clock."""

from datetime import date, time
from functools import cached_property
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from gateway.flows.purpose import (
    Expectations,
    Goal,
    Holidays,
    Outcome,
    Part,
    Policy,
    Silence,
    in_both,
    quiet_days,
)
from gateway.i18n import is_language, pick
from gateway.sms.quiet_days import QuietDays
from gateway.sms.quiet_hours import Window

Tag = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,23}$")]


class Contact(Part):
    phone: str = Field(min_length=3, max_length=24)
    hours: dict[str, str]

    @field_validator("hours")
    @classmethod
    def _are_said_in_both(cls, value: dict[str, str]) -> dict[str, str]:
        return in_both(value)


class Hours(Part):
    opens: time
    closes: time

    @field_validator("opens", "closes", mode="before")
    @classmethod
    def _is_quoted(cls, value: object) -> object:
        return _clock_time(value)


class Allowance(Part):
    day: int = Field(default=1, ge=0, le=20)
    week: int = Field(default=3, ge=0, le=100)


class Budget(Part):
    person_day: int = Field(ge=1)
    program_day: int = Field(ge=1)
    program_month: int = Field(ge=1)


class Thresholds(Part):
    """From when on a match needs a human. Days are counted from the event that each is about."""

    mentor_quiet_days: int = Field(default=7, ge=1, le=365)
    no_exchange_days: int = Field(default=14, ge=1, le=365)
    begin_days: int = Field(default=7, ge=1, le=365)
    one_sided_texts: int = Field(default=10, ge=4, le=100)
    one_sided_percent: int = Field(default=20, ge=1, le=50)
    slower_times: float = Field(default=2, gt=1, le=100)
    slower_hours: int = Field(default=12, ge=1, le=720)
    less_often_percent: int = Field(default=50, ge=1, le=99)
    contacts_in_first_month: int = Field(default=2, ge=1, le=8)
    contact_days: int = Field(default=30, ge=1, le=365)
    task_days: int = Field(default=3, ge=1, le=60)
    first_review_days: int = Field(default=3, ge=1, le=365)
    review_days: int = Field(default=14, ge=1, le=365)
    match_weeks: int | None = Field(default=26, ge=1, le=520)
    ending_days: int = Field(default=14, ge=1, le=365)
    undelivered_days: int = Field(default=7, ge=1, le=60)
    acknowledged_days: int = Field(default=14, ge=1, le=90)


class Alarms(Part):
    """When staff are told, and how often. `on_call` is a phone that somebody always carries, or empty."""

    acknowledge_minutes: int = Field(default=10, ge=2, le=120)
    review_hours: int = Field(default=12, ge=1, le=72)
    on_call: str = Field(default="", pattern=r"^(\+[1-9]\d{7,14})?$")
    on_call_language: str = "en"
    sample_percent_a_week: int = Field(default=10, ge=0, le=100)


class Helplines(Part):
    """Who helps in a crisis, in one community or by default. `verified_on`: when a person last called each number."""

    danger: str = Field(default="911", min_length=3, max_length=24)
    voice_line: str = Field(min_length=3, max_length=24)
    near: dict[str, str] = Field(default_factory=dict)
    verified_on: date | None = None

    @field_validator("near")
    @classmethod
    def _is_said_in_both(cls, value: dict[str, str]) -> dict[str, str]:
        return in_both(value) if value else value


class Crisis(Part):
    """Help by community (its short name), and for everybody else."""

    default: Helplines = Helplines(voice_line="1-800-668-6868")
    communities: dict[str, Helplines] = Field(default_factory=dict)


class Charter(Part):
    """What a program has decided: why it exists, names, hours, limits. Times are local to each person."""

    goals: tuple[Goal, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    expectations: Expectations = Expectations()
    policies: dict[str, Policy] = Field(default_factory=dict)
    holidays: Holidays | None = None
    silences: tuple[Silence, ...] = ()
    name: dict[str, str]
    contact: Contact
    language: str = "en"
    timezone: str
    program_hours: Hours
    morning: time
    night: time
    allowance: Allowance = Allowance()
    budget: Budget
    countries: frozenset[str] = frozenset({"CA", "US"})
    verify_number_after_days: int = Field(default=90, ge=1)
    interests: dict[Tag, dict[str, str]] = Field(default_factory=dict)
    keep_trying_hours: int = Field(default=48, ge=1, le=120)
    provider_copies_days: int = 30
    thresholds: Thresholds = Thresholds()
    alarms: Alarms = Alarms()
    crisis: Crisis = Crisis()

    @field_validator("morning", "night", mode="before")
    @classmethod
    def _is_quoted(cls, value: object) -> object:
        return _clock_time(value)

    @field_validator("name")
    @classmethod
    def _is_said_in_both(cls, value: dict[str, str]) -> dict[str, str]:
        return in_both(value)

    @field_validator("interests")
    @classmethod
    def _each_is_said_in_both(cls, value: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        return {tag: in_both(words) for tag, words in value.items()}

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{value!r} is no time zone; write it as in America/Toronto") from error
        return value

    @field_validator("provider_copies_days")
    @classmethod
    def _leaves_time_for_look_ups(cls, value: int) -> int:
        """Lost answers, receipts (72 h) and texts of an outage are looked up in the provider's list."""
        if not 7 <= value <= 400:
            raise ValueError(
                "what the provider keeps is needed for a week and is gone after 400 days; write 7 to 400"
            )
        return value

    @field_validator("language")
    @classmethod
    def _is_a_language(cls, value: str) -> str:
        if not is_language(value):
            raise ValueError(f"{value!r} is no language code; write it as in en or fr")
        return value

    @model_validator(mode="after")
    def _outcomes_lead_to_goals(self) -> "Charter":
        goals = {goal.id for goal in self.goals}
        for outcome in self.outcomes:
            if outcome.goal not in goals:
                raise ValueError(f"the outcome {outcome.id} leads to {outcome.goal!r}, which is no goal")
        return self

    @cached_property
    def quiet_days(self) -> QuietDays:
        """The days on which the program says nothing by itself."""
        return quiet_days(self.holidays, self.silences)

    @property
    def program_window(self) -> Window:
        """When the program may speak."""
        return Window(self.program_hours.opens, self.program_hours.closes)

    @property
    def day_window(self) -> Window:
        """When a person who wants quiet nights may be reached by a partner."""
        return Window(self.morning, self.night)

    @property
    def words(self) -> dict[str, dict[str, str]]:
        """What every text may name, by language: program, phone, hours, and the number to call in danger."""
        return {
            language: {
                "program": name,
                "phone": self.contact.phone,
                "hours": pick(self.contact.hours, language),
                "danger": self.crisis.default.danger,
            }
            for language, name in self.name.items()
        }


def _clock_time(value: object) -> object:
    """Refuse what YAML made of an unquoted 22:22 (a number of minutes in base 60)."""
    if isinstance(value, int | float):
        raise ValueError('write the time in quotes, as in "20:30"')
    return value


class Community(Part):
    """What a community decides for itself, in `flows/communities/<any name>.yaml`; what it leaves out is the program's."""

    community: str = Field(min_length=1, max_length=64)
    name: dict[str, str] | None = None
    contact: Contact | None = None
    language: str | None = None
    timezone: str | None = None
    program_hours: Hours | None = None
    morning: time | None = None
    night: time | None = None
    allowance: Allowance | None = None
    expectations: Expectations | None = None
    holidays: Holidays | None = None
    silences: tuple[Silence, ...] = ()

    @field_validator("morning", "night", mode="before")
    @classmethod
    def _is_quoted(cls, value: object) -> object:
        return _clock_time(value)
