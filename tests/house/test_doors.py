"""Every address × method × visitor (AC-1…5): the answer the table says, and not one foreign canary in anything that leaves.

The rows are in `tests/<room>/doors.py`; how to write them: `tests/house/doors.py`. The store is filled and the sessions are made
once; each visit happens in a transaction that is taken back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.db import connections, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from keepwell.people.fields import SealedField
from keepwell.people.kinds import PrivateToPerson
from keepwell.people.models import Person
from tests import support
from tests.house import doors

ALIASES = ("default", "keys")
TABLE = doors.assemble()
pytestmark = [pytest.mark.django_db(databases=list(ALIASES))]


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """Two agencies, ada's private records in every room, and a session for each visitor."""
    from tests.people.cast import gather, signed_in

    with django_db_blocker.unblock(), ExitStack() as stack:
        for alias in ALIASES:
            stack.enter_context(transaction.atomic(using=alias))
        stack.enter_context(time_machine.travel(support.NOW, tick=False))
        cast = gather(support.NOW)
        whole: dict[str, Any] = {"cast": cast, "now": support.NOW}
        for make in TABLE.scenes.values():
            whole.update(make(cast, support.NOW))
        clients = {name: signed_in(person, again=True) for name, person in cast.people.items()}
        clients["anonymous"] = Client()
        clients["half"] = signed_in(cast.ben, second_factor=False, again=True)
        locked = Person.objects.get(pk=signed_in_locked(cast).pk)
        clients["locked"] = signed_in(locked)
        Person.objects.filter(pk=locked.pk).update(is_active=False)
        for client in clients.values():
            client.raise_request_exception = False
        whole["clients"] = clients
        yield whole
        for alias in ALIASES:
            transaction.set_rollback(True, using=alias)


def signed_in_locked(cast: support.Cast) -> Person:
    """Somebody whose account is locked while a session of theirs still lies about."""
    from keepwell.people import actions

    person = actions.new_person(
        email="lee@demo.example", hello=actions.Hello(called="Lee", password=support.PASSWORD), now=support.NOW
    )
    actions.add_member(agency=cast.harbour, person=person, kind="staff", team=cast.outreach, parts=[], now=support.NOW)
    return person


def test_every_address_has_a_name() -> None:
    assert [route for name, route in doors.addresses() if not name] == []


def test_every_address_stands_in_the_table_once() -> None:
    known = {name for name, _route in doors.addresses() if name}
    assert known, "no addresses: the test would pass over nothing"
    assert sorted(known - TABLE.doors.keys()) == [], "not in the table: add a row in tests/<room>/doors.py"
    assert sorted(TABLE.doors.keys() - known) == [], "in the table, but no such address"
    assert TABLE.twice == []


def test_every_private_field_holds_a_canary(scene: dict[str, Any]) -> None:
    """Without this the walk would prove nothing about a room that forgot its scene."""
    ada, bare, checked = scene["cast"].ada, [], 0
    for model in apps.get_models():
        if not issubclass(model, PrivateToPerson):
            continue
        for field in model._meta.get_fields():
            name = f"{model._meta.label}.{field.name}"
            if not isinstance(field, SealedField) or name in TABLE.not_words:
                continue
            checked += 1
            if not any(doors.CANARY in repr(getattr(row, field.name)) for row in model._default_manager.filter(person=ada)):
                bare.append(name)
    assert checked, "no sealed fields: the test would pass over nothing"
    assert bare == [], "ada needs a row with canary(…) here: write it in the scene of tests/<room>/doors.py"


def test_fields_no_canary_fits_into_exist() -> None:
    known = {f"{model._meta.label}.{field.name}" for model in apps.get_models() for field in model._meta.get_fields()}
    assert set(TABLE.not_words) - known == set()


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(TABLE.doors))
def test_who_meets_what(name: str, scene: dict[str, Any]) -> None:
    door = TABLE.doors[name]
    try:
        address = reverse(name, kwargs=door.at(scene) if door.at else None)
    except Exception as fault:
        pytest.fail(f"{name}: the address can't be made: {fault}")
    wrong: list[str] = []
    for visitor in doors.VISITORS:
        for method in ("GET", "POST"):
            cache.clear()  # limits on how often are not the question here
            data = door.data(scene) if door.data and method == "POST" else {}
            watched = scene["cast"].ada if visitor != doors.OWNER and method == "POST" else None
            response, touched = _visit(scene["clients"][visitor], method, address, data, watched)
            if touched:
                wrong.append(f"{visitor} {method} {address}: changed what is ada's: {touched}")
            met, expected = doors.answer_of(response, method), door.expected(method, visitor)
            if met not in expected:
                wrong.append(f"{visitor} {method} {address}: expected {' or '.join(map(str, expected))}, met {met}{_fault(response)}")
            if visitor != doors.OWNER and _heard(response):
                wrong.append(f"{visitor} {method} {address}: a canary sang: {_heard(response)}")
            wrong += [f"{visitor} {method} {address}: {fault}" for fault in _headers(response, visitor, door.headers)]
            if any(doors.CANARY in str(letter.message()) for letter in getattr(mail, "outbox", [])):
                wrong.append(f"{visitor} {method} {address}: a canary went out by mail")
            mail.outbox = []
    assert wrong == [], "\n".join(wrong)


def _hers(person: Person) -> dict[str, list[tuple[Any, ...]]]:
    """Every private row of a person, as it lies in the store."""
    models = [model for model in apps.get_models() if issubclass(model, PrivateToPerson)]
    return {model._meta.label: list(model._default_manager.filter(person=person).order_by("pk").values_list()) for model in models}


def _visit(
    client: Client, method: str, address: str, data: dict[str, Any], watched: Person | None = None
) -> tuple[HttpResponse, list[str]]:
    """One visit, with what follows after commit, and then as if it had never been; and which of the watched person's rows it changed."""
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    callbacks: list[Any] = []
    with ExitStack() as stack:
        for alias in ALIASES:
            stack.enter_context(transaction.atomic(using=alias))
        hers = _hers(watched) if watched else {}
        before = {alias: len(connections[alias].run_on_commit) for alias in ALIASES}
        response: HttpResponse = getattr(client, method.lower())(address, data)
        if getattr(response, "streaming", False):
            response = HttpResponse(b"".join(response.streaming_content), status=response.status_code, headers=response.headers)
        for alias in ALIASES:
            queue = connections[alias].run_on_commit
            callbacks += [entry[1] for entry in queue[before[alias] :]]
            del queue[before[alias] :]
        for callback in callbacks:
            callback()
        touched = [label for label, rows in _hers(watched).items() if rows != hers[label]] if watched else []
        for alias in ALIASES:
            transaction.set_rollback(True, using=alias)
    client.cookies.clear()
    for key, value in cookies.items():
        client.cookies[key] = value
    return response, touched


def _heard(response: HttpResponse) -> str:
    """Where a canary is, if any: in the bytes, compressed or not, or in a header."""
    whole = response.content + repr(sorted(response.headers.items())).encode() + str(response.cookies).encode()
    at = whole.find(doors.CANARY.encode())
    return whole[at : at + 80].decode(errors="replace") if at >= 0 else ""


def _headers(response: HttpResponse, visitor: str, otherwise: Mapping[str, str]) -> list[str]:
    """What every answer must carry (AUTH-1)."""
    found = []
    if response.headers.get("Cross-Origin-Opener-Policy") != "same-origin":
        found.append(f"opener policy is {response.headers.get('Cross-Origin-Opener-Policy')}")
    if "camera=()" not in response.headers.get("Permissions-Policy", ""):
        found.append(f"permissions policy is {response.headers.get('Permissions-Policy')}")
    policy = response.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy:
        found.append(f"content policy is {policy or 'missing'}")
    for header, usual in (("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "same-origin"), ("X-Frame-Options", "DENY")):
        value = otherwise.get(header, usual)
        if response.headers.get(header) != value:
            found.append(f"{header} is {response.headers.get(header)}, not {value}")
    if visitor in doors.SIGNED_IN and "no-store" not in response.headers.get("Cache-Control", ""):
        found.append(f"a signed-in answer may be stored: Cache-Control is {response.headers.get('Cache-Control')}")
    return found


def _fault(response: HttpResponse) -> str:
    error = getattr(response, "exc_info", None)
    return f" ({error[0].__name__}: {error[1]})" if error else ""
