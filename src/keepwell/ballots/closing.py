"""The two deeds of the clock: a period is opened with everything frozen, and closed with its figures released. Nothing else may open
a ballot.

Closing goes in steps, and may be killed after any of them:

    1 claim    the period stops taking ballots; from here on they can only be withdrawn
    2 open     in memory, one ballot after another, outside any transaction
    3 release  in one transaction: releases written, ballots deleted, the period closed. If the number deleted is not the number
               counted, somebody withdrew in between: nothing is written, and the box is opened again
    4 destroy  the private half of the period's key, so that ballots in old backups stay shut; a later turn makes up for a crash
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Q

from keepwell.ballots import release_key
from keepwell.ballots.models import Ballot, Period, PeriodKey, Release, Roster
from keepwell.ballots.queries import SETTLES, k_on
from keepwell.ballots.rules import chain
from keepwell.ballots.rules.asked import ASKED, as_list
from keepwell.ballots.rules.box import NoBallot, Opener, Slot, new_pair
from keepwell.ballots.rules.release import ROOT_FLOOR, Tally, counts_from_now, picture
from keepwell.ballots.rules.tree import ROOT, Tree
from keepwell.kit.periods import PERIOD_DAYS, local_date, local_instant, period_containing
from keepwell.people.models import Agency, Member, Programme, Responsibility, Team
from keepwell.people.rules.sealing import KeyFault, SealBroken

log = logging.getLogger("keepwell.ballots")

LEASE: Final = timedelta(minutes=10)
GIVEN_UP_AFTER: Final = timedelta(days=PERIOD_DAYS)  # without a key ballots wait this long, then nobody can ever open them
BATCH: Final = 2000

reached: Callable[[str], None] = lambda point: None  # noqa: E731  # tests stop or kill the close at its named points


# ---- opening ----


def open_period(*, agency: Agency, now: datetime) -> Period | None:
    """The agency's period that holds this moment, opened if it is not; None while the agency is too small to be counted.

    Whoever joined after the period's first day is not on its roster, so a clock that was off changes nothing. An agency's first
    period is a whole one: it waits for the next beginning.
    """
    today = local_date(now, agency.zone)
    span = period_containing(today)
    there = Period.objects.filter(agency=agency, starts_on=span.start).first()
    if there is not None:
        return there
    founding = not Period.objects.filter(agency=agency).exists()
    placed = list(
        Member.objects.filter(agency=agency, ended_on=None, person__isnull=False, began_on__lte=span.start).select_related("team")
    )
    if len(placed) < ROOT_FLOOR or (founding and local_date(agency.made_at, agency.zone) > span.start):
        return None
    tree = _tree_of(agency)
    leaves: dict[UUID, str] = {}
    leading = _leading(agency)
    for member in placed:
        if member.person_id is None:
            continue
        node = f"team:{member.team_id}" if member.team_id else ROOT
        leaves[member.person_id] = tree.leaf(node, leading.get(member.id, ())) or ""
    private, public = new_pair()
    period = Period(
        id=uuid4(),
        agency=agency,
        starts_on=span.start,
        opens_at=local_instant(span.start, time(0), agency.zone),
        closes_at=local_instant(span.end + timedelta(days=1), time(0), agency.zone),
        public_key=public,
        k=k_on(agency, span.start),
        tree=dict(tree.parents),
        asked=as_list(ASKED),
        founding=founding,
    )
    release_key.wrap(period.id, private).save()  # the key first: a box without one could never be opened
    earlier = Period.objects.filter(agency=agency, starts_on__lt=span.start).order_by("-starts_on").first()
    known = set(Roster.objects.filter(period=earlier).values_list("person_id", flat=True)) if earlier else set()
    try:
        with transaction.atomic():
            period.save(force_insert=True)
            Roster.objects.bulk_create(
                (
                    Roster(agency=agency, period=period, person_id=person, leaf=leaf, counts=counts_from_now(person in known, founding))
                    for person, leaf in leaves.items()
                ),
                batch_size=500,
            )
    except IntegrityError:  # of two clocks one was first
        PeriodKey.objects.filter(period_id=period.id).delete()
        return Period.objects.get(agency=agency, starts_on=span.start)
    return period


def _tree_of(agency: Agency) -> Tree:
    """The agency's programmes and open teams as they stand now."""
    parents: dict[str, str | None] = {ROOT: None}
    parents.update((f"programme:{one}", ROOT) for one in Programme.objects.filter(agency=agency).values_list("id", flat=True))
    teams = list(Team.objects.filter(agency=agency, closed_at=None))
    here = {team.id for team in teams}
    for team in teams:
        if team.parent_id in here:
            parents[f"team:{team.id}"] = f"team:{team.parent_id}"
        else:
            parents[f"team:{team.id}"] = f"programme:{team.programme_id}" if team.programme_id else ROOT
    return Tree(parents)


def _leading(agency: Agency) -> dict[UUID, set[str]]:
    """Which nodes each member answers for. Administrators look after the place and lead nobody."""
    found: dict[UUID, set[str]] = {}
    kinds = (Responsibility.SUPERVISOR, Responsibility.PROGRAMME_STAFF, Responsibility.MANAGER)
    for one in Responsibility.objects.filter(agency=agency, kind__in=kinds):
        node = f"team:{one.team_id}" if one.team_id else f"programme:{one.programme_id}" if one.programme_id else ROOT
        found.setdefault(one.member_id, set()).add(node)
    return found


# ---- closing ----


@dataclass(frozen=True)
class Opened:
    """What the box came to: sums by leaf, how many ballots there were, how many of them were damaged."""

    tallies: dict[str, Tally]
    ballots: int
    broken: int


def close(*, period_id: UUID, now: datetime) -> bool:
    """Close a period whose time has come; true if this call released it. Two at once, or a crash anywhere, end in one release."""
    period = _claim(period_id, now)
    if period is None:
        return False
    opener = _opener(period, now)
    if opener is None:
        return False
    for _turn in range(100):
        opened = _open_all(period, opener)
        reached("opened")
        done = _release(period, opened)
        if done is not None:
            reached("released")
            PeriodKey.objects.filter(period_id=period.id).delete()
            reached("destroyed")
            if opened.broken:
                log.warning("%s ballots of a closed period were damaged and were left out.", opened.broken)
            return done
    raise RuntimeError("The box did not come to rest.")  # a hundred withdrawals in a row, each in the middle of an opening


def _claim(period_id: UUID, now: datetime) -> Period | None:
    with transaction.atomic():
        period = Period.objects.select_for_update().filter(id=period_id, state__in=[Period.OPEN, Period.CLOSING]).first()
        if period is None or now < period.closes_at + SETTLES:
            return None
        if period.leased_until is not None and now < period.leased_until <= now + LEASE:
            return None  # another is at it; one that died is taken over when its lease is done, or the clock was set back
        period.state, period.leased_until = Period.CLOSING, now + LEASE
        period.save(update_fields=["state", "leased_until"])
    reached("claimed")
    return period


def _opener(period: Period, now: datetime) -> Opener | None:
    """The key to the box; without it the box waits for a while, since a key may be put back."""
    try:
        return Opener(release_key.unwrap(PeriodKey.objects.get(period_id=period.id)))
    except (PeriodKey.DoesNotExist, release_key.NoReleaseKey, KeyFault, SealBroken):
        Period.objects.filter(id=period.id, state=Period.CLOSING).update(leased_until=None)
        if now >= period.closes_at + SETTLES + GIVEN_UP_AFTER:
            give_up(period_id=period.id, now=now)
        else:
            log.error("A period can't be closed. %s", release_key.LOST)
        return None


def _open_all(period: Period, opener: Opener) -> Opened:
    leaves = set(period.reporting_tree.parents)
    leaves |= {f"{node}/leads" for node in leaves}
    tallies: dict[str, Tally] = {}
    ballots = broken = 0
    agency, asked = str(period.agency_id), len(period.asked)
    box = Ballot.objects.filter(period=period).values_list("id", "sealed")
    for ballot_id, sealed in box.iterator(chunk_size=BATCH):
        ballots += 1
        try:
            inside = opener.open_ballot(bytes(sealed), Slot(agency, str(period.id), str(ballot_id)))
        except NoBallot:
            broken += 1
            continue
        if inside.leaf in leaves and len(inside.values) == asked:
            tallies.setdefault(inside.leaf, Tally()).add(inside.values)
        else:
            broken += 1
    return Opened(tallies, ballots, broken)


def _release(period: Period, opened: Opened) -> bool | None:
    """Step 3. True: done here; False: another had done it; None: the box changed, open it again."""
    with transaction.atomic():
        agency = Agency.objects.select_for_update().get(id=period.agency_id)  # one chain an agency: one at a time
        here = Period.objects.select_for_update().get(id=period.id)
        if here.state != Period.CLOSING:
            return False
        rows = _rows(here, opened)
        Release.objects.bulk_create(_chained(agency, here, rows), batch_size=500)
        reached("written")
        gone = Ballot.objects.filter(period=here).delete()[0]
        if gone != opened.ballots:
            transaction.set_rollback(True)
            return None
        here.state, here.leased_until = Period.CLOSED, None
        here.save(update_fields=["state", "leased_until"])
        reached("deleted")
    return True


def _rows(period: Period, opened: Opened) -> list[tuple[str, dict[str, object]]]:
    first = not Release.objects.filter(agency=period.agency_id).exists()
    on_roster = Counter(Roster.objects.filter(period=period, counts=True).exclude(leaf="").values_list("leaf", flat=True))
    cells = picture(period.reporting_tree, period.catalogue, opened.tallies, on_roster, period.k, root_alone=first)
    return [(cell.node, cell.as_json()) for cell in cells]


def _chained(agency: Agency, period: Period, rows: list[tuple[str, dict[str, object]]]) -> list[Release]:
    last = Release.objects.filter(agency=agency).order_by("-number").first()
    number, head = (last.number, last.hash) if last else (0, chain.START)
    made = []
    for node, cells in rows:
        number += 1
        head = chain.link(head, str(agency.id), str(period.id), node, cells)
        made.append(Release(agency=agency, period=period, node=node, cells=cells, number=number, hash=head))
    return made


def give_up(*, period_id: UUID, now: datetime) -> bool:
    """End a period whose box can't or may not be opened: ballots destroyed unopened, nothing released."""
    with transaction.atomic():
        period = Period.objects.select_for_update().filter(id=period_id, state__in=[Period.OPEN, Period.CLOSING]).first()
        if period is None:
            return False
        Ballot.objects.filter(period=period).delete()
        period.state, period.leased_until = Period.GIVEN_UP, None
        period.save(update_fields=["state", "leased_until"])
    PeriodKey.objects.filter(period_id=period_id).delete()
    log.warning("A period was ended without figures: its ballots could not be opened.")
    return True


def give_up_overdue(*, now: datetime) -> int:
    """After a restore: a period that should have been closed by now may have been, with other ballots. It is not released again."""
    overdue = Period.objects.filter(state__in=[Period.OPEN, Period.CLOSING], closes_at__lte=now - SETTLES).values_list("id", flat=True)
    return sum(give_up(period_id=one, now=now) for one in list(overdue))


def tidy(*, now: datetime) -> int:
    """What a crash may have left: keys of closed periods. And rosters that the next period has taken over from."""
    done = 0
    ended = Q(state__in=[Period.CLOSED, Period.GIVEN_UP])
    for key in PeriodKey.objects.filter(made_at__lt=now - timedelta(hours=1)):
        if not Period.objects.filter(id=key.period_id).exclude(ended).exists():
            done += PeriodKey.objects.filter(id=key.id).delete()[0]
    for period in Period.objects.filter(ended, roster__isnull=False).distinct():
        if Period.objects.filter(agency=period.agency_id, starts_on__gt=period.starts_on).exists():
            done += Roster.objects.filter(period=period).delete()[0]
    return done
