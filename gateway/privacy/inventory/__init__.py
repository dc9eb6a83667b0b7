"""What is kept, column by column: what it is, whose it is, whether it is sealed, and why it is kept.

A column that is not listed here fails the build, so that nothing about a person is stored without a reason.
"""

from gateway.privacy.inventory.console import CONSOLE
from gateway.privacy.inventory.forms import Form, Kept, Whose
from gateway.privacy.inventory.house import HOUSE
from gateway.privacy.inventory.oversight import OVERSIGHT
from gateway.privacy.inventory.people import PEOPLE
from gateway.privacy.inventory.safety import SAFETY
from gateway.privacy.inventory.speaking import SPEAKING
from gateway.privacy.inventory.texts import TEXTS

INVENTORY: dict[str, dict[str, Kept]] = PEOPLE | TEXTS | HOUSE | SPEAKING | CONSOLE | OVERSIGHT | SAFETY

__all__ = ["INVENTORY", "Form", "Kept", "Whose"]
