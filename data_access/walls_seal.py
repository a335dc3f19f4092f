"""How PostgreSQL's walls are known again: by what would raise them, and by how they stand in the catalogue.

Whoever raises them seals both into a comment. A wall that somebody took away or changed by hand since, or that a restore
left out, no longer fits it.
"""

from sqlalchemy import Connection, func, select, text

from data_access.login_roles import ROLES

SIGNED = "kongchuo_sees_all()"  # whose comment is the seal
TO_OURS = "WHERE grantee = 0 OR grantee::regrole::text IN ({})".format(", ".join(f"'{role}'" for role in ROLES))
STATE = f"""
WITH ours AS (SELECT * FROM pg_class WHERE relnamespace = to_regnamespace('public') AND relname = ANY(:names))
SELECT encode(sha256(convert_to(string_agg(line, chr(10) ORDER BY line COLLATE "C"), 'UTF8')), 'hex') FROM (
  SELECT concat_ws('|', relname, relrowsecurity, relforcerowsecurity, reloptions,
    CASE relkind WHEN 'v' THEN pg_get_viewdef(oid) END) AS line FROM ours
  UNION ALL
  SELECT concat_ws('|', relname, polname, polcmd, polpermissive, who, pg_get_expr(polqual, polrelid),
    pg_get_expr(polwithcheck, polrelid))
  FROM pg_policy JOIN ours ON ours.oid = polrelid CROSS JOIN LATERAL (SELECT string_agg(role::regrole::text, ',' ORDER BY
    role::regrole::text) AS who FROM unnest(polroles) AS role) AS whom
  UNION ALL
  SELECT concat_ws('|', relname, grantee::regrole, privilege_type) FROM ours CROSS JOIN LATERAL aclexplode(relacl) {TO_OURS}
  UNION ALL
  SELECT concat_ws('|', relname, attname, grantee::regrole, privilege_type)
  FROM ours JOIN pg_attribute ON attrelid = ours.oid CROSS JOIN LATERAL aclexplode(attacl) {TO_OURS}
  UNION ALL
  SELECT concat_ws('|', proname, prosrc, prosecdef, proconfig, provolatile)
  FROM pg_proc WHERE pronamespace = to_regnamespace('public') AND proname ^@ 'kongchuo_'
  UNION ALL
  SELECT concat_ws('|', pg_get_triggerdef(pg_trigger.oid), tgenabled)
  FROM pg_trigger JOIN ours ON ours.oid = tgrelid WHERE NOT tgisinternal
) AS wall"""  # noqa: S608 - our own names


def seal(conn: Connection, fingerprint: str, names: list[str]) -> None:
    """Say in the database that the walls of this program, known by its fingerprint, stand around these tables as they do now."""
    conn.exec_driver_sql(f"COMMENT ON FUNCTION {SIGNED} IS '{_seal(conn, fingerprint, names)}'")


def fits(conn: Connection, fingerprint: str, names: list[str]) -> bool:
    """Whether the walls are those of this program and stand as they did when they were raised."""
    sealed = select(func.obj_description(func.to_regprocedure(SIGNED), "pg_proc"))
    return conn.execute(sealed).scalar() == _seal(conn, fingerprint, names)


def _seal(conn: Connection, fingerprint: str, names: list[str]) -> str:
    conn.exec_driver_sql("SET LOCAL search_path = public")  # else names would be told with their schema, or without
    return f"{fingerprint} {conn.execute(text(STATE), {'names': names}).scalar()}"
