"""ENC-2, ENC-5: a sealed value opens in its own place with its owner's key, and nowhere else."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.people.rules.sealing import (
    KeyFault,
    MasterKeys,
    Owner,
    Place,
    SealBroken,
    master_key_line,
    new_key,
    parse_master_keys,
    seal,
    unseal,
)

ADA = Owner("person", "ada")
HERE = Place("plans_entry", "words", ADA, "row-1")
KEY = new_key()

ELSEWHERE = {
    "another row": Place("plans_entry", "words", ADA, "row-2"),
    "another column": Place("plans_entry", "when", ADA, "row-1"),
    "another table": Place("measures_checkin", "words", ADA, "row-1"),
    "another person": Place("plans_entry", "words", Owner("person", "ben"), "row-1"),
    "an agency of the same id": Place("plans_entry", "words", Owner("agency", "ada"), "row-1"),
}


@given(st.binary(max_size=2000))
def test_what_is_sealed_opens_in_its_place(plain: bytes) -> None:
    assert unseal(KEY, seal(KEY, plain, HERE), HERE) == plain


@pytest.mark.parametrize("where", ELSEWHERE)
def test_enc_2_moved_bytes_do_not_open(where: str) -> None:
    with pytest.raises(SealBroken):
        unseal(KEY, seal(KEY, b"mine", HERE), ELSEWHERE[where])


def test_enc_2_another_key_does_not_open() -> None:
    with pytest.raises(SealBroken):
        unseal(new_key(), seal(KEY, b"mine", HERE), HERE)


def test_enc_2_every_single_bit_flip_is_refused() -> None:
    sealed = seal(KEY, b"a hard week", HERE)
    for bit in range(len(sealed) * 8):
        flipped = bytearray(sealed)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(SealBroken):
            unseal(KEY, bytes(flipped), HERE)


@given(st.binary(max_size=40))
def test_enc_2_any_other_bytes_are_refused(noise: bytes) -> None:
    with pytest.raises(SealBroken):
        unseal(KEY, noise, HERE)


def test_the_same_words_never_look_the_same() -> None:
    assert seal(KEY, b"same", HERE) != seal(KEY, b"same", HERE)


def test_a_data_key_opens_under_the_master_key_that_wrapped_it_even_after_rotation() -> None:
    first, second = new_key(), new_key()
    version, wrapped = MasterKeys({1: first}).wrap(KEY, ADA)
    rotated = MasterKeys({1: first, 2: second})
    assert rotated.unwrap(wrapped, ADA, version) == KEY
    assert rotated.wrap(KEY, ADA)[0] == 2
    with pytest.raises(SealBroken):
        rotated.unwrap(wrapped, Owner("person", "ben"), version)
    with pytest.raises(KeyFault, match="version 1 is missing"):
        MasterKeys({2: second}).unwrap(wrapped, ADA, version)


SECRET = "x" * 43

REFUSED = {  # what is wrong with the text: the text, and what is said of it
    "empty": ("", "no master key"),
    "a comment": ("# only a comment", "no master key"),
    "short": ("1:c2hvcnQ=", "5 bytes"),
    "not base64": ("1:not base64!", "not valid base64"),
    "no number": (base64.b64encode(KEY).decode(), "number:key"),
    "twice": (f"{master_key_line(1, KEY)}\n{master_key_line(1, new_key())}", "twice"),
    "version 0": ("0:" + base64.b64encode(KEY).decode(), "number:key"),
}


@pytest.mark.parametrize("wrong", REFUSED)
def test_enc_5_a_missing_or_short_master_key_is_refused_with_a_sentence(wrong: str) -> None:
    text, said = REFUSED[wrong]
    with pytest.raises(KeyFault, match=said):
        parse_master_keys(text)


def test_enc_5_one_secret_in_two_places_is_refused() -> None:
    encoded = base64.b64encode(KEY).decode()
    with pytest.raises(KeyFault, match="are the same"):
        parse_master_keys(f"1:{encoded}", not_equal_to=encoded)


def test_keys_never_show_in_a_traceback() -> None:
    keys = parse_master_keys(master_key_line(1, KEY), not_equal_to=SECRET)
    assert repr(KEY)[2:-1] not in repr(keys)
    assert base64.b64encode(KEY).decode() not in repr(keys)
