"""What waits is found by index

Revision: 0005, after 0004, 2026-11-25
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_outbound_in_flight", "outbound_messages", ["state", "id"], "state IN ('sending', 'uncertain')"),
    ("ix_inbound_parked", "inbound_messages", ["id"], "state = 'parked'"),
)


def upgrade() -> None:
    for name, table, columns, condition in INDEXES:
        where = sa.text(condition)
        op.create_index(name, table, columns, unique=False, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table_name=table)
