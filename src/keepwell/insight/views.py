"""My data: take it away, erase one thing, erase everything. Each deed has its own address and asks to sign in again."""

from __future__ import annotations

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from keepwell.insight import actions, queries
from keepwell.insight.forms import EraseEverything
from keepwell.insight.models import Export
from keepwell.people.viewer import Request


@require_GET
def data(request: Request) -> HttpResponse:
    """What is here of me, in one page; the exports I asked for."""
    page = "insight/exports.html" if request.headers.get("HX-Request") else "insight/data.html"
    return render(request, page, {"exports": queries.exports(request.viewer, request.now)})


@require_POST
@reauthentication_required
def ask_export(request: Request) -> HttpResponse:
    assert request.viewer.person is not None  # signed in, or the middleware would have asked  # nosec B101
    actions.ask_export(by=request.viewer.person, now=request.now)
    return redirect("insight:data")


@require_GET
def download(request: Request, export_id: UUID) -> HttpResponse:
    export = queries.ready_export(request.viewer, export_id, request.now)
    if export is None:
        raise Http404  # before anybody is asked to sign in again: there is nothing here for them
    handed: HttpResponse = _hand_over(request, export)
    return handed


@reauthentication_required
def _hand_over(request: Request, export: Export) -> HttpResponse:
    name = f"my-data-{export.asked_at:%Y-%m-%d}.zip"
    return HttpResponse(
        export.archive, content_type="application/zip", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@require_POST
def drop_export(request: Request, export_id: UUID) -> HttpResponse:
    assert request.viewer.person is not None  # nosec B101
    actions.drop_export(by=request.viewer.person, export_id=export_id, now=request.now)
    return redirect("insight:data")


@require_GET
def things(request: Request) -> HttpResponse:
    """Everything here of me, a line each, so that one thing can be erased."""
    return render(request, "insight/things.html", {"shelves": queries.shelves(request.viewer)})


@require_POST
def erase_thing(request: Request, room: str, table: str, row_id: UUID) -> HttpResponse:
    assert request.viewer.person is not None  # nosec B101
    if not actions.erase_one(by=request.viewer.person, room=room, table=table, row_id=row_id, now=request.now):
        messages.info(request, _("That was gone already. Nothing else was touched."))
    else:
        messages.info(request, _("Erased. In backups it is unreadable after 35 days at the latest."))
    return redirect("insight:things")


@reauthentication_required
def erase_everything(request: Request) -> HttpResponse:
    """Says what goes and what stays, asks once, and does it."""
    person = request.viewer.person
    assert person is not None  # nosec B101
    form = EraseEverything(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.erase_person(person_id=person.id, now=request.now)
        except actions.OnlyAdministrator as refused:
            form.add_error(None, str(refused))
        else:
            logout(request)
            request.signed_out = True  # type: ignore[attr-defined]  # the browser forgets who was here
            return redirect("insight:gone")
    return render(request, "insight/erase.html", {"form": form}, status=200 if request.method == "GET" else 422)
