"""When it is very hard, and the plan on paper."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from keepwell.people.viewer import Request
from keepwell.plans import library, paper, queries
from keepwell.plans.rules import parts
from keepwell.plans.views.here import mine
from keepwell.plans.views.shown import covered_said, domains_shown, other_parts, terms
from keepwell.ui import toasts


@require_GET
def emergency(request: Request) -> HttpResponse:
    mine(request)
    whole = queries.whole_plan(request.viewer, request.now)
    return render(
        request,
        "plans/emergency.html",
        {"terms": terms(whole), "signs": whole.of(parts.SIGNS), "words": library.words()},
    )


def _paper_context(request: Request) -> dict[str, Any]:
    whole = queries.whole_plan(request.viewer, request.now)
    domains = [{**one, "first": [*one["first"], *one["rest"]]} for one in domains_shown(whole)]
    return {
        "whole": whole,
        "words": library.words(),
        "domains": domains,
        "others": other_parts(whole),
        "terms": terms(whole),
        "covered": covered_said(whole),
        "page": queries.week_page(request.viewer, request.now),
    }


@require_GET
def on_paper(request: Request) -> HttpResponse:
    """The plan as it will be printed; the emergency part on a sheet of its own."""
    mine(request)
    return render(request, "plans/print.html", {**_paper_context(request), "can_pdf": paper.is_there()})


@require_GET
def pdf(request: Request) -> HttpResponse:
    """The same as a tagged PDF, made in this request and never stored. Without the library: the print page and a sentence."""
    mine(request)
    if not paper.is_there():
        toasts.note(
            request, _("This server can't make a PDF. Print this page instead; your browser can save it as one.")
        )
        return redirect("plans:print")
    made = paper.pdf("plans/paper.html", _paper_context(request), request)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="plan.pdf"'
    return response
