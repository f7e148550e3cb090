"""The pages, as a browser without script meets them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pypdf
import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from keepwell.notify.models import Due
from keepwell.people.models import Agency, Person
from keepwell.plans import actions, paper, queries
from keepwell.plans.models import Commitment, Emergency, Entry, Plan
from keepwell.plans.rules import parts
from tests.support import Cast

Browser = Callable[..., Client]


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no hidden {name} in the page"
    return found[1]


def _text(response: HttpResponse) -> str:
    assert response.status_code == 200, response.headers
    return response.content.decode()


@pytest.fixture
def ada(cast: Cast, client_of: Browser, now: datetime) -> Client:
    return client_of(cast.ada)


def _part(part: str) -> str:
    return reverse("plans:part", args=[part])


# ---- the builder ----


def test_the_builder_can_be_walked_from_end_to_end_without_a_word(ada: Client, cast: Cast) -> None:
    here, walked = _part(parts.PARTS[0]), []
    while here != reverse("plans:plan"):
        page = _text(ada.get(here))
        assert 'class="seen"' in page
        walked.append(here)
        data = {"span": "2026-12-23"} if here == _part(parts.REVIEW) else {}
        here = ada.post(here, data).headers["Location"]
    assert walked == [_part(part) for part in parts.PARTS]
    assert Plan.objects.get(person=cast.ada).visited == list(parts.PARTS)
    assert not Entry.objects.filter(person=cast.ada).exists()


def test_leaving_and_coming_back_goes_on_where_one_was(ada: Client, cast: Cast) -> None:
    ada.post(_part(parts.NOW_HELPFUL), {"words": "I sing in the car", "domain": "mind"})
    assert _part(parts.NOW_NOT_HELPFUL) in _text(ada.get(reverse("plans:build")))
    assert f'href="{_part(parts.NOW_NOT_HELPFUL)}"' in _text(ada.get(reverse("plans:plan")))


def test_a_line_goes_into_the_plan_and_can_be_undone(ada: Client, cast: Cast) -> None:
    page = _text(ada.get(_part(parts.SIGNS)))
    data = {"id": _hidden(page, "id"), "words": "I drive past my exit\r\nتعب 🌿", "more": "1"}
    for _ in range(2):
        answer = ada.post(_part(parts.SIGNS), data)
        assert answer.headers["Location"] == _part(parts.SIGNS)
    entry = Entry.objects.get(person=cast.ada)
    assert entry.words == "I drive past my exit\nتعب 🌿"
    page = _text(ada.get(_part(parts.SIGNS)))
    assert "تعب 🌿" in page
    assert reverse("plans:remove", args=[entry.id]) in page


@pytest.mark.parametrize("part", [p for p in parts.PARTS if p not in (parts.REVIEW, parts.CALL)])
def test_a_tapped_example_joins_what_was_typed_and_saves_nothing(ada: Client, part: str) -> None:
    page = _text(ada.post(_part(part), {"words": "mine first", "example": "1"}))
    field = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)
    assert field
    lines = field[1].strip().splitlines()
    assert lines[0] == "mine first"
    assert len(lines) == 2
    assert not Entry.objects.exists()
    assert not Emergency.objects.exists()


def test_an_activity_needs_one_of_the_four_and_keeps_what_was_typed(ada: Client) -> None:
    page = _text(ada.post(_part(parts.KEEP), {"words": "Sunday choir", "domain": ""}))
    assert "Choose one of the four" in page
    assert "Sunday choir</textarea>" in page
    assert not Entry.objects.exists()


@pytest.mark.parametrize("part", [parts.OBSTACLES, parts.TELL])
def test_a_very_long_text_is_refused_in_a_sentence_and_is_still_there(ada: Client, part: str) -> None:
    most = parts.LONGEST_ENTRY if part == parts.OBSTACLES else parts.LONGEST_TEXT
    words = "wörter " * 20_000
    page = _text(ada.post(_part(part), {"words": words}))
    assert f"This is {len(words.strip()) - most} characters longer than fits here" in page
    assert words.strip() in page
    exact = "x\r\n" * (most // 2) + "y"  # a line end counts once
    assert ada.post(_part(part), {"words": exact[: most + most // 2]}).status_code == 302


def test_a_zero_byte_is_a_fault_of_the_form_and_not_of_the_page(ada: Client) -> None:
    assert "Nothing is lost" in _text(ada.post(_part(parts.SIGNS), {"words": "a\x00b"}))


def test_the_content_note_stands_before_the_question_is_answered_and_offers_a_way_round(ada: Client) -> None:
    page = _text(ada.get(_part(parts.DO)))
    assert page.index("hardest days") < page.index("<textarea")
    assert _part(parts.SIGNS) in page


def test_what_helps_now_is_kept_in_one_tap(ada: Client, cast: Cast, now: datetime) -> None:
    entry = actions.add_entry(by=cast.ada, part=parts.NOW_HELPFUL, words="Novel", domain="mind", now=now)
    address = reverse("plans:keep", args=[entry.id])
    assert address in _text(ada.get(_part(parts.KEEP)))
    ada.post(address)
    assert Entry.objects.get(id=entry.id).part == parts.KEEP


def test_no_such_part_is_no_such_page(ada: Client) -> None:
    assert ada.get(_part("wishes")).status_code == 404


# ---- whom I call ----


def test_people_to_call_are_kept_with_their_numbers_and_nothing_in_the_browser_looks_for_them(
    ada: Client, cast: Cast
) -> None:
    page = _text(ada.get(_part(parts.CALL)))
    assert 'name="phone_2"' in page
    assert "data-hint " not in page.replace("data-hint-says", "")
    ada.post(_part(parts.CALL), {"name_0": "Noor", "phone_0": "+1 555 0143", "name_1": "My sister", "version": "0"})
    page = _text(ada.get(reverse("plans:emergency")))
    assert 'href="tel:+15550143"' in page
    assert "My sister" in page


def test_too_long_a_name_stays_in_its_field(ada: Client) -> None:
    page = _text(ada.post(_part(parts.CALL), {"name_0": "n" * 81, "phone_0": "555", "version": "0"}))
    assert f'value="{"n" * 81}"' in page
    assert "longer than fits here" in page
    assert "maxlength" not in page


def test_two_tabs_on_the_emergency_plan_show_both_texts(ada: Client, cast: Cast) -> None:
    version = _hidden(_text(ada.get(_part(parts.TELL))), "version")
    ada.post(_part(parts.TELL), {"words": "from the first tab", "version": version})
    page = _text(ada.post(_part(parts.TELL), {"words": "from the second tab", "version": version}))
    assert "changed in another tab" in page
    assert "from the first tab" in page
    assert "from the second tab</textarea>" in page
    ada.post(_part(parts.TELL), {"words": "both together", "version": _hidden(page, "version")})
    assert Emergency.objects.get(person=cast.ada).words(parts.TELL) == "both together"


# ---- the review ----


def test_the_review_offers_four_weeks_and_refuses_a_past_day_kindly(ada: Client, cast: Cast) -> None:
    page = _text(ada.get(_part(parts.REVIEW)))
    assert re.search(r'value="2026-12-23"[^>]*checked', page)
    page = _text(ada.post(_part(parts.REVIEW), {"span": "own", "own": "2026-11-01"}))
    assert "still to come" in page
    assert 'value="2026-11-01"' in page
    assert ada.post(_part(parts.REVIEW), {"span": "own", "own": "2027-01-05"}).status_code == 302
    assert Plan.objects.get(person=cast.ada).review_on.isoformat() == "2027-01-05"


def test_on_its_day_the_plan_says_so_without_a_word_about_late(
    ada: Client, cast: Cast, now: datetime, client_of: Browser
) -> None:
    actions.add_entry(by=cast.ada, part=parts.SIGNS, words="x", now=now)
    with time_machine.travel(now + timedelta(days=60), tick=False):
        page = _text(client_of(cast.ada).get(reverse("plans:plan")))
    assert "the day you chose" in page
    assert not re.search(r"overdue|late\b|missed", page, re.I)


# ---- the plan ----


def test_an_empty_plan_offers_one_beginning(ada: Client) -> None:
    page = _text(ada.get(reverse("plans:plan")))
    assert page.count('class="btn act"') == 1
    assert page.count('class="domain bare"') == 4
    assert "%" not in re.sub(r"<[^>]*>", "", page)


def test_the_plan_says_what_is_covered_and_what_is_bare(ada: Client, cast: Cast, now: datetime) -> None:
    for domain in ("body", "mind", "spirit"):
        actions.add_entry(by=cast.ada, part=parts.KEEP, words=f"something for {domain}", domain=domain, now=now)
    page = _text(ada.get(reverse("plans:plan")))
    assert "Three of the four are covered. People has nothing in it yet." in page
    assert page.count('class="domain bare"') == 1


def test_two_hundred_lines_are_folded_and_cost_no_more_questions_to_the_store(
    ada: Client, cast: Cast, now: datetime, django_assert_max_num_queries: Any
) -> None:
    Entry.objects.bulk_create(
        Entry(person=cast.ada, said={"part": parts.KEEP, "words": f"line {n}", "domain": parts.DOMAINS[n % 4]}, place=n)
        for n in range(200)
    )
    with django_assert_max_num_queries(12):
        page = _text(ada.get(reverse("plans:plan")))
    assert page.count("line-of") == 200
    assert page.count("And 38 more") == 4


def test_words_are_shown_as_written_and_never_as_markup(ada: Client, cast: Cast, now: datetime) -> None:
    actions.add_entry(by=cast.ada, part=parts.KEEP, words="<script>alert(1)</script> & so", domain="mind", now=now)
    page = _text(ada.get(reverse("plans:plan")))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; so" in page


# ---- one line ----


def test_a_line_is_changed_taken_out_and_put_back(ada: Client, cast: Cast, now: datetime) -> None:
    entry = actions.add_entry(by=cast.ada, part=parts.OBSTACLES, words="was", now=now)
    address = reverse("plans:entry", args=[entry.id])
    ada.post(address, {"words": "is", "version": _hidden(_text(ada.get(address)), "version")})
    assert Entry.objects.get(id=entry.id).words == "is"
    ada.post(reverse("plans:remove", args=[entry.id]))
    page = _text(ada.get(reverse("plans:plan")))
    assert reverse("plans:restore", args=[entry.id]) in page
    assert ada.get(address).status_code == 404
    ada.post(reverse("plans:restore", args=[entry.id]))
    assert "is" in _text(ada.get(address))


def test_two_tabs_on_one_line_show_both_texts(ada: Client, cast: Cast, now: datetime) -> None:
    entry = actions.add_entry(by=cast.ada, part=parts.OBSTACLES, words="was", now=now)
    address = reverse("plans:entry", args=[entry.id])
    ada.post(address, {"words": "from the first tab", "version": "1"})
    page = _text(ada.post(address, {"words": "from the second tab", "version": "1"}))
    assert "from the first tab" in page
    assert "from the second tab</textarea>" in page
    ada.post(address, {"words": "from the second tab", "version": _hidden(page, "version")})
    assert Entry.objects.get(id=entry.id).words == "from the second tab"


def test_a_line_removed_in_another_tab_keeps_what_was_typed(ada: Client, cast: Cast, now: datetime) -> None:
    entry = actions.add_entry(by=cast.ada, part=parts.OBSTACLES, words="was", now=now)
    actions.remove_entry(by=cast.ada, entry_id=entry.id, now=now)
    assert ada.post(reverse("plans:entry", args=[entry.id]), {"words": "new", "version": "1"}).status_code == 404


# ---- small steps ----


def test_a_small_step_is_one_tap_and_comes_back_to_where_it_was_tapped(ada: Client, cast: Cast) -> None:
    here = reverse("plans:steps") + "?domain=people"
    page = _text(ada.get(here))
    slug = re.search(r'name="step" value="([^"]+)"', page)
    assert slug
    for _ in range(2):
        answer = ada.post(reverse("plans:add_step"), {"step": slug[1], "next": here})
        assert answer.headers["Location"] == here
    assert Entry.objects.get(person=cast.ada).domain == "people"
    assert "In your plan" in _text(ada.get(here))


def test_the_way_back_is_never_another_site(ada: Client) -> None:
    for there in ("https://example.org/", "//example.org/", "javascript:alert(1)"):
        answer = ada.post(reverse("plans:add_step"), {"step": "bottle-in-reach", "next": there})
        assert answer.headers["Location"] == reverse("plans:steps")


# ---- this week ----


def _choose(ada: Client, **data: str) -> HttpResponse:
    return ada.post(reverse("plans:commitment"), {"what": "own", "own": "Walk home once", "version": "0", **data})


def test_choosing_from_the_plan_or_in_own_words(ada: Client, cast: Cast, now: datetime) -> None:
    entry = actions.add_entry(by=cast.ada, part=parts.KEEP, words="Sunday choir", domain="spirit", now=now)
    assert str(entry.id) in _text(ada.get(reverse("plans:commitment")))
    _choose(ada, what=str(entry.id), own="", day="2026-11-29")
    row = Commitment.objects.get(person=cast.ada)
    assert (row.words, row.domain, row.day) == ("Sunday choir", "spirit", "2026-11-29")
    page = _text(ada.get(reverse("plans:commitment")))
    assert "Sunday choir" in page
    for state in ("done", "partly", "not-this-week"):
        assert f'class="btn line" type="submit" name="state" value="{state}"' in page


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"what": "", "own": ""}, "Choose something, or write your own."),
        ({"own": ""}, "Write a few words"),
        ({"day": "2026-11-24"}, "no longer ahead"),
        ({"what": "00000000-0000-4000-8000-000000000000"}, "no longer in your plan"),
        ({"remind": "15:00"}, "Choose the day of the reminder."),
        ({"remind": "08:00", "day": "2026-11-25"}, "That time has passed."),
        ({"remind": "23:30", "day": "2026-11-25"}, "The next moment is Thursday 26 November, 07:30"),
        ({"remind": "10:00", "day": "2026-11-28"}, "a day off"),
        ({"remind": "late", "day": "2026-11-26"}, "Write it like 18:30"),
        ({"week": "2026-W47"}, "A new week has begun"),
    ],
)
def test_what_does_not_fit_is_said_in_a_sentence_and_nothing_typed_is_lost(
    ada: Client, data: dict[str, str], sentence: str
) -> None:
    page = _text(_choose(ada, after="after the last visit", **data))
    assert sentence in page
    assert 'value="after the last visit"' in page
    assert not Commitment.objects.exists()


def test_today_answers_in_one_tap_and_returns(ada: Client, cast: Cast) -> None:
    _choose(ada)
    answer = ada.post(reverse("plans:answer"), {"week": "2026-W48", "state": "not-this-week", "next": "/"})
    assert answer.headers["Location"] == "/"
    assert Commitment.objects.get(person=cast.ada).state == "not-this-week"
    assert not Due.objects.filter(person=cast.ada, kind="commitment").exists()
    page = _text(ada.get(reverse("plans:commitment")))
    assert reverse("plans:unanswer", args=["2026-W48"]) in page
    ada.post(reverse("plans:unanswer", args=["2026-W48"]))
    assert Commitment.objects.get(person=cast.ada).is_open
    assert ada.post(reverse("plans:answer"), {"week": "2026-W48", "state": "failed"}).status_code == 404
    assert ada.post(reverse("plans:answer"), {"week": "x", "state": "done"}).status_code == 302


def test_two_tabs_on_the_week_show_both_texts(ada: Client, cast: Cast) -> None:
    _choose(ada, own="from the first tab")
    page = _text(_choose(ada, own="from the second tab"))
    assert "from the first tab" in page
    assert "from the second tab</textarea>" in page
    _choose(ada, own="from the second tab", version=_hidden(page, "version"))
    assert Commitment.objects.get(person=cast.ada).words == "from the second tab"


def test_no_week_shows_a_count_or_a_streak(ada: Client, cast: Cast, now: datetime) -> None:
    for weeks, state in ((1, "done"), (2, "not-this-week"), (4, "partly")):
        then = now - timedelta(weeks=weeks)
        row = actions.choose(by=cast.ada, week=queries.this_week(cast.ada, then), words=f"thing {weeks}", now=then)
        actions.answer(by=cast.ada, week_key=row.week, state=state, now=then)
    words = re.sub(r"<[^>]*>", " ", _text(ada.get(reverse("plans:commitment"))))
    assert "thing 4" in words
    assert not re.search(r"\d+ (of|out of|weeks)|streak|in a row|missed|well done|great", words, re.I)


def test_a_pause_and_the_way_back(ada: Client, cast: Cast) -> None:
    _choose(ada)
    assert "from today on" in _text(ada.post(reverse("plans:pause"), {"last": "2026-11-01"}))
    ada.post(reverse("plans:pause"), {"last": "2026-12-04"})
    page = _text(ada.get(reverse("plans:commitment")))
    assert "Paused while you are away" in page
    ada.post(reverse("plans:come_back"))
    page = _text(ada.get(reverse("plans:commitment")))
    assert "Paused while you are away" not in page
    assert "Walk home once" in page


# ---- a lost session, a room that is off ----


def test_what_was_typed_after_the_session_ended_is_kept_and_given_back(
    ada: Client, cast: Cast, client_of: Browser
) -> None:
    ada.get(reverse("plans:plan"))
    del ada.cookies["kw"]
    answer = ada.post(_part(parts.TELL), {"words": "written on a better day", "version": "0"})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_login"))
    assert not Emergency.objects.exists()
    again = client_of(cast.ada)
    assert "written on a better day" in _text(again.get(reverse("kept_form")))


def test_where_the_agency_has_the_room_off_there_is_nothing_there(
    cast: Cast, client_of: Browser, now: datetime
) -> None:
    Agency.objects.filter(id=cast.harbour.id).update(rooms=["measures"])
    client = client_of(cast.ada)
    for name in ("plan", "build", "steps", "commitment", "pause", "emergency", "print", "pdf"):
        assert client.get(reverse(f"plans:{name}")).status_code == 404, name
    for name in ("add_step", "answer", "come_back"):
        assert client.post(reverse(f"plans:{name}")).status_code == 404, name


# ---- on paper ----


def _whole_plan(person: Person, now: datetime) -> None:
    actions.add_entry(by=person, part=parts.KEEP, words="Sunday choir <b>", domain="spirit", now=now)
    actions.add_entry(by=person, part=parts.SIGNS, words="I drive past my exit", now=now)
    actions.write_emergency(
        by=person, part=parts.CALL, words="", people=[{"name": "Noor", "phone": "555 0143"}], version=0, now=now
    )
    actions.write_emergency(
        by=person, part=parts.TELL, words='<img src="https://example.org/x.png">', version=0, now=now
    )


def test_the_print_page_puts_the_hard_day_on_its_own_sheet_and_says_where_to_keep_it(
    ada: Client, cast: Cast, now: datetime
) -> None:
    _whole_plan(cast.ada, now)
    page = _text(ada.get(reverse("plans:print")))
    assert page.index("Sunday choir") < page.index("own-sheet") < page.index("Noor")
    assert "keep it where" in page


@pytest.mark.parametrize(
    ("language", "title", "hard", "calls"),
    [("en", "My plan", "When it is very hard", "I call"), ("es", "Mi plan", "Cuando es muy duro", "Llamo a")],
)
def test_the_pdf_reads_back_in_both_languages(
    cast: Cast, client_of: Browser, now: datetime, language: str, title: str, hard: str, calls: str
) -> None:
    if not paper.is_there():
        pytest.skip("this machine has no pango, so no PDF can be made")
    Person.objects.filter(pk=cast.ada.pk).update(language=language)
    cast.ada.refresh_from_db()
    _whole_plan(cast.ada, now)
    answer = client_of(cast.ada).get(reverse("plans:pdf"))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    read = pypdf.PdfReader(BytesIO(answer.content))
    root: Any = read.trailer["/Root"]
    assert read.metadata and read.metadata.title == title
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"] == True  # noqa: E712  # pypdf's own boolean
    texts = [page.extract_text() for page in read.pages]
    assert "Sunday choir <b>" in texts[0]
    assert hard not in texts[0]
    assert hard in texts[-1]
    assert calls in texts[-1]
    assert "Noor" in texts[-1]
    assert '<img src="https://example.org/x.png">' in texts[-1].replace("\n", "")


def test_the_pdf_fetches_nothing_but_our_letters(
    cast: Cast, now: datetime, client_of: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    if not paper.is_there():
        pytest.skip("this machine has no pango, so no PDF can be made")
    caplog.set_level("WARNING", "weasyprint")
    _whole_plan(cast.ada, now)
    client_of(cast.ada).get(reverse("plans:pdf"))
    assert [line for line in caplog.messages if "example.org" in line or "ours:" in line] == []


def test_without_the_library_the_print_page_takes_its_place_with_a_sentence(
    ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "is_there", lambda: False)
    answer = ada.get(reverse("plans:pdf"), follow=True)
    assert answer.redirect_chain == [(reverse("plans:print"), 302)]
    page = _text(answer)
    assert "can’t make a PDF" in page or "can&#x27;t make a PDF" in page
    assert reverse("plans:pdf") not in page
