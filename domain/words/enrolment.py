"""Words of the enrolment of several counties."""

WORDS: dict[str, tuple[str, str]] = {
    "enrolment.title": ("各县净入学率、毛入学率", "Net and gross enrolment by county"),
    "enrolment.work": ("逐县核算（每县约半秒）", "Work it out (about half a second a county)"),
    "enrolment.county": ("县（市、区）", "County"),
    "enrolment.whole": ("合计", "Together"),
    "enrolment.primary_net": ("小学净入学率", "Primary, net"),
    "enrolment.primary_gross": ("小学毛入学率", "Primary, gross"),
    "enrolment.junior_net": ("初中净入学率", "Junior, net"),
    "enrolment.junior_gross": ("初中毛入学率", "Junior, gross"),
}
