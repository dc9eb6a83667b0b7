"""What the steps of safety need from outside: the voices, the rules, the clock of alerts, the numbers that help."""

from dataclasses import dataclass

from gateway.i18n import Voice, Voices
from gateway.safety.crisis import Help
from gateway.safety.escalation import Alarms
from gateway.safety.screening import RulesOf


@dataclass(frozen=True)
class House:
    """The same for every text; a gateway makes one from its charter and its library."""

    voices: Voices
    rules_of: RulesOf
    alarms: Alarms
    help: Help

    @property
    def voice(self) -> Voice:
        """What staff are told in: the house's own."""
        return self.voices.voice_of("")
