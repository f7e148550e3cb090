"""Runs in a process of its own, to be killed: a scratch store is filled, sent from, and looked at. `worker.py VERB [N]`.

Time-outs are scaled down together: a lease of 1.2 s for a sending of at most 0.4 s, as 90 s are to 30 s.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from uuid import uuid4

from keepwell import store

LEASE, WITHIN = 1.2, 0.4


def fill(number: int) -> None:
    from django.db import transaction
    from django.utils import timezone

    from keepwell.notify import actions

    now = timezone.now()
    with transaction.atomic():
        for n in range(number):
            actions.put_message(
                person=None,
                to=f"somebody{n}@x.example",
                language="en",
                lane="account",
                kind="email-changed",
                occasion=str(uuid4()),
                params={},
                due_at=now,
                now=now,
            )


def send() -> None:
    """Two senders under one parent that starts them again at once."""
    from keepwell import supervise
    from keepwell.notify import line, tasks
    from keepwell.notify.rules import retry

    retry.LEASE, tasks.FRESH = timedelta(seconds=LEASE), timedelta(seconds=LEASE - 0.2)
    tasks.Line = lambda: line.Line(within=WITHIN)  # type: ignore[misc, assignment]  # the same, sooner
    retry._DELAYS = {"account": (0.2,), "reminder": (0.2,)}  # type: ignore[misc, assignment, dict-item]
    retry._THEN = 1  # type: ignore[misc]
    supervise.LONGEST_PAUSE = 0.05  # type: ignore[misc]

    def loop() -> None:
        told = supervise.Told()
        while not told():
            if not tasks.send(most=10, stop=told):
                told.wait(0.05)

    supervise.Supervisor([supervise.Part("one", loop), supervise.Part("two", loop)]).run()


def look() -> None:
    from django.db.models import Count

    from keepwell.notify import queries
    from keepwell.notify.models import Message

    states = dict(Message.objects.values_list("state").annotate(n=Count("id")))
    beats = {part: at.isoformat() for part, at in queries.heartbeats().items()}
    print(json.dumps({"states": states, "beats": beats}))


if __name__ == "__main__":
    verb = sys.argv[1]
    data = store.prepare()
    if verb == "fill":
        fill(int(sys.argv[2]))
    elif verb == "send":
        send()
    else:
        look()
