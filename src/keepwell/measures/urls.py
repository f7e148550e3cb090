from __future__ import annotations

from django.urls import path

from keepwell.measures import views

app_name = "measures"

urlpatterns = [
    path("", views.start, name="checkin"),
    path("all/", views.all_of_this_week, name="all_now"),
    path("result/", views.latest, name="result"),
    path("later/", views.later, name="later"),
    path("<slug:week>/", views.week, name="week"),
    path("<slug:week>/<int:number>/", views.question, name="question"),
    path("<slug:week>/<int:number>/answer/", views.answer, name="answer"),
    path("<slug:week>/tags/", views.tags, name="tags"),
    path("<slug:week>/finish/", views.finish, name="finish"),
    path("<slug:week>/all/", views.all_questions, name="all"),
    path("<slug:week>/all/keep/", views.keep_all, name="keep_all"),
    path("<slug:week>/erase/", views.erase, name="erase"),
]
