"""Alerts with a clock, duty, letters, findings, decisions, concerns, calls and legal holds

Revision: 0007, after 0006, 2026-11-25
"""

from uuid import uuid4

import sqlalchemy as sa
import sqlmodel
from alembic import op

import gateway.models.types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TIME = gateway.models.types.UtcDateTime
OPEN = sa.text("closed_at IS NULL")
NEW_TABLES = (
    "calls",
    "duty_shifts",
    "concern_lines",
    "concerns",
    "legal_holds",
    "samples",
    "decisions",
    "findings",
    "letters",
    "alert_steps",
)
NEW_COLUMNS = (
    "uid",
    "community_id",
    "match_id",
    "inbound_id",
    "urgency",
    "due_at",
    "step",
    "about_staff_id",
    "acknowledged_at",
    "acknowledged_by",
    "closed_at",
    "closed_by",
)


def upgrade() -> None:
    _alerts_get_a_clock()
    op.create_table(
        "calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("provider", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("provider_call_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("from_index", sa.LargeBinary(), nullable=False),
        sa.Column("from_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("to_number", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=True),
        sa.Column("at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_calls_participant_id_participants")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
        sa.UniqueConstraint("provider_call_id", name=op.f("uq_calls_provider_call_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_calls_uid")),
    )
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calls_participant_id"), ["participant_id"], unique=False)

    op.create_table(
        "duty_shifts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("starts_at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_duty_shifts_community_id_communities")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_duty_shifts_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_shifts")),
    )
    with op.batch_alter_table("duty_shifts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_shifts_ends_at"), ["ends_at"], unique=False)

    op.create_table(
        "concerns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("signs", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("raised_at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("looked_at", gateway.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("looked_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["looked_by"], ["staff.id"], name=op.f("fk_concerns_looked_by_staff")),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name=op.f("fk_concerns_match_id_matches")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concerns")),
        sa.UniqueConstraint("uid", name=op.f("uq_concerns_uid")),
    )
    with op.batch_alter_table("concerns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_concerns_match_id"), ["match_id"], unique=False)

    op.create_table(
        "legal_holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=True),
        sa.Column("match_id", sa.Integer(), nullable=True),
        sa.Column("why", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("placed_at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("placed_by", sa.Integer(), nullable=True),
        sa.Column("lifted_at", gateway.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["lifted_by"], ["staff.id"], name=op.f("fk_legal_holds_lifted_by_staff")),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name=op.f("fk_legal_holds_match_id_matches")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_legal_holds_participant_id_participants")
        ),
        sa.ForeignKeyConstraint(["placed_by"], ["staff.id"], name=op.f("fk_legal_holds_placed_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
    )
    with op.batch_alter_table("legal_holds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_legal_holds_match_id"), ["match_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_legal_holds_participant_id"), ["participant_id"], unique=False)

    op.create_table(
        "samples",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("picked_on", sa.Date(), nullable=False),
        sa.Column("looked_at", gateway.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("looked_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["looked_by"], ["staff.id"], name=op.f("fk_samples_looked_by_staff")),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name=op.f("fk_samples_match_id_matches")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samples")),
        sa.UniqueConstraint("match_id", "picked_on", name=op.f("uq_samples_match_id_picked_on")),
    )
    with op.batch_alter_table("samples", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_samples_picked_on"), ["picked_on"], unique=False)

    op.create_table(
        "concern_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("inbound_id", sa.Integer(), nullable=False),
        sa.Column("sign", sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
        sa.Column("rule", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concerns.id"], name=op.f("fk_concern_lines_concern_id_concerns")
        ),
        sa.ForeignKeyConstraint(
            ["inbound_id"], ["inbound_messages.id"], name=op.f("fk_concern_lines_inbound_id_inbound_messages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_lines")),
        sa.UniqueConstraint(
            "concern_id", "inbound_id", "sign", name=op.f("uq_concern_lines_concern_id_inbound_id_sign")
        ),
    )
    with op.batch_alter_table("concern_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_concern_lines_concern_id"), ["concern_id"], unique=False)

    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inbound_id", sa.Integer(), nullable=False),
        sa.Column(
            "act",
            sa.Enum("released", "discarded", "looked", "escalated", name="act", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("has_note", sa.Boolean(), nullable=False),
        sa.Column("at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["inbound_id"], ["inbound_messages.id"], name=op.f("fk_decisions_inbound_id_inbound_messages")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_decisions_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decisions_inbound_id"), ["inbound_id"], unique=False)

    op.create_table(
        "findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inbound_id", sa.Integer(), nullable=False),
        sa.Column("category", sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
        sa.Column("rule", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("span_start", sa.Integer(), nullable=False),
        sa.Column("span_end", sa.Integer(), nullable=False),
        sa.Column("verdict", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("rules", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["inbound_id"], ["inbound_messages.id"], name=op.f("fk_findings_inbound_id_inbound_messages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
    )
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_findings_inbound_id"), ["inbound_id"], unique=False)

    op.create_table(
        "alert_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "raised",
                "again",
                "texted",
                "mailed",
                "called_on",
                "nobody",
                "acknowledged",
                "reopened",
                "closed",
                name="alertact",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("inbound_id", sa.Integer(), nullable=True),
        sa.Column("phone_index", sa.LargeBinary(), nullable=True),
        sa.Column("code_index", sa.LargeBinary(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_alert_steps_alert_id_alerts")),
        sa.ForeignKeyConstraint(
            ["inbound_id"], ["inbound_messages.id"], name=op.f("fk_alert_steps_inbound_id_inbound_messages")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_alert_steps_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_steps")),
    )
    with op.batch_alter_table("alert_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_steps_alert_id"), ["alert_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_alert_steps_phone_index"), ["phone_index"], unique=False)

    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("dedupe_key", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=True),
        sa.Column("wording", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("facts", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column(
            "state",
            sa.Enum("queued", "sent", "failed", name="letterstate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("error", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("created_at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("sent_at", gateway.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_letters_alert_id_alerts")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_letters_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_letters_dedupe_key")),
        sa.UniqueConstraint("uid", name=op.f("uq_letters_uid")),
    )
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letters_staff_id"), ["staff_id"], unique=False)
        batch_op.create_index(
            "ix_letters_waiting",
            ["not_before"],
            unique=False,
            sqlite_where=sa.text("state = 'queued'"),
            postgresql_where=sa.text("state = 'queued'"),
        )


def _alerts_get_a_clock() -> None:
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("uid", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=True))
        for column in (
            "community_id",
            "match_id",
            "inbound_id",
            "about_staff_id",
            "acknowledged_by",
            "closed_by",
        ):
            batch_op.add_column(sa.Column(column, sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "urgency",
                sa.Enum("now", "today", "whenever", name="urgency", native_enum=False, length=24),
                nullable=False,
                server_default="today",
            )
        )
        batch_op.add_column(sa.Column("step", sa.Integer(), nullable=False, server_default="0"))
        for column in ("due_at", "acknowledged_at", "closed_at"):
            batch_op.add_column(sa.Column(column, TIME(timezone=True), nullable=True))
        batch_op.alter_column("participant_id", existing_type=sa.INTEGER(), nullable=True)
    # Seen meant that nothing remained to be done. What nobody has seen yet waits for the daily digest, without a clock.
    op.execute("UPDATE alerts SET acknowledged_at = seen_at, closed_at = seen_at WHERE seen_at IS NOT NULL")
    op.execute(
        "UPDATE alerts SET community_id = (SELECT p.community_id FROM participants p WHERE p.id = alerts.participant_id)"
    )
    alerts = sa.table("alerts", sa.column("id", sa.Integer), sa.column("uid", sa.String))
    connection = op.get_bind()
    for (row_id,) in connection.execute(sa.select(alerts.c.id)).all():
        connection.execute(sa.update(alerts).where(alerts.c.id == row_id).values(uid=uuid4().hex))
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.alter_column("uid", existing_type=sa.String(length=32), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_alerts_uid"), ["uid"])
        batch_op.create_index(batch_op.f("ix_alerts_match_id"), ["match_id"], unique=False)
        batch_op.create_index("ix_alerts_due", ["due_at"], sqlite_where=OPEN, postgresql_where=OPEN)
        batch_op.create_index(
            "ix_alerts_open", ["community_id", "id"], sqlite_where=OPEN, postgresql_where=OPEN
        )
        for column, table in (
            ("inbound_id", "inbound_messages"),
            ("match_id", "matches"),
            ("community_id", "communities"),
            ("about_staff_id", "staff"),
            ("acknowledged_by", "staff"),
            ("closed_by", "staff"),
        ):
            batch_op.create_foreign_key(batch_op.f(f"fk_alerts_{column}_{table}"), table, [column], ["id"])
        batch_op.drop_column("seen_at")


def downgrade() -> None:
    for table in NEW_TABLES:
        op.drop_table(table)
    op.execute("DELETE FROM alerts WHERE participant_id IS NULL")
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seen_at", TIME(timezone=True), nullable=True))
    op.execute("UPDATE alerts SET seen_at = closed_at")
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.drop_index("ix_alerts_open")
        batch_op.drop_index("ix_alerts_due")
        batch_op.drop_index(batch_op.f("ix_alerts_match_id"))
        for column, table in (
            ("inbound_id", "inbound_messages"),
            ("match_id", "matches"),
            ("community_id", "communities"),
            ("about_staff_id", "staff"),
            ("acknowledged_by", "staff"),
            ("closed_by", "staff"),
        ):
            batch_op.drop_constraint(batch_op.f(f"fk_alerts_{column}_{table}"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_alerts_uid"), type_="unique")
        for column in NEW_COLUMNS:
            batch_op.drop_column(column)
        batch_op.alter_column("participant_id", existing_type=sa.INTEGER(), nullable=False)
