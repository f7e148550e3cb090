"""Asking and scoring: the weekly check-in, published instruments, and when a change is real.

A check-in is private to the person who answered it: sealed with their key, seen by nobody else, gone after 24 months or when
they erase it. Its two strains, burnout and compassion fatigue, are never added up. This room compares a person with
themselves only; it alerts nobody, and there is no list of who has or hasn't answered.
"""
