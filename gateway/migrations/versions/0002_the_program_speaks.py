"""The program speaks

Revision: 0002, after 0001, 2026-11-25
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import gateway.models.types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "content_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("prompts", "flows", name="contentkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("files", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("live_at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_versions")),
        sa.UniqueConstraint("kind", "hash", name=op.f("uq_content_versions_kind_hash")),
    )
    op.create_table(
        "agendas",
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("next_look_at", gateway.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("tags", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.Column("closing_at", gateway.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name=op.f("fk_agendas_match_id_matches")),
        sa.PrimaryKeyConstraint("match_id", name=op.f("pk_agendas")),
    )
    with op.batch_alter_table("agendas", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agendas_next_look_at"), ["next_look_at"], unique=False)

    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("dedupe_key", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=True),
        sa.Column("flow", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("queued", "running", "ended", "stopped", name="runstate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("step", sqlmodel.sql.sqltypes.AutoString(length=48), nullable=False),
        sa.Column("state_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("steps_made", sa.Integer(), nullable=False),
        sa.Column("wake_at", gateway.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", gateway.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name=op.f("fk_runs_match_id_matches")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_runs_participant_id_participants")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["content_versions.id"], name=op.f("fk_runs_version_id_content_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_runs_dedupe_key")),
        sa.UniqueConstraint("uid", name=op.f("uq_runs_uid")),
    )
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.create_index("ix_runs_participant", ["participant_id", "id"], unique=False)
        batch_op.create_index(
            "ix_runs_wake",
            ["wake_at"],
            unique=False,
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )
        batch_op.create_index(
            "uq_runs_running",
            ["participant_id"],
            unique=True,
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )

    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", gateway.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_alerts_participant_id_participants")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_alerts_run_id_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alerts_participant_id"), ["participant_id"], unique=False)

    op.create_table(
        "answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("question", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("value_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name=op.f("fk_answers_match_id_matches")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_answers_participant_id_participants")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_answers_run_id_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
        sa.UniqueConstraint("uid", name=op.f("uq_answers_uid")),
    )
    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.create_index("ix_answers_match_question", ["match_id", "question"], unique=False)
        batch_op.create_index(batch_op.f("ix_answers_participant_id"), ["participant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answers_run_id"), ["run_id"], unique=False)

    # Matches that were made before look at their calendar at the next tick.
    op.execute("INSERT INTO agendas (match_id, next_look_at, tags) SELECT id, created_at, '' FROM matches")


def downgrade() -> None:
    for table in ("answers", "alerts", "runs", "agendas", "content_versions"):
        op.drop_table(table)
