"""Staff and their caseloads

Revision: 0003, after 0002, 2026-11-25
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("matches", schema=None) as batch_op:
        batch_op.add_column(sa.Column("coordinator_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_matches_coordinator_id"), ["coordinator_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_matches_coordinator_id_staff"), "staff", ["coordinator_id"], ["id"]
        )
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name_sealed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("phone_sealed", sa.LargeBinary(), nullable=True))
        # staff of an earlier version have no language yet; the model gives new ones theirs
        batch_op.add_column(
            sa.Column(
                "language",
                sqlmodel.sql.sqltypes.AutoString(length=16),
                nullable=False,
                server_default="en",
            )
        )
        batch_op.add_column(
            sa.Column(
                "timezone",
                sqlmodel.sql.sqltypes.AutoString(length=64),
                nullable=False,
                server_default="America/Toronto",
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("staff", schema=None) as batch_op:
        for column in ("timezone", "language", "phone_sealed", "name_sealed"):
            batch_op.drop_column(column)
    with op.batch_alter_table("matches", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_matches_coordinator_id_staff"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_matches_coordinator_id"))
        batch_op.drop_column("coordinator_id")
