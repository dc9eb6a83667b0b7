"""What Alembic runs: online only, batch mode so that SQLite can alter tables."""

from alembic import context
from sqlalchemy import Connection, text
from sqlmodel import SQLModel

import gateway.models  # noqa: F401 - the tables register themselves

MIGRATION_LOCK = 7_241_001  # any number of our own, for pg_advisory_xact_lock


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
        context.run_migrations()


with context.config.attributes["engine"].connect() as connection:
    run(connection)
    connection.commit()
