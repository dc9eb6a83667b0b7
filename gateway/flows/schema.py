"""The shape of `flows/program.yaml`, the program's charter. Pure: it reads no file and no clock."""

from datetime import time
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator

from gateway.i18n import is_language, pick
from gateway.sms.quiet_hours import Window

Tag = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,23}$")]


class Part(BaseModel):
    """A piece of the charter: nothing may be in it that we do not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Contact(Part):
    phone: str = Field(min_length=3, max_length=24)
    hours: dict[str, str]

    @field_validator("hours")
    @classmethod
    def _are_said_in_both(cls, value: dict[str, str]) -> dict[str, str]:
        return _in_both(value)


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


class Charter(Part):
    """What a program has decided: names, hours, limits. Times are local to each person."""

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
    interests: dict[Tag, dict[str, str]] = {}
    keep_trying_hours: int = Field(default=48, ge=1, le=120)

    @field_validator("morning", "night", mode="before")
    @classmethod
    def _is_quoted(cls, value: object) -> object:
        return _clock_time(value)

    @field_validator("name")
    @classmethod
    def _is_said_in_both(cls, value: dict[str, str]) -> dict[str, str]:
        return _in_both(value)

    @field_validator("interests")
    @classmethod
    def _each_is_said_in_both(cls, value: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        return {tag: _in_both(words) for tag, words in value.items()}

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{value!r} is no time zone; write it as in America/Toronto") from error
        return value

    @field_validator("language")
    @classmethod
    def _is_a_language(cls, value: str) -> str:
        if not is_language(value):
            raise ValueError(f"{value!r} is no language code; write it as in en or fr")
        return value

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
        """What every text may name, by language: program, phone and hours."""
        return {
            language: {
                "program": name,
                "phone": self.contact.phone,
                "hours": pick(self.contact.hours, language),
            }
            for language, name in self.name.items()
        }


def _in_both(value: dict[str, str]) -> dict[str, str]:
    if not {"en", "fr"} <= value.keys():
        raise ValueError("say it in en and in fr")
    return value


def _clock_time(value: object) -> object:
    """Refuse what YAML made of an unquoted 22:22 (a number of minutes in base 60)."""
    if isinstance(value, int | float):
        raise ValueError('write the time in quotes, as in "20:30"')
    return value
