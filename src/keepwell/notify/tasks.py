"""What the clock asks of this room.

*post* carries the outbox: ``post_invitations`` and ``remind`` write messages, ``send`` hands them to the mail server. Claim with
a lease, send, then mark: whoever is killed in between leaves a message that is sent again with the same Message-ID, never one
that is lost. No network call stands inside a transaction. ``purge`` forgets what is older than 30 days.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import formats, timezone, translation

from keepwell.kit.periods import local_date
from keepwell.notify import actions, catalogue, queries
from keepwell.notify.line import Line, Refusal
from keepwell.notify.models import Due, Hold, Message, Note
from keepwell.notify.rules import retry
from keepwell.people import keyring
from keepwell.people.actions import invitation_token
from keepwell.people.models import Invitation, Member, Person
from keepwell.people.viewer import viewer_for

log = logging.getLogger("keepwell.notify")

BATCH = 50
KEPT = queries.KEPT
FRESH = timedelta(seconds=75)  # a lease with less left is renewed before a sending begins
POISONED_AFTER = 5  # tries of a message that breaks before it reaches the mail server

Clock = Callable[[], datetime]


def _never() -> bool:
    return False


# ---- what becomes a message ----


def post_invitations(now: datetime, most: int = BATCH) -> int:
    """Put invitations that nobody has carried yet into the outbox; the number put there."""
    waiting = Invitation.objects.filter(posted_at=None, accepted_at=None, withdrawn_at=None, expires_at__gt=now)
    done = 0
    for invitation in waiting.select_related("agency").order_by("made_at")[:most]:
        with transaction.atomic():
            if not Invitation.objects.filter(id=invitation.id, posted_at=None).update(posted_at=now):
                continue
            language = invitation.agency.language
            with translation.override(language), timezone.override(invitation.agency.zone):
                until = formats.date_format(timezone.localtime(invitation.expires_at), "DATE_FORMAT")
            actions.put_message(
                person=None,
                to=invitation.email,
                language=language,
                lane=catalogue.ACCOUNT,
                kind="invitation",
                occasion=f"{invitation.id}/{int(invitation.made_at.timestamp())}",
                params={
                    "path": reverse("arrive", args=[invitation_token(invitation)]),
                    "until": until,
                    "agency": invitation.agency.name,
                    "product": settings.KEEPWELL_NAME,
                    "note": invitation.note or "",
                },
                due_at=now,
                now=now,
            )
            done += 1
    return done


def tell_ended(now: datetime) -> int:
    """Tell people whose place in an agency ended in the last days; each place once."""
    since = local_date(now, "UTC") - timedelta(days=2)
    told = 0
    for member in Member.objects.filter(ended_on__gte=since).exclude(person=None).select_related("person", "agency"):
        person = member.person
        if person is None or not person.is_active:
            continue
        if Message.objects.filter(person=person, kind="membership-ended", occasion=str(member.id)).exists():
            continue
        actions.tell(
            person=person,
            kind="membership-ended",
            occasion=str(member.id),
            params={"agency": member.agency.name},
            now=now,
        )
        told += 1
    return told


def remind(now: datetime, most: int = 200) -> int:
    """What asked to be mentioned by now becomes one message and a note, or moves on to when it may; the number handled."""
    ripe = list(Due.objects.filter(remind_at__lte=now).select_related("person").order_by("remind_at", "id")[:most])
    ripe.sort(key=attrgetter("person_id"))
    reaches = queries.reach_of({due.person for due in ripe}, now)
    for person, of_person in groupby(ripe, key=attrgetter("person")):
        try:
            with keyring.remembered():
                rooms = viewer_for(person).rooms
                for due in sorted(of_person, key=attrgetter("remind_at", "id")):
                    _remind_of(due, person, rooms, reaches[person.id], now)
        except Exception as fault:  # one person's broken row must not silence everybody else
            log.error("A reminder could not be made ready: %s", type(fault).__name__)
            Due.objects.filter(person=person, remind_at__lte=now).update(remind_at=now + timedelta(hours=1))
    return len(ripe)


def _remind_of(due: Due, person: Person, rooms: frozenset[str], reach: queries.Reach, now: datetime) -> None:
    entry = catalogue.reminder_of(due.kind)
    wanted = entry is not None and person.is_active and due.room in rooms and (due.until is None or due.until > now)
    if entry is None or not wanted:
        _set_remind(due, None)
        return
    hours = reach.hours
    if not hours.by_email or entry.slug in hours.not_kinds:
        with transaction.atomic():
            if _set_remind(due, None) and entry.slug not in hours.not_kinds:
                _leave_note(due, person, entry, now)
        return
    # what a sender elsewhere has written since is taken by the database's own "one a day", and passed over
    full: set[object] = set()
    while True:
        at = reach.next(now, also_taken=full)  # type: ignore[arg-type]  # dates; a set of them grows below
        if at is None or (due.until is not None and at >= due.until):
            with transaction.atomic():  # no day on which a message may come: it waits inside Keepwell
                if _set_remind(due, None):
                    _leave_note(due, person, entry, now)
            return
        if at > now:
            _set_remind(due, at)
            return
        today = reach.date_of(now)
        try:
            with transaction.atomic():
                if not _set_remind(due, None):
                    return
                message = actions.put_message(
                    person=person,
                    to=person.email,
                    language=person.language,
                    lane=catalogue.REMINDER,
                    kind=entry.slug,
                    occasion=f"{due.occasion[:60]}@{today.isoformat()}",
                    params={"due": str(due.id), "path": due.path, "more": "1" if hours.say_more else ""},
                    due_at=now,
                    now=now,
                )
                Message.objects.filter(id=message.id).update(local_date=today)
                _leave_note(due, person, entry, now)
            return
        except IntegrityError:
            full.add(today)


def _set_remind(due: Due, at: datetime | None) -> bool:
    """Move or end a due row's reminder, if it still stands as it was read; whoever comes second changes nothing."""
    return bool(Due.objects.filter(id=due.id, remind_at=due.remind_at).update(remind_at=at))


def _leave_note(due: Due, person: Person, entry: catalogue.Entry, now: datetime) -> None:
    words = due.words
    with translation.override(person.language):
        title = str(words.get("title") or entry.name)
    actions.put_note(
        person=person,
        kind=entry.slug,
        occasion=f"{due.occasion[:60]}@{local_date(now, person.zone).isoformat()}",
        words={"title": title, "sub": str(words.get("sub") or "")},
        path=due.path,
        now=now,
    )


# ---- sending ----


def claim(now: datetime, most: int = BATCH) -> list[Message]:
    """Take up to ``most`` due messages for a lease; what another sender holds is passed over.

    One short transaction. On PostgreSQL two senders skip each other's rows; on SQLite the transaction is IMMEDIATE, so that
    they take turns.
    """
    token = uuid4()
    with transaction.atomic():
        free = Message.objects.filter(
            Q(leased_until=None) | Q(leased_until__lte=now), state=Message.PENDING, due_at__lte=now
        )
        if connection.features.has_select_for_update_skip_locked:
            free = free.select_for_update(skip_locked=True, of=("self",))
        chosen: list[Message] = []
        for lane in (catalogue.ACCOUNT, catalogue.REMINDER):  # somebody may be waiting for a code; reminders have time
            chosen += free.filter(lane=lane).order_by("due_at", "id")[: most - len(chosen)]
        Message.objects.filter(id__in=[row.id for row in chosen]).update(
            lease=token, leased_until=now + retry.LEASE, attempts=F("attempts") + 1
        )
    for row in chosen:
        row.lease, row.leased_until, row.attempts = token, now + retry.LEASE, row.attempts + 1
    return chosen


def send(*, clock: Clock = timezone.now, most: int = BATCH, stop: Callable[[], bool] = _never) -> int:
    """Send what is due: claim, send, then mark. The number claimed; ask again while it is ``most``."""
    if not queries.post_is_set_up():
        return 0
    claimed = claim(clock(), most)
    with Line() as line:
        for message in claimed:
            if stop() or line.is_down:
                _give_back(message)
                continue
            try:
                _send_one(message, line, clock)
            except Exception as fault:  # one poisoned row must never stop the others
                log.error("Message %s could not be made ready: %s", message.id, type(fault).__name__)
                _mark_failed(message, "", clock(), lasting=message.attempts >= POISONED_AFTER)
    return len(claimed)


def _send_one(message: Message, line: Line, clock: Clock) -> None:
    with keyring.remembered():
        if not _is_still_right(message, clock()):
            return
        line.open()
        if line.is_down:
            _mark_failed(message, line.sentence, clock(), lasting=False)
            return
        if not _renew(message, clock()):
            return  # this sender slept past its lease and another has taken the message
        try:
            sentence = line.send(message)
        except Refusal as refusal:
            _mark_failed(message, refusal.sentence, clock(), lasting=refusal.lasting)
            return
        _mark(message, Message.SENT, clock(), sentence)


def _is_still_right(message: Message, now: datetime) -> bool:
    """What has nothing to say any more is withdrawn; a reminder is moved on if it may not come now after all."""
    entry = catalogue.entry(message.kind)
    if message.lane == catalogue.REMINDER:
        return _reminder_is_right(message, now)
    if now > message.made_at + entry.lasts or (message.kind == "invitation" and not _invitation_is_open(message, now)):
        _mark(message, Message.WITHDRAWN, now)
        return False
    return True


def _invitation_is_open(message: Message, now: datetime) -> bool:
    found = Invitation.objects.filter(id=message.occasion.partition("/")[0]).first()
    return found is not None and found.open_at(now)


def _reminder_is_right(message: Message, now: datetime) -> bool:
    """Asked again at the moment of sending: hours may have changed, a hold begun, the thing itself been done."""
    person = message.person
    due = Due.objects.filter(id=message.envelope["params"]["due"]).first()
    if person is None or not person.is_active or due is None or (due.until is not None and due.until <= now):
        _mark(message, Message.WITHDRAWN, now)
        return False
    reach = queries.reach_of([person], now)[person.id]
    at = reach.next(now, but=message.local_date)
    if at is None or not reach.hours.by_email or message.kind in reach.hours.not_kinds:
        _mark(message, Message.WITHDRAWN, now)
        return False
    if at <= now and message.local_date == reach.date_of(now):
        return True
    try:
        with transaction.atomic():
            Message.objects.filter(id=message.id, lease=message.lease).update(local_date=reach.date_of(at))
            if at > now:
                _move_on(message, at)
        return at <= now
    except IntegrityError:  # that day has had its message since: look again in a while
        _move_on(message, now + timedelta(hours=1))
        return False


def _renew(message: Message, now: datetime) -> bool:
    """Before a sending begins its lease must outlast it more than twice over. False: another sender has the message."""
    if message.leased_until and message.leased_until - now >= FRESH:
        return True
    until = now + retry.LEASE
    message.leased_until = until
    return bool(
        Message.objects.filter(id=message.id, lease=message.lease, state=Message.PENDING).update(leased_until=until)
    )


def _mark(message: Message, state: str, now: datetime, sentence: str = "") -> bool:
    """Only who still holds the lease may say how it ended: a sender that slept too long changes nothing."""
    with transaction.atomic():
        row = Message.objects.select_for_update(of=("self",)).filter(id=message.id, lease=message.lease).first()
        if row is None:
            return False
        row.state, row.done_at, row.lease, row.leased_until, row.answer = state, now, None, None, sentence or None
        if state in (Message.WITHDRAWN, Message.GIVEN_UP):
            row.local_date = None  # it was not sent, so the day is free
        row.save(update_fields=["state", "done_at", "lease", "leased_until", "answer", "local_date"])
        return True


def _mark_failed(message: Message, sentence: str, now: datetime, *, lasting: bool) -> None:
    entry_lasts = catalogue.entry(message.kind).lasts if catalogue.knows(message.kind) else retry.TRY_FOR
    at = None if lasting else retry.next_try(message.lane, message.attempts, message.made_at, now, entry_lasts)
    if at is None:
        _mark(message, Message.GIVEN_UP, now, sentence)
        return
    with transaction.atomic():
        row = Message.objects.select_for_update(of=("self",)).filter(id=message.id, lease=message.lease).first()
        if row is not None:
            row.due_at, row.lease, row.leased_until, row.answer = at, None, None, sentence or None
            row.save(update_fields=["due_at", "lease", "leased_until", "answer"])


def _move_on(message: Message, at: datetime) -> None:
    Message.objects.filter(id=message.id, lease=message.lease).update(
        due_at=at, lease=None, leased_until=None, attempts=F("attempts") - 1
    )


def _give_back(message: Message) -> None:
    """Claimed and not tried: free again for whoever comes next."""
    Message.objects.filter(id=message.id, lease=message.lease).update(
        lease=None, leased_until=None, attempts=F("attempts") - 1
    )


# ---- forgetting ----


def purge(now: datetime) -> int:
    """Messages and notes of more than 30 days, and holds that ended so long ago. The number gone."""
    old = now - KEPT
    gone = 0
    ended: tuple[models.QuerySet[models.Model], ...] = (
        Message.objects.filter(made_at__lt=old),
        Note.objects.filter(made_at__lt=old),
        Hold.objects.filter(ends_at__lt=old),
    )
    for rows in ended:
        while ids := list(rows.values_list("pk", flat=True)[:500]):  # short writes: nobody waits behind them
            gone += rows.model._default_manager.filter(pk__in=ids).delete()[0]
    return gone
