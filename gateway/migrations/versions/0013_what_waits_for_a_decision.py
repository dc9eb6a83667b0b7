"""A finding knows since when staff have decided on its text; what still waits is found by index

Revision: 0013, after 0012, 2026-11-25
"""

import sqlalchemy as sa
from alembic import op

import gateway.models.types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "findings", sa.Column("decided_at", gateway.models.types.UtcDateTime(timezone=True), nullable=True)
    )
    op.execute(
        "UPDATE findings SET decided_at ="
        " (SELECT min(at) FROM decisions WHERE decisions.inbound_id = findings.inbound_id)"
    )
    where = sa.text("verdict <> 'allow' AND decided_at IS NULL")
    op.create_index(
        "ix_findings_undecided", "findings", ["inbound_id"], sqlite_where=where, postgresql_where=where
    )


def downgrade() -> None:
    op.drop_index("ix_findings_undecided", table_name="findings")
    op.drop_column("findings", "decided_at")
