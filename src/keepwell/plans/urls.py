from django.urls import URLPattern, URLResolver, path

from keepwell.plans import views

app_name = "plans"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.plan, name="plan"),
    path("build/", views.build, name="build"),
    path("build/<slug:part>/", views.part, name="part"),
    path("steps/", views.steps, name="steps"),
    path("steps/add/", views.add_step, name="add_step"),
    path("entry/<uuid:entry_id>/", views.entry, name="entry"),
    path("entry/<uuid:entry_id>/remove/", views.remove, name="remove"),
    path("entry/<uuid:entry_id>/restore/", views.restore, name="restore"),
    path("entry/<uuid:entry_id>/keep/", views.keep, name="keep"),
    path("entry/<uuid:entry_id>/unkeep/", views.unkeep, name="unkeep"),
    path("week/", views.commitment, name="commitment"),
    path("week/answer/", views.answer, name="answer"),
    path("week/<slug:week>/unanswer/", views.unanswer, name="unanswer"),
    path("week/pause/", views.pause, name="pause"),
    path("week/back/", views.come_back, name="come_back"),
    path("emergency/", views.emergency, name="emergency"),
    path("print/", views.on_paper, name="print"),
    path("pdf/", views.pdf, name="pdf"),
]
