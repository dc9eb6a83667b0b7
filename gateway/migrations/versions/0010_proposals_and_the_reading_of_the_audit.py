"""Sets of files that staff look at before they put them in use; the audit is read by person, act, subject and time

Revision: 0010, after 0009, 2026-11-25
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import gateway.models.types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TIME = gateway.models.types.UtcDateTime
READ_BY = ("actor", "action", "subject", "at")


def upgrade() -> None:
    op.create_table(
        "content_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("prompts", "flows", "screening", name="contentkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("files", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("based_on_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("created_at", TIME(), nullable=False),
        sa.Column("used_at", TIME(), nullable=True),
        sa.ForeignKeyConstraint(["based_on_id"], ["content_versions.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uid"),
    )
    op.create_index(op.f("ix_content_proposals_created_at"), "content_proposals", ["created_at"])
    for column in READ_BY:
        op.create_index(f"ix_audit_entries_{column}", "audit_entries", [column, "id"])


def downgrade() -> None:
    for column in READ_BY:
        op.drop_index(f"ix_audit_entries_{column}", "audit_entries")
    op.drop_table("content_proposals")
