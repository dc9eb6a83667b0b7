"""The tables, one file a noun. They hold columns, enums and allowed moves; never behaviour."""

from gateway.models.audit import AuditEntry
from gateway.models.community import Community
from gateway.models.credential import Credential, RecoveryCode
from gateway.models.inbound import INBOUND_MOVES, InboundMessage, InboundState, Outcome
from gateway.models.installation import DataKey, Installation, Worker
from gateway.models.line import Line, LineKind, Tally
from gateway.models.match import HELD, MATCH_MOVES, Ending, MaskState, Match, MatchState, Member, Waiver
from gateway.models.outbound import (
    IN_FLIGHT,
    LIVE,
    OUTBOUND_MOVES,
    Kind,
    OutboundMessage,
    OutboundState,
    Priority,
    Receipt,
)
from gateway.models.participant import (
    Consent,
    ConsentKind,
    ConsentState,
    Guardianship,
    NumberChange,
    OptOut,
    Participant,
    Role,
)
from gateway.models.sign_in_try import SignInTry, TryResult
from gateway.models.speaking import (
    RUN_MOVES,
    Agenda,
    Alert,
    ContentKind,
    ContentVersion,
    KeptAnswer,
    Run,
    RunState,
)
from gateway.models.staff import Staff, StaffRole
from gateway.models.staff_session import StaffSession
from gateway.models.staff_token import StaffToken, TokenKind
from gateway.models.submission import Submission, Tone
from gateway.models.types import spelled
from gateway.models.upload import Upload

__all__ = [
    "HELD",
    "INBOUND_MOVES",
    "IN_FLIGHT",
    "LIVE",
    "MATCH_MOVES",
    "OUTBOUND_MOVES",
    "RUN_MOVES",
    "Agenda",
    "Alert",
    "AuditEntry",
    "Community",
    "Consent",
    "ConsentKind",
    "ConsentState",
    "ContentKind",
    "ContentVersion",
    "Credential",
    "DataKey",
    "Ending",
    "Guardianship",
    "InboundMessage",
    "InboundState",
    "Installation",
    "KeptAnswer",
    "Kind",
    "Line",
    "LineKind",
    "MaskState",
    "Match",
    "MatchState",
    "Member",
    "NumberChange",
    "OptOut",
    "OutboundMessage",
    "OutboundState",
    "Outcome",
    "Participant",
    "Priority",
    "Receipt",
    "RecoveryCode",
    "Role",
    "Run",
    "RunState",
    "SignInTry",
    "Staff",
    "StaffRole",
    "StaffSession",
    "StaffToken",
    "Submission",
    "Tally",
    "TokenKind",
    "Tone",
    "TryResult",
    "Upload",
    "Waiver",
    "Worker",
    "spelled",
]
