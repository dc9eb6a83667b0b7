"""Conversations begin by themselves, and what fails is set aside

Revision: 0008, after 0007, 2026-11-25
"""

import sqlalchemy as sa
from alembic import op

from gateway.models.types import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person_agendas",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("next_look_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_person_agendas_participant_id_participants")
        ),
        sa.PrimaryKeyConstraint("participant_id", name=op.f("pk_person_agendas")),
    )
    with op.batch_alter_table("person_agendas", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_agendas_next_look_at"), ["next_look_at"], unique=False)
    with op.batch_alter_table("agendas", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ends_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.drop_column("failures")
    with op.batch_alter_table("agendas", schema=None) as batch_op:
        batch_op.drop_column("failures")
        batch_op.drop_column("ends_on")
    with op.batch_alter_table("person_agendas", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_agendas_next_look_at"))
    op.drop_table("person_agendas")
