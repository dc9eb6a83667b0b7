"""One text on its way through the safety steps: the row, its words, its writer, and where an answer would go."""

from dataclasses import dataclass

from gateway.models import InboundMessage, Kind, Line, Match, Participant, Role
from gateway.outbox.answers import Answer
from gateway.safety.screen import Writer


@dataclass(frozen=True)
class Text:
    """`sender` is None for a stranger, or when several people share the phone. `key_uid` seals what answers it.

    `community_id` is None for a stranger, or when those who share the phone belong to several.
    """

    row: InboundMessage
    id: int
    words: str
    from_number: str
    line: Line
    language: str
    key_uid: bytes
    sender: Participant | None = None
    match: Match | None = None
    community_id: int | None = None

    @property
    def writer(self) -> Writer:
        """Every adult is screened as a mentor, a guardian too; whoever we do not know, as a young person."""
        is_adult = self.sender is not None and self.sender.role is not Role.YOUTH
        return Writer.MENTOR if is_adult else Writer.YOUTH

    def answer(self, wording: str, kind: Kind) -> Answer:
        """A text of ours back to the writer, on the line that was written to; once a day unless it is replaced."""
        return Answer(
            wording=wording,
            kind=kind,
            line=self.line,
            to_number=self.from_number,
            language=self.language,
            dedupe_key=f"answer:{self.id}:{wording}",
            key_uid=self.key_uid,
            participant=self.sender,
            match_id=self.row.match_id,
            inbound_id=self.id,
        )
