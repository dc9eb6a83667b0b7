"""People, groups and endings: guardians, interests, waivers, planned ends

Revision: 0009, after 0008, 2026-11-25
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import gateway.models.types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

UTC = gateway.models.types.UtcDateTime(timezone=True)
ENDING = sa.Enum("planned", "sudden", "unreachable", name="ending", native_enum=False, length=24)


def text(length: int) -> sa.types.TypeEngine:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def upgrade() -> None:
    op.create_table(
        "guardianships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guardian_id", sa.Integer(), nullable=False),
        sa.Column("youth_id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTC, nullable=False),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["participants.id"], name=op.f("fk_guardianships_guardian_id_participants")
        ),
        sa.ForeignKeyConstraint(
            ["youth_id"], ["participants.id"], name=op.f("fk_guardianships_youth_id_participants")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardianships")),
    )
    op.create_index("uq_guardianships_guardian_youth", "guardianships", ["guardian_id", "youth_id"], unique=True)
    op.create_index(op.f("ix_guardianships_youth_id"), "guardianships", ["youth_id"])
    op.create_table(
        "waivers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", text(32), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("gate", text(24), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("actor", text(64), nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name=op.f("fk_waivers_match_id_matches")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_waivers_participant_id_participants")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waivers")),
        sa.UniqueConstraint("uid", name=op.f("uq_waivers_uid")),
    )
    op.create_index(op.f("ix_waivers_match_id"), "waivers", ["match_id"])
    op.create_table(
        "uploads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", text(32), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_uploads_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
        sa.UniqueConstraint("uid", name=op.f("uq_uploads_uid")),
    )
    op.create_index(op.f("ix_uploads_staff_id"), "uploads", ["staff_id"])
    with op.batch_alter_table("participants", schema=None) as batch_op:
        batch_op.add_column(sa.Column("interests_sealed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("most_matches", sa.Integer(), nullable=False, server_default="1"))
    op.execute("DELETE FROM number_changes")  # they hold for a day, and lack what is asked of them now
    with op.batch_alter_table("number_changes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("uid", text(32), nullable=False))
        batch_op.add_column(sa.Column("phone_sealed", sa.LargeBinary(), nullable=False))
        batch_op.create_unique_constraint(batch_op.f("uq_number_changes_uid"), ["uid"])
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("given_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_consents_given_by_id_participants"), "participants", ["given_by_id"], ["id"]
        )
    with op.batch_alter_table("matches", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ending", ENDING, nullable=True))
        batch_op.add_column(sa.Column("closes_on", sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f("ix_matches_closes_on"), ["closes_on"], unique=False)
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.add_column(sa.Column("left_at", UTC, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.drop_column("left_at")
    with op.batch_alter_table("matches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_matches_closes_on"))
        batch_op.drop_column("closes_on")
        batch_op.drop_column("ending")
    with op.batch_alter_table("number_changes", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_number_changes_uid"), type_="unique")
        batch_op.drop_column("phone_sealed")
        batch_op.drop_column("uid")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_consents_given_by_id_participants"), type_="foreignkey")
        batch_op.drop_column("given_by_id")
    with op.batch_alter_table("participants", schema=None) as batch_op:
        batch_op.drop_column("most_matches")
        batch_op.drop_column("interests_sealed")
    for table in ("uploads", "waivers", "guardianships"):
        op.drop_table(table)
