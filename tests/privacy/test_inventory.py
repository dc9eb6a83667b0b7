"""Every column that is kept is in the privacy inventory with its reason, and every sealed one is bytes."""

import pytest
from sqlalchemy import LargeBinary, Table
from sqlmodel import SQLModel

import gateway.models  # noqa: F401 - the tables register themselves
from gateway.privacy.inventory import INVENTORY, Form, Whose

TABLES = sorted(SQLModel.metadata.tables.values(), key=lambda table: table.name)


def test_every_table_is_listed_and_none_that_is_gone() -> None:
    assert set(INVENTORY) == {table.name for table in TABLES}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.name))
class TestColumns:
    def test_each_is_listed_and_none_that_is_gone(self, table: Table) -> None:
        assert set(INVENTORY.get(table.name, {})) == set(table.columns.keys())

    def test_what_is_sealed_or_indexed_is_bytes_and_says_so_in_its_name(self, table: Table) -> None:
        kept = INVENTORY.get(table.name, {})
        for name, column in table.columns.items():
            if name.endswith("_sealed"):
                assert kept[name].form is Form.SEALED
            if name.endswith("_index"):
                assert kept[name].form is Form.INDEX
            if kept[name].form is not Form.PLAIN:
                assert isinstance(column.type, LargeBinary), name

    def test_each_has_a_reason_for_people(self, table: Table) -> None:
        assert [name for name, kept in INVENTORY.get(table.name, {}).items() if len(kept.why) < 3] == []


def test_names_numbers_and_bodies_of_people_are_never_plain() -> None:
    private = {"name", "phone", "email", "body", "from", "to", "address", "birth"}
    plain = [
        f"{table}.{column}"
        for table, columns in INVENTORY.items()
        for column, kept in columns.items()
        if kept.form is Form.PLAIN
        and kept.whose in (Whose.PARTICIPANT, Whose.STAFF)
        and private & set(column.split("_"))
    ]
    assert plain == []
