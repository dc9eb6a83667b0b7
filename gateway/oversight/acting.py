"""Who acts: a member of staff, or the command line."""

from dataclasses import dataclass

from gateway.models import Staff


@dataclass(frozen=True)
class By:
    """The actor as the audit names it, and the row of the member of staff, when there is one."""

    actor: str
    staff_id: int | None = None


CLI = By("cli")


def by(staff: Staff) -> By:
    return By(f"staff:{staff.uid}", staff.id)
