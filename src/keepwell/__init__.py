"""Keepwell looks after the people who look after hurt children.

Every folder here is a room with one purpose and every file at this level assembles rooms; no room imports a file of this
level. `docs/architecture.md` has the picture, and `tests/house/test_imports.py` keeps it true.
"""
