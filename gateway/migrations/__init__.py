"""The history of the tables. `upgrade` brings any older database to today's, and makes a new one."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent


def config_for(engine: Engine) -> "Config":
    """Alembic's configuration, held in code so that no file has to be found."""
    from alembic.config import Config  # noqa: PLC0415 - a gateway that is up to date starts without it

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine) -> None:
    """Make or upgrade the database. Safe to run twice, and by two processes at once on PostgreSQL."""
    from alembic import command  # noqa: PLC0415

    command.upgrade(config_for(engine), "head")


def is_current(engine: Engine) -> bool:
    """Whether the database is at the newest migration."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == newest()


def newest() -> str:
    """The number of the newest migration, which its file begins with."""
    return max(file.name for file in FOLDER.glob("versions/[0-9]*.py")).partition("_")[0]
