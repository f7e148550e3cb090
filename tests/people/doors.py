"""Who meets what at the addresses of people: arriving, signing in, one's settings, the agency."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from keepwell.people import actions
from keepwell.people.models import Invitation, Member, TalkTo
from keepwell.people.viewer import viewer_for
from tests.house.doors import (
    ARRIVING,
    AT_HOME,
    EVERYBODY,
    MOVED,
    NOBODY,
    SIGNED_IN,
    Door,
    Meets,
    but,
    canary,
    everyone,
    only,
)
from tests.support import Cast

ADMINISTRATORS = only("adam", "uma")
OF_HARBOUR = only("adam")

# Pages for those outside: whoever is in is sent on.
OUTSIDE: Meets = but(EVERYBODY, **dict.fromkeys((*SIGNED_IN, "half"), "moved"))
SENT_ON: Meets = but(MOVED, half="moved")


def token(scene: dict[str, Any]) -> dict[str, Any]:
    return {"token": scene["token"]}


def rosa(scene: dict[str, Any]) -> dict[str, Any]:
    return {"member_id": scene["rosa_here"].id}


def line(scene: dict[str, Any]) -> dict[str, Any]:
    return {"entry_id": scene["talk_to"].id}


def invitation(scene: dict[str, Any]) -> dict[str, Any]:
    return {"invitation_id": scene["invitation"].id}


def outreach(scene: dict[str, Any]) -> dict[str, Any]:
    return {"team_id": scene["cast"].outreach.id}


DOORS = {
    "help": Door(EVERYBODY),
    "privacy": Door(EVERYBODY),
    # ---- arriving: whoever holds the link is met; what it opens is bound to the address it was sent to
    "arrive": Door(EVERYBODY, at=token),
    "arrive_go_on": Door(post=EVERYBODY, at=token),
    "arrive_take": Door(post=EVERYBODY, at=token),
    "arrive_key": Door(everyone("moved"), EVERYBODY, at=token),
    "arrive_you": Door(SENT_ON, ARRIVING),
    "second_factor": Door(but(MOVED, half="open")),
    "kept_form": Door(but(SENT_ON, ada="open")),
    "kept_form_send": Door(post=but(AT_HOME, ada=307)),
    "kept_form_let_go": Door(post=AT_HOME),
    # ---- one's settings
    "me": Door(AT_HOME),
    "me_called": Door(AT_HOME, AT_HOME),
    "me_in_time": Door(AT_HOME, AT_HOME),
    "me_theme": Door(AT_HOME, AT_HOME),
    "me_who_sees": Door(AT_HOME),
    "me_security": Door(AT_HOME),
    "me_other_agency": Door(post=AT_HOME),
    "me_leave": Door(but(AT_HOME, lena="moved"), AT_HOME),
    # ---- signing in: the library's doors; before the second factor only what is needed to add one
    "account_login": Door(OUTSIDE, EVERYBODY),
    "account_logout": Door(but(EVERYBODY, anonymous="moved", locked="moved"), EVERYBODY),
    "account_inactive": Door(everyone(403)),
    "account_reauthenticate": Door(ARRIVING, ARRIVING),
    "account_email": Door(ARRIVING, ARRIVING),
    "account_email_verification_sent": Door(SENT_ON, ARRIVING),
    "account_change_password": Door(ARRIVING, ARRIVING),
    "account_set_password": Door(SENT_ON, ARRIVING),
    "account_reset_password": Door(EVERYBODY, EVERYBODY),
    "account_confirm_password_reset_code": Door(everyone("sign-in"), everyone("sign-in")),
    "account_complete_password_reset": Door(everyone("moved"), EVERYBODY),
    "account_password_reset_completed": Door(EVERYBODY),
    "mfa_index": Door(SENT_ON),
    "mfa_authenticate": Door(SENT_ON, ARRIVING),
    "mfa_reauthenticate": Door(SENT_ON, ARRIVING),
    "mfa_activate_totp": Door(ARRIVING, ARRIVING),
    "mfa_deactivate_totp": Door(but(NOBODY, half="shut"), but(NOBODY, half="shut")),
    "mfa_view_recovery_codes": Door(but(NOBODY, half="shut")),
    "mfa_generate_recovery_codes": Door(ARRIVING, ARRIVING),
    "mfa_download_recovery_codes": Door(but(NOBODY, half="shut"), but(NOBODY, half="shut")),
    "mfa_list_webauthn": Door(SENT_ON),
    "mfa_add_webauthn": Door(ARRIVING, ARRIVING),
    "mfa_reauthenticate_webauthn": Door(SENT_ON, ARRIVING),
    "mfa_remove_webauthn": Door(but(NOBODY, half="shut"), but(NOBODY, half="shut"), at=lambda scene: {"pk": 1}),
    "mfa_edit_webauthn": Door(but(NOBODY, half="shut"), but(NOBODY, half="shut"), at=lambda scene: {"pk": 1}),
    "mfa_login_webauthn": Door(
        but(everyone("moved"), anonymous="sign-in", locked="sign-in"), but(EVERYBODY, anonymous="sign-in", locked="sign-in")
    ),
    "usersessions_list": Door(AT_HOME, AT_HOME),
    # ---- the agency
    "first_run": Door(everyone("moved"), EVERYBODY),  # a server is set up once
    "setup": Door(ADMINISTRATORS),
    "agency": Door(only("cleo", "adam", "tess", "uma")),
    "agency_people": Door(only("cleo", "adam", "uma")),
    "agency_invite": Door(ADMINISTRATORS, ADMINISTRATORS),
    "agency_import": Door(ADMINISTRATORS, ADMINISTRATORS),
    "agency_import_now": Door(post=ADMINISTRATORS),
    "agency_place": Door(OF_HARBOUR, OF_HARBOUR, at=rosa),
    "agency_end": Door(OF_HARBOUR, OF_HARBOUR, at=rosa),
    "agency_withdraw": Door(post=OF_HARBOUR, at=invitation),
    "agency_send_again": Door(post=OF_HARBOUR, at=invitation),
    "agency_teams": Door(ADMINISTRATORS, ADMINISTRATORS),
    "agency_team": Door(OF_HARBOUR, OF_HARBOUR, at=outreach),
    "agency_close_team": Door(post=OF_HARBOUR, at=outreach),
    "agency_programme": Door(post=ADMINISTRATORS),
    "agency_rename_programme": Door(
        OF_HARBOUR, OF_HARBOUR, at=lambda scene: {"programme_id": scene["cast"].advocacy.id}
    ),
    "agency_supervisors": Door(ADMINISTRATORS),
    "agency_talk_to": Door(ADMINISTRATORS, ADMINISTRATORS),
    "agency_change_talk_to": Door(OF_HARBOUR, OF_HARBOUR, at=line),
    # The same answer to every administrator whether there is such a line or not, so that pressing twice is no fault.
    "agency_drop_talk_to": Door(post=ADMINISTRATORS, at=line),
    "agency_country": Door(only("adam", "tess", "uma"), only("adam", "tess", "uma")),
    "agency_rooms": Door(ADMINISTRATORS, ADMINISTRATORS),
}


def scene(cast: Cast, now: datetime) -> dict[str, Any]:
    actions.keep_form(person=cast.ada, path="/plan/", fields={"words": [canary("people.KeptForm.fields")]}, now=now)
    invitation: Invitation = actions.invite(
        by=viewer_for(cast.adam), email="new@demo.example", name="New", kind=Member.STAFF, team=cast.outreach, now=now
    )
    talk_to = TalkTo.objects.create(agency=cast.harbour, kind="supervisor", name="The duty line", phone="555 0100")
    return {
        "invitation": invitation,
        "token": actions.invitation_token(invitation),
        "talk_to": talk_to,
        "rosa_here": Member.objects.get(person=cast.rosa),
    }
