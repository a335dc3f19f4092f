"""One file per screen; `_shell.py` is the frame around them, `shared/` what all of them use."""
