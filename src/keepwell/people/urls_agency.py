"""Addresses of the agency side: first run, set-up, people, teams, the list of people to talk to, rooms."""

from __future__ import annotations

from django.urls import path

from keepwell.people.views import agency, first_run

urlpatterns = [
    path("start/", first_run.first_run, name="first_run"),
    path("setup/", first_run.setup, name="setup"),
    path("agency/", agency.agency, name="agency"),
    path("agency/people/", agency.people, name="agency_people"),
    path("agency/people/invite/", agency.invite, name="agency_invite"),
    path("agency/people/import/", agency.take_in, name="agency_import"),
    path("agency/people/import/now/", agency.take_in_now, name="agency_import_now"),
    path("agency/people/<uuid:member_id>/", agency.place, name="agency_place"),
    path("agency/people/<uuid:member_id>/end/", agency.end, name="agency_end"),
    path("agency/invitations/<uuid:invitation_id>/withdraw/", agency.withdraw, name="agency_withdraw"),
    path("agency/invitations/<uuid:invitation_id>/again/", agency.send_again, name="agency_send_again"),
    path("agency/teams/", agency.teams, name="agency_teams"),
    path("agency/teams/<uuid:team_id>/", agency.team, name="agency_team"),
    path("agency/teams/<uuid:team_id>/close/", agency.close_team, name="agency_close_team"),
    path("agency/programmes/", agency.programme, name="agency_programme"),
    path("agency/programmes/<uuid:programme_id>/", agency.rename_programme, name="agency_rename_programme"),
    path("agency/supervisors/", agency.supervisors, name="agency_supervisors"),
    path("agency/talk-to/", agency.talk_to, name="agency_talk_to"),
    path("agency/talk-to/<uuid:entry_id>/", agency.change_talk_to, name="agency_change_talk_to"),
    path("agency/talk-to/<uuid:entry_id>/drop/", agency.drop_talk_to, name="agency_drop_talk_to"),
    path("agency/country/", agency.country, name="agency_country"),
    path("agency/rooms/", agency.rooms, name="agency_rooms"),
]
