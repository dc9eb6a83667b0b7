"""Days on which the program does not speak by itself: holidays, and what a community keeps silent for. Pure."""

from dataclasses import dataclass
from datetime import date

MonthDay = tuple[int, int]


@dataclass(frozen=True)
class QuietDays:
    """Single days; spans of dates; and spans that come back every year, which may run over the new year. Ends included."""

    days: frozenset[date] = frozenset()
    spans: tuple[tuple[date, date], ...] = ()
    yearly: tuple[tuple[MonthDay, MonthDay], ...] = ()

    def holds(self, day: date) -> bool:
        """Whether the program keeps silent on this day, by the calendar on the wall where somebody lives."""
        return (
            day in self.days
            or any(first <= day <= last for first, last in self.spans)
            or any(_is_between((day.month, day.day), *span) for span in self.yearly)
        )


def _is_between(day: MonthDay, first: MonthDay, last: MonthDay) -> bool:
    if first <= last:
        return first <= day <= last
    return day >= first or day <= last


NONE = QuietDays()
