"""Content folders: two layouts, an agency's own layer, and faults that say where."""

import pytest

from keepwell.kit.content import ContentError, line_of, load_file, load_folder


@pytest.fixture
def folder(tmp_path):
    for language, title in (("en", "Before the door"), ("es", "Antes de la puerta")):
        (tmp_path / "ours" / language).mkdir(parents=True)
        (tmp_path / "ours" / language / "doorstep.toml").write_text(f'slug = "doorstep"\ntitle = "{title}"\n')
    (tmp_path / "ours" / "en" / "hands.toml").write_text('slug = "hands"\ntitle = "Hands"\n')
    return tmp_path / "ours"


def test_each_language_has_its_own_words_and_english_fills_a_gap(folder):
    spanish = load_folder(folder, "es")
    assert list(spanish) == ["doorstep", "hands"]
    assert (spanish["doorstep"].data["title"], spanish["doorstep"].language) == ("Antes de la puerta", "es")
    assert (spanish["hands"].data["title"], spanish["hands"].language) == ("Hands", "en")


def test_facts_are_shared_and_words_come_in_the_language_asked_for(tmp_path):
    (tmp_path / "who-5.toml").write_text('slug = "who-5"\nitems = 5\n[en]\nname = "Index"\n[es]\nname = "Índice"\n')
    assert load_folder(tmp_path, "es")["who-5"].data == {"slug": "who-5", "items": 5, "name": "Índice"}
    assert load_folder(tmp_path, "fr")["who-5"].data["name"] == "Index"


def test_an_agency_lays_its_own_folder_over_ours(folder, tmp_path):
    own = tmp_path / "own" / "en"
    own.mkdir(parents=True)
    (own / "doorstep.toml").write_text('slug = "doorstep"\ntitle = "At our gate"\n')
    (own / "garden.toml").write_text('slug = "garden"\ntitle = "Garden"\n')
    together = load_folder(folder, "en", overlay=tmp_path / "own")
    assert [entry.data["title"] for entry in together.values()] == ["At our gate", "Garden", "Hands"]
    assert load_folder(folder, "en", overlay=tmp_path / "nothing there").keys() == {"doorstep", "hands"}


def test_a_fault_names_file_and_line(tmp_path):
    broken = tmp_path / "broken.toml"
    broken.write_text('slug = "broken"\n\ntitle = never closed"\n')
    with pytest.raises(ContentError, match=r"broken\.toml, line 3: This is not TOML"):
        load_folder(tmp_path, "en")
    broken.write_bytes('slug = "broken"\ntitle = "caf\xe9"\n'.encode("latin-1"))
    with pytest.raises(ContentError, match="line 2: This is not UTF-8"):
        load_file(broken)
    broken.write_text('title = "x"\nslug = "other"\n')
    with pytest.raises(ContentError, match=r"line 2: The slug is 'other', so the file must be other\.toml"):
        load_folder(tmp_path, "en")
    broken.write_text('slug = "Not A Slug"\n')
    with pytest.raises(ContentError, match="line 1: 'Not A Slug' is not a slug"):
        load_folder(tmp_path, "en")
    with pytest.raises(ContentError, match="no such content folder"):
        load_folder(tmp_path / "absent", "en")


def test_a_room_can_point_at_the_line_of_a_key(folder):
    entry = load_folder(folder, "en")["doorstep"]
    assert str(entry.fault("Too long.", "title")).endswith("doorstep.toml, line 2: Too long.")
    assert line_of(entry.path, "nowhere") == 1
