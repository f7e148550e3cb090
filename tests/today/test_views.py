"""Today reads due rows and nothing else, and says what is next without judging."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from keepwell.measures import tasks as measures
from keepwell.notify import actions as notify
from keepwell.people.models import Person
from keepwell.plans import actions as plans
from keepwell.plans.queries import this_week
from keepwell.today.queries import part_of_day
from tests.support import Cast

# session and person come first on every page; Today may ask three times more: place, due rows, key
ALLOWED = 2 + 3


def queries_of_today(client: object) -> int:
    with CaptureQueriesContext(connections["default"]) as rows, CaptureQueriesContext(connections["keys"]) as keys:
        assert client.get(reverse("today")).status_code == 200
    return len(rows) + len(keys)


def test_today_asks_the_store_the_same_few_times_however_much_is_coming(cast: Cast, client_of: object, now: datetime) -> None:
    measures.roll(now)
    plans.choose(by=cast.ada, week=this_week(cast.ada, now), words="Walk home once", domain="body", now=now)
    client = client_of(cast.ada)
    client.get(reverse("today"))
    assert queries_of_today(client) <= ALLOWED
    for number in range(25):
        notify.put_due(
            person=cast.ada, room="plans", kind="plan-review", occasion=str(number), due_at=now + timedelta(days=number), path="/plan/",
            words={"title": f"Thing {number}", "sub": ""}, now=now,
        )  # fmt: skip
    assert queries_of_today(client) <= ALLOWED


def test_the_first_two_days_offer_three_things_each_optional(cast: Cast, client_of: object, now: datetime) -> None:
    measures.roll(now)
    client = client_of(cast.ada)
    page = client.get(reverse("today")).content.decode()
    assert "Three things, each of them optional." in page
    assert "Your weekly check-in" in page
    assert "Choose one small thing" in page
    assert "Where help is" in page
    Person.objects.filter(pk=cast.ada.pk).update(arrived_at=now - timedelta(days=3))
    assert "Three things" not in client_of(cast.ada).get(reverse("today")).content.decode()


def test_what_is_due_ahead_and_done_stands_in_its_place(cast: Cast, client_of: object, now: datetime) -> None:
    measures.roll(now)
    plans.choose(by=cast.ada, week=this_week(cast.ada, now), words="Walk home along the canal", domain="body", now=now)
    plans.set_review(by=cast.ada, review_on=now.date() + timedelta(days=20), now=now)
    client = client_of(cast.ada)
    day = client.get(reverse("today")).context["day"]
    assert day.check_in is not None
    assert day.commitment.words["title"] == "Walk home along the canal"
    assert [due.kind for due in day.ahead] == ["plan-review"]
    answered = client.post(
        reverse("plans:answer"), {"week": day.commitment.occasion, "state": "partly", "next": reverse("today")}, follow=True
    )
    assert answered.context["day"].commitment is None
    later = client.post(reverse("measures:later"), follow=True)
    assert later.context["day"].check_in is None


def test_a_room_that_is_off_leaves_no_trace(cast: Cast, client_of: object, now: datetime) -> None:
    measures.roll(now)
    plans.choose(by=cast.ada, week=this_week(cast.ada, now), words="Walk home along the canal", domain="body", now=now)
    cast.harbour.rooms = ["measures"]
    cast.harbour.save()
    page = client_of(cast.ada).get(reverse("today")).content.decode()
    assert "Walk home" not in page
    assert "My plan" not in page
    assert "Your weekly check-in" in page


@pytest.mark.parametrize(
    "hour, part", [(4, "night"), (5, "morning"), (11, "morning"), (12, "afternoon"), (17, "afternoon"), (18, "evening"), (23, "night")]
)
def test_the_greeting_goes_by_the_persons_own_clock(hour: int, part: str) -> None:
    assert part_of_day(hour) == part
