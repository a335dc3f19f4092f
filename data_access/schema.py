"""The tables: one dated record for whatever changes, codes as text, identifiers encrypted.

Conventions. A spell holds [valid_from, valid_to): the last day is excluded and OPEN_END means "still so".
`recorded_at` is the UTC moment the row was known. Area, school and enumerated codes compare bytewise (C collation).
Derived tables (child_place, child_scope, case_interval, loss_spell, care_interval, village_count,
school_count, cohort_count, register_change) are rebuilt by
data_access.derive inside the transaction that changed their base rows; nothing else writes them.
"""

from datetime import UTC, date, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.types import TypeEngine

OPEN_END = date(9999, 12, 31)
SCHOOL_SIGN = "s"  # before the code of a school in child_scope, so that it is never taken for an area's

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def now() -> datetime:
    """This moment in UTC without zone, as every `recorded_at` and audit time is kept."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def code(length: int = 12) -> TypeEngine[str]:
    """A code: text that sorts and compares bytewise on every engine."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def key() -> TypeEngine[int]:
    """A row number that fits a province."""
    return BigInteger().with_variant(Integer, "sqlite")


def ident() -> Column[int]:
    """The row number of a table."""
    return Column("id", key(), primary_key=True)


def child_ref(nullable: bool = False) -> Column[int]:
    """The child a row is about."""
    return Column("child_id", key(), ForeignKey("child.id"), nullable=nullable)


def case_ref(nullable: bool = False) -> Column[int]:
    """The case a row is about."""
    return Column("case_id", key(), ForeignKey("case_file.id"), nullable=nullable)


def spell() -> tuple[Column[date], Column[date]]:
    """From (included) and to (excluded)."""
    return Column("valid_from", Date, nullable=False), Column("valid_to", Date, nullable=False, default=OPEN_END)


def provenance() -> tuple[Column[datetime], Column[int]]:
    """When the row was known, and by which import (none: typed in, seeded)."""
    return (
        Column("recorded_at", DateTime, nullable=False, default=now),
        Column("batch_id", key(), ForeignKey("import_batch.id"), index=True),
    )


# --- places ---

area = Table(
    "area",
    metadata,
    Column(
        "code", code(), primary_key=True
    ),  # 4 prefecture, 6 county, 9 town, 12 village digits; hamlets keep the village's code + text
    Column("level", code(12), nullable=False),  # prefecture, county, town, village
    Column("parent_code", code()),
    Column("county_code", code(6)),
    Column("name", String(80), nullable=False),
    Column("kind", String(20)),  # 镇, 乡, 街道, 居委会, 村委会, statistical
    Column("is_virtual", Boolean, nullable=False, default=False),
    Column("lon", Float),
    Column("lat", Float),  # WGS-84
    Column("position_source", String(40)),  # synthetic, gps, uploaded ... ; none: no position known
    Column("shape", LargeBinary),
    Column("shape_source", String(40)),  # WKB, WGS-84
    Column("edition", Integer),  # year of the code list
    *spell(),
    *provenance(),
    Index(None, "parent_code"),
    Index(None, "county_code", "level"),
)
area_lineage = Table(
    "area_lineage",
    metadata,
    ident(),  # merges, splits, renamings: old records keep counting in the right place
    Column("old_code", code(), nullable=False, index=True),
    Column("new_code", code(), nullable=False),
    Column("on_date", Date, nullable=False),
    Column("document", String(120)),
    *provenance(),
)
area_alias = Table(
    "area_alias",
    metadata,
    ident(),
    Column("area_code", code(), ForeignKey("area.code"), nullable=False),
    Column("alias", String(80), nullable=False, index=True),
    *provenance(),
)
shape_bundle = Table(
    "shape_bundle",
    metadata,  # what a browser fetches once: packed when areas are loaded
    Column("area_code", code(), primary_key=True),
    Column("level", code(12), primary_key=True),
    Column("etag", code(64), nullable=False, index=True),
    Column("content", LargeBinary, nullable=False),
    Column("codes", Text, nullable=False),  # the codes in the bundle's order, joined by ','
    Column("synthetic", Boolean, nullable=False),
    Column("made_at", DateTime, nullable=False, default=now),
)
school = Table(
    "school",
    metadata,
    Column("code", code(10), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("category", code(2), nullable=False),
    Column("county_code", code(6), nullable=False),
    Column("town_code", code(9), nullable=False),
    Column("village_code", code()),
    Column("parent_code", code(10)),  # 中心校 of a teaching point
    Column("kind", String(20), nullable=False),  # primary, junior, nine_year, special, teaching_point
    Column("lon", Float),
    Column("lat", Float),
    Column("boarding", Boolean),
    *spell(),
    *provenance(),
    Index(None, "county_code"),
    Index(None, "town_code"),
)
school_stage = Table(
    "school_stage",
    metadata,
    Column("school_code", code(10), ForeignKey("school.code"), primary_key=True),
    Column("stage", code(10), primary_key=True),
    Column("first_grade", Integer, nullable=False),
    Column("last_grade", Integer, nullable=False),
)
school_alias = Table(
    "school_alias",
    metadata,
    ident(),
    Column("school_code", code(10), ForeignKey("school.code"), nullable=False),
    Column("alias", String(80), nullable=False, index=True),
    *provenance(),
)
school_lineage = Table(
    "school_lineage",
    metadata,
    ident(),
    Column("old_code", code(10), nullable=False, index=True),
    Column("new_code", code(10), nullable=False),
    Column("on_date", Date, nullable=False),
    Column("document", String(120)),
    *provenance(),
)
school_catchment = Table(
    "school_catchment",
    metadata,  # 学区: which school serves a village
    Column("village_code", code(), primary_key=True),
    Column("stage", code(10), primary_key=True),
    Column("school_code", code(10), ForeignKey("school.code"), nullable=False, index=True),
    Column("source", String(20), nullable=False),  # derived: most of its pupils attend it; declared: by the bureau
    Column("recorded_at", DateTime, nullable=False, default=now),
)
school_class = Table(
    "school_class",
    metadata,
    ident(),  # a class keeps its number and entry year (2024级3班) as it climbs the grades
    Column("school_code", code(10), ForeignKey("school.code"), nullable=False),
    Column("stage", code(10), nullable=False),
    Column("entry_year", Integer, nullable=False),
    Column("class_no", Integer, nullable=False),
    *spell(),
    *provenance(),
    Index(None, "school_code", "stage", "entry_year", "class_no", unique=True),
)
class_baseline = Table(
    "class_baseline",
    metadata,
    ident(),
    Column("class_id", key(), ForeignKey("school_class.id"), nullable=False, index=True),
    Column("school_year", Integer, nullable=False),
    Column("term", Integer, nullable=False),
    Column("kind", String(20), nullable=False),  # term_start, mid_term_takeover, grade_one_intake
    Column("pupils", Integer, nullable=False),
    Column("as_of", Date, nullable=False),
    *provenance(),
)

# --- people ---

child = Table(
    "child",
    metadata,
    ident(),
    Column("county_code", code(6), nullable=False),
    Column("name", String(80), nullable=False),
    Column("sex", code(6)),  # male, female
    Column("birth_date", Date),
    Column("school_age_from", Date),
    Column("school_age_to", Date),
    Column("sixteen_on", Date),  # 16th birthday: the civil left-behind definition ends there
    Column("ethnicity", String(20)),
    Column("id_no", LargeBinary),
    Column("id_mac", LargeBinary),  # AES-GCM and HMAC: data_access.secrets
    Column("registry_no", LargeBinary),
    Column("registry_mac", LargeBinary),
    Column("health", String(40)),
    Column("remark", Text),
    Column("merged_into", key(), ForeignKey("child.id")),
    *provenance(),
    Index(None, "id_mac"),
    Index(None, "registry_mac"),
    Index(None, "name"),
)
guardian = Table(
    "guardian",
    metadata,
    ident(),
    child_ref(),
    Column("name", String(80), nullable=False),
    Column("relation", String(20)),  # father, mother, grandparent ...
    Column("is_carer", Boolean, nullable=False, default=False),
    Column("phone", LargeBinary),
    Column("phone_mac", LargeBinary),
    Column("away_place", String(120)),
    Column("able", Boolean),
    *spell(),
    *provenance(),
    Index(None, "child_id"),
)
residence_spell = Table(
    "residence_spell",
    metadata,
    ident(),
    child_ref(),
    Column("home_code", code()),  # where the child lives; none: unlocated, or outside the county
    Column("home_text", String(120)),  # the place as the ledger wrote it
    Column("outside", Boolean, nullable=False, default=False),  # lives outside the county: counted at the registered area
    Column("registered_code", code()),
    Column("address", LargeBinary),
    *spell(),
    *provenance(),
    Index(None, "child_id"),
)
group_spell = Table(
    "group_spell",
    metadata,
    ident(),
    child_ref(),
    Column("group_name", code(30), nullable=False),  # domain.groups.Group
    Column("detail", String(60)),  # one_parent, two_parents, 智力 二级 ...
    Column("cause", String(60)),
    Column("checked_on", Date),  # R065: last quarterly check
    *spell(),
    *provenance(),
    Index(None, "child_id"),
    Index(None, "group_name", "valid_to"),
)
enrolment_spell = Table(
    "enrolment_spell",
    metadata,
    ident(),
    child_ref(),
    Column("school_code", code(10), ForeignKey("school.code"), nullable=False),
    Column("stage", code(10), nullable=False),
    Column("entry_year", Integer, nullable=False),  # school year in which this child's year group was in the stage's first grade
    Column(
        "graduates_on", Date, nullable=False
    ),  # 1 September after the stage's last grade: a spell counts until min(valid_to, graduates_on)
    Column("class_no", Integer),
    Column("boarding", Boolean),
    Column("mode", String(20)),  # ordinary, home_teaching, inclusive
    Column("assessed", Boolean, nullable=False, default=True),  # R081: excluded from assessment by agreement, kept in enrolment
    *spell(),
    *provenance(),
    Index(None, "child_id"),
    Index(None, "school_code", "stage", "valid_from"),
)
movement_event = Table(
    "movement_event",
    metadata,
    ident(),
    child_ref(),
    Column("kind", code(30), nullable=False),  # domain.movements.Movement
    Column("on_date", Date, nullable=False),
    Column("ends_on", Date),  # a suspension's or hosted study's end
    Column("from_school", code(10)),
    Column("to_school", code(10)),
    Column("to_text", String(120)),
    Column("stage", code(10)),
    Column("reason", String(40)),
    Column("approved_on", Date),
    Column("approval_no", String(60)),
    Column("progress", String(20)),
    Column("matched_on", Date),
    *provenance(),
    Index(None, "child_id"),
    Index(None, "from_school", "on_date"),
    Index(None, "kind", "on_date"),
)
paper = Table(
    "paper",
    metadata,
    ident(),
    child_ref(),  # the evidence behind a movement, case or group: never the file itself
    Column("movement_id", key(), ForeignKey("movement_event.id"), index=True),
    case_ref(nullable=True),
    Column(
        "kind", code(40), nullable=False
    ),  # application, village_certificate, host_acceptance, transfer_certificate, medical ...
    Column("dated_on", Date),
    Column("valid_to", Date),
    Column("holder", String(80)),
    Column("note", Text),
    *provenance(),
    Index(None, "child_id"),
)
exam_sitting = Table(
    "exam_sitting",
    metadata,
    ident(),  # R158, R201: who is registered for the exam at the end of grade 9, and who sat it
    child_ref(),
    Column("school_code", code(10), nullable=False),
    Column("school_year", Integer, nullable=False),  # the year at whose end the exam is held
    Column("on_date", Date, nullable=False),
    Column("sat", Boolean),  # none: not yet known
    *provenance(),
    Index(None, "child_id", "school_year", unique=True),
    Index(None, "school_code", "school_year"),
)
placement = Table(
    "placement",
    metadata,
    ident(),
    child_ref(),
    Column("kind", code(30), nullable=False),
    Column("school_code", code(10)),
    Column("plan", Boolean),
    Column("disability", String(20)),
    Column("disability_level", Integer),
    Column("card", LargeBinary),
    Column("teacher", String(80)),
    Column("per_month", Integer),
    Column("approval_no", String(60)),
    *spell(),
    *provenance(),
    Index(None, "child_id"),
)
aid = Table(
    "aid",
    metadata,
    ident(),
    child_ref(),
    Column("kind", code(30), nullable=False),
    Column("granted_on", Date),
    Column("amount_cents", Integer),
    *spell(),
    *provenance(),
    Index(None, "child_id"),
)

# --- duty holders ---

person = Table(
    "person",
    metadata,
    ident(),  # teachers, cadres, officials: adults on duty, never masked
    Column("county_code", code(6), nullable=False),
    Column("name", String(80), nullable=False),
    Column("role", code(30), nullable=False),  # domain.visits.DutyRole
    Column("area_code", code()),
    Column("school_code", code(10)),
    Column("phone", LargeBinary),
    *spell(),
    *provenance(),
    Index(None, "area_code"),
    Index(None, "school_code"),
    Index(None, "name"),
)
responsibility = Table(
    "responsibility",
    metadata,
    ident(),  # 双线四包: who answers for a class, school, village or town
    Column("person_id", key(), ForeignKey("person.id"), nullable=False, index=True),
    Column("line", code(12), nullable=False),  # school, government
    Column("role", code(30), nullable=False),
    Column("class_id", key(), ForeignKey("school_class.id"), index=True),
    Column("school_code", code(10), index=True),
    Column("stage", code(10)),  # with entry_year: of one grade of the school (R214)
    Column("entry_year", Integer),
    Column("area_code", code(), index=True),
    Column("letter_signed_on", Date),
    *spell(),
    *provenance(),
)
assignment = Table(
    "assignment",
    metadata,
    ident(),
    case_ref(),  # who owns a case on a line; newer rows close older ones
    Column("line", code(12), nullable=False),
    Column("person_id", key(), ForeignKey("person.id"), nullable=False),
    Column("role", code(30), nullable=False),
    Column("reason", Text),
    Column("assigned_by", String(60)),
    *spell(),
    *provenance(),
    Index(None, "case_id", "line"),
    Index(None, "person_id"),
)
pairing = Table(
    "pairing",
    metadata,
    ident(),
    child_ref(),  # R182, R217, R224
    Column("person_id", key(), ForeignKey("person.id"), nullable=False, index=True),
    Column("kind", code(20), nullable=False),  # one_to_one, one_to_many, helper_after_return
    Column("content", Text),
    *spell(),
    *provenance(),
    Index(None, "child_id"),
)

# --- attendance and reports ---

unit_report = Table(
    "unit_report",
    metadata,
    ident(),  # daily, weekly, monthly returns; a zero report is a row of zeros
    Column("unit_code", code(), nullable=False),
    Column("duty", code(40), nullable=False),
    Column("period_from", Date, nullable=False),
    Column("period_to", Date, nullable=False),
    Column("submitted_at", DateTime),
    Column("submitted_by", String(80)),
    *(
        Column(name, Integer)
        for name in (
            "expected",
            "present",
            "sick",
            "on_leave",
            "truant",
            "moved_in",
            "moved_out",
            "suspended",
            "resumed",
            "suspected",
            "dropped",
            "dropped_poor",
            "dropped_disabled",
            "dropped_left_behind",
            "persuaded",
            "returned",
        )
    ),
    Column("rate_as_written", String(20)),
    *provenance(),
    Index(None, "unit_code", "duty", "period_from", unique=True),
)
absence_day = Table(
    "absence_day",
    metadata,
    ident(),
    child_ref(),
    Column("on_date", Date, nullable=False),
    Column("state", code(12), nullable=False),  # sick, leave, truant, unknown
    Column("noticed_at", DateTime),
    Column("contacted_at", DateTime),
    Column("verified_reason", String(60)),
    Column("verified_on", Date),
    Column("reported_by", String(20)),  # class_teacher, parent
    Column("called_at", DateTime),  # the call on the evening of a leave
    *provenance(),
    Index(None, "child_id", "on_date", unique=True),
    Index(None, "on_date", "state"),
)

# --- cases ---

case_file = Table(
    "case_file",
    metadata,
    ident(),
    child_ref(),
    Column("case_no", String(40)),
    Column("opened_on", Date, nullable=False),
    Column("first_absent_on", Date),
    Column("school_code", code(10)),
    Column("stage", code(10)),
    Column("reason", code(4)),
    Column("whereabouts", String(120)),
    Column("family", Text),
    Column("measures", Text),
    Column("branch", code(30)),  # unreachable, studying_elsewhere
    Column("missing_paper", code(40)),
    Column("movement_id", key(), ForeignKey("movement_event.id")),
    Column("relapse_of", key(), ForeignKey("case_file.id")),
    Column("relapse_count", Integer, nullable=False, default=0),
    Column("closed_on", Date),
    Column("outcome", code(30)),
    *provenance(),
    Index(None, "child_id"),
    Index(None, "closed_on"),
)
case_event = Table(
    "case_event",
    metadata,
    ident(),
    case_ref(),
    Column("on_date", Date, nullable=False),
    Column("kind", code(30), nullable=False),  # a status, or a domain.case_events.CaseEvent
    Column("actor", String(80)),
    Column("actor_role", code(20)),  # with which role and for which school or area: a second person must differ in one
    Column("actor_unit", code()),
    Column("outcome", code(30)),  # of a proposed closing
    Column("confirmed_by", String(80)),
    Column("evidence", Text),
    Column("note", Text),
    Column("corrects", key(), ForeignKey("case_event.id")),
    *provenance(),
    Index(None, "case_id", "on_date"),
    Index(None, "corrects"),
)
home_visit = Table(
    "home_visit",
    metadata,
    ident(),
    child_ref(),
    case_ref(nullable=True),
    Column("visited_on", Date, nullable=False),
    Column("visited_at", String(5)),  # HH:MM where known
    Column("mode", code(12), nullable=False),  # doorstep, phone, online, at_school
    Column("rung", Integer),
    Column("visitors", String(200), nullable=False),
    Column("peers", Integer),  # how many pupils and friends helped; they are not named (R221)
    Column("roles", String(200)),  # as what they came, joined by ','; those of visit_person beside it
    Column("met", String(80)),
    Column("place", LargeBinary),
    Column("purpose", String(120)),
    Column("content", Text),
    Column("family", Text),
    Column("parent_view", Text),
    Column("result", String(40)),
    Column("next_step", Text),
    Column("signed", Boolean),
    Column("corrects", key(), ForeignKey("home_visit.id")),
    Column("submission", code(40), unique=True),
    *provenance(),
    Index(None, "child_id", "visited_on"),
    Index(None, "case_id", "visited_on"),
    Index(None, "visited_on"),
    Index(None, "corrects"),
)
visit_person = Table(
    "visit_person",
    metadata,
    Column("visit_id", key(), ForeignKey("home_visit.id"), primary_key=True),
    Column("person_id", key(), ForeignKey("person.id"), primary_key=True, index=True),
    Column("role", code(30)),
)
employment = Table(
    "employment",
    metadata,
    ident(),  # who employs a child that ought to be at school (R108, R157); a later entry stands in for the one it corrects
    case_ref(),
    Column("found_on", Date, nullable=False),
    Column("name", String(120), nullable=False),
    Column("place", String(120)),
    Column("referred_on", Date),  # to the labour office
    Column("reference", String(60)),
    Column("recorded_by", String(60)),
    Column("corrects", key(), ForeignKey("employment.id")),
    *provenance(),
    Index(None, "case_id"),
    Index(None, "corrects"),
)
persuasion = Table(
    "persuasion",
    metadata,
    ident(),
    case_ref(),
    Column("nth", Integer, nullable=False),
    Column("on_date", Date, nullable=False),
    Column("kind", code(20)),
    Column("people", String(200), nullable=False),
    Column("peers", Integer),  # as in home_visit
    Column("people_role", String(60)),
    Column("place", LargeBinary),
    Column("content", Text),
    Column("result", String(40)),
    Column("next_step", Text),
    Column("signed_by", String(60)),
    Column("corrects", key(), ForeignKey("persuasion.id")),
    Column("submission", code(40), unique=True),
    *provenance(),
    Index(None, "case_id", "nth"),
)
notice = Table(
    "notice",
    metadata,
    ident(),
    case_ref(nullable=True),
    Column("kind", code(30), nullable=False),
    Column("number", String(60), nullable=False),
    Column("month", code(7)),
    Column("issued_on", Date, nullable=False),
    Column("delivered_on", Date),
    Column("issuer", String(80)),
    Column("unit_code", code()),
    Column("owner", String(80)),
    Column("matter", Text),
    Column("requirement", Text),
    Column("due_on", Date),
    Column("reply", Text),
    Column("replied_on", Date),
    Column("checked", String(20)),
    Column("checked_by", String(80)),
    Column("closed_on", Date),
    Column("issuer_code", code()),  # the unit that numbers it; with year and serial none: numbered by somebody else
    Column("year", Integer),
    Column("serial", Integer),
    *provenance(),
    Index(None, "case_id", "kind", "month", unique=True),
    Index(None, "issuer_code", "kind", "year", "serial", unique=True),
    Index(None, "unit_code"),
    Index(None, "month"),
)
notice_event = Table(
    "notice_event",
    metadata,
    ident(),  # what became of a notice, step by step; the notice itself shows how it stands
    Column("notice_id", key(), ForeignKey("notice.id"), nullable=False, index=True),
    case_ref(nullable=True),
    Column("on_date", Date, nullable=False),
    Column("kind", code(12), nullable=False),  # domain.notices.NoticeStep
    Column("actor", String(80), nullable=False),
    Column("actor_role", code(20), nullable=False),
    Column("note", Text),
    *provenance(),
)
document = Table(
    "document",
    metadata,
    ident(),
    child_ref(nullable=True),
    case_ref(nullable=True),
    Column("kind", code(40), nullable=False),
    Column("number", String(60)),
    Column("unit_code", code()),
    Column("issued_on", Date),
    Column("delivered_on", Date),
    Column("signed_on", Date),
    Column("sha256", code(64)),
    Column("year", Integer),  # with serial: the number was given here, the next of this unit, kind and year
    Column("serial", Integer),
    *provenance(),
    Index(None, "child_id"),
    Index(None, "case_id"),
    Index(None, "unit_code", "kind", "year", "serial", unique=True),
)
visit_campaign = Table(
    "visit_campaign",
    metadata,
    ident(),  # R135: days in which everybody of a group is to be visited
    Column("county_code", code(6), nullable=False, index=True),
    Column("name", String(80), nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date, nullable=False),
    Column("group_name", code(30), nullable=False),  # domain.coverage.TargetGroup
    Column("set_by", String(60)),
    *provenance(),
)
follow_up = Table(
    "follow_up",
    metadata,
    ident(),
    case_ref(),
    Column("on_date", Date, nullable=False),
    Column("dimension", code(12), nullable=False),  # study, life, mind
    Column("helper", String(80)),
    Column("assessment", String(40)),
    Column("note", Text),
    Column("plan", Text),  # for catching up, beside the follow-up on study (R077)
    Column("next_due_on", Date),
    Column("corrects", key(), ForeignKey("follow_up.id")),
    *provenance(),
    Index(None, "case_id", "on_date"),
    Index(None, "corrects"),
)
verification = Table(
    "verification",
    metadata,
    ident(),  # what was found out about an entry of a work queue (R039); a later one of the same entry replaces it
    child_ref(),
    Column("queue", code(30), nullable=False),  # domain.queues.Queue
    Column("since", Date, nullable=False),  # with child and queue: which entry; since when the child stands there
    Column("on_date", Date, nullable=False),
    Column("outcome", code(30), nullable=False),
    Column("note", Text),
    Column("actor", String(80)),
    *provenance(),
    Index(None, "queue", "child_id"),
    Index(None, "child_id"),
)

# --- ledgers ---

ledger_line = Table(
    "ledger_line",
    metadata,
    ident(),  # what a ledger's row says beyond the tables: sealed whole, so that an export gives back what came in
    Column("county_code", code(6), nullable=False),
    Column("ledger", code(4), nullable=False),
    Column("line_key", code(120), nullable=False),  # which row of the ledger: child number, date, unit ...
    child_ref(nullable=True),
    Column("unit_code", code()),
    Column("content", LargeBinary, nullable=False),  # sealed JSON: field -> text as written
    Column("content_mac", LargeBinary, nullable=False),
    Column("seen_on", Date, nullable=False),
    *provenance(),
    Index(None, "ledger", "county_code", "line_key", unique=True),
    Index(None, "child_id"),
)
survey_entry = Table(
    "survey_entry",
    metadata,
    ident(),  # L17: what a household survey found, the base of the three comparisons
    child_ref(),
    Column("surveyed_on", Date, nullable=False),
    Column("stage", code(12), nullable=False),  # kindergarten, primary, junior, senior
    Column("schooling", code(20), nullable=False),  # domain.ledger_words.SurveyState
    Column("place", code(20)),  # county, province, other_province, abroad
    Column("reason", code(4)),
    Column("surveyor", String(80)),
    *provenance(),
    Index(None, "child_id", "surveyed_on", unique=True),
)
inspection_item = Table(
    "inspection_item",
    metadata,
    ident(),  # L12: one thing looked at in an inspection
    Column("county_code", code(6), nullable=False),
    Column("unit_code", code()),
    Column("inspected_on", Date, nullable=False),
    Column("item", String(200), nullable=False),
    Column("ways", String(80)),
    Column("sample", String(120)),
    *(Column(name, Integer) for name in ("registered", "present", "on_leave", "absent_unexplained")),
    Column("score", String(20)),
    Column("problem", Text),
    Column("suggestion", Text),
    Column("due_on", Date),
    Column("inspector", String(80), nullable=False),
    Column("unit_signed", Boolean),
    *provenance(),
    Index(None, "unit_code", "inspected_on"),
)
unit_record = Table(
    "unit_record",
    metadata,
    ident(),  # what was done about a unit (domain.unit_records): meetings, circulars, acceptances, plans, talks, sanctions
    Column("county_code", code(6), nullable=False),
    Column("unit_code", code(), nullable=False),
    Column("kind", code(20), nullable=False),
    Column("on_date", Date, nullable=False),
    Column("number", String(60)),
    Column("sent_to", String(200)),
    Column("result", String(200)),
    Column("note", Text),
    Column("recorded_by", String(60), nullable=False),
    Column("corrects", key(), ForeignKey("unit_record.id")),
    *provenance(),
    Index(None, "unit_code", "on_date"),
    Index(None, "corrects"),
)
village_return = Table(
    "village_return",
    metadata,
    ident(),  # L15: a village's or hamlet's own count of children who should learn and do
    Column("county_code", code(6), nullable=False),
    Column("area_code", code()),
    Column("hamlet", String(80), nullable=False),
    Column("as_of", Date, nullable=False),
    *(Column(name, Integer) for name in ("should_learn", "learning", "aided", "not_learning", "lost_by_poverty")),
    Column("rate_as_written", String(20)),
    *provenance(),
    Index(None, "county_code", "hamlet", "as_of", unique=True),
    Index(None, "area_code"),
)
retention_return = Table(
    "retention_return",
    metadata,
    ident(),  # L16: a school's own arithmetic of the retention of one graduating cohort
    Column("school_code", code(10), ForeignKey("school.code"), nullable=False),
    Column("cohort", Integer, nullable=False),  # the year of graduation
    *(Column(name, Integer) for name in ("entered", "moved_in", "hosted", "other_in", "sum_in")),
    *(Column(name, Integer) for name in ("moved_out", "suspended", "other_out", "sum_out", "net", "graduated")),
    Column("rate_as_written", String(20)),
    *provenance(),
    Index(None, "school_code", "cohort", unique=True),
)

# --- rules and rounds ---

target = Table(
    "target",
    metadata,
    ident(),
    Column("level", code(12), nullable=False),
    Column("unit_code", code(), nullable=False),  # unit of the level that set it
    Column("stage", code(10)),
    Column("school_year", Integer, nullable=False),
    Column("indicator", code(40), nullable=False),
    Column("comparison", code(2), nullable=False),  # <= < >= >
    Column("value_num", Integer, nullable=False),
    Column("value_den", Integer, nullable=False),
    Column("document", String(160), nullable=False),
    Column("set_by", String(60)),
    *spell(),
    *provenance(),
    CheckConstraint("value_den > 0", name="value_den_positive"),
    Index(None, "unit_code", "school_year"),
)
setting = Table(
    "setting",
    metadata,
    ident(),
    Column("county_code", code(6), nullable=False),
    Column("name", code(60), nullable=False),  # domain.bureau_settings; calendar.* keeps what terms and days off were set
    Column("value", Text, nullable=False),
    Column("document", String(160)),  # the paper or the reason behind it
    Column("set_by", String(60)),
    *spell(),
    *provenance(),
    Index(None, "county_code", "name", "valid_from"),
)
term = Table(
    "term",
    metadata,
    Column("county_code", code(6), primary_key=True),
    Column("school_year", Integer, primary_key=True),
    Column("term", Integer, primary_key=True),
    Column("starts", Date, nullable=False),
    Column("ends", Date, nullable=False),
)
calendar_day = Table(
    "calendar_day",
    metadata,
    Column("county_code", code(6), primary_key=True),
    Column("on_date", Date, primary_key=True),
    Column("kind", code(10), nullable=False),
)
supervision_round = Table(
    "supervision_round",
    metadata,
    Column("code", code(20), primary_key=True),  # 2026-09, 2026-03: the month the round begins
    Column("county_code", code(6), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("school_year", Integer, nullable=False),
    Column("term", Integer),
    *provenance(),
)

# --- derived, kept current by data_access.derive ---

child_place = Table(
    "child_place",
    metadata,  # where a child counts on a day: residence x enrolment, flattened
    Column("child_id", key(), ForeignKey("child.id"), primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date, nullable=False),
    Column("county_code", code(6), nullable=False),
    Column("home_code", code()),
    Column("registered_code", code()),  # home: residence, or registered when living outside
    Column("school_code", code(10)),
    Column("stage", code(10)),
    Column("entry_year", Integer),
    Column("class_no", Integer),
    Index(None, "county_code"),
    Index(None, "home_code", "valid_to"),
    Index(None, "registered_code", "valid_to"),
    Index(None, "school_code", "stage", "valid_to"),
    Index(None, "entry_year", "valid_to"),
)
child_scope = Table(
    "child_scope",
    metadata,  # from where a child is seen, once for each: what the walls of PostgreSQL lean on
    Column("child_id", key(), ForeignKey("child.id"), primary_key=True),
    Column("code", code(13), primary_key=True),  # its county, each home and registered area, SCHOOL_SIGN and each school
    Column("has_case", Boolean, nullable=False),  # of the child
    Index(None, "code", "child_id"),
    Index("ix_child_scope_with_case", "code", "child_id", postgresql_where=text("has_case"), sqlite_where=text("has_case")),
)
case_interval = Table(
    "case_interval",
    metadata,  # what a case is on a day, also on days to come: status, rung, next step, due, owners
    Column("case_id", key(), ForeignKey("case_file.id"), primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date, nullable=False),
    child_ref(),
    Column("county_code", code(6), nullable=False),
    Column("status", code(12), nullable=False),
    Column("rung", Integer),
    Column("next_step", code(40)),
    Column("due_on", Date),
    Column("overdue_from", Date),  # the day after due_on: overdue on D when overdue_from <= D
    Column("reason", code(4)),
    Column("home_code", code()),
    Column("registered_code", code()),
    Column("school_code", code(10)),
    Column("stage", code(10)),
    Column("entry_year", Integer),
    Column("school_owner_id", key()),
    Column("school_owner_role", code(30)),  # as what; above the role asked for where nobody holds it
    Column("school_owner_state", code(12)),  # domain.assignment.OwnerState; none: the case is closed
    Column("school_gone_id", key()),  # who was responsible and has left
    Column("government_owner_id", key()),
    Column("government_owner_role", code(30)),
    Column("government_owner_state", code(12)),
    Column("government_gone_id", key()),
    Column("visits_done", Integer, nullable=False, default=0),
    Column("visits_missed", Integer, nullable=False, default=0, server_default="0"),  # rungs that went by without their visit
    Index(  # holds what lists are chosen, counted and sorted by, so that only the rows of a page are looked up
        "ix_case_interval_list",
        *("valid_to", "valid_from", "status", "county_code", "overdue_from", "home_code", "registered_code", "school_code"),
        *("stage", "rung", "reason", "school_owner_id", "government_owner_id", "case_id", "child_id"),
    ),
    Index(None, "child_id"),
    Index(None, "home_code", "valid_to", "valid_from"),
    Index("ix_case_interval_step", "next_step", "home_code", "valid_to", "valid_from", "due_on"),  # who comes along to a step
    Index(None, "registered_code", "valid_to"),
    Index(None, "school_code", "valid_to"),
    Index(None, "school_owner_id", "valid_to", "valid_from"),
    Index(None, "government_owner_id", "valid_to", "valid_from"),
)
loss_spell = Table(
    "loss_spell",
    metadata,
    ident(),
    child_ref(),  # a child out of school: from the day lost to the day back
    Column("school_code", code(10), nullable=False),
    Column("stage", code(10), nullable=False),
    Column("school_year", Integer, nullable=False),  # the year in which it was lost
    Column("kind", code(30), nullable=False),  # domain.rate_families.LossCounts fields
    case_ref(nullable=True),
    Column("movement_id", key()),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("back_until", Date),  # set where the end was a return to school: it counts as returned in [valid_to, back_until)
    Index(None, "school_code", "stage", "school_year"),
    Index(None, "child_id"),
    Index(None, "case_id"),
)
COUNTS = ("children", "at_risk", "left_behind", "left_behind_civil", "overdue")
SUMMED = (*COUNTS, "left_behind_both", "checked_fresh", "checked_ever", "unpaired", "visited", "visit_owed", "pupils")
LOSSES = (
    "dropped_out",
    "unproven_transfer",
    "hosted_missing_papers",
    "suspended_unapproved",
    "suspended_approved",
    "transfer_out_proven",
    "transfer_in",
    "death",
    "abroad",
    "expelled",
    "other_loss",
    "returned",
    "transition_loss",
    "resumed",
)
COHORT = ("entrants", "kept", "moved_in", "moved_out")
CARE = ("education", "civil", "fresh", "checked", "paired")
care_interval = Table(
    "care_interval",
    metadata,  # how a left-behind child stands on a day, also on days to come, and where: data_access.derive_care
    Column("child_id", key(), ForeignKey("child.id"), primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date, nullable=False),
    Column("county_code", code(6), nullable=False),
    Column("home_code", code()),
    Column("registered_code", code()),
    Column("school_code", code(10)),
    Column("stage", code(10)),
    Column("entry_year", Integer),
    Column("class_no", Integer),
    *(Column(name, Boolean, nullable=False) for name in CARE),
    Index(None, "home_code", "valid_to"),
    Index(None, "registered_code", "valid_to"),
    Index(None, "school_code", "valid_to"),
    Index(  # holds what lists and loads are chosen and sorted by
        "ix_care_interval_list",
        *("valid_to", "valid_from", "county_code", "home_code", "registered_code", "school_code", "stage"),
        *("entry_year", "class_no", "child_id", *CARE),
    ),
)
village_count = Table(
    "village_count",
    metadata,
    ident(),  # step functions over time for each village x registered village x school x stage
    Column("county_code", code(6), nullable=False),
    Column("home_code", code()),
    Column("registered_code", code()),
    Column("school_code", code(10)),
    Column("stage", code(10)),
    Column("school_year", Integer, nullable=False),  # steps are cut at each 1 September: a day's rows are found in its year
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    *(Column(name, Integer, nullable=False) for name in SUMMED),
    Index(
        "ix_village_count_year",  # a map of the whole area is answered from this index alone, in the order it is summed in
        "school_year",
        "home_code",
        "valid_from",
        "valid_to",
        "county_code",
        "registered_code",
        "school_code",
        "stage",
        *SUMMED,
    ),
    Index(None, "home_code"),
    Index(None, "registered_code"),
    Index(None, "school_code"),
)
school_count = Table(
    "school_count",
    metadata,  # step functions over time for each school x stage x school year
    Column("school_code", code(10), ForeignKey("school.code"), primary_key=True),
    Column("stage", code(10), primary_key=True),
    Column("school_year", Integer, primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date, nullable=False),
    Column("start_count", Integer, nullable=False),
    *(Column(name, Integer, nullable=False, default=0) for name in LOSSES),
    Column("poor_lost", Integer, nullable=False, default=0),  # R003
    Index(  # the table of schools is answered from this index alone
        "ix_school_count_list",
        *("school_year", "valid_to", "valid_from", "school_code", "stage", "start_count", *LOSSES, "poor_lost"),
    ),
)
cohort_count = Table(
    "cohort_count",
    metadata,  # step functions over time for each year group of a school's stage: what retention is made of
    Column("school_code", code(10), ForeignKey("school.code"), primary_key=True),
    Column("stage", code(10), primary_key=True),
    Column("entry_year", Integer, primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date, nullable=False),
    *(Column(name, Integer, nullable=False, default=0) for name in COHORT),
    Column("sitters", Integer),  # none: no exam list of this year group
    Index("ix_cohort_count_list", "entry_year", "stage", "valid_to", "valid_from", "school_code", *COHORT, "sitters"),
)
REGISTER = ("change", "intake", "graduated", "moved_in", "moved_out")
register_change = Table(
    "register_change",
    metadata,  # what happens on a day to the register of a school's stage: headcounts are sums of these
    Column("school_code", code(10), primary_key=True),
    Column("stage", code(10), primary_key=True),
    Column("on_date", Date, primary_key=True),
    *(Column(name, Integer, nullable=False) for name in REGISTER),
)

# --- contradictions (数据打架), written by data_access.checking ---

contradiction = Table(
    "contradiction",
    metadata,
    ident(),  # a span of time in which two records disagreed: found again after it was mended, it is a new row
    Column("rule", code(40), nullable=False),  # domain.check_list.RULES
    Column("left_key", code(60), nullable=False),  # table:id of either side, empty for none
    Column("right_key", code(60), nullable=False),
    Column("left_what", code(40), nullable=False),
    Column("left_value", String(80), nullable=False),  # codes, counts and days: never a name or a number of a person
    Column("right_what", code(40), nullable=False),
    Column("right_value", String(80), nullable=False),
    child_ref(nullable=True),
    Column("other_child_id", key(), ForeignKey("child.id")),
    Column("county_code", code(6), nullable=False),  # where the child, or the unit, stood when last looked at
    Column("home_code", code()),
    Column("registered_code", code()),
    Column("school_code", code(10)),
    Column("stage", code(10)),
    Column("entry_year", Integer),
    Column("first_seen", Date, nullable=False),
    Column("last_seen", Date, nullable=False),
    Column("mended_on", Date),
    Column("status", code(12), nullable=False),  # open, explained, mended
    Column("outcome", code(30)),
    Column("reason", Text),
    Column("explained_by", String(60)),
    Column("explained_on", Date),
    Index(None, "rule", "left_key"),
    Index(None, "child_id"),
    Index(None, "other_child_id"),
    Index(None, "school_code", "status"),
    Index(None, "status", "county_code"),
)
exam_entry = Table(
    "exam_entry",
    metadata,
    ident(),  # who was entered for the examination at the end of grade 9 (R201); none matched: child_id is empty
    child_ref(nullable=True),
    Column("county_code", code(6), nullable=False),
    Column("school_year", Integer, nullable=False),
    Column("listed_on", Date, nullable=False),
    Column("school_code", code(10)),
    Column("name", String(80), nullable=False),
    Column("id_mac", LargeBinary),
    *provenance(),
    Index(None, "county_code", "school_year"),
    Index(None, "child_id"),
)

# --- the machinery ---

submission = Table(
    "submission",
    metadata,  # what was sent once and is not done twice: the token a form was drawn with
    Column("token", code(40), primary_key=True),
    Column("act", code(40), nullable=False),
    Column("record_id", key(), nullable=False),
    Column("user", String(60), nullable=False),
    Column("at", DateTime, nullable=False, default=now),
)
saved_view = Table(
    "saved_view",
    metadata,
    ident(),  # a filter and order that a user keeps under a name; names stay here and never stand in an address
    Column("user", String(60), nullable=False),
    Column("page", code(20), nullable=False),
    Column("name", String(40), nullable=False),
    Column("query", Text, nullable=False),
    Column("saved_at", DateTime, nullable=False, default=now),
    Index(None, "user", "page", "name", unique=True),
)

import_batch = Table(
    "import_batch",
    metadata,
    ident(),
    Column("county_code", code(6), nullable=False),
    Column("ledger", code(4), nullable=False),
    Column("file_name", String(200), nullable=False),
    Column("sha256", code(64), nullable=False),
    Column("started_at", DateTime, nullable=False, default=now),
    Column("imported_by", String(60), nullable=False),
    Column("unit_code", code()),
    Column("as_of", Date, nullable=False),
    Column("rows_read", Integer, nullable=False),
    Column("rows_accepted", Integer, nullable=False),
    Column("rows_refused", Integer, nullable=False),
    Column("undone_at", DateTime),
    Column("undone_by", String(60)),
    Index(None, "sha256"),
)
import_row = Table(
    "import_row",
    metadata,
    ident(),  # provenance of every row: which sheet and line became which record
    Column("batch_id", key(), ForeignKey("import_batch.id"), nullable=False, index=True),
    Column("sheet", String(80), nullable=False),
    Column("row_no", Integer, nullable=False),
    Column("table_name", code(40)),
    Column("record_id", key()),
    Column("action", code(12), nullable=False),  # new, changed, unchanged, refused
)
import_problem = Table(
    "import_problem",
    metadata,
    ident(),
    Column("batch_id", key(), ForeignKey("import_batch.id"), nullable=False, index=True),
    Column("sheet", String(80)),
    Column("cell", String(12)),
    Column("column_name", String(60)),
    Column("value_masked", String(80)),
    Column("code", code(60), nullable=False),
)
import_change = Table(
    "import_change",
    metadata,
    ident(),  # what a batch changed in rows it did not make itself: provenance of the value, and the way back
    Column("batch_id", key(), ForeignKey("import_batch.id"), nullable=False, index=True),
    Column("table_name", code(40), nullable=False),
    Column("record_id", key(), nullable=False),
    Column("before", LargeBinary, nullable=False),  # sealed JSON: column -> value
    Column("after", LargeBinary, nullable=False),
    Index(None, "table_name", "record_id"),
)
column_choice = Table(
    "column_choice",
    metadata,
    ident(),  # what a unit's own header means, decided once by a person
    Column("unit_code", code(), nullable=False),  # school, town or county
    Column("ledger", code(4), nullable=False),
    Column("header_key", code(120), nullable=False),
    Column("field", code(40), nullable=False),  # "" : this column is none of the ledger's
    Column("decided_by", String(60), nullable=False),
    Column("decided_at", DateTime, nullable=False, default=now),
    Index(None, "unit_code", "ledger", "header_key", unique=True),
)
match_review = Table(
    "match_review",
    metadata,
    ident(),  # a row that may be a known child: a person decides
    Column("county_code", code(6), nullable=False),
    Column("kind", code(20), nullable=False),  # same_name, other_name, two_children, two_schools
    Column("row_mac", LargeBinary, nullable=False),
    Column("child_id", key(), ForeignKey("child.id"), nullable=False),
    Column("other_id", key(), ForeignKey("child.id")),
    Column("school_code", code(10)),
    Column("ledger", code(4), nullable=False),
    Column("file_name", String(200)),
    Column("sheet", String(80)),
    Column("row_no", Integer),
    Column("content", LargeBinary, nullable=False),  # sealed JSON: how the row names the child
    Column("found_at", DateTime, nullable=False, default=now),
    Column("decided", code(12)),  # same, other
    Column("decided_by", String(60)),
    Column("decided_at", DateTime),
    Index(None, "county_code", "kind", "row_mac", "child_id", unique=True),
)
child_merge = Table(
    "child_merge",
    metadata,
    ident(),  # two records found to be one child; `moved` is the way back
    Column("county_code", code(6), nullable=False),
    Column("kept_id", key(), ForeignKey("child.id"), nullable=False),
    Column("gone_id", key(), ForeignKey("child.id"), nullable=False),
    Column("moved", Text, nullable=False),  # JSON: table -> record numbers; "child" -> the columns filled in
    Column("merged_by", String(60), nullable=False),
    Column("merged_at", DateTime, nullable=False, default=now),
    Column("undone_by", String(60)),
    Column("undone_at", DateTime),
    Index(None, "kept_id"),
    Index(None, "gone_id"),
)
data_version = Table(
    "data_version",
    metadata,
    Column("county_code", code(6), primary_key=True),
    Column("version", key(), nullable=False, default=0),
)
app_state = Table(
    "app_state",
    metadata,
    Column("name", code(40), primary_key=True),
    Column("value", Text, nullable=False),  # demo date, demo flag, key check
)
user_account = Table(
    "user_account",
    metadata,
    ident(),
    Column("name", String(60), nullable=False, unique=True),
    Column("shown_name", String(60)),
    Column("password_hash", String(200)),
    Column("role", code(20), nullable=False),
    Column("areas", Text, nullable=False, default=""),
    Column("schools", Text, nullable=False, default=""),
    Column("until", Date),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("totp_secret", LargeBinary),
    Column("totp_step", BigInteger),  # the last time step whose code was used
    Column("password_set_at", DateTime),
    Column("must_change", Boolean, nullable=False, default=False),
    Column("created_at", DateTime, nullable=False, default=now),
)
sign_in_attempt = Table(
    "sign_in_attempt",
    metadata,
    ident(),
    Column("name_mac", LargeBinary, nullable=False, index=True),
    Column("at", DateTime, nullable=False),
    Column("ok", Boolean, nullable=False),
)
user_session = Table(
    "user_session",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("user_id", key(), ForeignKey("user_account.id"), nullable=False, index=True),
    Column("started_at", DateTime, nullable=False),
    Column("seen_at", DateTime, nullable=False),
    Column("ends_at", DateTime, nullable=False),
    Column("ended_at", DateTime),
    Column("client", String(120)),
)
audit_event = Table(
    "audit_event",
    metadata,
    ident(),  # append-only; on SQLite in a file of its own
    Column("at", DateTime, nullable=False, default=now, index=True),
    Column("user", String(60), nullable=False),
    Column("role", code(20), nullable=False),
    Column("act", code(40), nullable=False),
    Column("county_code", code(6)),
    Column("filter", Text),
    Column("row_count", Integer),
    Column("row_ids", Text),
    Column("reason", Text),
    Column("file_hash", code(64)),
    Column("previous_hash", code(64)),
    Column("row_hash", code(64)),
)
AUDIT_TABLES = (audit_event,)
