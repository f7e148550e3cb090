"""An agency of a given shape, and periods that are lived through by the room's own actions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from keepwell.ballots import actions, closing, guards
from keepwell.ballots.models import Period, Release
from keepwell.people import actions as people
from keepwell.people.actions import Hello, Part
from keepwell.people.models import Agency, Member, Person, Programme, Responsibility, Team
from keepwell.people.rules.sealing import master_key_line, new_key

FIRST = datetime(2025, 12, 29, 15, tzinfo=UTC)  # a Monday on which a period begins
SPAN = timedelta(days=28)
AFTER = timedelta(days=28 + 3, hours=12)  # from a period's first afternoon to a moment when its box may be opened


@pytest.fixture(autouse=True)
def release_key(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | None], None]:
    """`release_key(None)` takes it away, `release_key(line)` puts another one in its place."""

    def put(line: str | None) -> None:
        if line is None:
            monkeypatch.delenv("KEEPWELL_RELEASE_KEY", raising=False)
        else:
            monkeypatch.setenv("KEEPWELL_RELEASE_KEY", line)

    put(master_key_line(1, new_key()))
    return put


@pytest.fixture
def guards_lifted_after() -> Iterator[None]:
    """A test with real commits leaves releases behind, which the store would not let the next test sweep away."""
    yield
    with connection.cursor() as cursor:
        for statement in guards.lifting(connection.vendor):
            cursor.execute(statement)
        Release.objects.all().delete()
        for statement in guards.drawing(connection.vendor):
            cursor.execute(statement)


@dataclass
class Place:
    """An agency with its people by team: `place.people["north"][0]`."""

    agency: Agency
    programmes: dict[str, Programme] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    people: dict[str, list[Person]] = field(default_factory=dict)

    def join(self, team: str, number: int, *, at: datetime = FIRST - SPAN, parts: Mapping[int, Part] | None = None) -> list[Person]:
        made = []
        for n in range(number):
            address = f"{team or 'none'}{len(self.people.get(team, ()))}@{self.agency.slug}.example"
            person = people.new_person(email=address, hello=Hello(called=address, zone="UTC"), now=at)
            own = [parts[n]] if parts and n in parts else []
            people.add_member(agency=self.agency, person=person, kind=Member.STAFF, team=self.teams.get(team), parts=own, now=at)
            self.people.setdefault(team, []).append(person)
            made.append(person)
        return made

    def everybody(self) -> list[Person]:
        return [person for team in self.people.values() for person in team]

    def open(self, now: datetime) -> Period:
        period = closing.open_period(agency=self.agency, now=now)
        assert period is not None
        return period

    def agree(self, persons: list[Person], now: datetime = FIRST) -> None:
        for person in persons:
            actions.choose_counted(by=person, agency=self.agency, yes=True, now=now)

    def answer(self, persons: list[Person], now: datetime, **values: Any) -> int:
        said = {"burnout": 0.5, "compassion-fatigue": 0.3, **{name.replace("_", "-"): value for name, value in values.items()}}
        return sum(actions.drop(by=person, values=said, now=now) for person in persons)

    def live(self, now: datetime, **values: Any) -> Period:
        """A whole period: opened, everybody answers, closed."""
        period = self.open(now)
        self.agree(self.everybody(), now)
        self.answer(self.everybody(), now, **values)
        assert closing.close(period_id=period.id, now=now + AFTER)
        period.refresh_from_db()
        return period

    def node(self, team: str) -> str:
        return f"team:{self.teams[team].id}"


@pytest.fixture
def place(db: None) -> Callable[..., Place]:
    """`place(north=7, south=6)`: one programme with these teams. Made a period before `FIRST`, in UTC."""
    made = 0

    def make(**teams: int) -> Place:
        nonlocal made
        made += 1
        agency = people.found_agency(name=f"Place {made}", zone="UTC", now=FIRST - SPAN)
        here = Place(agency)
        programme = Programme.objects.create(agency=agency, name="One")
        here.programmes["one"] = programme
        for name, number in teams.items():
            here.teams[name] = Team.objects.create(agency=agency, programme=programme, name=name)
            here.join(name, number)
        return here

    return make


def leads(team: Team) -> Part:
    return Part(Responsibility.SUPERVISOR, team=str(team.id))
