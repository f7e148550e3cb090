"""What administrators fill in. Choices are the viewer's own agency's, so an id of another agency is no choice at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from keepwell.kit import content
from keepwell.people import queries, words
from keepwell.people.actions import Part
from keepwell.people.models import Agency, Member, Person, Programme, Responsibility, TalkTo, Team
from keepwell.people.places import COUNTRIES
from keepwell.people.rooms import SWITCHABLE
from keepwell.people.rules import zones
from keepwell.people.viewer import Viewer

CONTENT = settings.BASE / "content"
LIST_BYTES = 1024 * 1024  # a list of some ten thousand people; the preview carries it back, so it must fit in a form


class FirstRun(forms.Form):
    agency_name = forms.CharField(
        label=_("Name of the agency"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    country = forms.ChoiceField(label=_("Country"), choices=COUNTRIES, help_text=_("Decides which crisis lines are shown."))
    zone = forms.ChoiceField(label=_("Time zone"), choices=zones.by_part)
    hosted_by = forms.CharField(
        label=_("Who runs this server"),
        max_length=120,
        help_text=_("An organisation or a person. Everybody reads this name when they first sign in."),
    )
    host_contact = forms.CharField(
        label=_("How to reach them"), max_length=200, required=False, help_text=_("A phone number or an address.")
    )
    called = forms.CharField(
        label=_("Your name, as colleagues know you"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your e-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    password = forms.CharField(
        label=_("A password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Ten characters or more. Three words you can remember are good."),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, Person(email=str(self.cleaned_data.get("email", ""))))
        return password


def _team_label(team: Team) -> str:
    return f"{team.programme.name} · {team.name}" if team.programme else team.name


class OfAgency(forms.Form):
    """A form whose choices come from the viewer's agency."""

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        self.teams = {str(team.id): team for team in queries.teams(viewer)}
        self.programmes = {str(one.id): one for one in queries.programmes(viewer)}
        nowhere = [("", _("None"))]
        team_choices = [(key, _team_label(team)) for key, team in self.teams.items()]
        for name, field in self.fields.items():
            if not isinstance(field, forms.ChoiceField):
                continue
            if name in ("team", "parent"):
                field.choices = [*nowhere, *team_choices]
            elif name == "supervises":
                field.choices = team_choices
            elif name == "programme":
                field.choices = [*nowhere, *((key, one.name) for key, one in self.programmes.items())]
            elif name == "looks_after":
                field.choices = [(key, one.name) for key, one in self.programmes.items()]

    def chosen_team(self, name: str = "team") -> Team | None:
        return self.teams.get(self.cleaned_data.get(name) or "")

    def chosen_programme(self) -> Programme | None:
        return self.programmes.get(self.cleaned_data.get("programme") or "")


class Placing(OfAgency):
    """Where somebody is and what they answer for."""

    team = forms.ChoiceField(label=_("Team"), required=False)
    supervises = forms.MultipleChoiceField(
        label=_("Supervises"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Accompanies the people of these teams. It opens nobody’s private space."),
    )
    looks_after = forms.MultipleChoiceField(label=_("Programme staff of"), required=False, widget=forms.CheckboxSelectMultiple)
    answers_for = forms.MultipleChoiceField(
        label=_("For the whole agency"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            (Responsibility.MANAGER, _("Manager: sees who is here, in which team")),
            (Responsibility.ADMINISTRATOR, _("Administrator: invites people and names teams; sees no content")),
            (Responsibility.TECHNICAL, _("Technical administrator: e-mail and server; sees no person and no content")),
        ],
        help_text=_("Whoever is ticked here signs in with a second step as well."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("supervises", "looks_after"):
            if not self.fields[name].choices:  # type: ignore[attr-defined]  # a choice field
                del self.fields[name]

    def parts(self) -> list[Part]:
        given = self.cleaned_data
        return [
            *(Part(Responsibility.SUPERVISOR, team=team) for team in given.get("supervises", [])),
            *(Part(Responsibility.PROGRAMME_STAFF, programme=one) for one in given.get("looks_after", [])),
            *(Part(kind) for kind in given["answers_for"]),
        ]

    @staticmethod
    def initial_of(member: Member) -> dict[str, Any]:
        held = list(member.responsibilities.all())
        return {
            "team": str(member.team_id or ""),
            "supervises": [str(one.team_id) for one in held if one.kind == Responsibility.SUPERVISOR],
            "looks_after": [str(one.programme_id) for one in held if one.kind == Responsibility.PROGRAMME_STAFF],
            "answers_for": [one.kind for one in held if not one.team_id and not one.programme_id],
        }


class Inviting(Placing):
    email = forms.EmailField(label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    name = forms.CharField(label=_("Name"), max_length=80, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    kind = forms.ChoiceField(
        label=_("Comes as"), choices=[(Member.STAFF, _("Staff")), (Member.VOLUNTEER, _("Volunteer mentor"))], initial=Member.STAFF
    )
    note = forms.CharField(
        label=_("A word from you"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
        help_text=_("Stands in the letter and on the first screen they see."),
    )
    field_order = ("email", "name", "kind", "team", "note")

    def has_parts(self) -> bool:
        """Whether what was sent ticks a part, so that its lines stand open."""
        return self.is_bound and any(self.data.get(self.add_prefix(name)) for name in ("supervises", "looks_after", "answers_for"))

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if queries.is_here(self.viewer, email):
            raise ValidationError(_("Somebody invited under this address is here already. Find them in the list of people."))
        return email


class NamingTeam(OfAgency):
    name = forms.CharField(label=_("Name of the team"), max_length=120)
    programme = forms.ChoiceField(label=_("Part of the programme"), required=False)
    parent = forms.ChoiceField(label=_("Part of the team"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("programme", self.programmes), ("parent", self.teams)):
            if not choices:
                del self.fields[name]


class ChangingTeam(NamingTeam):
    """A team's name and place, and who supervises it."""

    supervisors = forms.MultipleChoiceField(
        label=_("Supervised by"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("Untick to take away.")
    )
    shown = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)  # who stood there to untick
    one_more = forms.ChoiceField(label=_("One more supervisor"), required=False)

    def __init__(self, *args: Any, team: Team, supervisors: Sequence[Member], **kwargs: Any) -> None:
        now = {
            "name": team.name,
            "programme": str(team.programme_id or ""),
            "parent": str(team.parent_id or ""),
            "supervisors": [str(one.id) for one in supervisors],
            "shown": [str(one.id) for one in supervisors],
        }
        super().__init__(*args, initial=now, **kwargs)
        self.members = {str(one.id): one for one in queries.everybody(self.viewer)}
        everybody = [(key, str(one)) for key, one in self.members.items()]
        self.held = set(now["supervisors"])
        # a form sent twice, or from an older tab, may name people who have become or ceased to be supervisors meanwhile
        sent = set(self.data.getlist("supervisors")) if isinstance(self.data, QueryDict) else set()
        choices: dict[str, list[tuple[str, Any]]] = {
            "supervisors": [(key, name) for key, name in everybody if key in self.held | sent],
            "shown": everybody,
            "one_more": [("", _("Nobody more")), *((key, name) for key, name in everybody if self.is_bound or key not in self.held)],
            "parent": [("", _("None")), *((key, _team_label(one)) for key, one in self.teams.items() if one != team)],
        }
        for name, its in choices.items():
            self.fields[name].choices = its  # type: ignore[attr-defined]  # all are choice fields
        if not choices["supervisors"]:
            del self.fields["supervisors"]

    def chosen_supervisors(self) -> list[Member]:
        """Those who supervise now, without whoever was unticked here, and with one more."""
        unticked = set(self.cleaned_data["shown"]) - set(self.cleaned_data.get("supervisors", []))
        ids = (self.held - unticked) | {self.cleaned_data["one_more"]} - {""}
        return [one for key, one in self.members.items() if key in ids]


class NamingProgramme(forms.Form):
    name = forms.CharField(label=_("Name of the programme"), max_length=120)


class Importing(forms.Form):
    file = forms.FileField(
        label=_("The list"),
        help_text=_("CSV or XLSX, as your own tools export it; at most 1 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,text/csv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LIST_BYTES:
            raise ValidationError(_("The file is larger than 1 MB. Nothing was read. Take out what is not needed, or split it."))
        return file


def kinds_of_talk() -> list[tuple[str, str]]:
    """The kinds of people to talk to, in the reader's language."""
    entry = content.load_folder(CONTENT / "talkto", get_language() or "en", settings.KEEPWELL_CONTENT or None)["kinds"]
    return [(kind["slug"], kind["label"]) for kind in entry.data["kind"]]


class WebAddress(forms.URLField):
    """“example.org” means https://example.org."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"assume_scheme": "https", **more})


class Talking(forms.ModelForm):  # type: ignore[type-arg]  # Django's own class takes no argument at run time
    kind = forms.ChoiceField(label=_("Kind"), choices=kinds_of_talk)

    class Meta:
        model = TalkTo
        fields = ("kind", "name", "about", "phone", "email", "url", "hours", "passes_on", "outside")
        field_classes = {"url": WebAddress}
        labels = {
            "name": _("Name or service"),
            "about": _("What for"),
            "phone": _("Phone"),
            "email": _("E-mail address"),
            "url": _("Web page"),
            "hours": _("When"),
            "passes_on": _("What they must pass on, and to whom"),
            "outside": _("Not employed by the agency"),
        }
        help_texts = {"passes_on": _("For example: nothing, unless somebody is in danger. People ask this first.")}

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(given.get(way) for way in ("phone", "email", "url")):
            raise ValidationError(_("Add one way to reach them: a phone number, an address or a web page."))
        return given


class Country(forms.ModelForm):  # type: ignore[type-arg]  # see Talking
    country = forms.ChoiceField(label=_("Country"), choices=COUNTRIES, help_text=_("Decides which crisis lines are shown."))
    zone = forms.ChoiceField(label=_("Time zone"), choices=zones.by_part)

    class Meta:
        model = Agency
        fields = ("country", "zone", "language", "exit_url")
        field_classes = {"exit_url": WebAddress}
        labels = {"language": _("Language of letters to new people"), "exit_url": _("Where “Leave quickly” goes")}
        help_texts = {
            "exit_url": _("A plain, busy page that anybody might have open: the weather, a newspaper. Empty: the server’s own choice.")
        }

    def clean_exit_url(self) -> str:
        url: str = self.cleaned_data["exit_url"]
        if url and urlsplit(url).scheme not in ("http", "https"):
            raise ValidationError(_("The address must begin with https://"))
        return url


def _room(name: object, what: object) -> SafeString:
    return format_html("{}<small>{}</small>", name, what)


class Rooms(forms.Form):
    rooms = forms.MultipleChoiceField(
        label=_("Switched on"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(slug, _room(name, what)) for slug, (name, what) in SWITCHABLE.items()],
    )
    words = forms.ChoiceField(label=_("What you call the two who walk together"), choices=words.choices, widget=forms.RadioSelect)
