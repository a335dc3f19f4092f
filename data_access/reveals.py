"""One child's identifiers in clear: for a reason, on record before anything is given away, and for a few minutes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Engine, Row, exists, or_, select

from data_access import audit
from data_access.schema import case_interval, child, child_place, guardian, now, residence_spell
from data_access.scoped import in_scope, on
from data_access.secrets import Cipher
from data_access.walls import open_scoped
from domain.errors import ProblemError, ScopeError
from domain.scope import MAY_REVEAL, Scope

SHOWN_FOR = timedelta(minutes=5)
LONGEST_REASON = 120


@dataclass(frozen=True)
class Contact:
    """A parent or guardian, unmasked; `phone` None where none is recorded."""

    name: str
    relation: str | None
    phone: str | None


@dataclass(frozen=True)
class Revealed:
    """What was withheld of one child, until `ends_at` (UTC): whoever shows it takes it away then."""

    child_id: int
    name: str
    birth_date: date | None
    id_no: str | None
    registry_no: str | None
    address: str | None
    contacts: tuple[Contact, ...]
    ends_at: datetime

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return now() >= self.ends_at


def reveal(engine: Engine, cipher: Cipher, scope: Scope, child_id: int, day: date, reason: str) -> Revealed:
    """The identifiers of one child that the scope sees on `day`.

    The audit row `reveal` (child, day, reason) is written first: no audit, nothing revealed. Raises ScopeError
    scope.no_reveal for roles that may not, ProblemError reveal.no_reason without a reason, reveal.not_found for a child
    that does not exist or that this scope does not see: both look alike.
    """
    if scope.role not in MAY_REVEAL:
        raise ScopeError("scope.no_reveal")
    told = " ".join(reason.split())[:LONGEST_REASON]
    if not told:
        raise ProblemError("reveal.no_reason")
    with open_scoped(engine, scope) as conn:
        found = _find(conn, scope, child_id, day)
        if found is None:
            raise ProblemError("reveal.not_found")
        audit.record(
            engine,
            scope,
            "reveal",
            county=found.county_code,
            filter_text=day.isoformat(),
            row_count=1,
            row_ids=[child_id],
            reason=told,
        )
        return _revealed(conn, cipher, found, day)


def _find(conn: Connection, scope: Scope, child_id: int, day: date) -> Row[tuple[object, ...]] | None:
    seen = [
        exists().where(table.c.child_id == child.c.id, on(table, day), in_scope(scope, table))
        for table in (child_place, case_interval)
    ]
    return conn.execute(select(child).where(child.c.id == child_id, or_(*seen))).first()


def _revealed(conn: Connection, cipher: Cipher, found: Row[tuple[object, ...]], day: date) -> Revealed:
    home = select(residence_spell.c.address).where(residence_spell.c.child_id == found.id, on(residence_spell, day))
    carers = select(guardian).where(guardian.c.child_id == found.id, on(guardian, day))
    return Revealed(
        child_id=found.id,
        name=found.name,
        birth_date=found.birth_date,
        id_no=cipher.unseal(found.id_no),
        registry_no=cipher.unseal(found.registry_no),
        address=cipher.unseal(conn.execute(home).scalar()),
        contacts=tuple(
            Contact(row.name, row.relation, cipher.unseal(row.phone))
            for row in conn.execute(carers.order_by(guardian.c.is_carer.desc(), guardian.c.id))
        ),
        ends_at=now() + SHOWN_FOR,
    )
