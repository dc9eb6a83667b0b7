"""What the provider still has of a text, and since when it has nothing; what is due is found by index

Revision: 0012, after 0011, 2026-11-25
"""

import sqlalchemy as sa
from alembic import op

import gateway.models.types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

COLUMNS = ("provider_copy_removed_at", "provider_copy_retry_at")
INDEXES = (
    ("ix_inbound_at_provider", "inbound_messages", "received_at", "provider_copy_removed_at IS NULL"),
    (
        "ix_outbound_at_provider",
        "outbound_messages",
        "claimed_at",
        "claimed_at IS NOT NULL AND provider_copy_removed_at IS NULL",
    ),
)


def upgrade() -> None:
    for name, table, column, condition in INDEXES:
        for new in COLUMNS:
            op.add_column(table, sa.Column(new, gateway.models.types.UtcDateTime(timezone=True), nullable=True))
        where = sa.text(condition)
        op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table_name=table)
        for column in COLUMNS:
            op.drop_column(table, column)
