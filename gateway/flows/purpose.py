"""What a program is for and what it keeps to, as its charter says: goals, outcomes, expectations, policies, quiet days."""

import re
from datetime import date
from functools import lru_cache

from holidays import country_holidays
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from gateway.sms.quiet_days import MonthDay, QuietDays

YEARS = range(2024, 2061)


class Part(BaseModel):
    """A piece of the charter: nothing may be in it that we do not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def in_both(value: dict[str, str]) -> dict[str, str]:
    """Refuse words that are missing in one of the two languages that every program has."""
    if not {"en", "fr"} <= value.keys():
        raise ValueError("say it in en and in fr")
    return value


class Goal(Part):
    """What should be different in the end, in words for people."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")
    words: dict[str, str]

    _both = field_validator("words")(in_both)


class Outcome(Goal):
    """A change on the way to a goal, and the questions whose answers show it: names that conversations `save`."""

    goal: str
    questions: tuple[str, ...] = Field(min_length=1)


class Expectations(Part):
    """What each pair is asked to keep to."""

    messages_a_week: int = Field(default=1, ge=1, le=50)
    reply_within_days: int = Field(default=2, ge=1, le=30)


class Policy(Part):
    """A rule of the house, in words for people."""

    words: dict[str, str]

    _both = field_validator("words")(in_both)


class Holidays(Part):
    """Public holidays of a country, or of a province or territory of it, and days of the program's own."""

    country: str = "CA"
    region: str | None = None
    days: frozenset[date] = frozenset()

    @model_validator(mode="after")
    def _are_known(self) -> "Holidays":
        try:
            _public(self.country, self.region)
        except NotImplementedError as error:
            raise ValueError(
                f"{self.region or self.country!r} is not known here; write a region as in ON, QC or NU"
            ) from error
        return self


class Silence(Part):
    """The program says nothing by itself from one day to another, both included: a hunt, a freeze-up, ceremonies.

    Dates are YYYY-MM-DD; MM-DD comes back every year.
    """

    first: date | MonthDay = Field(alias="from")
    last: date | MonthDay = Field(alias="to")
    why: dict[str, str] = Field(default_factory=dict)

    @field_validator("first", "last", mode="before")
    @classmethod
    def _is_a_day(cls, value: object) -> object:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            return date.fromisoformat(value)
        if isinstance(value, str) and re.fullmatch(r"\d{2}-\d{2}", value):
            leap_day = date.fromisoformat(f"2024-{value}")
            return leap_day.month, leap_day.day
        raise ValueError(
            f'{value!r} is no day; write it in quotes, as in "2026-10-05", or "10-05" for every year'
        )

    @model_validator(mode="after")
    def _goes_on(self) -> "Silence":
        if isinstance(self.first, date) != isinstance(self.last, date):
            raise ValueError("from and to must both have a year, or neither")
        if isinstance(self.first, date) and isinstance(self.last, date) and self.last < self.first:
            raise ValueError("to must not be before from")
        return self


def quiet_days(holidays: Holidays | None, silences: tuple[Silence, ...]) -> QuietDays:
    """All of them as the plan needs them."""
    days = (_public(holidays.country, holidays.region) | holidays.days) if holidays else frozenset()
    spans = [(each.first, each.last) for each in silences]
    return QuietDays(
        days=days,
        spans=tuple((a, b) for a, b in spans if isinstance(a, date) and isinstance(b, date)),
        yearly=tuple((a, b) for a, b in spans if not isinstance(a, date) and not isinstance(b, date)),
    )


@lru_cache(maxsize=64)
def _public(country: str, region: str | None) -> frozenset[date]:
    return frozenset(country_holidays(country, subdiv=region, years=YEARS))
