"""The tag library: doors, links between rooms, dates, words, fields."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.template import Context, RequestContext, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import timezone, translation

from keepwell.ui.templatetags import kw
from tests.support import NOW


def say(source: str, *, viewer: Any = None, **context: Any) -> str:
    request = RequestFactory().get("/")
    request.viewer = viewer or SimpleNamespace(person=None, rooms=frozenset(), words={})  # type: ignore[attr-defined]
    request.now = NOW  # type: ignore[attr-defined]
    return Template("{% load i18n kw %}" + source).render(Context({"request": request, **context}))


@pytest.mark.parametrize("kind", ["me", "ajar", "group", "open"])
def test_a_door_has_its_words_beside_it(kind: str) -> None:
    short = say(f'{{% seen "{kind}" "Only you." %}}')
    long = say(f'{{% seen "{kind}" %}}Only you.{{% endseen %}}')
    assert short == long
    assert 'class="seen"' in short and "Only you." in short and 'aria-hidden="true"' in short


def test_the_four_doors_differ() -> None:
    assert len({say(f'{{% seen "{kind}" "x" %}}') for kind in ("me", "ajar", "group", "open")}) == 4


def test_a_door_that_does_not_exist_is_told_at_once() -> None:
    with pytest.raises(TemplateSyntaxError):
        say('{% seen "everybody" "x" %}')


def test_words_in_a_door_are_escaped_but_links_of_the_page_stay() -> None:
    assert "&lt;b&gt;" in say('{% seen "me" words %}', words="<b>")
    assert '<a href="/x">Change</a>' in say('{% seen "group" %}Counted. <a href="/x">Change</a>{% endseen %}')


def test_a_room_that_is_not_switched_on_leaves_no_link() -> None:
    off = SimpleNamespace(person=object(), rooms=frozenset({"plans"}), words={})
    assert say('{% room_url "measures:checkin" as url %}[{{ url }}]', viewer=off) == "[]"
    assert say('a{% room_link "measures:checkin" class="row" %}Check-in{% endroom_link %}b', viewer=off) == "ab"


def test_a_page_that_does_not_exist_leaves_no_link() -> None:
    on = SimpleNamespace(person=object(), rooms=frozenset({"orchard"}), words={})
    assert say('{% room_url "orchard:pear" as url %}[{{ url }}]', viewer=on) == "[]"


def test_a_link_of_the_house_needs_no_room() -> None:
    assert say('{% room_url "leave" as url %}{{ url }}') == "/leave/"
    assert (
        say('{% room_link "leave" class="btn" %}<b>Go</b>{% endroom_link %}')
        == '<a href="/leave/" class="btn"><b>Go</b></a>'
    )


def test_the_agencys_word_comes_first() -> None:
    advocate = SimpleNamespace(person=object(), rooms=frozenset(), words={"mentor": "advocate"})
    assert say('{% word "mentor" %}', viewer=advocate) == "advocate"
    assert say('{% word "mentor" %}') == "mentor"


def test_steps_say_place_and_words() -> None:
    out = say('{% steps 3 9 left="about 40 seconds left" %}')
    assert out.count('class="done"') == 2 and out.count('class="here"') == 1 and out.count("<li") == 9
    assert "3 of 9" in out and "%" not in out


def test_the_margin_appears_only_when_something_stands_in_it() -> None:
    assert say("{% columns %}main{% side %}  {% endcolumns %}") == "main"
    assert "<aside" in say("{% columns %}main{% side %}note{% endcolumns %}")


def test_what_is_steady_knows_the_values_named_and_nothing_of_a_person() -> None:
    source = Template(
        "{% load i18n kw %}{% steady named=named %}{{ named }}|{{ viewer.person }}|{{ request.path }}|{{ secret }}"
        '|{% translate "Help now" %}{% endsteady %}'
    )

    def drawn(**more: Any) -> str:
        request = RequestFactory().get("/mine/")
        return source.render(RequestContext(request, {"viewer": SimpleNamespace(person="Ada"), "secret": "s3", **more}))

    assert drawn(named="One") == "One||||Help now"
    assert drawn(named="Two") == "Two||||Help now"  # and not what was drawn for another
    with translation.override("es"):
        assert drawn(named="One") == "One||||Ayuda ahora"
    assert drawn(named="One", secret="s4") == "One||||Help now"
    assert len([drawn(named=str(number)) for number in range(100)]) == 100  # many values are many drawings, and no hoard
    (node,) = source.nodelist.get_nodes_by_type(kw.SteadyNode)
    assert len(node.drawn) <= kw.SteadyNode.MOST


def test_an_empty_element_is_left_out() -> None:
    assert say('{% filled %}<p class="lead">  </p>{% endfilled %}') == ""
    assert say('{% filled %}<p class="lead">x</p>{% endfilled %}') == '<p class="lead">x</p>'


# ---------- time ----------


@pytest.mark.parametrize(
    ("language", "style", "expected"),
    [
        ("en", "full", "Wednesday 25 November, 15:30"),
        ("es", "full", "miércoles 25 de noviembre, 15:30"),
        ("en", "day", "Wednesday 25 November"),
        ("en", "date", "25 November 2026"),
        ("es", "date", "25 de noviembre de 2026"),
        ("en", "short", "25 Nov"),
        ("en", "time", "15:30"),
        ("en", "near", "today, 15:30"),
        ("es", "near", "hoy, 15:30"),
    ],
)
def test_a_time_is_in_the_readers_zone_and_format(language: str, style: str, expected: str) -> None:
    moment = datetime(2026, 11, 25, 20, 30, tzinfo=UTC)
    with timezone.override("America/New_York"), translation.override(language):
        out = say(f'{{% when moment "{style}" %}}', moment=moment)
    assert out == f'<time datetime="2026-11-25T15:30-05:00">{expected}</time>'


def test_tomorrow_is_the_readers_tomorrow() -> None:
    moment = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)  # still the 25th in New York
    with timezone.override("America/New_York"):
        assert "today, 22:00" in say('{% when moment "near" %}', moment=moment)
    with timezone.override("Europe/Madrid"):
        assert "tomorrow, 04:00" in say('{% when moment "near" %}', moment=moment)


def test_another_year_says_so() -> None:
    assert "3 March 2027" in say("{% when day %}", day=date(2027, 3, 3))
    assert say("{% when day %}", day=date(2026, 12, 3)).endswith(">Thursday 3 December</time>")


def test_nothing_is_nothing() -> None:
    assert say("{% when day %}", day=None) == ""


# ---------- fields ----------


class Sample(forms.Form):
    note = forms.CharField(label="Note", widget=forms.Textarea, help_text="Leave out names.")
    who = forms.ChoiceField(label="Who", widget=forms.RadioSelect, choices=[("a", "Ann"), ("b", "Bo")])
    yes = forms.BooleanField(label="Tell me", required=False)
    more = forms.CharField(label="More", required=False)


def test_hint_error_and_door_are_tied_to_the_control() -> None:
    out = say('{% field form.note seen="me" says="Only you see this." %}', form=Sample({}))
    assert 'class="field bad"' in out
    assert 'aria-invalid="true"' in out
    for ident in ("id_note_helptext", "id_note_error", "id_note_seen"):
        assert f'id="{ident}"' in out
    described = out.split("<textarea")[1].split(">")[0]
    assert 'aria-describedby="id_note_helptext id_note_error id_note_seen"' in described


def test_the_door_stands_before_the_answer() -> None:
    out = say('{% field form.note seen="me" says="Only you see this." %}', form=Sample())
    assert out.index("Only you see this.") < out.index("<textarea")


def test_choices_are_one_group_with_a_legend() -> None:
    out = say('{% field form.who seen="ajar" says="Ben sees it." %}', form=Sample({}))
    assert out.count("<fieldset") == 1 and "<legend>Who" in out
    assert 'aria-describedby="id_who_error id_who_seen"' in out
    assert out.count('type="radio"') == 2


def test_what_is_optional_says_so() -> None:
    assert "(optional)" in say("{% field form.more %}", form=Sample())
    assert "(optional)" not in say("{% field form.note %}", form=Sample())


def test_the_summary_links_each_fault_to_its_field() -> None:
    out = say("{{ form }}", form=Sample({}))
    assert out.index('role="alert"') < out.index('class="field')
    assert 'href="#id_note"' in out and 'href="#id_who"' in out
    assert 'id="id_who"' in out, "the group itself can be jumped to"
    assert "2 things need a look" in out and "Nothing is lost" in out


def test_a_form_without_faults_has_no_summary() -> None:
    assert "banner wrong" not in say("{{ form }}", form=Sample())


def test_what_was_typed_is_still_there() -> None:
    assert "Long visit" in say("{{ form }}", form=Sample({"note": "Long visit"}))
