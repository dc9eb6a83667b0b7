"""Staff sign in

Revision: 0004, after 0003, 2026-11-25
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import gateway.models.types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_in_tries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_index", sa.LargeBinary(), nullable=False),
        sa.Column("address_index", sa.LargeBinary(), nullable=True),
        sa.Column(
            "result",
            sa.Enum("wrong", "half", "whole", name="tryresult", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_tries")),
    )
    with op.batch_alter_table("sign_in_tries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_tries_account_index"), ["account_index"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_tries_address_index"), ["address_index"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_tries_at"), ["at"], unique=False)

    op.create_table(
        "credentials",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("uid", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("password_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("password_changed_at", gateway.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("totp_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("totp_set_at", gateway.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_credentials_staff_id_staff")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_credentials")),
        sa.UniqueConstraint("uid", name=op.f("uq_credentials_uid")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", gateway.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_recovery_codes_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
    )
    with op.batch_alter_table("recovery_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_codes_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "staff_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("token_index", sa.LargeBinary(), nullable=False),
        sa.Column("device", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("made_at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", gateway.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("second_factor_at", gateway.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("pending_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_sessions_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_sessions")),
        sa.UniqueConstraint("token_index", name=op.f("uq_staff_sessions_token_index")),
        sa.UniqueConstraint("uid", name=op.f("uq_staff_sessions_uid")),
    )
    with op.batch_alter_table("staff_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_sessions_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "staff_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("invitation", "reset", name="tokenkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("token_index", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", gateway.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_tokens_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_tokens")),
        sa.UniqueConstraint("token_index", name=op.f("uq_staff_tokens_token_index")),
    )
    with op.batch_alter_table("staff_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_tokens_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "submissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("uid", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("next_page", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("tone", sa.Enum("good", "bad", name="tone", native_enum=False, length=24), nullable=False),
        sa.Column("at", gateway.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_submissions_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint("staff_id", "uid", name=op.f("uq_submissions_staff_id_uid")),
    )
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submissions_at"), ["at"], unique=False)


def downgrade() -> None:
    for table in (
        "submissions",
        "staff_tokens",
        "staff_sessions",
        "recovery_codes",
        "credentials",
        "sign_in_tries",
    ):
        op.drop_table(table)
