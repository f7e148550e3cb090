"""Makes the store of a demonstration: agencies, people, plans and weeks, in bulk, by the rooms' own rules.

Check-ins are made as far back as Keepwell keeps them (two years), memberships as far as asked.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.utils.text import slugify

from keepwell.demo import cast as script
from keepwell.demo import lives
from keepwell.measures import library
from keepwell.measures import tasks as measures_tasks
from keepwell.measures.models import CheckIn
from keepwell.measures.rules import checkin
from keepwell.notify import actions as notify
from keepwell.notify.models import Hours
from keepwell.people import actions, keyring
from keepwell.people.models import Agency, Installation, Member, Person, Programme, Responsibility, TalkTo, Team
from keepwell.people.rules.sealing import Owner
from keepwell.plans import actions as plans
from keepwell.plans import library as plans_library
from keepwell.plans.models import Commitment, Emergency, Entry, Plan
from keepwell.plans.rules import parts

KEPT_WEEKS = 104
CHUNK = 250  # people at a time: their keys are held in memory, and no more


@dataclass(frozen=True)
class Wish:
    people: int = 60
    years: float = 0.5
    seed: int = 1


@dataclass
class Inhabitant:
    person: Person
    member: Member
    life: lives.Life
    named: script.Named | None


def build(wish: Wish, now: datetime) -> None:
    """Fill an empty store. Refuses one that has anything in it."""
    if Installation.objects.exists() or Person.objects.exists():
        raise actions.Refused("This store has people in it already, so no demonstration was put there.")
    chance = random.Random(wish.seed)  # noqa: S311  # nosec B311  # invented people, not secrets
    Installation.objects.create(
        id=_id(chance), hosted_by="The coalition’s demonstration", host_contact="host@demo.example", demonstration=True, made_at=now
    )
    began = (now - timedelta(days=round(wish.years * 365))).date()
    harbour = _agency(chance, script.AGENCY, now)
    quay = _agency(chance, script.OTHER_AGENCY, now)
    teams = _teams(chance, harbour)
    quay_team = Team.objects.create(id=_id(chance), agency=quay, name="Harbour visits")
    here = [*_named(chance, harbour, teams, began, now), *_unnamed(chance, harbour, teams, wish, began, now)]
    there = _named(chance, quay, {"Harbour visits": quay_team}, began, now)
    weeks = max(1, min(KEPT_WEEKS, round(wish.years * 52)))
    inhabitants = [*here, *there]
    for begin in range(0, len(inhabitants), CHUNK):
        some = inhabitants[begin : begin + CHUNK]
        with keyring.remembered():
            keyring.fetch(Owner("person", str(one.person.id)) for one in some)
            _weeks(chance, some, weeks, now)
            _plans(chance, some, weeks, now)
    measures_tasks.roll(now)
    _this_week(chance, inhabitants, now)


def _id(chance: random.Random) -> uuid.UUID:
    return uuid.UUID(int=chance.getrandbits(128), version=4)


def _agency(chance: random.Random, name: str, now: datetime) -> Agency:
    agency = Agency(
        id=_id(chance), name=name, slug=slugify(name), country="US", zone=script.ZONE, rooms=list(actions.DEFAULT_ROOMS), made_at=now
    )
    keyring.make_key(Owner("agency", str(agency.id)))
    agency.save(force_insert=True)
    TalkTo.objects.bulk_create(
        TalkTo(
            id=_id(chance), agency=agency, kind=kind, name=who, about=about, phone=phone, hours=hours, passes_on=passes_on,
            outside=outside, place=place,
        )
        for place, (kind, who, about, phone, hours, passes_on, outside) in enumerate(script.TALK_TO)
    )  # fmt: skip
    return agency


def _teams(chance: random.Random, agency: Agency) -> dict[str, Team]:
    teams = {}
    for name, of_programme in script.PROGRAMMES.items():
        programme = Programme.objects.create(id=_id(chance), agency=agency, name=name)
        for team, _share in of_programme:
            teams[team] = Team.objects.create(id=_id(chance), agency=agency, programme=programme, name=team)
    return teams


def _named(chance: random.Random, agency: Agency, teams: dict[str, Team], began: date, now: datetime) -> list[Inhabitant]:
    password = make_password(script.PASSWORD, salt="demonstration-only")  # one hash for all: making it is slow on purpose
    made = []
    for named in script.CAST:
        if named.agency != agency.name:
            continue
        person = Person(
            id=_id(chance),
            email=named.email,
            called=named.name.split()[0],
            zone=script.ZONE,
            password=password,
            arrived_at=now - timedelta(days=170),
        )
        member = Member(
            id=_id(chance), agency=agency, person=person, name=named.name, kind=named.kind, team=teams.get(named.team), began_on=began
        )
        made.append(Inhabitant(person, member, lives.life(chance, named.story), named))
    _save(made)
    EmailAddress.objects.bulk_create(EmailAddress(user=one.person, email=one.person.email, primary=True, verified=True) for one in made)
    programmes = {one.name: one for one in Programme.objects.filter(agency=agency)}
    Responsibility.objects.bulk_create(
        Responsibility(
            id=_id(chance),
            agency=agency,
            member=one.member,
            kind=one.named.part,
            team=teams.get(one.named.of) if one.named.part == Responsibility.SUPERVISOR else None,
            programme=programmes.get(one.named.of) if one.named.part == Responsibility.PROGRAMME_STAFF else None,
        )
        for one in made
        if one.named and one.named.part
    )
    return made


def _unnamed(
    chance: random.Random, agency: Agency, teams: dict[str, Team], wish: Wish, began: date, now: datetime
) -> list[Inhabitant]:
    shares = [share for programme in script.PROGRAMMES.values() for share in programme]
    made = []
    for number in range(max(0, wish.people - len(script.CAST))):
        name = f"{chance.choice(script.FIRST)} {chance.choice(script.LAST)}"
        team = chance.choices([t for t, _ in shares], [s for _, s in shares])[0]
        kind = Member.VOLUNTEER if team in script.VOLUNTEER_TEAMS and chance.random() < 0.85 else Member.STAFF
        person = Person(
            id=_id(chance),
            email=f"{slugify(name)}-{number}@demo.example",
            called=name.split()[0],
            zone=script.ZONE,
            language="es" if chance.random() < 0.2 else "en",
            password=UNUSABLE_PASSWORD_PREFIX,  # nobody can sign in as them
            arrived_at=now - timedelta(days=170),
        )
        member = Member(id=_id(chance), agency=agency, person=person, name=name, kind=kind, team=teams[team], began_on=began)
        made.append(Inhabitant(person, member, lives.life(chance), None))
    _save(made)
    supervised = [team for name, team in teams.items() if name not in ("Night team",)]
    leads = {one.member.team_id: one for one in reversed(made) if one.member.kind == Member.STAFF}
    Responsibility.objects.bulk_create(
        Responsibility(id=_id(chance), agency=agency, member=leads[team.id].member, kind=Responsibility.SUPERVISOR, team=team)
        for team in supervised
        if team.id in leads
    )
    return made


def _save(made: Sequence[Inhabitant]) -> None:
    keyring.make_keys(Owner("person", str(one.person.id)) for one in made)
    Person.objects.bulk_create((one.person for one in made), batch_size=500)
    for one in made:
        one.member.address = one.person.email  # the one the agency invited
    Member.objects.bulk_create((one.member for one in made), batch_size=500)


def _weeks(chance: random.Random, some: Iterable[Inhabitant], weeks: int, now: datetime) -> None:
    """Check-ins up to last week; this week's is still to come."""
    items, known = library.items(), list(library.questions("en").stressors)
    monday = checkin.filed(checkin.week_at(now, script.ZONE, 0))
    rows = []
    for one in some:
        own = 6 if one.life.story == "new" else weeks
        away = lives.away_weeks(chance, own)
        for index in range(own):
            left_out = chance.random() < one.life.leaves_out and index < own - 1
            if index in away or (left_out and one.named is None):
                continue
            answers = lives.week_answers(chance, one.life, items, index, own)
            rows.append(
                CheckIn(
                    id=_id(chance),
                    person=one.person,
                    week=monday - timedelta(weeks=own - index),
                    answers=answers,
                    stressors=lives.week_stressors(chance, one.life, known, index, own),
                    scores=checkin.scores(items, answers),
                    state=CheckIn.FINISHED,
                )
            )
    CheckIn.objects.bulk_create(rows, batch_size=1000)


def _plans(chance: random.Random, some: Iterable[Inhabitant], weeks: int, now: datetime) -> None:
    """A plan for three in four, with entries of one's own and small steps; last weeks' small things with how they went."""
    steps = list(plans_library.steps().values())
    this_week = checkin.week_at(now, script.ZONE, 0)
    plan_rows, entries, commitments, emergencies = [], [], [], []
    for one in some:
        if one.named is None and chance.random() < 0.25:
            continue
        visited = [*parts.PARTS] if one.named else list(parts.PARTS)[: chance.randint(2, len(parts.PARTS))]
        review = (now + timedelta(days=chance.randint(2, 27))).date()
        plan_rows.append(Plan(id=_id(chance), person=one.person, kept={"visited": visited, "away": None}, review_on=review))
        own = script.PLAN if one.named else chance.sample(script.PLAN, chance.randint(2, 6))
        said = [{"part": part, "words": words, "domain": domain, "step": "", "tiny": ""} for part, domain, words in own]
        said += [
            {"part": parts.CHANGE, "words": step.title, "domain": step.domain, "step": step.slug, "tiny": step.tiny}
            for step in chance.sample(steps, 2)
            if step.domain != "people"
        ]
        said += [{"part": "early-signs", "words": sign, "domain": "", "step": "", "tiny": ""} for sign in script.SIGNS if one.named]
        entries += [Entry(id=_id(chance), person=one.person, said=words, place=place) for place, words in enumerate(said, start=1)]
        if one.named or chance.random() < 0.4:
            people = [{"name": "My sister", "phone": "555-0171"}, {"name": "Noor", "phone": "555-0123"}]
            call = {"words": "", "people": people, "version": 1}
            emergencies.append(
                Emergency(
                    id=_id(chance),
                    person=one.person,
                    said={part: {"words": words, "version": 1} for part, words in script.EMERGENCY.items()} | {parts.CALL: call},
                )
            )
        for back in range(1, weeks + 1):
            if chance.random() < 0.4:
                continue
            words, domain, after = chance.choice(script.COMMITMENTS)
            state = chance.choices(("done", "partly", "not-this-week"), (55, 20, 25))[0]
            commitments.append(
                Commitment(
                    id=_id(chance),
                    person=one.person,
                    week=_week_back(this_week.key, this_week.start, back),
                    kept={"state": state, "words": words, "domain": domain, "entry": "", "day": "", "after": after, "remind": ""},
                )
            )
    Plan.objects.bulk_create(plan_rows, batch_size=500)
    Entry.objects.bulk_create(entries, batch_size=1000)
    Emergency.objects.bulk_create(emergencies, batch_size=500)
    Commitment.objects.bulk_create(commitments, batch_size=1000)


def _week_back(key: str, start: date, back: int) -> str:
    return checkin.week_at(datetime.combine(start - timedelta(weeks=back), time(12), tzinfo=UTC), "UTC", 0).key


def _this_week(chance: random.Random, inhabitants: Iterable[Inhabitant], now: datetime) -> None:
    """What the cast have chosen for this week, when their plans are looked at again, and their hours: by the actions themselves."""
    with keyring.remembered():
        for one in inhabitants:
            if one.named is None:
                continue
            words, domain, after = script.COMMITMENTS[0] if one.named.slug == "ada" else chance.choice(script.COMMITMENTS)
            week = checkin.week_at(now, one.person.zone, one.person.week_start)
            day = max(checkin.today_of(now, one.person.zone), min(week.start + timedelta(days=3), week.end))
            plans.choose(by=one.person, week=week, words=words, domain=domain, day=day, after=after, now=now)
            review = Plan.objects.get(person=one.person).review_on
            if review is not None:
                plans.set_review(by=one.person, review_on=review, now=now)
            Hours.objects.get_or_create(person=one.person)
            if one.named.slug == "ada":
                notify.put_note(
                    person=one.person,
                    kind="welcome",
                    occasion="demo",
                    words={"title": "Notes from Keepwell come here", "sub": "They wait until you like to read them."},
                    now=now,
                )
