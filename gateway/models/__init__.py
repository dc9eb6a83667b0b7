"""The tables, one file a noun. They hold columns, enums and allowed moves; never behaviour."""

from gateway.models.audit import AuditEntry
from gateway.models.community import Community
from gateway.models.inbound import INBOUND_MOVES, InboundMessage, InboundState, Outcome
from gateway.models.installation import DataKey, Installation, Worker
from gateway.models.line import Line, LineKind, Tally
from gateway.models.match import MATCH_MOVES, MaskState, Match, MatchState, Member
from gateway.models.outbound import OUTBOUND_MOVES, Kind, OutboundMessage, OutboundState, Priority, Receipt
from gateway.models.participant import (
    Consent,
    ConsentKind,
    ConsentState,
    NumberChange,
    OptOut,
    Participant,
    Role,
)
from gateway.models.speaking import (
    RUN_MOVES,
    Agenda,
    Alert,
    ContentKind,
    ContentVersion,
    KeptAnswer,
    PersonAgenda,
    Run,
    RunState,
)
from gateway.models.staff import Staff, StaffRole

__all__ = [
    "INBOUND_MOVES",
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
    "DataKey",
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
    "PersonAgenda",
    "Priority",
    "Receipt",
    "Role",
    "Run",
    "RunState",
    "Staff",
    "StaffRole",
    "Tally",
    "Worker",
]
