"""What the headers of a unit's own workbooks mean: decided once by a person, remembered for its next file."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, insert, select, update

from data_access.schema import column_choice
from domain.errors import ProblemError
from domain.header_layouts import header_key
from domain.ledgers import Ledger
from domain.scope import Scope


def unit_of(scope: Scope, school: str | None) -> str:
    """The unit whose workbooks these are: the school the file is from, else the school, town or county that imports."""
    return school or (scope.schools or scope.areas)[0]


def choice_keys(choices: Mapping[str, str]) -> dict[str, str]:
    """Choices by the header as it is compared."""
    return {header_key(header): field for header, field in choices.items()}


def read_choices(conn: Connection, unit: str, ledger: str) -> dict[str, str]:
    """Header (as compared) -> field, as this unit has decided for this ledger."""
    one = column_choice.c
    rows = conn.execute(select(one.header_key, one.field).where(one.unit_code == unit, one.ledger == ledger))
    return {row.header_key: row.field for row in rows}


def write_choices(conn: Connection, unit: str, ledger: str, choices: Mapping[str, str], user: str) -> None:
    """Remember what was decided; a later decision about a header replaces the one before."""
    one = column_choice.c
    for key, field in choices.items():
        same = (one.unit_code == unit) & (one.ledger == ledger) & (one.header_key == key[:120])
        told = {"field": field, "decided_by": user}
        if conn.execute(update(column_choice).where(same).values(told)).rowcount == 0:
            conn.execute(insert(column_choice).values(unit_code=unit, ledger=ledger, header_key=key[:120], **told))


def require_known(choices: Mapping[str, str], book: Ledger, headers: Collection[str]) -> None:
    """Raises ProblemError for a choice of a field that the ledger does not have, or about a header that the file does not have.

    `headers` are the texts of the file; an empty field says that the column is none of the ledger's.
    """
    fields = {column.field: column.header for column in book.all_columns}
    texts = [header_key(text) for text in headers]
    for header, field in choices.items():
        if field and field not in fields:
            known = ", ".join(f"{name} {shown}" for name, shown in fields.items())
            raise ProblemError("choice.no_field", ledger=book.code, field=field, known=known)
        if not any(text and text in header_key(header) for text in texts):
            raise ProblemError("choice.no_header", header=header)
