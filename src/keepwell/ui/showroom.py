"""What the style page shows: one of everything, with invented words."""

from typing import Any

from django import forms
from django.http import HttpRequest

from keepwell.ui import art, charts

WEEKS = (
    "31 Aug",
    "7 Sep",
    "14 Sep",
    "21 Sep",
    "28 Sep",
    "5 Oct",
    "12 Oct",
    "19 Oct",
    "26 Oct",
    "2 Nov",
    "9 Nov",
    "16 Nov",
    "23 Nov",
)
BURN = (44, 48, 42, 46, 50, 45, None, None, 49, 53, 58, 62, 67)
FATIGUE = (30, 34, 28, 31, 26, 33, None, None, 29, 35, 31, 28, 32)


def _points(values: tuple[float | None, ...]) -> tuple[charts.Point, ...]:
    return tuple(charts.Point(label, value) for label, value in zip(WEEKS, values, strict=False))


def sample_charts() -> list[charts.Chart]:
    return [
        charts.Chart(
            "burn",
            "Burnout",
            "67 this week, outside your usual 40 to 55 for the third week.",
            _points(BURN),
            usual=(40, 55),
            key="c1",
        ),
        charts.Chart(
            "cf",
            "Compassion fatigue",
            "32 this week, inside your usual 25 to 36.",
            _points(FATIGUE),
            usual=(25, 36),
            key="c2",
        ),
        charts.Chart(
            "burn",
            "Burnout, the first week",
            "48 this week. Your usual range needs eight weeks.",
            _points((48,)),
            key="c3",
        ),
        charts.Chart(
            "cf", "Compassion fatigue, two weeks", "35 this week, 30 the week before.", _points((30, 35)), key="c4"
        ),
        charts.Chart(
            "plain",
            "A published measure, sixty times",
            "18 this time, within its measuring noise.",
            tuple(charts.Point(f"{i + 1}", (i * 7) % 11 + 12) for i in range(60)),
            noise=3,
            high=40,
            key="c5",
        ),
        charts.Chart(
            "burn", "Away this week", "Nothing answered for two weeks.", _points((44, 48, 42, None, None)), key="c6"
        ),
    ]


class SampleForm(forms.Form):
    """Every kind of field once."""

    person = forms.ChoiceField(
        label="With whom",
        help_text="Anyone trained for it. It need not be your supervisor.",
        choices=[("b", "Ben Alvarez"), ("p", "Pia Sorensen"), ("o", "Someone outside the agency")],
    )
    day = forms.DateField(
        label="When would suit",
        help_text="Day and month, such as 27 11",
        widget=forms.DateInput(attrs={"class": "w-short"}),
    )
    reach = forms.CharField(label="How to reach you")
    words = forms.CharField(
        label="Anything Ben should know first",
        required=False,
        widget=forms.Textarea,
        help_text="Leave out names of young people.",
    )
    others = forms.ChoiceField(
        label="Who else", widget=forms.RadioSelect, choices=[("me", "Just me"), ("all", "The people who were there")]
    )
    tags = forms.MultipleChoiceField(
        label="What weighs",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("load", "Caseload"), ("call", "On-call")],
    )
    agreed = forms.BooleanField(label="Tell me when it is settled", required=False)
    words.seen = ("ajar", "Shared with Ben until the debrief is over, then erased.")  # type: ignore[attr-defined]  # read by the field tag


def everything(request: HttpRequest) -> dict[str, Any]:
    theme = request.GET.get("theme", "")
    return {
        "theme": theme if theme in ("light", "dark") else "",
        "icons": sorted(art.ICONS),
        "charts": sample_charts(),
        "form": SampleForm(),
        "bad": SampleForm(
            {"day": "19 19", "reach": "", "words": "Long visit on Saturday."}, prefix=None, auto_id="bad_%s"
        ),
        "many": range(1, 201),
        "levels": range(5),
    }
