"""The plan's pages: one call in, one answer out; each deed has its own address. Only the owner ever gets past `_mine`."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.kit.periods import local_date
from keepwell.people.models import Person
from keepwell.people.viewer import Request
from keepwell.plans import actions, forms, library, paper, queries
from keepwell.plans.models import Emergency, Entry
from keepwell.plans.rules import answers, parts
from keepwell.ui import toasts

SHOWN = 12  # lines of a domain before the rest is folded


def _mine(request: Request) -> Person:
    """Who is looking, if this room is switched on for them."""
    person = request.viewer.person
    if person is None or "plans" not in request.viewer.rooms:
        raise Http404
    return person


def _today(request: Request, person: Person) -> date:
    return local_date(request.now, person.zone)


def _entry(request: Request, entry_id: UUID) -> Entry:
    found = queries.entry(request.viewer, entry_id)
    if found is None:
        raise Http404
    return found


def _back(request: Request, fallback: str) -> HttpResponseRedirect:
    """To the page the form came from, if it says so and the page is one of ours."""
    there = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(there if safe and there.startswith("/") else fallback)


# ---- the plan ----


def covered_said(whole: queries.WholePlan) -> str:
    """What is covered and what is bare, in a sentence; never a share."""
    labels = library.words().domains
    bare = [labels[slug].label for slug in whole.coverage.bare]
    if not bare:
        return _("All four have something in them.")
    if len(bare) == len(parts.DOMAINS):
        return _("Nothing in it yet. Begin anywhere.")
    if len(bare) == 1:
        return _("Three of the four are covered. %(bare)s has nothing in it yet.") % {"bare": bare[0]}
    if len(bare) == 2:
        return _("Two of the four are covered. %(one)s and %(other)s have nothing in them yet.") % {
            "one": bare[0],
            "other": bare[1],
        }
    return _("One of the four has something in it. Begin anywhere.")


def _domains(whole: queries.WholePlan) -> list[dict[str, Any]]:
    shown = []
    for slug, one in library.words().domains.items():
        entries = whole.in_domain(slug)
        shown.append(
            {"slug": slug, "label": one.label, "line": one.line, "first": entries[:SHOWN], "rest": entries[SHOWN:]}
        )
    return shown


def _other_parts(whole: queries.WholePlan) -> list[dict[str, Any]]:
    """What stands beside the four: what doesn't help in the end, obstacles, first signs."""
    titles = library.words().parts
    return [
        {"slug": slug, "title": titles[slug].title, "entries": whole.of(slug)}
        for slug in (parts.NOW_NOT_HELPFUL, parts.OBSTACLES, parts.SIGNS)
        if whole.of(slug)
    ]


@require_GET
def plan(request: Request) -> HttpResponse:
    _mine(request)
    whole = queries.whole_plan(request.viewer, request.now)
    words = library.words()
    return render(
        request,
        "plans/plan.html",
        {
            "whole": whole,
            "words": words,
            "domains": _domains(whole),
            "others": _other_parts(whole),
            "covered": covered_said(whole),
            "terms": _terms(whole),
            "to_go_on": parts.where_to_go_on(whole.visited),
            "page": queries.week_page(request.viewer, request.now),
        },
    )


def _terms(whole: queries.WholePlan) -> list[dict[str, Any]]:
    """The emergency plan as question and answer, in the order one needs it: whom I call stands first."""
    said = whole.emergency
    if said is None:
        return []
    labels = {
        parts.CALL: _("I call"),
        parts.DO: _("I do"),
        parts.AVOID: _("I stay away from"),
        parts.TELL: _("I tell myself"),
    }
    people = [{**one, "dialled": parts.dialled(one["phone"])} for one in said.people]
    return [
        {"part": part, "label": label, "words": said.words(part), "people": people if part == parts.CALL else []}
        for part, label in labels.items()
        if said.words(part) or (part == parts.CALL and people)
    ]


# ---- the builder ----


@require_GET
def build(request: Request) -> HttpResponse:
    """What the builder is, how long it takes, and where one left off."""
    _mine(request)
    whole = queries.whole_plan(request.viewer, request.now)
    words = library.words()
    listed = [{"slug": slug, "title": one.title, "passed": slug in whole.visited} for slug, one in words.parts.items()]
    listed.append({"slug": parts.REVIEW, "title": words.review["title"], "passed": parts.REVIEW in whole.visited})
    to_go_on = parts.where_to_go_on(whole.visited)
    return render(request, "plans/build.html", {"whole": whole, "words": words, "parts": listed, "to_go_on": to_go_on})


def _onward(part: str) -> str:
    after = parts.next_part(part)
    return reverse("plans:part", args=[after]) if after else reverse("plans:plan")


def _part_context(request: Request, part: str, whole: queries.WholePlan, **more: Any) -> dict[str, Any]:
    before = parts.part_before(part)
    return {
        "words": library.words(),
        "part": library.words().parts.get(part),
        "slug": part,
        "whole": whole,
        "here": parts.PARTS.index(part) + 1,
        "of": len(parts.PARTS),
        "back": reverse("plans:part", args=[before]) if before else reverse("plans:build"),
        "onward": _onward(part),
        "is_emergency": part in parts.EMERGENCY,
        **more,
    }


@require_http_methods(["GET", "POST"])
def part(request: Request, part: str) -> HttpResponse:
    """One screen of the builder. A POST saves what is on it, if anything, and goes on."""
    _mine(request)
    if part == parts.REVIEW:
        return _review(request)
    if part in parts.EMERGENCY:
        return _emergency_part(request, part)
    if part in parts.LISTS:
        return _list_part(request, part)
    raise Http404


def _list_part(request: Request, part: str) -> HttpResponse:
    person = _mine(request)
    whole = queries.whole_plan(request.viewer, request.now)
    domain = request.GET.get("domain", "") if part == parts.CHANGE else ""
    domain = domain if domain in parts.DOMAINS else ""
    form = forms.EntryForm(part=part, initial={"domain": domain})
    if request.method == "POST":
        example = request.POST.get("example")
        if example is not None:
            typed = forms.with_example(request.POST.get("words", ""), library.words().parts[part].examples, example)
            form = forms.EntryForm(part=part, initial={"words": typed, "domain": request.POST.get("domain", "")})
        else:
            more = "more" in request.POST
            form = forms.EntryForm(request.POST, part=part, must=more)
            if form.is_valid():
                return _saved(request, person, part, form, more)
    return render(
        request,
        "plans/part.html",
        _part_context(
            request,
            part,
            whole,
            form=form,
            entries=whole.of(part),
            to_keep=whole.of(parts.NOW_HELPFUL) if part == parts.KEEP else [],
            domain=domain,
            domains=_domain_tabs(whole, domain) if part == parts.CHANGE else [],
            steps=_some_steps(whole, domain) if part == parts.CHANGE else [],
        ),
    )


def _saved(request: Request, person: Person, part: str, form: forms.EntryForm, more: bool) -> HttpResponse:
    said = form.cleaned_data
    if form.says_something:
        try:
            entry = actions.add_entry(
                by=person,
                part=part,
                words=said["words"],
                domain=said.get("domain", ""),
                entry_id=said["id"],
                now=request.now,
            )
        except actions.Refused as refused:
            form.add_error(None, str(refused))
            whole = queries.whole_plan(request.viewer, request.now)
            return render(
                request, "plans/part.html", _part_context(request, part, whole, form=form, entries=whole.of(part))
            )
        toasts.note(request, _("It is in your plan."), undo=reverse("plans:remove", args=[entry.id]))
    actions.pass_part(by=person, part=part, now=request.now)
    return redirect("plans:part", part) if more else HttpResponseRedirect(_onward(part))


def _domain_tabs(whole: queries.WholePlan, domain: str) -> list[dict[str, Any]]:
    covered = whole.coverage.covered
    return [
        {"slug": slug, "label": one.label, "covered": slug in covered, "current": slug == domain}
        for slug, one in library.words().domains.items()
    ]


def _some_steps(whole: queries.WholePlan, domain: str) -> list[library.Step]:
    """A handful of small steps not yet in the plan: of the domain asked for, else of the bare ones first."""
    free = [step for step in library.steps().values() if step.slug not in whole.steps]
    if domain:
        return [step for step in free if step.domain == domain][:6]
    order = [*whole.coverage.bare, *whole.coverage.covered]
    first = [next((step for step in free if step.domain == slug), None) for slug in order]
    return [step for step in first if step is not None]


def _emergency_part(request: Request, part: str) -> HttpResponse:
    person = _mine(request)
    whole = queries.whole_plan(request.viewer, request.now)
    form = forms.EmergencyForm(part=part, emergency=whole.emergency)
    stands = None
    if request.method == "POST" and "example" in request.POST:
        typed = forms.with_example(
            request.POST.get("words", ""), library.words().parts[part].examples, request.POST["example"]
        )
        kept = {name: value for name, value in request.POST.items() if name.startswith(("name_", "phone_", "version"))}
        form = forms.EmergencyForm(part=part, emergency=whole.emergency, initial={**kept, "words": typed})
    elif request.method == "POST":
        form = forms.EmergencyForm(request.POST, part=part, emergency=whole.emergency)
        if form.is_valid():
            said = form.cleaned_data
            try:
                actions.write_emergency(
                    by=person,
                    part=part,
                    words=said["words"],
                    people=form.people,
                    version=said["version"] or 0,
                    now=request.now,
                )
            except actions.Changed as changed:
                stands = changed.stands
                forms.hand_on(form, version=stands.version(part))
            else:
                actions.pass_part(by=person, part=part, now=request.now)
                return _back(request, _onward(part))
    return render(
        request,
        "plans/part_emergency.html",
        _part_context(
            request,
            part,
            whole,
            form=form,
            stands=_emergency_said(stands, part) if stands else "",
            next=request.GET.get("next") or request.POST.get("next", ""),
        ),
    )


def _emergency_said(stands: Emergency, part: str) -> str:
    """One part of the emergency plan as plain text, people first."""
    people = [f"{one['name']} {one['phone']}".strip() for one in stands.people] if part == parts.CALL else []
    return "\n".join([*people, stands.words(part)]).strip() or _("It was emptied.")


def _review(request: Request) -> HttpResponse:
    person = _mine(request)
    whole = queries.whole_plan(request.viewer, request.now)
    today = _today(request, person)
    form = forms.ReviewForm(request.POST or None, today=today, review_on=whole.plan.review_on if whole.plan else None)
    if request.method == "POST" and form.is_valid():
        actions.set_review(by=person, review_on=form.cleaned_data["review_on"], now=request.now)
        toasts.note(request, _("Your plan will ask again on that day."))
        return redirect("plans:plan")
    return render(
        request,
        "plans/part_review.html",
        _part_context(request, parts.REVIEW, whole, form=form, domains=_domains(whole), covered=covered_said(whole)),
    )


# ---- small steps ----


@require_GET
def steps(request: Request) -> HttpResponse:
    """Small steps to add in one tap, by domain."""
    _mine(request)
    whole = queries.whole_plan(request.viewer, request.now)
    asked = request.GET.get("domain", "")
    domain = asked if asked in parts.DOMAINS else ""
    shown = [step for step in library.steps().values() if not domain or step.domain == domain]
    return render(
        request,
        "plans/steps.html",
        {
            "words": library.words(),
            "domain": domain,
            "domains": _domain_tabs(whole, domain),
            "steps": [{"step": step, "there": step.slug in whole.steps} for step in shown],
        },
    )


@require_POST
def add_step(request: Request) -> HttpResponse:
    person = _mine(request)
    try:
        entry = actions.add_step(by=person, step=request.POST.get("step", ""), now=request.now)
    except actions.Refused as refused:
        toasts.note(request, str(refused))
    else:
        toasts.note(request, _("It is in your plan."), undo=reverse("plans:remove", args=[entry.id]))
    return _back(request, reverse("plans:steps"))


# ---- one line ----


@require_http_methods(["GET", "POST"])
def entry(request: Request, entry_id: UUID) -> HttpResponse:
    """Change one line. If another tab changed it meanwhile, both texts are shown."""
    person = _mine(request)
    row = _entry(request, entry_id)
    form, stands = forms.EntryForm(part=row.part, entry=row), None
    if request.method == "POST":
        form = forms.EntryForm(request.POST, part=row.part, entry=row, must=True)
        if form.is_valid():
            said = form.cleaned_data
            try:
                actions.change_entry(
                    by=person,
                    entry=row,
                    words=said["words"],
                    domain=said.get("domain", ""),
                    version=said["version"] or 0,
                    now=request.now,
                )
            except actions.Changed as changed:
                stands = changed.stands
                forms.hand_on(form, version=stands.version)
            except actions.Refused as refused:
                form.add_error(None, str(refused))
            else:
                return redirect("plans:plan")
    words = library.words()
    return render(
        request, "plans/entry.html", {"form": form, "row": row, "stands": stands, "part": words.parts[row.part]}
    )


@require_POST
def remove(request: Request, entry_id: UUID) -> HttpResponse:
    if not actions.remove_entry(by=_mine(request), entry_id=entry_id, now=request.now):
        raise Http404
    toasts.note(request, _("Taken out."), undo=reverse("plans:restore", args=[entry_id]))
    return _back(request, reverse("plans:plan"))


@require_POST
def restore(request: Request, entry_id: UUID) -> HttpResponse:
    if not actions.restore_entry(by=_mine(request), entry_id=entry_id, now=request.now):
        raise Http404
    toasts.note(request, _("It is back."))
    return redirect("plans:plan")


@require_POST
def keep(request: Request, entry_id: UUID) -> HttpResponse:
    if actions.keep_entry(by=_mine(request), entry_id=entry_id, now=request.now) is None:
        raise Http404
    toasts.note(request, _("You keep that."), undo=reverse("plans:unkeep", args=[entry_id]))
    return redirect("plans:part", parts.KEEP)


@require_POST
def unkeep(request: Request, entry_id: UUID) -> HttpResponse:
    if actions.unkeep_entry(by=_mine(request), entry_id=entry_id, now=request.now) is None:
        raise Http404
    return redirect("plans:part", parts.KEEP)


# ---- this week ----


@require_http_methods(["GET", "POST"])
def commitment(request: Request) -> HttpResponse:
    """This week's one thing: choose it, or see it. A POST chooses."""
    person = _mine(request)
    page = queries.week_page(request.viewer, request.now)
    whole = queries.whole_plan(request.viewer, request.now)
    row, stands = page.commitment, None
    start = {"what": request.GET["entry"]} if "entry" in request.GET else None
    form = forms.CommitmentForm(
        request.POST if request.method == "POST" else None,
        person=person,
        week=page.week,
        activities=whole.activities,
        row=row,
        now=request.now,
        initial=start,
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.choose(
                by=person,
                week=page.week,
                words=said["words"],
                domain=said["domain"],
                entry=said["entry"],
                day=said["on"],
                after=said["after"],
                remind=said["remind"],
                version=said["version"] or 0,
                now=request.now,
            )
        except actions.Changed as changed:
            stands = changed.stands
            forms.hand_on(form, version=stands.version)
        else:
            toasts.note(request, _("Noted for this week."))
            return redirect("plans:commitment")
    choosing = request.method == "POST" or row is None or not row.words or "change" in request.GET or start is not None
    return render(
        request,
        "plans/week.html",
        {
            "page": page,
            "row": row,
            "when": actions.when_said(row.day, row.after) if row and row.words else "",
            "form": form,
            "stands": stands,
            "choosing": choosing,
            "words": library.words(),
            "states": _states(),
            "past": [{"week": week, "row": one, "state": _states()[one.state]} for week, one in page.past],
            "pause_form": forms.PauseForm(today=_today(request, person)),
        },
    )


def _states() -> dict[str, str]:
    return {
        answers.CHOSEN: _("Chosen"),
        answers.DONE: _("Done"),
        answers.PARTLY: _("Partly"),
        answers.NOT_THIS_WEEK: _("Not this week"),
        answers.PAUSED: pgettext("a week", "Away"),
    }


@require_POST
def answer(request: Request) -> HttpResponse:
    """How it went; from Today's card or the page of the week. The three answers weigh the same."""
    person = _mine(request)
    week, state = request.POST.get("week", ""), request.POST.get("state", "")
    if state not in answers.ANSWERS:
        raise Http404
    try:
        actions.answer(by=person, week_key=week, state=state, now=request.now)
    except actions.Refused as refused:
        toasts.note(request, str(refused))
    else:
        said = (
            library.words().commitment["not_this_week_reply"]
            if state == answers.NOT_THIS_WEEK
            else _("Noted for this week.")
        )
        toasts.note(request, said, undo=reverse("plans:unanswer", args=[week]))
    return _back(request, reverse("plans:commitment"))


@require_POST
def unanswer(request: Request, week: str) -> HttpResponse:
    """Takes an answer back: the week is as it was chosen."""
    try:
        actions.answer(by=_mine(request), week_key=week, state=answers.CHOSEN, now=request.now)
    except actions.Refused as refused:
        toasts.note(request, str(refused))
    return redirect("plans:commitment")


@require_http_methods(["GET", "POST"])
def pause(request: Request) -> HttpResponse:
    person = _mine(request)
    form = forms.PauseForm(request.POST if request.method == "POST" else None, today=_today(request, person))
    if request.method == "POST" and form.is_valid():
        actions.pause(by=person, last=form.cleaned_data["last"], now=request.now)
        toasts.note(request, _("Paused. It is here when you are back."), undo=reverse("plans:come_back"))
        return redirect("plans:commitment")
    away = queries.week_page(request.viewer, request.now).away
    return render(request, "plans/pause.html", {"form": form, "away": away, "words": library.words()})


@require_POST
def come_back(request: Request) -> HttpResponse:
    actions.come_back(by=_mine(request), now=request.now)
    return redirect("plans:commitment")


# ---- when it is very hard; on paper ----


@require_GET
def emergency(request: Request) -> HttpResponse:
    _mine(request)
    whole = queries.whole_plan(request.viewer, request.now)
    return render(
        request,
        "plans/emergency.html",
        {"terms": _terms(whole), "signs": whole.of(parts.SIGNS), "words": library.words()},
    )


def _paper_context(request: Request) -> dict[str, Any]:
    whole = queries.whole_plan(request.viewer, request.now)
    domains = [{**one, "first": [*one["first"], *one["rest"]]} for one in _domains(whole)]
    return {
        "whole": whole,
        "words": library.words(),
        "domains": domains,
        "others": _other_parts(whole),
        "terms": _terms(whole),
        "covered": covered_said(whole),
        "page": queries.week_page(request.viewer, request.now),
    }


@require_GET
def on_paper(request: Request) -> HttpResponse:
    """The plan as it will be printed; the emergency part on a sheet of its own."""
    _mine(request)
    return render(request, "plans/print.html", {**_paper_context(request), "can_pdf": paper.is_there()})


@require_GET
def pdf(request: Request) -> HttpResponse:
    """The same as a tagged PDF, made in this request and never stored. Without the library: the print page and a sentence."""
    _mine(request)
    if not paper.is_there():
        toasts.note(
            request, _("This server can't make a PDF. Print this page instead; your browser can save it as one.")
        )
        return redirect("plans:print")
    made = paper.pdf("plans/paper.html", _paper_context(request), request)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="plan.pdf"'
    return response
