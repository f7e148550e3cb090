"""What a form says when it can't take something: what to do, in both languages, whoever wrote the form."""

import pytest
from allauth.account.forms import AddEmailForm
from django import forms
from django.utils import translation

from keepwell.ui.forms import WORDS


class Every(forms.Form):
    text = forms.CharField()
    one = forms.ChoiceField(choices=[("a", "A")])
    some = forms.MultipleChoiceField(choices=[("a", "A")])
    tick = forms.BooleanField()
    address = forms.EmailField()
    web = forms.URLField(assume_scheme="https")
    day = forms.DateField()
    time = forms.TimeField()
    number = forms.IntegerField()
    file = forms.FileField()


WRONG = {"one": "b", "some": ["b"], "address": "ada", "web": "http:/x y", "day": "31 02 2026", "time": "25:99", "number": "three"}
OURS = {str(word) for words in WORDS.values() for word in words.values()}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("given", [{}, WRONG], ids=["empty", "wrong"])
def test_every_field_says_what_to_do_in_our_words(language: str, given: dict[str, object]) -> None:
    with translation.override(language):
        ours = {str(word) for words in WORDS.values() for word in words.values()}
        said = {str(fault) for faults in Every(given).errors.values() for fault in faults}
    assert said and said <= ours
    assert language == "en" or not said & OURS


def test_the_sign_in_librarys_forms_speak_so_too() -> None:
    assert AddEmailForm(data={}).errors["email"] == ["Something belongs here."]


def test_a_forms_own_words_come_first() -> None:
    own = forms.CharField(error_messages={"required": "Your own."})
    with pytest.raises(forms.ValidationError, match="Your own."):
        own.clean("")
