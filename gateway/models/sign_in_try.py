"""Every try to sign in, so that guessing can be stopped."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from gateway.models.types import UtcDateTime, one_of


class TryResult(StrEnum):
    WRONG = "wrong"  # also while it is being looked at: guesses made at the same moment all count
    HALF = "half"  # the password was right, and the second factor is awaited
    WHOLE = "whole"


class SignInTry(SQLModel, table=True):
    """A guess at a password or a code. Both indexes are keyed; the account may be one that does not exist."""

    __tablename__ = "sign_in_tries"

    id: int | None = Field(default=None, primary_key=True)
    account_index: bytes = Field(index=True)
    address_index: bytes | None = Field(default=None, index=True)
    result: TryResult = Field(default=TryResult.WRONG, sa_type=one_of(TryResult))
    at: datetime = Field(sa_type=UtcDateTime, index=True)
