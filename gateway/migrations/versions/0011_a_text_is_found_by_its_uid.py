"""A text is found by its uid: the page that decides on a held text reads one row, however many there are

Revision: 0011, after 0010, 2026-11-25
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_inbound_uid", "inbound_messages", ["uid"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_inbound_uid", "inbound_messages")
