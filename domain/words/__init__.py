"""Words shown to people, a file a subject: key -> (简体中文, English)."""
