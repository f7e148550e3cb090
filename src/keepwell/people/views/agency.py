"""What administrators do: invite people, place them, end a membership, name teams, list people to talk to, switch rooms.

Managers see the list of people; whoever is neither finds nothing here (404).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple
from functools import wraps
from io import BytesIO
from uuid import UUID

from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from keepwell.people import actions, policy, queries, roster, upkeep
from keepwell.people.forms import agency as forms
from keepwell.people.models import Member
from keepwell.people.rules import roster as rules
from keepwell.people.viewer import Request
from keepwell.ui import toasts

View = Callable[..., HttpResponse]
PEOPLE_A_PAGE = 50
LIST_PEOPLE = 5000  # what a preview carries in a page; the command takes any number


def managing(view: View) -> View:
    """For those who manage people; others find nothing."""

    @wraps(view)
    def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponse:
        if not policy.may_manage_people(request.viewer):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def _member(request: Request, member_id: UUID) -> Member:
    found = queries.member(request.viewer, member_id)
    if found is None:
        raise Http404
    return found


def _answer(request: Request, template: str, context: dict[str, object]) -> HttpResponse:
    """A page with a form: 422 when what was sent needs a look."""
    return render(request, template, context, status=422 if request.method == "POST" else 200)


@require_GET
def agency(request: Request) -> HttpResponse:
    """The agency's own place: what there is to look after."""
    if not (policy.may_see_people(request.viewer) or policy.may_look_after_server(request.viewer)):
        raise Http404
    return render(
        request,
        "people/agency/agency.html",
        {
            "manages": policy.may_manage_people(request.viewer),
            "sees_people": policy.may_see_people(request.viewer),
            "looks_after_server": policy.may_look_after_server(request.viewer),
        },
    )


@require_GET
def people(request: Request) -> HttpResponse:
    if not policy.may_see_people(request.viewer):
        raise Http404
    looked_for = request.GET.get("name", "").strip()[:80]
    rows = queries.members(request.viewer)
    page = Paginator(rows.filter(name__icontains=looked_for) if looked_for else rows, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "people/agency/people.html",
        {
            "page": page,
            "looked_for": looked_for,
            "manages": policy.may_manage_people(request.viewer),
            "invitations": Paginator(queries.open_invitations(request.viewer), PEOPLE_A_PAGE).get_page(request.GET.get("invited")),
        },
    )


@managing
def invite(request: Request) -> HttpResponse:
    form = forms.Inviting(request.POST or None, viewer=request.viewer)
    if request.method != "POST" or not form.is_valid():
        return _answer(request, "people/agency/invite.html", {"form": form})
    given = form.cleaned_data
    actions.invite(
        by=request.viewer,
        email=given["email"],
        name=given["name"],
        kind=given["kind"],
        team=form.chosen_team(),
        parts=form.parts(),
        note=given["note"],
        now=request.now,
    )
    toasts.note(request, _("An invitation to %(email)s is on its way.") % {"email": given["email"]})
    return redirect("agency_people")


@require_POST
@managing
def withdraw(request: Request, invitation_id: UUID) -> HttpResponse:
    if queries.invitation(request.viewer, invitation_id) is None:
        raise Http404
    actions.withdraw_invitation(by=request.viewer, invitation_id=invitation_id, now=request.now)
    toasts.note(request, _("The invitation is withdrawn; its link no longer opens."))
    return redirect("agency_people")


@require_POST
@managing
def send_again(request: Request, invitation_id: UUID) -> HttpResponse:
    found = queries.invitation(request.viewer, invitation_id)
    if found is None:
        raise Http404
    if actions.send_again(by=request.viewer, invitation_id=invitation_id, now=request.now):
        toasts.note(request, _("One more letter to %(email)s is on its way.") % {"email": found.email})
    else:
        toasts.note(request, _("A letter went out within the last hour, so none was sent now. Let them look where unwanted mail lands."))
    return redirect("agency_people")


@managing
def place(request: Request, member_id: UUID) -> HttpResponse:
    """Set a member's team and responsibilities."""
    member = _member(request, member_id)
    form = forms.Placing(request.POST or None, viewer=request.viewer, initial=forms.Placing.initial_of(member))
    if request.method == "POST" and form.is_valid():
        try:
            actions.place_member(by=request.viewer, member=member, team=form.chosen_team(), parts=form.parts(), now=request.now)
        except actions.Refused as refused:
            form.add_error(None, str(refused))
        else:
            toasts.note(request, _("Saved. It is in force from now on."))
            return redirect("agency_people")
    return _answer(request, "people/agency/place.html", {"form": form, "member": member})


@managing
def end(request: Request, member_id: UUID) -> HttpResponse:
    """Say what ends and what stays; then end a membership."""
    member = _member(request, member_id)
    refusal = ""
    if request.method == "POST":
        try:
            actions.end_membership(by=request.viewer, member=member, now=request.now)
        except actions.Refused as refused:
            refusal = str(refused)
        else:
            if request.viewer.member == member:
                toasts.note(request, _("You have left %(agency)s. Your own space stays yours.") % {"agency": member.agency.name})
                return redirect("today")
            toasts.note(request, _("The membership has ended. They keep their own space."))
            return redirect("agency_people")
    return _answer(request, "people/agency/end.html", {"member": member, "refusal": refusal, "own": request.viewer.member == member})


@managing
def take_in(request: Request) -> HttpResponse:
    """Read a list and show what would be done; what was read, sent again with one press, is then taken in."""
    form = forms.Importing(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return _answer(request, "people/agency/import.html", {"form": form})
    reading = roster.read(BytesIO(form.cleaned_data["file"].read()))
    if len(reading.roster.newcomers) > LIST_PEOPLE:
        reading = roster.Reading(faults=[_("More than 5,000 people. Split the list, or use the command: keepwell people import")])
    intake = roster.take_in_reading(by=request.viewer, reading=reading, now=request.now, dry_run=True)
    return _preview(request, intake, "" if intake.faults else _hold(request, reading))


def _preview(request: Request, intake: roster.Intake, held: str = "") -> HttpResponse:
    context = {"intake": intake, "held": held, "nothing": not intake.invited and not intake.invited_again}
    return render(request, "people/agency/import_preview.html", context, status=422 if intake.faults else 200)


# What was read goes back to the browser, signed: no list is stored before somebody has said yes, and what the list said
# beyond name, address, kind and place is not even in the page.


def _hold(request: Request, reading: roster.Reading) -> str:
    return signing.dumps([astuple(one) for one in reading.roster.newcomers], salt=_import_salt(request), compress=True)


def _held(request: Request) -> roster.Reading:
    lines = signing.loads(request.POST.get("held", ""), salt=_import_salt(request), max_age=3600)
    read = [
        rules.Newcomer(row, email, name, kind, programme, team, tuple(roles))
        for row, email, name, kind, programme, team, roles in lines
    ]
    return roster.Reading(rules.Roster(read))


def _import_salt(request: Request) -> str:
    """A preview is good for this agency only."""
    return f"keepwell.import.{request.viewer.agency.id if request.viewer.agency else ''}"


@require_POST
@managing
def take_in_now(request: Request) -> HttpResponse:
    try:
        reading = _held(request)
    except signing.BadSignature:
        toasts.note(request, _("That preview is older than an hour, so nothing was done. Choose the file again."))
        return redirect("agency_import")
    intake = roster.take_in_reading(by=request.viewer, reading=reading, now=request.now)
    if intake.faults:  # somebody has changed the teams since the preview
        return _preview(request, intake)
    sent = intake.invited + intake.invited_again
    said = ngettext("%(n)s invitation is on its way.", "%(n)s invitations are on their way.", sent) % {"n": sent}
    toasts.note(request, said if sent else _("Everybody on the list has been invited already. Nothing was sent twice."))
    return redirect("agency_people")


@managing
def teams(request: Request) -> HttpResponse:
    """Programmes and teams, and a line to name one more team."""
    form = forms.NamingTeam(request.POST or None, viewer=request.viewer)
    if request.method == "POST" and form.is_valid():
        actions.name_team(
            by=request.viewer,
            name=form.cleaned_data["name"],
            programme=form.chosen_programme(),
            parent=form.chosen_team("parent"),
            now=request.now,
        )
        toasts.note(request, _("The team is there."))
        return redirect("agency_teams")
    context = {"form": form, "programme_form": forms.NamingProgramme(prefix="p"), "tree": queries.team_tree(request.viewer)}
    return _answer(request, "people/agency/teams.html", context)


@require_POST
@managing
def programme(request: Request) -> HttpResponse:
    form = forms.NamingProgramme(request.POST, prefix="p")
    if form.is_valid():
        actions.name_programme(by=request.viewer, name=form.cleaned_data["name"], now=request.now)
        toasts.note(request, _("The programme is there."))
        return redirect("agency_teams")
    context = {"form": forms.NamingTeam(viewer=request.viewer), "programme_form": form, "tree": queries.team_tree(request.viewer)}
    return _answer(request, "people/agency/teams.html", context)


@managing
def rename_programme(request: Request, programme_id: UUID) -> HttpResponse:
    found = queries.programme(request.viewer, programme_id)
    if found is None:
        raise Http404
    form = forms.NamingProgramme(request.POST or None, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        try:
            upkeep.rename_programme(by=request.viewer, programme=found, name=form.cleaned_data["name"], now=request.now)
        except actions.Refused as refused:
            form.add_error("name", str(refused))
        else:
            toasts.note(request, _("Saved."))
            return redirect("agency_teams")
    return _answer(request, "people/agency/programme.html", {"form": form, "programme": found})


@managing
def team(request: Request, team_id: UUID) -> HttpResponse:
    """One team: its name, where it belongs, who supervises it."""
    found = queries.team(request.viewer, team_id)
    if found is None:
        raise Http404
    form = forms.ChangingTeam(
        request.POST or None, viewer=request.viewer, team=found, supervisors=queries.supervisors_of(request.viewer, found)
    )
    if request.method == "POST" and form.is_valid():
        try:
            upkeep.settle_team(
                by=request.viewer,
                team=found,
                name=form.cleaned_data["name"],
                programme=form.chosen_programme(),
                parent=form.chosen_team("parent"),
                supervisors=form.chosen_supervisors(),
                now=request.now,
            )
        except actions.Refused as refused:
            form.add_error(None, str(refused))
        else:
            toasts.note(request, _("Saved. It is in force from now on."))
            return redirect("agency_supervisors" if "supervisors" in request.GET else "agency_teams")
    return _answer(request, "people/agency/team.html", {"form": form, "team": found, "back": "supervisors" in request.GET})


@require_POST
@managing
def close_team(request: Request, team_id: UUID) -> HttpResponse:
    if queries.team(request.viewer, team_id, closed=True) is None:
        raise Http404
    try:
        upkeep.close_team(by=request.viewer, team_id=team_id, now=request.now)
    except actions.Refused as refused:
        toasts.note(request, str(refused))
    else:
        toasts.note(request, _("The team is closed."))
    return redirect("agency_teams")


@require_GET
@managing
def supervisors(request: Request) -> HttpResponse:
    """Who supervises which team, and which team has nobody yet."""
    return render(request, "people/agency/supervisors.html", {"teams": queries.supervision(request.viewer)})


@managing
def talk_to(request: Request) -> HttpResponse:
    form = forms.Talking(request.POST or None)
    if request.method == "POST" and form.is_valid():
        upkeep.list_to_talk(by=request.viewer, entry=form.save(commit=False), now=request.now)
        toasts.note(request, _("On the list. It stands with every result and on Help now."))
        return redirect("agency_talk_to")
    return _answer(request, "people/agency/talk_to.html", {"form": form, "entries": queries.talk_to(request.viewer)})


@managing
def change_talk_to(request: Request, entry_id: UUID) -> HttpResponse:
    entry = queries.talk_to(request.viewer).filter(id=entry_id).first()
    if entry is None:
        raise Http404
    form = forms.Talking(request.POST or None, instance=entry)
    if request.method == "POST" and form.is_valid():
        upkeep.list_to_talk(by=request.viewer, entry=form.save(commit=False), now=request.now)
        toasts.note(request, _("Saved."))
        return redirect("agency_talk_to")
    return _answer(request, "people/agency/talk_to_one.html", {"form": form, "entry": entry})


@require_POST
@managing
def drop_talk_to(request: Request, entry_id: UUID) -> HttpResponse:
    upkeep.unlist_to_talk(by=request.viewer, entry_id=entry_id, now=request.now)
    toasts.note(request, _("Taken off the list."))
    return redirect("agency_talk_to")


def country(request: Request) -> HttpResponse:
    """Country, zone, language and exit address: for administrators and technical administrators."""
    if not policy.may_look_after_server(request.viewer) or request.viewer.agency is None:
        raise Http404
    form = forms.Country(request.POST or None, instance=request.viewer.agency)
    if request.method == "POST" and form.is_valid():
        upkeep.settle_agency(by=request.viewer, values=form.cleaned_data, now=request.now)
        toasts.note(request, _("Saved."))
        return redirect("agency")
    return _answer(request, "people/agency/country.html", {"form": form})


@managing
def rooms(request: Request) -> HttpResponse:
    assert request.viewer.agency is not None  # managing needs one  # nosec B101
    here = request.viewer.agency
    form = forms.Rooms(request.POST or None, initial={"rooms": here.rooms, "words": here.words})
    if request.method == "POST" and form.is_valid():
        upkeep.settle_agency(by=request.viewer, values=form.cleaned_data, now=request.now)
        toasts.note(request, _("Saved. What is off leaves no trace; nothing that is written is lost."))
        return redirect("agency")
    return _answer(request, "people/agency/rooms.html", {"form": form})
