"""The rules of the field: pure functions and frozen records, standard library only."""
