from django.urls import URLPattern, URLResolver, path

from keepwell.plans.views import build, hard, plan, week

app_name = "plans"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", plan.plan, name="plan"),
    path("build/", build.build, name="build"),
    path("build/<slug:part>/", build.part, name="part"),
    path("steps/", plan.steps, name="steps"),
    path("steps/add/", plan.add_step, name="add_step"),
    path("entry/<uuid:entry_id>/", plan.entry, name="entry"),
    path("entry/<uuid:entry_id>/remove/", plan.remove, name="remove"),
    path("entry/<uuid:entry_id>/restore/", plan.restore, name="restore"),
    path("entry/<uuid:entry_id>/keep/", plan.keep, name="keep"),
    path("entry/<uuid:entry_id>/unkeep/", plan.unkeep, name="unkeep"),
    path("week/", week.commitment, name="commitment"),
    path("week/answer/", week.answer, name="answer"),
    path("week/<slug:week>/unanswer/", week.unanswer, name="unanswer"),
    path("week/pause/", week.pause, name="pause"),
    path("week/back/", week.come_back, name="come_back"),
    path("emergency/", hard.emergency, name="emergency"),
    path("print/", hard.on_paper, name="print"),
    path("pdf/", hard.pdf, name="pdf"),
]
