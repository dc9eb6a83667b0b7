"""These stories turn on the clock and the words, not on the database: SQLite is enough."""

import pytest


@pytest.fixture
def fresh_database(fresh_sqlite: str) -> str:
    return fresh_sqlite
