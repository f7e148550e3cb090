"""What needs a store: AGG-3 (releases stay as they are) and AGG-5 (no path to a smaller k), tried in a scratch store by the real
actions. Run in a process of its own: `python -m keepwell.ballots.proof.store SEED` prints its figures as JSON.
"""

from __future__ import annotations

import importlib
import json
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from keepwell.ballots.proof.run import Figure

FIRST = datetime(2025, 12, 29, 15, tzinfo=UTC)
SPAN, AFTER = timedelta(days=28), timedelta(days=31, hours=12)
DEEDS = 100


def main(seed: int) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="keepwell-prove-") as folder:
        importlib.import_module("keepwell.store").prepare(Path(folder) / "scratch")
        return _try(Random(seed))  # nosec B311  # dice of a simulation


def _try(dice: Random) -> list[Figure]:
    # Django is ready only now
    db: Any = importlib.import_module("django.db")
    people: Any = importlib.import_module("keepwell.people.actions")
    models: Any = importlib.import_module("keepwell.people.models")
    actions: Any = importlib.import_module("keepwell.ballots.actions")
    closing: Any = importlib.import_module("keepwell.ballots.closing")
    queries: Any = importlib.import_module("keepwell.ballots.queries")
    own: Any = importlib.import_module("keepwell.ballots.models")
    viewer: Any = importlib.import_module("keepwell.people.viewer")

    agency = people.found_agency(name="Scratch", zone="UTC", now=FIRST - SPAN)
    teams = [models.Team.objects.create(agency=agency, name=f"Team {n}") for n in range(3)]
    persons = []
    for n in range(24):
        person = people.new_person(email=f"p{n}@scratch.example", hello=people.Hello(called=f"P{n}", zone="UTC"), now=FIRST - SPAN)
        parts = [people.Part(models.Responsibility.ADMINISTRATOR)] if n == 0 else []
        people.add_member(agency=agency, person=person, kind="staff", team=teams[n % 3], parts=parts, now=FIRST - SPAN)
        actions.choose_counted(by=person, agency=agency, yes=True, now=FIRST)
        persons.append(person)

    def live(now: datetime) -> None:
        period = closing.open_period(agency=agency, now=now)
        for person in persons:
            actions.drop(by=person, values={"burnout": dice.random(), "compassion-fatigue": dice.random()}, now=now)
        closing.close(period_id=period.id, now=now + AFTER)

    live(FIRST)
    live(FIRST + SPAN)
    before = list(own.Release.objects.order_by("number").values())
    later = closing.open_period(agency=agency, now=FIRST + 2 * SPAN)
    now = FIRST + 2 * SPAN
    for _ in range(DEEDS):
        person = dice.choice(persons)
        deed = dice.choice(("drop", "withdraw", "no", "yes", "move", "again", "late"))
        if deed == "drop":
            actions.drop(by=person, values={"burnout": dice.random(), "compassion-fatigue": dice.random()}, now=now)
        elif deed == "withdraw":
            actions.withdraw(by=person, now=now)
        elif deed in ("yes", "no"):
            actions.choose_counted(by=person, agency=agency, yes=deed == "yes", now=now)
        elif deed == "move":
            models.Member.objects.filter(person=person).update(team=dice.choice(teams))
        elif deed == "late":
            actions.drop(by=person, values={"burnout": 1, "compassion-fatigue": 1}, now=now, on=FIRST.date())
        else:
            for one in own.Period.objects.exclude(id=later.id):
                closing.close(period_id=one.id, now=now + AFTER)
    actions.erase(person=persons.pop(), now=now)
    changed = list(own.Release.objects.order_by("number").values()) != before

    def passes(sentence: str) -> bool:
        try:
            with db.transaction.atomic(), db.connection.cursor() as cursor:
                cursor.execute(sentence)
        except db.DatabaseError:
            return False
        return True

    tampered = sum(
        passes(sentence)
        for sentence in (
            "UPDATE ballots_release SET cells = '{}'",
            "UPDATE ballots_release SET hash = 'x'",
            "DELETE FROM ballots_release",
            "INSERT OR REPLACE INTO ballots_release SELECT * FROM ballots_release",
        )
    )
    lowered = sum(
        passes(sentence)
        for sentence in (
            "UPDATE ballots_period SET k = 4",
            "UPDATE ballots_period SET k = 0",
            f"INSERT INTO ballots_raisedk (id, agency_id, k, from_day) VALUES ('{'0' * 32}', '{agency.id.hex}', 3, '2025-01-01')",  # nosec B608  # ids of our own
        )
    )
    by = viewer.viewer_for(persons[0])
    for k in (4, 3, 1, 0, -1, 5, 7):
        try:
            actions.raise_k(by=by, k=k, now=now)
        except people.Refused:
            continue
        lowered += 1
    lowered += queries.k_in_force(agency, now) < 5
    return [
        Figure("AGG-3", f"releases changed by {DEEDS} later deeds and an erasure, of {len(before)}", str(int(changed)), "0", not changed),
        Figure("AGG-3", "ways to change, replace or delete a release in the store, of 4", str(tampered), "0", not tampered),
        Figure("AGG-3", "chains of releases that do not hold", str(int(not queries.chain_holds(agency))), "0", queries.chain_holds(agency)),
        Figure("AGG-5", "ways to a k below five through action and store, of 11", str(lowered), "0", not lowered),
    ]


if __name__ == "__main__":
    print(json.dumps([one.as_json() for one in main(int(sys.argv[1]))]))
