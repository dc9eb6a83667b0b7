"""The first tables

Revision: 0001, after , 2026-11-24
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import gateway.models.types

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit_entries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', gateway.models.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('actor', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('action', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('subject', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('detail', sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
    sa.Column('previous_hash', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('hash', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entries')),
    sa.UniqueConstraint('hash', name=op.f('uq_audit_entries_hash'))
    )
    op.create_table('data_keys',
    sa.Column('uid', sa.LargeBinary(), nullable=False),
    sa.Column('wrapped', sa.LargeBinary(), nullable=True),
    sa.Column('created_at', gateway.models.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('destroyed_at', gateway.models.types.UtcDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('uid', name=op.f('pk_data_keys'))
    )
    op.create_table('lines',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
    sa.Column('kind', sa.Enum('long', 'tollfree', 'short', name='linekind', native_enum=False, length=24), nullable=False),
    sa.Column('is_program', sa.Boolean(), nullable=False),
    sa.Column('segments_per_second', sa.Float(), nullable=False),
    sa.Column('next_slot_at', gateway.models.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('stopped_at', gateway.models.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('stopped_why', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
    sa.Column('created_at', gateway.models.types.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lines')),
    sa.UniqueConstraint('number', name=op.f('uq_lines_number'))
    )
    op.create_table('opt_outs',
    sa.Column('phone_index', sa.LargeBinary(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('how', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
    sa.Column('changed_at', gateway.models.types.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('phone_index', name=op.f('pk_opt_outs'))
    )
    op.create_table('receipts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('provider_message_id', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('reference', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=True),
    sa.Column('status', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
    sa.Column('error_code', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=True),
    sa.Column('received_at', gateway.models.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('applied_at', gateway.models.types.UtcDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_receipts'))
    )
    with op.batch_alter_table('receipts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_receipts_reference'), ['reference'], unique=False)
        batch_op.create_index('uq_receipts_message_status', ['provider_message_id', 'status'], unique=True)

    op.create_table('tallies',
    sa.Column('scope', sqlmodel.sql.sqltypes.AutoString(length=96), nullable=False),
    sa.Column('segments', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('scope', name=op.f('pk_tallies'))
    )
    op.create_table('workers',
    sa.Column('token', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
    sa.Column('beat_at', gateway.models.types.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('token', name=op.f('pk_workers'))
    )
    op.create_table('communities',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uid', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
    sa.Column('slug', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
    sa.Column('data_key_uid', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', gateway.models.types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['data_key_uid'], ['data_keys.uid'], name=op.f('fk_communities_data_key_uid_data_keys')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_communities')),
    sa.UniqueConstraint('slug', name=op.f('uq_communities_slug')),
    sa.UniqueConstraint('uid', name=op.f('uq_communities_uid'))
    )
    op.create_table('installations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('data_key_uid', sa.LargeBinary(), nullable=False),
    sa.Column('index_check', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', gateway.models.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('inbound_read_until', gateway.models.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('restored_at', gateway.models.types.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['data_key_uid'], ['data_keys.uid'], name=op.f('fk_installations_data_key_uid_data_keys')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_installations'))
    )
    op.create_table('matches',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uid', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
    sa.Column('community_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('proposed', 'active', 'paused', 'closing', 'closed', name='matchstate', native_enum=False, length=24), nullable=False),
    sa.Column('pause_why', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
    sa.Column('close_why', sqlmodel.sql.sqltypes.AutoString(length=400), nullable=True),
    sa.Column('created_at', gateway.models.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('closed_at', gateway.models.types.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['community_id'], ['communities.id'], name=op.f('fk_matches_community_id_communities')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_matches')),
    sa.UniqueConstraint('uid', name=op.f('uq_matches_uid'))
    )
    with op.batch_alter_table('matches', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_matches_community_id'), ['community_id'], unique=False)

    op.create_table('participants',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uid', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
    sa.Column('community_id', sa.Integer(), nullable=False),
    sa.Column('key', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('role', sa.Enum('youth', 'mentor', 'guardian', name='role', native_enum=False, length=24), nullable=False),
    sa.Column('name_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('phone_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('phone_index', sa.LargeBinary(), nullable=False),
    sa.Column('language', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
    sa.Column('timezone', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('nights_quiet', sa.Boolean(), nullable=False),
    sa.Column('prompts_paused', sa.Boolean(), nullable=False),
    sa.Column('screened_on', sa.Date(), nullable=True),
    sa.Column('trained_on', sa.Date(), nullable=True),
    sa.Column('unreachable_since', gateway.models.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('number_doubted_at', gateway.models.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('number_verified_at', gateway.models.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('created_at', gateway.models.types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['communities.id'], name=op.f('fk_participants_community_id_communities')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_participants')),
    sa.UniqueConstraint('key', name=op.f('uq_participants_key')),
    sa.UniqueConstraint('uid', name=op.f('uq_participants_uid'))
    )
    with op.batch_alter_table('participants', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_participants_community_id'), ['community_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_participants_phone_index'), ['phone_index'], unique=False)

    op.create_table('staff',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uid', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
    sa.Column('community_id', sa.Integer(), nullable=True),
    sa.Column('role', sa.Enum('coordinator', 'admin', 'auditor', 'owner', name='staffrole', native_enum=False, length=24), nullable=False),
    sa.Column('email_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('email_index', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', gateway.models.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('disabled_at', gateway.models.types.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['community_id'], ['communities.id'], name=op.f('fk_staff_community_id_communities')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff')),
    sa.UniqueConstraint('email_index', name=op.f('uq_staff_email_index')),
    sa.UniqueConstraint('uid', name=op.f('uq_staff_uid'))
    )
    op.create_table('consents',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('participant_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('program', 'texting', name='consentkind', native_enum=False, length=24), nullable=False),
    sa.Column('state', sa.Enum('given', 'withdrawn', 'pending', name='consentstate', native_enum=False, length=24), nullable=False),
    sa.Column('how', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('wording_version', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('language', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
    sa.Column('at', gateway.models.types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participants.id'], name=op.f('fk_consents_participant_id_participants')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consents'))
    )
    with op.batch_alter_table('consents', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consents_participant_id'), ['participant_id'], unique=False)

    op.create_table('inbound_messages',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uid', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
    sa.Column('provider', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
    sa.Column('provider_message_id', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('from_index', sa.LargeBinary(), nullable=False),
    sa.Column('from_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('to_number', sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
    sa.Column('body_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('media_types', sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
    sa.Column('received_at', gateway.models.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('sent_at', gateway.models.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('is_replayed', sa.Boolean(), nullable=False),
    sa.Column('state', sa.Enum('received', 'handled', 'parked', name='inboundstate', native_enum=False, length=24), nullable=False),
    sa.Column('outcome', sa.Enum('relayed', 'held', 'flow', 'keyword', 'program', 'unknown_sender', 'closed_match', 'refused', name='outcome', native_enum=False, length=24), nullable=True),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('handled_at', gateway.models.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('participant_id', sa.Integer(), nullable=True),
    sa.Column('match_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['match_id'], ['matches.id'], name=op.f('fk_inbound_messages_match_id_matches')),
    sa.ForeignKeyConstraint(['participant_id'], ['participants.id'], name=op.f('fk_inbound_messages_participant_id_participants')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inbound_messages')),
    sa.UniqueConstraint('provider', 'provider_message_id', name=op.f('uq_inbound_messages_provider_provider_message_id'))
    )
    with op.batch_alter_table('inbound_messages', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_inbound_messages_match_id'), ['match_id'], unique=False)
        batch_op.create_index('ix_inbound_phone', ['from_index', 'id'], unique=False)
        batch_op.create_index('ix_inbound_waiting', ['id'], unique=False, sqlite_where=sa.text("state = 'received'"), postgresql_where=sa.text("state = 'received'"))

    op.create_table('members',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('match_id', sa.Integer(), nullable=False),
    sa.Column('participant_id', sa.Integer(), nullable=False),
    sa.Column('line_id', sa.Integer(), nullable=False),
    sa.Column('phone_index', sa.LargeBinary(), nullable=False),
    sa.Column('mask_state', sa.Enum('active', 'cooling', 'free', name='maskstate', native_enum=False, length=24), nullable=False),
    sa.Column('lent_at', gateway.models.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('cool_until', gateway.models.types.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['line_id'], ['lines.id'], name=op.f('fk_members_line_id_lines')),
    sa.ForeignKeyConstraint(['match_id'], ['matches.id'], name=op.f('fk_members_match_id_matches')),
    sa.ForeignKeyConstraint(['participant_id'], ['participants.id'], name=op.f('fk_members_participant_id_participants')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_members'))
    )
    with op.batch_alter_table('members', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_members_line_id'), ['line_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_members_participant_id'), ['participant_id'], unique=False)
        batch_op.create_index('uq_members_match_participant', ['match_id', 'participant_id'], unique=True)
        batch_op.create_index('uq_members_participant_line', ['participant_id', 'line_id'], unique=True, sqlite_where=sa.text("mask_state IN ('active', 'cooling')"), postgresql_where=sa.text("mask_state IN ('active', 'cooling')"))
        batch_op.create_index('uq_members_phone_line', ['phone_index', 'line_id'], unique=True, sqlite_where=sa.text("mask_state IN ('active', 'cooling')"), postgresql_where=sa.text("mask_state IN ('active', 'cooling')"))

    op.create_table('number_changes',
    sa.Column('participant_id', sa.Integer(), nullable=False),
    sa.Column('phone_index', sa.LargeBinary(), nullable=False),
    sa.Column('code_index', sa.LargeBinary(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('asked_at', gateway.models.types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participants.id'], name=op.f('fk_number_changes_participant_id_participants')),
    sa.PrimaryKeyConstraint('participant_id', name=op.f('pk_number_changes'))
    )
    op.create_table('outbound_messages',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uid', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
    sa.Column('dedupe_key', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
    sa.Column('kind', sa.Enum('crisis', 'relay', 'notice', 'keyword', 'flow', 'reminder', 'prompt', name='kind', native_enum=False, length=24), nullable=False),
    sa.Column('priority', sa.Integer(), nullable=False),
    sa.Column('lane', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
    sa.Column('wording', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
    sa.Column('state', sa.Enum('held', 'queued', 'sending', 'sent', 'delivered', 'undelivered', 'failed', 'uncertain', 'cancelled', 'discarded', name='outboundstate', native_enum=False, length=24), nullable=False),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
    sa.Column('line_id', sa.Integer(), nullable=False),
    sa.Column('participant_id', sa.Integer(), nullable=True),
    sa.Column('match_id', sa.Integer(), nullable=True),
    sa.Column('inbound_id', sa.Integer(), nullable=True),
    sa.Column('to_index', sa.LargeBinary(), nullable=False),
    sa.Column('to_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('body_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('encoding', sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
    sa.Column('segments', sa.Integer(), nullable=False),
    sa.Column('not_before', gateway.models.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('expires_at', gateway.models.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('created_at', gateway.models.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('written_at', gateway.models.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('gentle_retries', sa.Integer(), nullable=False),
    sa.Column('claimed_at', gateway.models.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('claimed_by', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=True),
    sa.Column('looked_up', sa.Integer(), nullable=False),
    sa.Column('parked_at', gateway.models.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('provider', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
    sa.Column('provider_message_id', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
    sa.Column('error_code', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=True),
    sa.Column('sent_at', gateway.models.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('settled_at', gateway.models.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('polled', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['inbound_id'], ['inbound_messages.id'], name=op.f('fk_outbound_messages_inbound_id_inbound_messages')),
    sa.ForeignKeyConstraint(['line_id'], ['lines.id'], name=op.f('fk_outbound_messages_line_id_lines')),
    sa.ForeignKeyConstraint(['match_id'], ['matches.id'], name=op.f('fk_outbound_messages_match_id_matches')),
    sa.ForeignKeyConstraint(['participant_id'], ['participants.id'], name=op.f('fk_outbound_messages_participant_id_participants')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbound_messages')),
    sa.UniqueConstraint('dedupe_key', name=op.f('uq_outbound_messages_dedupe_key')),
    sa.UniqueConstraint('uid', name=op.f('uq_outbound_messages_uid'))
    )
    with op.batch_alter_table('outbound_messages', schema=None) as batch_op:
        batch_op.create_index('ix_outbound_due', ['line_id', 'priority', 'id'], unique=False, sqlite_where=sa.text("state IN ('queued', 'sending', 'uncertain')"), postgresql_where=sa.text("state IN ('queued', 'sending', 'uncertain')"))
        batch_op.create_index('ix_outbound_inbound', ['inbound_id'], unique=False)
        batch_op.create_index('ix_outbound_lane', ['lane', 'id'], unique=False, sqlite_where=sa.text("state IN ('queued', 'sending', 'uncertain')"), postgresql_where=sa.text("state IN ('queued', 'sending', 'uncertain')"))
        batch_op.create_index('ix_outbound_match', ['match_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_outbound_messages_participant_id'), ['participant_id'], unique=False)
        batch_op.create_index('ix_outbound_polls', ['polled', 'sent_at'], unique=False, sqlite_where=sa.text("state = 'sent'"), postgresql_where=sa.text("state = 'sent'"))
        batch_op.create_index('ix_outbound_provider_id', ['provider_message_id'], unique=False)
        batch_op.create_index('ix_outbound_said', ['to_index', 'wording', 'created_at'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('outbound_messages', schema=None) as batch_op:
        batch_op.drop_index('ix_outbound_said')
        batch_op.drop_index('ix_outbound_provider_id')
        batch_op.drop_index('ix_outbound_polls', sqlite_where=sa.text("state = 'sent'"), postgresql_where=sa.text("state = 'sent'"))
        batch_op.drop_index(batch_op.f('ix_outbound_messages_participant_id'))
        batch_op.drop_index('ix_outbound_match')
        batch_op.drop_index('ix_outbound_lane', sqlite_where=sa.text("state IN ('queued', 'sending', 'uncertain')"), postgresql_where=sa.text("state IN ('queued', 'sending', 'uncertain')"))
        batch_op.drop_index('ix_outbound_inbound')
        batch_op.drop_index('ix_outbound_due', sqlite_where=sa.text("state IN ('queued', 'sending', 'uncertain')"), postgresql_where=sa.text("state IN ('queued', 'sending', 'uncertain')"))

    op.drop_table('outbound_messages')
    op.drop_table('number_changes')
    with op.batch_alter_table('members', schema=None) as batch_op:
        batch_op.drop_index('uq_members_phone_line', sqlite_where=sa.text("mask_state IN ('active', 'cooling')"), postgresql_where=sa.text("mask_state IN ('active', 'cooling')"))
        batch_op.drop_index('uq_members_participant_line', sqlite_where=sa.text("mask_state IN ('active', 'cooling')"), postgresql_where=sa.text("mask_state IN ('active', 'cooling')"))
        batch_op.drop_index('uq_members_match_participant')
        batch_op.drop_index(batch_op.f('ix_members_participant_id'))
        batch_op.drop_index(batch_op.f('ix_members_line_id'))

    op.drop_table('members')
    with op.batch_alter_table('inbound_messages', schema=None) as batch_op:
        batch_op.drop_index('ix_inbound_waiting', sqlite_where=sa.text("state = 'received'"), postgresql_where=sa.text("state = 'received'"))
        batch_op.drop_index('ix_inbound_phone')
        batch_op.drop_index(batch_op.f('ix_inbound_messages_match_id'))

    op.drop_table('inbound_messages')
    with op.batch_alter_table('consents', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_consents_participant_id'))

    op.drop_table('consents')
    op.drop_table('staff')
    with op.batch_alter_table('participants', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_participants_phone_index'))
        batch_op.drop_index(batch_op.f('ix_participants_community_id'))

    op.drop_table('participants')
    with op.batch_alter_table('matches', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_matches_community_id'))

    op.drop_table('matches')
    op.drop_table('installations')
    op.drop_table('communities')
    op.drop_table('workers')
    op.drop_table('tallies')
    with op.batch_alter_table('receipts', schema=None) as batch_op:
        batch_op.drop_index('uq_receipts_message_status')
        batch_op.drop_index(batch_op.f('ix_receipts_reference'))

    op.drop_table('receipts')
    op.drop_table('opt_outs')
    op.drop_table('lines')
    op.drop_table('data_keys')
    op.drop_table('audit_entries')
