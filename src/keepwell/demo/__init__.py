"""A demonstration: invented people who have lived with Keepwell for months, made by the rooms' own rules, and a door to enter as one.

Deterministic by seed: the same seed and day give the same people and the same weeks. A demonstration says so on every page, listens
on this machine only, and can't become a real store; its Enter door is routed in no other store.
"""
