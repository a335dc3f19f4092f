"""Months of activity and publicity around the start of a term."""

WORDS: dict[str, tuple[str, str]] = {
    "duty.activity_month": ("控辍保学活动月", "Month of activity against dropout"),
    "duty.publicity": ("开学前后宣传", "Publicity before and after the start of term"),
    "setting.report.activity_month_1": ("控辍保学活动月（一，月份）", "First month of activity (1-12)"),
    "setting.report.activity_month_2": ("控辍保学活动月（二，月份）", "Second month of activity (1-12)"),
    "setting.report.publicity_before_days": ("开学前宣传天数", "Days of publicity before a term starts"),
    "setting.report.publicity_after_days": ("开学后宣传天数", "Days of publicity after a term starts"),
}
