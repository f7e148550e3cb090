"""A week of Ada's, in every room, by the rooms' own actions; what exports and erasures must find again."""

from __future__ import annotations

from datetime import datetime

from keepwell.ballots import actions as ballots
from keepwell.measures import actions as measures
from keepwell.measures import library, queries
from keepwell.notify import actions as notify
from keepwell.notify.models import Hours
from keepwell.people.models import Person
from keepwell.plans import actions as plans
from keepwell.plans.queries import this_week

WORD = "kingfisher-by-the-lock"  # in everything she wrote


def live_a_week(person: Person, now: datetime, word: str = WORD) -> None:
    week = queries.this_week(person, now)
    for number, item in enumerate(library.items()):
        measures.answer(by=person, week=week, item=item.slug, value=number % 5, now=now)
    measures.finish(by=person, week=week, stressors=["on-call"], now=now)
    plans.add_entry(by=person, part="keep", words=f"{word} and 🌊", domain="body", now=now)
    plans.write_emergency(
        by=person,
        part="emergency-call",
        words=word,
        people=[{"name": f"=cmd {word}", "phone": "555-0100"}],
        version=0,
        now=now,
    )
    plans.choose(by=person, week=this_week(person, now), words=f"{word}, once", domain="body", now=now)
    notify.put_note(person=person, kind="welcome", occasion="1", words={"title": word}, now=now)
    notify.go_away(by=person, first=now.date().replace(month=12, day=20), last=now.date().replace(month=12, day=27), now=now)
    Hours.objects.get_or_create(person=person)
    ballots.choose_counted(by=person, agency=person.memberships.get(ended_on=None).agency, yes=True, now=now)
