"""Column types shared by the tables: aware UTC times, enums by value, and names for constraints."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, DateTime, Dialect, Enum, bindparam
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime in and out, on SQLite too; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        assert isinstance(value, datetime)
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def one_of(enum: type[StrEnum]) -> Enum:
    """A text column that holds the values of `enum` (not its names), the same on both databases."""
    return Enum(enum, native_enum=False, length=24, values_callable=lambda e: [member.value for member in e])


def spelled(column: Any, *values: StrEnum) -> ColumnElement[bool]:
    """That `column` is one of `values`, written out in the SQL rather than bound.

    SQLite reads a partial index only when the query states the index's condition in the same words (Partial Indexes,
    section 3); a bound parameter hides it, and the whole table is read. Give the values in the order of the index.
    """
    if len(values) == 1:
        one: ColumnElement[bool] = column == bindparam(
            None, values[0], type_=column.type, literal_execute=True, unique=True
        )
        return one
    several: ColumnElement[bool] = column.in_(
        bindparam(None, values, type_=column.type, expanding=True, literal_execute=True, unique=True)
    )
    return several


def new_uid() -> str:
    """32 hex digits that say nothing: the id shown in addresses, and the row in associated data."""
    return uuid4().hex
