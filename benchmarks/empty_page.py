"""A page that does nothing."""
