"""The door: who comes in, what goes out. Only app.py imports it."""
