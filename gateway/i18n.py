"""What the gateway says, in every language it has, read from YAML that staff own.

A text holds flat placeholders from an allow-list; they are put in as data, never evaluated (hardening, abuse case 22).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
ANYWHERE = ("program", "phone", "hours", "danger")
# Every text that the program says, and the placeholders that only this one may hold besides ANYWHERE.
WORDINGS: Mapping[str, tuple[str, ...]] = dict.fromkeys(
    (
        *("stop_done", "start_done", "help", "pause_done", "program_received", "stranger"),
        *("closed_match", "paused_match", "partner_away", "partner_left", "match_closed"),
        *("member_left", "partner_back"),
        *("only_words", "only_words_please", "not_reached", "number_check", "many_texts", "voice"),
        *("held", "report_kept", "crisis_partner"),
    ),
    (),
) | {
    "not_reached_yet": ("day",),
    "late_words": ("time",),
    "number_code": ("code",),
    "start_there_too": ("number",),
    "report_done": ("time",),
    "crisis": ("danger", "voice_line"),
    "crisis_worry": ("danger", "voice_line"),
    "crisis_near": ("near",),
    "alert": ("alert", "code"),
    "alert_again": ("alert", "code"),
    "alert_taken": ("alert",),
    "digest": ("alerts", "held"),
    "staff_note": ("note",),
    "alert_mail_subject": ("alert",),
    "alert_mail": ("alert", "console"),
    "digest_mail_subject": (),
    "digest_mail": ("alerts", "held", "console"),
}
MAX_BYTES = 1_000_000
WRITTEN = ("en", "fr")  # every text has these


class ContentRefused(ValueError):
    """A YAML file cannot be used; each line names file, place and remedy."""


def fallbacks(language: str, last: str = "en") -> tuple[str, ...]:
    """The languages to try in turn: as asked, without its region, the one that its reader reads besides, then `last`.

    Whoever reads `moe-fr` reads Innu, and French where there is no Innu; `fr-CA` is a region, and `fr` needs nothing else.
    """
    own, _, more = language.partition("-")
    besides = [part for part in more.split("-") if part in WRITTEN and own not in WRITTEN]
    return tuple(dict.fromkeys((language, own, *besides, last)))


def pick(texts: Mapping[str, str], language: str, last: str = "en") -> str:
    """The text in the first language of `fallbacks` that there is. Raises KeyError when there is none."""
    for choice in fallbacks(language, last):
        if choice in texts:
            return texts[choice]
    raise KeyError(language)


@dataclass(frozen=True)
class Texts:
    """Every text of ours by key and language."""

    by_key: Mapping[str, Mapping[str, str]]

    def say(self, key: str, language: str, **values: str) -> str:
        """The text `key` in `language`, or its fall-back, with `values` put in. Raises KeyError."""
        return PLACEHOLDER.sub(lambda found: values[found[1]], pick(self.by_key[key], language))


@dataclass(frozen=True)
class Voice:
    """The texts together with the program's own words (name, phone, hours) by language."""

    texts: Texts
    words: Mapping[str, Mapping[str, str]]

    def say(self, key: str, language: str, **values: str) -> str:
        """The text `key` in `language` or its fall-back, whole and ready to send."""
        named = {
            name: pick({lang: words[name] for lang, words in self.words.items()}, language)
            for name in ANYWHERE
        }
        return self.texts.say(key, language, **(named | values))


class Voices(Protocol):
    """Who knows the voice of each community, by its short name; of one that has none, the program's own."""

    def voice_of(self, community: str) -> Voice: ...


def is_language(code: str) -> bool:
    """Whether `code` looks like a BCP 47 language tag (communities may use languages that no table knows)."""
    return re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", code) is not None


def day_and_time(moment: datetime, zone: ZoneInfo, language: str) -> str:
    """`moment` as a person says it there: "Mon 21:40", "lun. 21 h 40", "mar. 13 h". Absolute, never "in one hour"."""
    locale = locale_of(language)
    there = moment.astimezone(zone)
    return f"{format_datetime(there, 'EEE', locale=locale)} {clock_time(there.time(), locale.language)}"


def clock_time(at: time, language: str) -> str:
    """A time of day: "09:05", "13:00"; in French "9 h 05", "13 h", as the Office québécois de la langue française writes it."""
    if language != "fr":
        return f"{at:%H:%M}"
    return f"{at.hour} h {at.minute:02}" if at.minute else f"{at.hour} h"


def day_of(moment: datetime, zone: ZoneInfo, language: str) -> str:
    """The day of the week of `moment` there: "Thursday", "jeudi"."""
    return format_datetime(moment, "EEEE", tzinfo=zone, locale=locale_of(language))


def locale_of(language: str) -> Locale:
    """The locale of a language or its fall-back; English for one that no table knows."""
    for choice in fallbacks(language):
        try:
            return Locale.parse(choice, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


def date_of(day: date, language: str) -> str:
    """A date as the program says it: "Fri June 18", "vendredi 18 juin"."""
    locale = locale_of(language)
    return _said(day, "EEEE d MMMM" if locale.language == "fr" else "EEE MMMM d", locale)


def long_date(day: date, language: str) -> str:
    """A date in full: "November 24, 2026", "24 novembre 2026"."""
    return _said(day, "long", locale_of(language))


def day_of_every_year(month: int, day: int, language: str) -> str:
    """A day without its year: "December 24", "24 décembre"."""
    locale = locale_of(language)
    return _said(date(2024, month, day), locale.datetime_skeletons["MMMMd"].pattern, locale)


def _said(day: date, pattern: str, locale: Locale) -> str:
    """French counts the first of a month and no other day: "1er juin"."""
    words = format_date(day, pattern, locale=locale)
    return re.sub(r"\b1 (?=\w)", "1er ", words) if locale.language == "fr" and day.day == 1 else words
