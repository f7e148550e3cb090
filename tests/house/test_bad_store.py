"""What is too much, what is odd, and a store that fails under a page: a clear message, nothing lost, and it can be sent again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, OperationalError
from django.test import Client

from keepwell.people.models import Person
from keepwell.plans.models import Entry
from tests.support import Cast

MEGABYTE = "w" * (1024 * 1024)


@pytest.mark.parametrize("language", ["en", "es"])
def test_more_than_two_megabytes_are_refused_in_words(cast: Cast, client_of: Callable[..., Client], language: str) -> None:
    Person.objects.filter(pk=cast.ada.pk).update(language=language)
    answer = client_of(cast.ada).post("/plan/build/now-helpful/", {"words": MEGABYTE * 3, "domain": "body"})
    assert answer.status_code == 413
    said = answer.content.decode()
    assert {"en": "still in the page before this one", "es": "sigue en la página anterior"}[language] in said
    assert not Entry.objects.filter(person=cast.ada).exists()


def test_odd_letters_come_back_as_they_were_written(cast: Cast, client_of: Callable[..., Client]) -> None:
    ada = client_of(cast.ada)
    for words in ("🌿👩🏽‍🚒 e\u0301", "אני עייפה היום", "متعبة اليوم", "Straße — “so”", "1 < 2 & 3"):
        ada.post("/plan/build/now-helpful/", {"words": words, "domain": "body"})
        assert words in [entry.words for entry in Entry.objects.filter(person=cast.ada)]


FAULTS = [
    OperationalError("database or disk is full"),
    OperationalError("unable to open database file"),
    OperationalError("attempt to write a readonly database"),
    OperationalError("database is locked"),
    DatabaseError("database disk image is malformed"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_store_that_fails_under_a_form_is_told_and_the_form_can_be_sent_again(
    cast: Cast, client_of: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    ada = client_of(cast.ada)
    ada.raise_request_exception = False

    def fails(*_args: Any, **_more: Any) -> None:
        raise fault

    form = {"words": "A walk", "domain": "body"}
    with monkeypatch.context() as broken:
        broken.setattr(Entry, "save", fails)
        answer = ada.post("/plan/build/now-helpful/", form)
    assert answer.status_code == 503 and answer["Retry-After"]
    said = answer.content.decode()
    assert "What you saved is safe" in said and 'href="/help/"' in said
    assert not Entry.objects.filter(person=cast.ada).exists()
    ada.post("/plan/build/now-helpful/", form)
    assert [entry.words for entry in Entry.objects.filter(person=cast.ada)] == ["A walk"]


def test_a_store_that_cannot_be_read_at_all_still_shows_where_help_is(
    cast: Cast, client_of: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = client_of(cast.ada)
    ada.raise_request_exception = False

    def fails(_self: SessionStore) -> None:
        raise OperationalError("unable to open database file")

    monkeypatch.setattr(SessionStore, "load", fails)
    answer = ada.get("/")
    assert answer.status_code == 503
    assert "unable to open" not in answer.content.decode()  # no word of the inside
    assert 'href="/help/"' in answer.content.decode()
