"""Brings the cast of the tests to life, by the same actions the pages use."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.test import Client

from keepwell.people import actions
from keepwell.people.actions import Hello, Part
from keepwell.people.models import Agency, Installation, Member, Person, Responsibility, Team
from keepwell.people.viewer import viewer_for
from tests import support


def _arrive(
    name: str, agency: Agency, team: Team | None, now: datetime, kind: str = Member.STAFF, parts: Iterable[Part] = (), host: str = "demo"
) -> Person:
    hello = Hello(called=name, password=support.PASSWORD, zone=agency.zone)
    person = actions.new_person(email=f"{name.lower()}@{host}.example", hello=hello, now=now)
    Person.objects.filter(pk=person.pk).update(arrived_at=now)
    person.refresh_from_db()
    actions.add_member(agency=agency, person=person, kind=kind, team=team, parts=parts, now=now)
    return person


def gather(now: datetime) -> support.Cast:
    """Everybody of `support.Cast`, on a server that somebody has set up."""
    Installation.objects.get_or_create(defaults={"hosted_by": "The coalition", "made_at": now})
    harbour = actions.found_agency(name="Harbour Street", country="US", zone="America/New_York", language="en", now=now)
    adam = _arrive("Adam", harbour, None, now, parts=[Part(Responsibility.ADMINISTRATOR)])
    by = viewer_for(adam)
    advocacy = actions.name_programme(by=by, name="Advocacy", now=now)
    mentoring = actions.name_programme(by=by, name="Mentoring", now=now)
    outreach = actions.name_team(by=by, name="Outreach", programme=advocacy, now=now)
    shelter = actions.name_team(by=by, name="Shelter", programme=advocacy, now=now)
    evening = actions.name_team(by=by, name="Evening mentors", programme=mentoring, now=now)

    quay = actions.found_agency(name="Quay Light", country="US", zone="America/Chicago", language="en", now=now)
    uma = _arrive("Uma", quay, None, now, parts=[Part(Responsibility.ADMINISTRATOR)], host="quay")
    quay_team = actions.name_team(by=viewer_for(uma), name="Day room", now=now)

    def supervises(team: Team) -> list[Part]:
        return [Part(Responsibility.SUPERVISOR, team=str(team.id))]

    lena = _arrive("Lena", harbour, outreach, now)
    actions.end_membership(by=by, member=Member.objects.get(person=lena), now=now)
    return support.Cast(
        harbour=harbour,
        quay=quay,
        advocacy=advocacy,
        mentoring=mentoring,
        outreach=outreach,
        shelter=shelter,
        evening=evening,
        quay_team=quay_team,
        adam=adam,
        uma=uma,
        lena=lena,
        ada=_arrive("Ada", harbour, outreach, now),
        rosa=_arrive("Rosa", harbour, outreach, now),
        ben=_arrive("Ben", harbour, None, now, parts=supervises(outreach)),
        kai=_arrive("Kai", harbour, None, now, parts=supervises(shelter)),
        mia=_arrive("Mia", harbour, evening, now, kind=Member.VOLUNTEER),
        pia=_arrive("Pia", harbour, None, now, parts=[Part(Responsibility.PROGRAMME_STAFF, programme=str(mentoring.id))]),
        cleo=_arrive("Cleo", harbour, None, now, parts=[Part(Responsibility.MANAGER)]),
        tess=_arrive("Tess", harbour, None, now, parts=[Part(Responsibility.TECHNICAL)]),
        dov=_arrive("Dov", quay, quay_team, now),
        noor=_arrive("Noor", quay, None, now, parts=supervises(quay_team)),
    )


def signed_in(person: Person, *, second_factor: bool = True, again: bool = False, **more: Any) -> Client:
    """A client with a session of this person, as after signing in a moment ago; `again`: and a second time, for a grave deed."""
    client = Client(**more)
    client.force_login(person)
    session = client.session
    # What allauth notes after a password, and after a one-time code where a second factor is due.
    shown: list[dict[str, Any]] = [{"method": "password", "at": time.time(), "email": person.email}]
    if second_factor and viewer_for(person).sees_others:
        shown.append({"method": "mfa", "at": time.time(), "type": "totp"})
    if again:
        shown.append({"method": "password", "at": time.time(), "email": person.email, "reauthenticated": True})
    session[AUTHENTICATION_METHODS_SESSION_KEY] = shown
    session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(person.pk)  # the library forgets records of somebody else
    session.save()
    return client


def session_cookie(person: Person) -> dict[str, str]:
    """The cookie of such a session, for a real browser."""
    return {"name": settings.SESSION_COOKIE_NAME, "value": signed_in(person).cookies[settings.SESSION_COOKIE_NAME].value}
