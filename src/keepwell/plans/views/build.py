"""The guided builder: one thing a screen, left and resumed anywhere. A POST saves what is on the screen and goes on."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from keepwell.people.models import Person
from keepwell.people.viewer import Request
from keepwell.plans import actions, forms, library, queries
from keepwell.plans.models import Emergency
from keepwell.plans.rules import parts
from keepwell.plans.views.here import back, mine, today_of
from keepwell.plans.views.shown import covered_said, domain_doors, domains_shown
from keepwell.ui import toasts


@require_GET
def build(request: Request) -> HttpResponse:
    """What the builder is, how long it takes, and where one left off."""
    mine(request)
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
    mine(request)
    if part == parts.REVIEW:
        return _review(request)
    if part in parts.EMERGENCY:
        return _emergency_part(request, part)
    if part in parts.LISTS:
        return _list_part(request, part)
    raise Http404


def _list_part(request: Request, part: str) -> HttpResponse:
    person = mine(request)
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
            domains=domain_doors(whole, domain) if part == parts.CHANGE else [],
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


def _some_steps(whole: queries.WholePlan, domain: str) -> list[library.Step]:
    """A handful of small steps not yet in the plan: of the domain asked for, else of the bare ones first."""
    free = [step for step in library.steps().values() if step.slug not in whole.steps]
    if domain:
        return [step for step in free if step.domain == domain][:6]
    order = [*whole.coverage.bare, *whole.coverage.covered]
    first = [next((step for step in free if step.domain == slug), None) for slug in order]
    return [step for step in first if step is not None]


def _emergency_part(request: Request, part: str) -> HttpResponse:
    person = mine(request)
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
                return back(request, _onward(part))
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
    person = mine(request)
    whole = queries.whole_plan(request.viewer, request.now)
    today = today_of(request, person)
    form = forms.ReviewForm(request.POST or None, today=today, review_on=whole.plan.review_on if whole.plan else None)
    if request.method == "POST" and form.is_valid():
        actions.set_review(by=person, review_on=form.cleaned_data["review_on"], now=request.now)
        toasts.note(request, _("Your plan will ask again on that day."))
        return redirect("plans:plan")
    return render(
        request,
        "plans/part_review.html",
        _part_context(
            request, parts.REVIEW, whole, form=form, domains=domains_shown(whole), covered=covered_said(whole)
        ),
    )
