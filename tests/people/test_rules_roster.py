"""Reading a staff list: whatever its columns are called and in whatever order, the same people come out, or a line says what is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.people.rules import roster, teams
from keepwell.people.rules.roster import Newcomer, find_columns, find_places, read


def of(headers: list[str], *rows: list[str]) -> roster.Roster:
    return read(headers, list(enumerate(rows, start=2)))


def rules_of(found: roster.Roster) -> list[str]:
    return [wrong.rule for wrong in found.wrong]


# ---- columns ----


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (["Email", "Name", "Team"], {"email": 0, "name": 1, "team": 2}),
        (
            ["Correo electrónico", "Nombre completo", "Equipo", "Programa"],
            {"email": 0, "name": 1, "team": 2, "programme": 3},
        ),
        # a directory of Google's, a directory of Microsoft's, a Spanish export
        (
            ["First Name [Required]", "Last Name [Required]", "Email Address [Required]", "Department"],
            {"first": 0, "last": 1, "email": 2, "programme": 3},
        ),
        (["Display name", "User principal name", "Department"], {"name": 0, "email": 1, "programme": 2}),
        (["Apellidos", "Nombre", "E-MAIL"], {"last": 0, "first": 1, "email": 2}),
        (["*E_mail_Address*", "FIRSTNAME", "Surname"], {"email": 0, "first": 1, "last": 2}),
    ],
)
def test_columns_are_found_by_what_tools_call_them(headers: list[str], expected: dict[str, int]) -> None:
    assert find_columns(headers)[0] == expected


def test_the_plainest_of_two_names_counts_wherever_it_stands() -> None:
    assert find_columns(["Work email", "Email"])[0] == {"email": 1}
    assert find_columns(["Email", "Work email"])[0] == {"email": 0}


@pytest.mark.parametrize(
    "header",
    [
        "Date of birth",
        "DOB",
        "Age",
        "Gender",
        "Sex",
        "Race/Ethnicity",
        "Disability",
        "Salary",
        "Fecha de nacimiento",
        "Género",
    ],
)
def test_what_keepwell_does_not_want_is_named_as_not_read(header: str) -> None:
    found, unread, never = find_columns(["email", header])
    assert (found, unread, never) == ({"email": 0}, [], [header])


@pytest.mark.parametrize("header", ["Language", "Manager", "Agency", "Page", "Display", "Trace", "Essex office"])
def test_a_word_that_only_contains_one_of_them_is_merely_unread(header: str) -> None:
    assert find_columns(["email", header])[1:] == ([header], [])


def test_a_list_without_a_header_is_told_from_one_without_addresses() -> None:
    assert rules_of(of(["Ada Reyes", "ada@x.example"], ["Ben", "ben@x.example"])) == ["no-header"]
    assert rules_of(of(["Staff list 2026"], ["Name"])) == ["no-email-column"]
    assert rules_of(of(["email"])) == ["nobody"]


# ---- lines ----


def test_a_whole_line() -> None:
    found = of(
        ["Role", "Team", "Programme", "Type", "Last name", "First name", "E-mail"],
        ["Supervisor; Programme staff", " Outreach ", "Advocacy", "Full-time", "Reyes", "Ada", " Ada@X.Example "],
    )
    assert found.wrong == []
    assert found.newcomers == [
        Newcomer(2, "ada@x.example", "Ada Reyes", "staff", "Advocacy", "Outreach", ("programme-staff", "supervisor"))
    ]


@pytest.mark.parametrize(
    "cell",
    [
        "ada@x.example",
        "mailto:ada@x.example",
        "Ada Reyes <ada@x.example>",
        "MAILTO:ADA@X.EXAMPLE",
        "\ufeffada@x.example\u200b",
        "'ada@x.example'",
    ],
)
def test_an_address_however_it_is_written(cell: str) -> None:
    assert [one.email for one in of(["email"], [cell]).newcomers] == ["ada@x.example"]


@pytest.mark.parametrize(
    "cell",
    [
        "ada",
        "ada@x",
        "ada@@x.example",
        "a b@x.example",
        "=HYPERLINK(1)",
        "ada@x.example;ben@x.example",
        "ada@.example",
        "x" * 250 + "@x.example",
    ],
)
def test_what_is_no_address_is_refused_by_row_and_column(cell: str) -> None:
    (wrong,) = of(["Name", "Work e-mail", "email"], ["A", "", cell]).wrong
    assert (wrong.row, wrong.column, wrong.rule) == (2, "email", "not-an-email")


def test_every_line_is_checked_before_any_is_used() -> None:
    found = of(
        ["email", "kind", "role", "team", "name"],
        ["", "", "", "", "Nobody"],
        ["a@x.example", "staf", "", "", ""],
        ["b@x.example", "staff", "boss", "", ""],
        ["c@x.example", "volunteer", "supervisor", "", ""],
        ["d@x.example", "volunteer", "programme staff", "", ""],
        ["D@X.EXAMPLE", "", "", "T" * 121, "N" * 81],
        ["e@x.example", "staff", "manager", "", ""],
    )
    assert [(wrong.row, wrong.column, wrong.rule) for wrong in found.wrong] == [
        (2, "email", "no-email"),
        (3, "kind", "unknown-kind"),
        (4, "role", "unknown-role"),
        (5, "role", "supervisor-without-team"),
        (6, "role", "staff-without-programme"),
        (7, "name", "long-name"),
        (7, "team", "long-place"),
        (7, "email", "twice"),
    ]


def test_job_titles_are_left_unread_and_said() -> None:
    found = of(
        ["Email", "Role", "Type"], ["a@x.example", "Case worker", "Exempt"], ["b@x.example", "Advocate II", "Exempt"]
    )
    assert (found.wrong, found.foreign) == ([], ["Type", "Role"])
    assert {one.roles for one in found.newcomers} == {()}
    # one word of ours makes it our column, and every line of it is checked
    assert rules_of(of(["Email", "Role"], ["a@x.example", "Manager"], ["b@x.example", "Advocate II"])) == [
        "unknown-role"
    ]
    # a column called as only we call it is never passed over
    assert rules_of(of(["Email", "Kind"], ["a@x.example", "volunter"])) == ["unknown-kind"]


def test_control_and_direction_signs_never_get_in() -> None:
    (one,) = of(["email", "name"], ["a@x.example", "Ada\x00\u202e \n Reyes\t👩\u200d🌾"]).newcomers
    assert one.name == "Ada Reyes 👩\u200d🌾"


# ---- places ----


def newcomer(row: int, programme: str = "", team: str = "") -> Newcomer:
    return Newcomer(row, f"p{row}@x.example", "", "staff", programme, team)


def test_a_team_alone_means_the_one_team_of_that_name() -> None:
    found = find_places([newcomer(2, team="outreach")], ["Advocacy"], [("Advocacy", "Outreach")])
    assert (found.of_row, found.new_teams, found.wrong) == ({2: ("Advocacy", "Outreach")}, [], [])


def test_a_team_named_with_its_programme_elsewhere_in_the_list_is_that_team() -> None:
    for lines in (
        [newcomer(2, team="Night"), newcomer(3, "Advocacy", "Night")],
        [newcomer(2, "Advocacy", "Night"), newcomer(3, team="Night")],
    ):
        found = find_places(lines, [], [])
        assert set(found.of_row.values()) == {("Advocacy", "Night")}
        assert (found.new_programmes, found.new_teams) == (["Advocacy"], [("Advocacy", "Night")])


def test_a_team_of_two_programmes_must_be_told_apart() -> None:
    found = find_places([newcomer(5, team="Evening")], [], [("A", "Evening"), ("B", "Evening")], "Team")
    assert [(wrong.row, wrong.column, wrong.rule) for wrong in found.wrong] == [(5, "Team", "which-team")]


def test_capitals_make_no_second_team_and_signs_do() -> None:
    found = find_places(
        [newcomer(2, "advocacy", "NORTH"), newcomer(3, "Advocacy", "North"), newcomer(4, "Advocacy", "North")], [], []
    )
    assert (found.new_programmes, found.new_teams) == (["Advocacy"], [("Advocacy", "North")])
    assert len(find_places([newcomer(2, team="[A]"), newcomer(3, team="[B]")], [], []).new_teams) == 2


# ---- properties ----

NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
COLUMNS = {
    "email": "Email",
    "name": "Name",
    "kind": "Kind",
    "programme": "Programme",
    "team": "Team",
    "role": "Keepwell role",
    "other": "Shoe size",
}
LINES = st.lists(
    st.fixed_dictionaries(
        {
            "name": NAMES,
            "kind": st.sampled_from(["", "staff", "Volunteer", "VOLUNTARIA"]),
            "programme": st.sampled_from(["", "Advocacy", "advocacy", "Mentoring"]),
            "team": st.sampled_from(["", "Outreach", "OUTREACH", "Night"]),
            "role": st.sampled_from(["", "manager", "administrator; manager"]),
            "other": NAMES,
        }
    ),
    min_size=1,
    max_size=8,
)


@given(lines=LINES, data=st.data())
def test_any_order_of_columns_and_lines_gives_the_same_invitations(
    lines: list[dict[str, str]], data: st.DataObject
) -> None:
    people = [{**line, "email": f"p{number}@x.example"} for number, line in enumerate(lines)]

    def invitations(columns: list[str], rows: list[dict[str, str]]) -> object:
        found = read(
            [COLUMNS[what] for what in columns],
            [(n, [row[what] for what in columns]) for n, row in enumerate(rows, start=2)],
        )
        assert found.wrong == []
        places = find_places(found.newcomers, ["Advocacy"], [("Advocacy", "Night")], "Team")
        return (
            {(one.email, one.name, one.kind, one.roles, places.of_row[one.row]) for one in found.newcomers},
            places.new_programmes,
            places.new_teams,
            len(places.wrong),
        )

    plain_order = invitations(list(COLUMNS), people)
    assert invitations(data.draw(st.permutations(list(COLUMNS))), data.draw(st.permutations(people))) == plain_order


@given(headers=st.lists(NAMES, max_size=6), rows=st.lists(st.lists(NAMES, max_size=7), max_size=6))
def test_whatever_a_file_holds_it_is_read_or_refused_and_never_breaks(
    headers: list[str], rows: list[list[str]]
) -> None:
    found = of([*headers, "email"], *rows)
    assert found.wrong or found.newcomers


# ---- the tree of teams ----


@given(
    parents=st.dictionaries(st.integers(0, 9), st.integers(0, 9) | st.none(), max_size=10),
    team=st.integers(0, 9),
    parent=st.integers(0, 9),
)
def test_a_tree_that_refuses_rings_stays_a_tree(parents: dict[int, int | None], team: int, parent: int) -> None:
    tree: dict[int, int | None] = {}
    for child, above in [*parents.items(), (team, parent)]:
        if above is None or not teams.would_loop(tree, child, above):
            tree[child] = above
    for one in tree:
        walked, at = 0, tree.get(one)
        while at is not None:
            walked, at = walked + 1, tree.get(at)
            assert walked <= len(tree)
