"""The tables, one file a noun. They hold columns, enums and allowed moves; never behaviour."""

from gateway.models.alert import Alert, AlertAct, AlertStep, DutyShift, Letter, LetterState, Urgency
from gateway.models.audit import AuditEntry
from gateway.models.community import Community
from gateway.models.content_proposal import ContentProposal
from gateway.models.credential import Credential, RecoveryCode
from gateway.models.inbound import INBOUND_MOVES, InboundMessage, InboundState, Outcome
from gateway.models.installation import DataKey, Installation, Worker
from gateway.models.line import Line, LineKind, Tally
from gateway.models.match import HELD, MATCH_MOVES, Ending, MaskState, Match, MatchState, Member, Waiver
from gateway.models.outbound import (
    FOR_STAFF,
    IN_FLIGHT,
    LIVE,
    OUTBOUND_MOVES,
    Kind,
    OutboundMessage,
    OutboundState,
    Priority,
    Receipt,
    is_for_its_reader,
)
from gateway.models.oversight import ContactHow, Note, Reviewed, SetAside, StaffContact
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
from gateway.models.pulse import Need, PulseWeek, Reason, Standing
from gateway.models.safety import (
    UNDECIDED,
    Act,
    Call,
    Concern,
    ConcernLine,
    Decision,
    Finding,
    LegalHold,
    Sample,
)
from gateway.models.sign_in_try import SignInTry, TryResult
from gateway.models.speaking import (
    RUN_MOVES,
    Agenda,
    ContentKind,
    ContentVersion,
    KeptAnswer,
    PersonAgenda,
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
    "FOR_STAFF",
    "HELD",
    "INBOUND_MOVES",
    "IN_FLIGHT",
    "LIVE",
    "MATCH_MOVES",
    "OUTBOUND_MOVES",
    "RUN_MOVES",
    "UNDECIDED",
    "Act",
    "Agenda",
    "Alert",
    "AlertAct",
    "AlertStep",
    "AuditEntry",
    "Call",
    "Community",
    "Concern",
    "ConcernLine",
    "Consent",
    "ConsentKind",
    "ConsentState",
    "ContactHow",
    "ContentKind",
    "ContentProposal",
    "ContentVersion",
    "Credential",
    "DataKey",
    "Decision",
    "DutyShift",
    "Ending",
    "Finding",
    "Guardianship",
    "InboundMessage",
    "InboundState",
    "Installation",
    "KeptAnswer",
    "Kind",
    "LegalHold",
    "Letter",
    "LetterState",
    "Line",
    "LineKind",
    "MaskState",
    "Match",
    "MatchState",
    "Member",
    "Need",
    "Note",
    "NumberChange",
    "OptOut",
    "OutboundMessage",
    "OutboundState",
    "Outcome",
    "Participant",
    "PersonAgenda",
    "Priority",
    "PulseWeek",
    "Reason",
    "Receipt",
    "RecoveryCode",
    "Reviewed",
    "Role",
    "Run",
    "RunState",
    "Sample",
    "SetAside",
    "SignInTry",
    "Staff",
    "StaffContact",
    "StaffRole",
    "StaffSession",
    "StaffToken",
    "Standing",
    "Submission",
    "Tally",
    "TokenKind",
    "Tone",
    "TryResult",
    "Upload",
    "Urgency",
    "Waiver",
    "Worker",
    "is_for_its_reader",
    "spelled",
]
