"""Who acts: a member of staff, or whoever sits at the command line."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """`name` goes into the audit ("cli", "staff:<uid>"); `staff_id` into rows, None for the command line."""

    name: str
    staff_id: int | None = None


CLI = Actor("cli")
