"""Words about masked values."""

WORDS: dict[str, tuple[str, str]] = {
    "masking.note": (
        "姓名、证件号、电话和住址已按规定脱敏。",
        "Names, identity numbers, telephone numbers and addresses are masked.",
    ),
    "masking.off": ("未脱敏：已登记使用人和事由。", "Not masked: user and reason are on record."),
}
