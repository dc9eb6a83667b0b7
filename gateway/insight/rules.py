"""From when on something needs a human: what the program decided, as plain values."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Rules:
    """Days are whole days after the event; the charter (`thresholds`) says what each is for. Weeks begin on Monday in `zone`."""

    zone: ZoneInfo
    mentor_quiet_days: int = 7
    no_exchange_days: int = 14
    begin_days: int = 7
    one_sided_texts: int = 10
    one_sided_percent: int = 20
    slower_times: float = 2
    slower_hours: int = 12
    less_often_percent: int = 50
    contacts_in_first_month: int = 2
    contact_days: int = 30
    task_days: int = 3
    first_review_days: int = 3
    review_days: int = 14
    match_weeks: int | None = 26
    ending_days: int = 14
    undelivered_days: int = 7
    acknowledged_days: int = 14

    def week_on(self, moment: datetime) -> date:
        """The Monday of the week in which this moment lies."""
        day = moment.astimezone(self.zone).date()
        return day - timedelta(days=day.weekday())
