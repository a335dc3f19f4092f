"""What an import looks things up in: schools, villages and children of the county, as of the import's day."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple

from sqlalchemy import Connection, and_, insert, select

from data_access.areas import read_place_names
from data_access.schema import OPEN_END, area, child, child_place, school, school_alias, school_stage
from data_access.scoped import begins_with, on
from data_access.secrets import Cipher
from domain.areas import AreaCode
from domain.faults import Fault
from domain.grades import Stage, grades_of
from domain.identifiers import CitizenId, RegistryNumber, SchoolCode
from domain.scope import Scope

CATEGORIES = {Stage.PRIMARY: "21", Stage.JUNIOR: "31", Stage.SPECIAL: "51"}
PROVISIONAL = "99"  # the serial of a code made up here begins so: it is easily found, and replaced


class KnownChild(NamedTuple):
    """A child of the county as an import needs it."""

    id: int
    name: str
    birth_date: date | None
    id_mac: bytes | None
    registry_mac: bytes | None


@dataclass
class ImportContext:
    """The county an import works on. `touched` gathers the children whose derived rows must be rebuilt."""

    conn: Connection
    scope: Scope
    cipher: Cipher
    county: str
    as_of: date
    batch_id: int
    only_school: str | None = None
    touched: set[int] = field(default_factory=set)
    notes: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._schools = {row.code: row for row in self.conn.execute(select(school).where(school.c.county_code == self.county))}
        self._stages = {(row.school_code, row.stage) for row in self.conn.execute(select(school_stage))}
        self._school_names: dict[str, set[str]] = {}
        for code, name in [*((row.code, row.name) for row in self._schools.values()), *self._aliases()]:
            self._school_names.setdefault(name, set()).add(code)
        self._first_load = not self._schools
        towns = self.conn.execute(
            select(area.c.code, area.c.name).where(area.c.county_code == self.county, area.c.level == "town")
        )
        self._towns = {name: code for code, name in towns}
        villages = select(area.c.code).where(area.c.county_code == self.county, area.c.level == "village")
        self._villages = set(self.conn.execute(villages).scalars())
        self._places = read_place_names(self.conn, self.county)
        self._children: dict[int, KnownChild] = {}
        self._by_mac: dict[tuple[str, bytes], int] = {}

    def _aliases(self) -> Iterable[tuple[str, str]]:
        known = select(school_alias.c.school_code, school_alias.c.alias).where(
            school_alias.c.school_code.in_(list(self._schools))
        )
        return self.conn.execute(known)

    # --- children -----------------------------------------------------------------------------------------------------

    def load_children(self, ids: Iterable[CitizenId | None], registries: Iterable[RegistryNumber | None]) -> None:
        """Fetch every child that one of these numbers may mean, in a few queries."""
        wanted = {
            "id_mac": {self.cipher.mac(one.text) for one in ids if one},
            "registry_mac": {self.cipher.mac(one.text) for one in registries if one},
        }
        columns = [child.c[name] for name in KnownChild._fields]
        for name, macs in wanted.items():
            ordered = sorted(mac for mac in macs if mac)
            for start in range(0, len(ordered), 5000):
                for row in self.conn.execute(
                    select(*columns).where(child.c[name].in_(ordered[start : start + 5000]), child.c.merged_into.is_(None))
                ):
                    self.remember(KnownChild(*row))

    def remember(self, found: KnownChild) -> None:
        """Keep a child for matching within this import."""
        self._children[found.id] = found
        for name, mac in (("id", found.id_mac), ("registry", found.registry_mac)):
            if mac:
                self._by_mac[name, mac] = found.id

    def match_child(self, citizen: CitizenId | None, registry: RegistryNumber | None) -> KnownChild | Fault | None:
        """The child that the numbers mean: by registry number, then by ID; a Fault when they mean two children."""
        macs = (
            ("registry", self.cipher.mac(registry.text if registry else None)),
            ("id", self.cipher.mac(citizen.text if citizen else None)),
        )
        found = {self._by_mac[name, mac] for name, mac in macs if mac and (name, mac) in self._by_mac}
        if len(found) > 1:
            return Fault("import.two_children")
        return self._children[found.pop()] if found else None

    def children_called(self, name: str, school_code: str | None) -> list[KnownChild]:
        """The children of that name in a school (or the county) on the import's day."""
        columns = [child.c[one] for one in KnownChild._fields]
        query = select(*columns).where(child.c.name == name, child.c.county_code == self.county, child.c.merged_into.is_(None))
        if school_code:
            place = and_(
                child_place.c.child_id == child.c.id, on(child_place, self.as_of), child_place.c.school_code == school_code
            )
            query = query.join(child_place, place)
        return [KnownChild(*row) for row in self.conn.execute(query.order_by(child.c.id))]

    # --- schools ------------------------------------------------------------------------------------------------------

    def find_school(self, code: SchoolCode | None, name: str | None, town: str | None, stage: Stage | None) -> str | Fault:
        """The code of the school a row means, inside the scope.

        An unknown school with an official code is taken in when its town is known; one without a code only on the first
        load of a county, under a provisional code that says so. Any other unknown name is refused: it may be misspelt.
        """
        if code is None and name is None and self.only_school:
            return self._checked(self.only_school)
        if code and code.text in self._schools:
            return self._checked(code.text)
        named = self._school_names.get(name or "", set())
        if code is None and len(named) == 1:
            return self._checked(next(iter(named)))
        if code is None and len(named) > 1:
            return Fault("import.school_twice")
        return self._new_school(code, name, town, stage)

    def _checked(self, code: str) -> str | Fault:
        row = self._schools.get(code)
        if row is None:
            return Fault("import.school_unknown", {"similar": "—"})
        inside = code in self.scope.schools or any(row.town_code.startswith(area_code) for area_code in self.scope.areas)
        if not inside or (self.only_school and code != self.only_school):
            return Fault("import.out_of_scope")
        return code

    def _new_school(self, code: SchoolCode | None, name: str | None, town: str | None, stage: Stage | None) -> str | Fault:
        town_code = self.find_town(town)
        if name is None or town_code is None or stage is None or (code is None and not self._first_load):
            similar = "、".join(get_close_matches(name or "", self._school_names, 3, 0.6)) or "—"
            return Fault("import.school_unknown", {"similar": similar})
        made = code.text if code else f"{CATEGORIES[stage]}{self.county[:2]}{PROVISIONAL}{len(self._schools) + 1:04}"
        values = {
            "code": made,
            "name": name,
            "category": made[:2],
            "county_code": self.county,
            "town_code": town_code,
            "kind": stage.value,
            "valid_from": date(1949, 10, 1),
            "valid_to": OPEN_END,
            "batch_id": self.batch_id,
        }
        self.conn.execute(insert(school).values(values))
        self._schools[made] = self.conn.execute(select(school).where(school.c.code == made)).one()
        self._school_names.setdefault(name, set()).add(made)
        self.notes.append(Fault("import.school_new" if code else "import.school_provisional", {"name": name, "code": made}))
        return self._checked(made)

    def teach_stage(self, school_code: str, stage: Stage) -> None:
        """A school has every stage that its pupils are in."""
        if (school_code, stage.value) in self._stages:
            return
        grades = grades_of(stage)
        self.conn.execute(
            insert(school_stage).values(school_code=school_code, stage=stage.value, first_grade=grades[0], last_grade=grades[-1])
        )
        self._stages.add((school_code, stage.value))

    def town_of_school(self, school_code: str) -> str:
        """The town a school stands in."""
        return str(self._schools[school_code].town_code)

    # --- places -------------------------------------------------------------------------------------------------------

    def find_town(self, text: str | None) -> str | None:
        """The code of a town by its name, with or without its ending."""
        if text is None:
            return None
        plain = text.removesuffix("学区").removesuffix("中心校")
        exact = [code for name, code in self._towns.items() if plain == name or plain == name[:-1] or name in plain]
        return exact[0] if len(exact) == 1 else None

    def find_village(self, written: str | AreaCode | None, town_code: str | None) -> str | None:
        """The code of a village: by code, by name within its town, then by a name that the county has once; None: unlocated."""
        if written is None:
            return None
        if isinstance(written, AreaCode):
            return written.code if written.code in self._villages else None
        text = written.strip()
        for unit in (town_code or "", ""):
            names = self._places.get(unit, {})
            hits = {code for name, code in names.items() if text == name} or {
                code for name, code in names.items() if len(name) > 1 and name in text
            }
            if len(hits) == 1:
                return hits.pop()
        return None


def county_of(conn: Connection, scope: Scope, school_code: str | None) -> str:
    """The county an import is for: that of the school, else the scope's only one."""
    if school_code:
        found = conn.execute(select(school.c.county_code).where(school.c.code == school_code)).scalar()
        if found:
            return str(found)
    prefixes = {area_code[:6] for area_code in scope.areas} or {"none"}
    counties = [
        code
        for prefix in prefixes
        for code in conn.execute(select(area.c.code).where(area.c.level == "county", begins_with(area.c.code, prefix))).scalars()
    ]
    return counties[0] if len(counties) == 1 else ""
