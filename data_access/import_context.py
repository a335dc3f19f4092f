"""What an import looks things up in: schools, villages and children of the county, as of the import's day."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, and_, insert, select

from data_access.areas import read_place_names
from data_access.chunks import among, among_marks, chunks
from data_access.import_records import Record, Records
from data_access.schema import OPEN_END, area, child, child_place, ledger_line, match_review, school, school_alias, school_stage
from data_access.scoped import begins_with, in_scope, on
from data_access.secrets import Cipher
from domain.areas import AreaCode
from domain.faults import Fault
from domain.grades import Stage, grades_of
from domain.identifiers import CitizenId, RegistryNumber, SchoolCode
from domain.scope import Scope

if TYPE_CHECKING:
    from data_access.ledger_sheet import LedgerRow

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
    """The county an import works on. `touched` gathers the children whose derived rows must be rebuilt, `named` all whom the
    file is about, `made` those it has brought."""

    conn: Connection
    scope: Scope
    cipher: Cipher
    county: str
    as_of: date
    batch_id: int
    only_school: str | None = None
    touched: set[int] = field(default_factory=set)
    made: set[int] = field(default_factory=set)
    named: set[int] = field(default_factory=set)
    named_schools: set[str] = field(default_factory=set)
    notes: list[Fault] = field(default_factory=list)
    lines: dict[tuple[str, str], Record] = field(default_factory=dict)
    persons: dict[tuple[str | None, ...], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.records = Records(self.conn, self.cipher, self.batch_id)
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
        self._county_name = self.conn.execute(select(area.c.name).where(area.c.code == self.county)).scalar() or ""
        self._short_names: dict[str, set[str]] = {}
        for name, codes in self._school_names.items():
            self._short_names.setdefault(name.removeprefix(self._county_name), set()).update(codes)
        self._taught_before = {code for code, _ in self._stages}
        villages = select(area.c.code).where(area.c.county_code == self.county, area.c.level == "village")
        self._villages = set(self.conn.execute(villages).scalars())
        self._places = read_place_names(self.conn, self.county)
        self._children: dict[int, KnownChild] = {}
        self._by_mac: dict[tuple[str, bytes], int] = {}
        self._child_records: dict[int, Record] = {}
        self._visible: dict[int, bool] = {}
        self._macs: dict[str, bytes] = {}
        self._found_villages: dict[tuple[str, str | None], str | None] = {}
        self._found_towns: dict[str, str | None] = {}
        self._doubts: dict[tuple[str, bytes, int], Any] = {
            (row.kind, row.row_mac, row.child_id): dict(row._mapping)
            for row in self.conn.execute(select(match_review).where(match_review.c.county_code == self.county))
        }

    def _aliases(self) -> Iterable[tuple[str, str]]:
        known = select(school_alias.c.school_code, school_alias.c.alias).where(
            school_alias.c.school_code.in_(list(self._schools))
        )
        return self.conn.execute(known)

    # --- children -----------------------------------------------------------------------------------------------------

    def load_children(self, ids: Iterable[CitizenId | None], registries: Iterable[RegistryNumber | None]) -> None:
        """Fetch every child that one of these numbers may mean, in a few queries."""
        wanted = {
            "id_mac": {self.mac(one.text) for one in ids if one},
            "registry_mac": {self.mac(one.text) for one in registries if one},
        }
        for name, macs in wanted.items():
            ordered = sorted(mac for mac in macs if mac)
            for start in range(0, len(ordered), 5000):
                chosen = select(child).where(
                    among_marks(child.c[name], ordered[start : start + 5000]), child.c.merged_into.is_(None)
                )
                for row in self.conn.execute(chosen.where(child.c.county_code == self.county)):
                    if row.id not in self._child_records:
                        self.keep_child(dict(row._mapping))

    def loaded(self) -> set[int]:
        """The numbers of the children fetched so far."""
        return set(self._child_records)

    def keep_child(self, record: Record) -> None:
        """Keep a child's row for matching and changing within this import."""
        self._child_records[record["id"]] = record
        self.remember(self.known(record))

    def let_go(self, children: Iterable[int]) -> None:
        """Hold the records of these children no longer: they are written, and fetched again when somebody asks."""
        for child_id in children:
            self._child_records.pop(child_id, None)
            self.records.let_go(child_id)

    def known(self, record: Record) -> KnownChild:
        """A child's row as matching needs it."""
        return KnownChild(*(record[name] for name in KnownChild._fields))

    def child_record(self, child_id: int) -> Record:
        """The child's own row, to be changed."""
        if child_id not in self._child_records:
            self.keep_child(dict(self.conn.execute(select(child).where(child.c.id == child_id)).one()._mapping))
        return self._child_records[child_id]

    def remember(self, found: KnownChild) -> None:
        """Keep a child for matching within this import."""
        self._children[found.id] = found
        for name, mac in (("id", found.id_mac), ("registry", found.registry_mac)):
            if mac:
                self._by_mac[name, mac] = found.id

    def match_child(self, citizen: CitizenId | None, registry: RegistryNumber | None) -> KnownChild | Fault | None:
        """The child that the numbers mean: by registry number, then by ID; a Fault when they mean two children."""
        found = self.children_of(citizen, registry)
        if len(found) > 1:
            return Fault("import.two_children")
        return self._children[found[0]] if found else None

    def children_of(self, citizen: CitizenId | None, registry: RegistryNumber | None) -> list[int]:
        """The numbers of the children that these numbers mean, the registry number's first; two when they disagree."""
        if not self._by_mac:
            return []
        macs = (("registry", self.mac(registry.text if registry else None)), ("id", self.mac(citizen.text if citizen else None)))
        found = (self._by_mac[name, mac] for name, mac in macs if mac and (name, mac) in self._by_mac)
        return list(dict.fromkeys(found))

    def load_visible(self, children: Iterable[int]) -> None:
        """Ask which of these children stand inside the scope, in a few queries."""
        wanted = {one for one in children if one not in self._visible}
        place = select(child_place.c.child_id).where(in_scope(self.scope, child_place))
        self._visible.update(dict.fromkeys(wanted, False))
        for part in chunks(wanted):
            inside = self.conn.execute(place.where(among(child_place.c.child_id, part)).distinct()).scalars()
            self._visible.update(dict.fromkeys(inside, True))

    def sees(self, child_id: int) -> bool:
        """Whether a child stands inside the scope of the one who imports; one made by this import was checked when made."""
        if child_id not in self._visible:
            self.load_visible([child_id])
        return child_id in self.made or self._visible[child_id]

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

    def known_names(self, names: Iterable[str]) -> dict[str, list[KnownChild]]:
        """The county's children of these names, whatever their school, in a few queries."""
        columns = [child.c[one] for one in KnownChild._fields]
        found: dict[str, list[KnownChild]] = {}
        wanted = sorted(set(names))
        for start in range(0, len(wanted), 5000):
            query = select(*columns).where(child.c.name.in_(wanted[start : start + 5000]), child.c.county_code == self.county)
            for row in self.conn.execute(query.where(child.c.merged_into.is_(None)).order_by(child.c.id)):
                found.setdefault(row.name, []).append(KnownChild(*row))
        return found

    # --- doubts -------------------------------------------------------------------------------------------------------

    def mac(self, text: str | None) -> bytes | None:
        """The fingerprint of a number; those of this import are worked out once."""
        if text is None:
            return None
        if text not in self._macs:
            self._macs[text] = self.cipher.mac(text) or b""
        return self._macs[text]

    def decision(self, row: "LedgerRow", kind: str, child_id: int) -> str | None:
        """What a person decided about this row and this child: same, other, or nothing yet."""
        found = self._doubts.get((kind, self._row_mac(row), child_id))
        return found["decided"] if found else None

    def doubt(self, row: "LedgerRow", kind: str, *children: int, school_code: str | None = None) -> None:
        """List a doubtful match with one or two children for a person to decide; the same doubt is listed once."""
        child_id, other_id = children[0], children[1] if len(children) > 1 else None
        mac = self._row_mac(row)
        if (kind, mac, child_id) in self._doubts:
            return
        names = ("student_name", "sex", "school", "grade", "class", "guardian", "village")
        told = {name: row.text(name) for name in names if name in row.values}
        values = {
            "county_code": self.county,
            "kind": kind,
            "row_mac": mac,
            "child_id": child_id,
            "other_id": other_id,
            "school_code": school_code,
            "ledger": row.sheet.match.ledger.code,
            "file_name": row.sheet.file[:200],
            "sheet": row.sheet.sheet.name[:80],
            "row_no": row.number,
            "content": self.cipher.seal(json.dumps(told, ensure_ascii=False)),
        }
        self._doubts[kind, mac, child_id] = self.records.add(match_review, **values)

    def _row_mac(self, row: "LedgerRow") -> bytes:
        """What a row says of who it is about, as a fingerprint: the same row of a later file is known again."""
        numbers = [getattr(row.values.get(name), "text", "") for name in ("registry_no", "id_no")]
        born = row.values.get("birth_date")
        texts = [str(row.values.get("student_name", "")), str(row.values.get("school", "")), str(getattr(born, "exact", ""))]
        return self.cipher.mac("|".join([*numbers, *texts])) or b""

    # --- schools ------------------------------------------------------------------------------------------------------

    def find_school(self, code: SchoolCode | None, name: str | None, town: str | None, stage: Stage | None) -> str | Fault:
        """The code of the school a row means, inside the scope.

        An unknown school with an official code is taken in when its town is known; one without a code only on the first
        load of a county, under a provisional code that says so. Any other unknown name is refused: it may be misspelt.
        """
        if code is None and name is None and self.only_school:
            return self._checked(self.only_school)
        named = self._named(name or "")
        if code and code.text in self._schools:
            return self._checked(code.text) if not named or code.text in named else Fault("import.school_disagrees")
        if code is None and len(named) == 1:
            return self._checked(next(iter(named)))
        if code is None and len(named) > 1:
            return Fault("import.school_twice")
        if any(self._schools[one].town_code == self.find_town(town) for one in named):
            return Fault("import.school_disagrees")  # a slip in the code would make a second school of the name
        return self._new_school(code, name, town, stage)

    def _named(self, name: str) -> set[str]:
        """The schools of a name: as written, else without the county, and the school's own town, that stand in front of it."""
        if not name or name in self._school_names:
            return self._school_names.get(name, set())
        bare = name.removeprefix(self._county_name)
        if found := self._short_names.get(bare):
            return found
        town = next((one for one in self._towns if bare.startswith(one)), "")
        here = self._school_names.get(bare.removeprefix(town), set()) if town else set()
        return {code for code in here if self._schools[code].town_code == self._towns[town]}

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
        may_be_new = name is not None and stage is not None and (code is not None or self._first_load)
        if may_be_new and town_code is None:
            return Fault("import.school_without_town")
        if name is None or town_code is None or stage is None or not may_be_new:
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

    def is_special(self, code: str) -> bool:
        """Whether a school is one for disabled children, whose grades are counted on from 1 to 9."""
        row = self._schools.get(code)
        return row is not None and row.kind == Stage.SPECIAL.value

    def school_called(self, name: str) -> str | None:
        """The code of the county's only school of that name, inside the scope or not; schools elsewhere have none here."""
        named = self._named(name)
        return next(iter(named)) if len(named) == 1 else None

    def school_name(self, code: str | None) -> str | None:
        """The name of a school of the county."""
        row = self._schools.get(code or "")
        return str(row.name) if row else None

    def town_name(self, code: str) -> str | None:
        """The name of a town of the county."""
        return next((name for name, known in self._towns.items() if known == code), None)

    def own_unit(self) -> str | Fault | None:
        """The unit of the one who imports: the only school or town of the scope, None for a county's."""
        units = [*self.scope.schools, *(one for one in self.scope.areas if len(one) > len(self.county))]
        if len(units) == 1:
            return units[0]
        return Fault("import.unit_missing") if units else None

    def has_line(self, ledger: str, key: str) -> bool:
        """Whether a line of that key was kept before."""
        found = select(ledger_line.c.id).where(
            ledger_line.c.county_code == self.county, ledger_line.c.ledger == ledger, ledger_line.c.line_key == key
        )
        return self.conn.execute(found).first() is not None

    def unit_called(self, name: str) -> str | Fault:
        """The code of the school, town or county that a return or a notice names, inside the scope."""
        named = self._named(name)
        if len(named) == 1:
            return self._checked(next(iter(named)))
        if len(named) > 1:
            return Fault("import.school_twice")
        town = self.find_town(name)
        if town:
            return town if self.holds_area(town) and not self.only_school else Fault("import.out_of_scope")
        similar = "、".join(get_close_matches(name, [*self._school_names, *self._towns], 3, 0.6)) or "—"
        return Fault("import.unit_unknown", {"name": name, "similar": similar})

    def teach_stage(self, school_code: str, stage: Stage) -> None:
        """A school has every stage that its pupils are in."""
        if (school_code, stage.value) in self._stages:
            return
        if school_code in self._taught_before:
            self.notes.append(Fault("import.stage_new", {"school": self.school_name(school_code), "grades": self._grades(stage)}))
        grades = grades_of(stage)
        self.conn.execute(
            insert(school_stage).values(school_code=school_code, stage=stage.value, first_grade=grades[0], last_grade=grades[-1])
        )
        self._stages.add((school_code, stage.value))

    @staticmethod
    def _grades(stage: Stage) -> str:
        grades = grades_of(stage)
        return f"{grades[0]}-{grades[-1]}"

    def town_of_school(self, school_code: str) -> str:
        """The town a school stands in."""
        return str(self._schools[school_code].town_code)

    # --- places -------------------------------------------------------------------------------------------------------

    def holds_area(self, code: str) -> bool:
        """Whether an area lies inside the scope of the one who imports."""
        return any(code.startswith(one) for one in self.scope.areas)

    def find_town(self, text: str | None) -> str | None:
        """The code of a town by its name, with or without its ending."""
        if text is None:
            return None
        if text not in self._found_towns:
            self._found_towns[text] = self._town_called(text)
        return self._found_towns[text]

    def _town_called(self, text: str) -> str | None:
        plain = text.removesuffix("学区").removesuffix("中心校")
        exact = [code for name, code in self._towns.items() if plain == name or plain == name[:-1] or name in plain]
        return exact[0] if len(exact) == 1 else None

    def find_village(self, written: str | AreaCode | None, town_code: str | None) -> str | None:
        """The code of a village: by code, by name within its town, then by a name that the county has once; None: unlocated."""
        if written is None:
            return None
        if isinstance(written, AreaCode):
            return written.code if written.code in self._villages else None
        key = (written.strip(), town_code)
        if key not in self._found_villages:
            self._found_villages[key] = self._village_called(*key)
        return self._found_villages[key]

    def _village_called(self, text: str, town_code: str | None) -> str | None:
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
    for code in (school_code, *scope.schools):
        found = conn.execute(select(school.c.county_code).where(school.c.code == code)).scalar() if code else None
        if found:
            return str(found)
    prefixes = {area_code[:6] for area_code in scope.areas} or {"none"}
    counties = [
        code
        for prefix in prefixes
        for code in conn.execute(select(area.c.code).where(area.c.level == "county", begins_with(area.c.code, prefix))).scalars()
    ]
    return counties[0] if len(counties) == 1 else ""
