"""The plan itself, its lines and the small steps: one call in, one answer out; each deed has its own address."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.people.viewer import Request
from keepwell.plans import actions, forms, library, queries
from keepwell.plans.models import Entry
from keepwell.plans.rules import parts
from keepwell.plans.views.here import back, mine
from keepwell.plans.views.shown import covered_said, domain_doors, domains_shown, other_parts, terms
from keepwell.ui import toasts


@require_GET
def plan(request: Request) -> HttpResponse:
    mine(request)
    whole = queries.whole_plan(request.viewer, request.now)
    words = library.words()
    return render(
        request,
        "plans/plan.html",
        {
            "whole": whole,
            "words": words,
            "domains": domains_shown(whole),
            "others": other_parts(whole),
            "covered": covered_said(whole),
            "terms": terms(whole),
            "to_go_on": parts.where_to_go_on(whole.visited),
            "page": queries.week_page(request.viewer, request.now),
        },
    )


@require_GET
def steps(request: Request) -> HttpResponse:
    """Small steps to add in one tap, by domain."""
    mine(request)
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
            "domains": domain_doors(whole, domain),
            "steps": [{"step": step, "there": step.slug in whole.steps} for step in shown],
        },
    )


@require_POST
def add_step(request: Request) -> HttpResponse:
    person = mine(request)
    try:
        entry = actions.add_step(by=person, step=request.POST.get("step", ""), now=request.now)
    except actions.Refused as refused:
        toasts.note(request, str(refused))
    else:
        toasts.note(request, _("It is in your plan."), undo=reverse("plans:remove", args=[entry.id]))
    return back(request, reverse("plans:steps"))


def _entry(request: Request, entry_id: UUID) -> Entry:
    found = queries.entry(request.viewer, entry_id)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
def entry(request: Request, entry_id: UUID) -> HttpResponse:
    """Change one line. If another tab changed it meanwhile, both texts are shown."""
    person = mine(request)
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
    if not actions.remove_entry(by=mine(request), entry_id=entry_id, now=request.now):
        raise Http404
    toasts.note(request, _("Taken out."), undo=reverse("plans:restore", args=[entry_id]))
    return back(request, reverse("plans:plan"))


@require_POST
def restore(request: Request, entry_id: UUID) -> HttpResponse:
    if not actions.restore_entry(by=mine(request), entry_id=entry_id, now=request.now):
        raise Http404
    toasts.note(request, _("It is back."))
    return redirect("plans:plan")


@require_POST
def keep(request: Request, entry_id: UUID) -> HttpResponse:
    if actions.keep_entry(by=mine(request), entry_id=entry_id, now=request.now) is None:
        raise Http404
    toasts.note(request, _("You keep that."), undo=reverse("plans:unkeep", args=[entry_id]))
    return redirect("plans:part", parts.KEEP)


@require_POST
def unkeep(request: Request, entry_id: UUID) -> HttpResponse:
    if actions.unkeep_entry(by=mine(request), entry_id=entry_id, now=request.now) is None:
        raise Http404
    return redirect("plans:part", parts.KEEP)
