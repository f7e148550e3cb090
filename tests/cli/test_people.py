"""`keepwell people import`: what it prints, what a machine reads, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from keepwell.cli import main
from keepwell.people.models import Agency, Invitation
from tests import support

LIST = "Correo;Nombre;Apellidos;Equipo;Edad\nx@new.example;Xena;Sol;Outreach;44\ny@new.example;Yuri;Sol;Doorway;45\n"


@pytest.fixture
def staff(tmp_path: Path) -> Path:
    file = tmp_path / "staff.csv"
    file.write_text(LIST, encoding="cp1252")
    return file


def test_a_dry_run_says_what_would_be_and_does_nothing(
    cast: support.Cast, staff: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["people", "import", str(staff), "--dry-run", "--agency", "harbour-street"]) == 0
    said = capsys.readouterr().out
    assert "Would invite: 2." in said
    assert "New teams: Doorway" in said
    assert "no place for it: Edad" in said
    assert not Invitation.objects.exists()


def test_a_machine_reads_the_same(cast: support.Cast, staff: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["people", "import", str(staff), "--agency", "harbour-street", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["invited"], told["new_teams"], told["faults"], told["dry_run"]) == (2, ["Doorway"], [], False)
    assert Invitation.objects.filter(agency=cast.harbour, invited_by__person=cast.adam).count() == 2


def test_wrong_lines_are_exit_code_one(cast: support.Cast, staff: Path, capsys: pytest.CaptureFixture[str]) -> None:
    staff.write_text(LIST + "nobody;;;;\n")
    assert main(["people", "import", str(staff), "--agency", "harbour-street"]) == 1
    assert "Row 4, column Correo" in capsys.readouterr().out
    assert main(["people", "import", str(staff), "--agency", "harbour-street", "--json"]) == 1
    assert len(json.loads(capsys.readouterr().out)["faults"]) == 1
    assert not Invitation.objects.exists()


def test_used_wrongly_is_exit_code_two(cast: support.Cast, staff: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words, said in (
        (["people", "import", str(staff)], "harbour-street, quay-light"),  # two agencies, none named
        (["people", "import", str(staff), "--agency", "nowhere"], "There are: harbour-street, quay-light"),
        (["people", "import", str(staff.with_name("none.csv"))], "There is no file"),
        (["people", "import"], "FILE"),
        (["people"], "WHAT"),
    ):
        assert main(words) == 2
        assert said in capsys.readouterr().err
    assert not Invitation.objects.exists()


@pytest.mark.django_db
def test_a_store_without_an_agency_says_how_to_begin(staff: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert not Agency.objects.exists()
    assert main(["people", "import", str(staff)]) == 1
    assert "There is no agency yet" in capsys.readouterr().err


def test_the_help_is_worth_reading(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["people", "import", "--help"]) == 0
    said = capsys.readouterr().out
    for word in ("--dry-run", "--agency", "--json", "XLSX", "Exit code"):
        assert word in said


@pytest.mark.parametrize("verb", ["people", "backup", "restore", "erase", "keys"])
def test_the_verbs_of_the_store_stand_in_the_list(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert f"    {verb} " in capsys.readouterr().out
    assert main([verb, "--help"]) == 0
