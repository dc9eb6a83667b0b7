"""Who needs a human, and what staff do about it

Revision: 0006, after 0005, 2026-11-25
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import gateway.models.types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "needs",
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "alert",
                "held",
                "flagged",
                "number_doubted",
                "stopped",
                "unreachable",
                "undelivered",
                "no_exchange",
                "mentor_quiet",
                "never_began",
                "task_past_due",
                "never_reviewed",
                "contact_due",
                "one_sided",
                "slower",
                "less_often",
                "review_due",
                "ending",
                name="reason",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("since_at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("before", sa.Integer(), nullable=True),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("step_days", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["about_id"], ["participants.id"], name=op.f("fk_needs_about_id_participants")
        ),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name=op.f("fk_needs_match_id_matches")),
        sa.PrimaryKeyConstraint("match_id", "reason", name=op.f("pk_needs")),
    )
    with op.batch_alter_table("needs", schema=None) as batch_op:
        batch_op.create_index("ix_needs_order", ["rank", "since_at", "match_id"], unique=False)

    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name=op.f("fk_notes_match_id_matches")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_notes_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
        sa.UniqueConstraint("uid", name=op.f("uq_notes_uid")),
    )
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.create_index("ix_notes_match", ["match_id", "at"], unique=False)

    op.create_table(
        "pulse_weeks",
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("youth", "mentor", "guardian", name="role", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("in_5_minutes", sa.Integer(), nullable=False),
        sa.Column("in_30_minutes", sa.Integer(), nullable=False),
        sa.Column("in_2_hours", sa.Integer(), nullable=False),
        sa.Column("in_8_hours", sa.Integer(), nullable=False),
        sa.Column("in_1_day", sa.Integer(), nullable=False),
        sa.Column("in_2_days", sa.Integer(), nullable=False),
        sa.Column("in_7_days", sa.Integer(), nullable=False),
        sa.Column("later", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name=op.f("fk_pulse_weeks_match_id_matches")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_pulse_weeks_participant_id_participants")
        ),
        sa.PrimaryKeyConstraint("match_id", "week_on", "participant_id", name=op.f("pk_pulse_weeks")),
    )
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("inbound_id", sa.Integer(), nullable=False),
        sa.Column("outbound_id", sa.Integer(), nullable=False),
        sa.Column("at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name=op.f("fk_reviews_match_id_matches")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_reviews_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.create_index("ix_reviews_match", ["match_id", "id"], unique=False)

    op.create_table(
        "set_asides",
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "alert",
                "held",
                "flagged",
                "number_doubted",
                "stopped",
                "unreachable",
                "undelivered",
                "no_exchange",
                "mentor_quiet",
                "never_began",
                "task_past_due",
                "never_reviewed",
                "contact_due",
                "one_sided",
                "slower",
                "less_often",
                "review_due",
                "ending",
                name="reason",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("is_snoozed", sa.Boolean(), nullable=False),
        sa.Column("until_at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("worse_at", gateway.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name=op.f("fk_set_asides_match_id_matches")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_set_asides_staff_id_staff")),
        sa.PrimaryKeyConstraint("match_id", "reason", name=op.f("pk_set_asides")),
    )
    op.create_table(
        "staff_contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column(
            "how",
            sa.Enum(
                "call", "text", "visit", "video", "email", name="contacthow", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["match_id"], ["matches.id"], name=op.f("fk_staff_contacts_match_id_matches")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participants.id"],
            name=op.f("fk_staff_contacts_participant_id_participants"),
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_contacts_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_contacts")),
    )
    with op.batch_alter_table("staff_contacts", schema=None) as batch_op:
        batch_op.create_index("ix_staff_contacts_match", ["match_id", "participant_id", "at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_staff_contacts_participant_id"), ["participant_id"], unique=False
        )

    op.create_table(
        "standings",
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("youth_texts", sa.Integer(), nullable=False),
        sa.Column("mentor_texts", sa.Integer(), nullable=False),
        sa.Column("first_text_at", gateway.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_text_at", gateway.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("youth_last_at", gateway.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("mentor_last_at", gateway.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("youth_reply_seconds", sa.Integer(), nullable=True),
        sa.Column("mentor_reply_seconds", sa.Integer(), nullable=True),
        sa.Column("youth_recent_reply_seconds", sa.Integer(), nullable=True),
        sa.Column("mentor_recent_reply_seconds", sa.Integer(), nullable=True),
        sa.Column("texts_in_4_weeks", sa.Integer(), nullable=False),
        sa.Column("texts_in_4_weeks_before", sa.Integer(), nullable=True),
        sa.Column("active_weeks", sa.Integer(), nullable=False),
        sa.Column("streak_weeks", sa.Integer(), nullable=False),
        sa.Column("streak_until_on", sa.Date(), nullable=True),
        sa.Column("longest_streak_weeks", sa.Integer(), nullable=False),
        sa.Column("unread_texts", sa.Integer(), nullable=False),
        sa.Column("oldest_unread_at", gateway.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("refreshed_at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name=op.f("fk_standings_match_id_matches")),
        sa.PrimaryKeyConstraint("match_id", name=op.f("pk_standings")),
    )
    with op.batch_alter_table("standings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_standings_refreshed_at"), ["refreshed_at"], unique=False)

    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.create_index("ix_answers_at", ["at"], unique=False)

    with op.batch_alter_table("inbound_messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbound_messages_match_id"))
        batch_op.create_index("ix_inbound_handled", ["handled_at"], unique=False)
        batch_op.create_index("ix_inbound_match", ["match_id", "received_at"], unique=False)

    with op.batch_alter_table("installations", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("insight_read_until", gateway.models.types.UtcDateTime(timezone=True), nullable=True)
        )

    with op.batch_alter_table("outbound_messages", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbound_held",
            ["match_id"],
            unique=False,
            sqlite_where=sa.text("state = 'held'"),
            postgresql_where=sa.text("state = 'held'"),
        )
        batch_op.create_index(
            "ix_outbound_program",
            ["match_id", "created_at"],
            unique=False,
            sqlite_where=sa.text("kind <> 'relay'"),
            postgresql_where=sa.text("kind <> 'relay'"),
        )
        batch_op.create_index(
            "ix_outbound_trouble",
            ["match_id", "created_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('undelivered', 'failed') OR parked_at IS NOT NULL"),
            postgresql_where=sa.text("state IN ('undelivered', 'failed') OR parked_at IS NOT NULL"),
        )

    with op.batch_alter_table("participants", schema=None) as batch_op:
        batch_op.create_index(
            "ix_participants_out_of_reach",
            ["id"],
            unique=False,
            sqlite_where=sa.text("unreachable_since IS NOT NULL OR number_doubted_at IS NOT NULL"),
            postgresql_where=sa.text("unreachable_since IS NOT NULL OR number_doubted_at IS NOT NULL"),
        )

    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.create_index("ix_runs_created", ["created_at"], unique=False)
        batch_op.create_index("ix_runs_match", ["match_id", "flow"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.drop_index("ix_runs_match")
        batch_op.drop_index("ix_runs_created")

    with op.batch_alter_table("participants", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_participants_out_of_reach",
            sqlite_where=sa.text("unreachable_since IS NOT NULL OR number_doubted_at IS NOT NULL"),
            postgresql_where=sa.text("unreachable_since IS NOT NULL OR number_doubted_at IS NOT NULL"),
        )

    with op.batch_alter_table("outbound_messages", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbound_trouble",
            sqlite_where=sa.text("state IN ('undelivered', 'failed') OR parked_at IS NOT NULL"),
            postgresql_where=sa.text("state IN ('undelivered', 'failed') OR parked_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_outbound_program",
            sqlite_where=sa.text("kind <> 'relay'"),
            postgresql_where=sa.text("kind <> 'relay'"),
        )
        batch_op.drop_index(
            "ix_outbound_held",
            sqlite_where=sa.text("state = 'held'"),
            postgresql_where=sa.text("state = 'held'"),
        )

    with op.batch_alter_table("installations", schema=None) as batch_op:
        batch_op.drop_column("insight_read_until")

    with op.batch_alter_table("inbound_messages", schema=None) as batch_op:
        batch_op.drop_index("ix_inbound_match")
        batch_op.drop_index("ix_inbound_handled")
        batch_op.create_index(batch_op.f("ix_inbound_messages_match_id"), ["match_id"], unique=False)

    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.drop_index("ix_answers_at")

    with op.batch_alter_table("standings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_standings_refreshed_at"))

    op.drop_table("standings")
    with op.batch_alter_table("staff_contacts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_contacts_participant_id"))
        batch_op.drop_index("ix_staff_contacts_match")

    op.drop_table("staff_contacts")
    op.drop_table("set_asides")
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.drop_index("ix_reviews_match")

    op.drop_table("reviews")
    op.drop_table("pulse_weeks")
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.drop_index("ix_notes_match")

    op.drop_table("notes")
    with op.batch_alter_table("needs", schema=None) as batch_op:
        batch_op.drop_index("ix_needs_order")

    op.drop_table("needs")
