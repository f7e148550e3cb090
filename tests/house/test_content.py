"""The authored words: whole in both languages, sourced, plainly written, linked only to what exists, dated where dates matter."""

import datetime as dt
import difflib
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

from keepwell.kit.content import load_file, load_folder

CONTENT = Path(__file__).parents[2] / "src" / "keepwell" / "content"
PAIRED = ["checkin", "guidance", "steps", "plan", "privacy", "talkto", "worklife"]
COUNTRIES = ["ca", "es", "gb", "mx", "other", "us"]
LINKS = {
    "help",
    "privacy",
    "me",
    "plans:plan",
    "plans:commitment",
    "plans:emergency",
    "measures:checkin",
    "measures:trends",
    "people:talk_to",
}
PLACEHOLDERS = {"guidance": {"week", "count", "left"}, "privacy": {"host", "agency"}}
# Keys whose text a person reads; the rest are facts, which must be equal in both languages.
WORDS = re.compile(
    r"^(title|short_title|door_line|intro|stem|stop|text|short|label|covers|question|hint|heading(_.+)?|means|means_not|say|note"
    r"|people|not_a_diagnosis|tiny|why|examples|line|print_footer(_.+)?|covered|bare|explain|what(_hint)?|when(_hint)?"
    r"|reminder(_hint)?|after|done|partly|not_this_week(_reply)?|again|pause|ask|usual_range(_title)?|cant(_title)?|early"
    r"|gaps|tags|table|bring)$"
)
# Belittling, preaching or grading, whichever way it is meant.
NEVER = {
    "en": """just|simply|remember to|deep breaths?|breathe|don't forget|well done|great job|proud of you|streaks?|high risk
        |at risk of|failed|overdue|self-care is|suffering from|you should|you must""",
    "es": """simplemente|sencillamente|respira|respiraci[oó]n profunda|no olvides|felicidades|buen trabajo|orgullos[oa]|racha
        |alto riesgo|fallaste|atrasad[oa]|deberías|tienes que (recordar|respirar)|usted|vosotr[oa]s|vos""",
}
FORBIDDEN = {language: r"\b(" + re.sub(r"\n *", "", words) + r")\b" for language, words in NEVER.items()}

Found = Iterator[tuple[str, Any]]


def walk(data: Any, path: str = "") -> Found:
    """Every leaf with its path; members of lists of tables are named by their slug, so that order does not matter."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from walk(value, f"{path}.{key}" if path else key)
    elif isinstance(data, list) and data and isinstance(data[0], dict):
        for member in data:
            yield from walk(member, f"{path}[{member['slug']}]")
    elif isinstance(data, list):
        for number, member in enumerate(data):
            yield f"{path}.{number}", member
    else:
        yield path, data


def is_words(path: str, value: Any) -> bool:
    keys = [key for key in path.split(".") if not key.isdigit()]
    return isinstance(value, str) and bool(WORDS.match(re.sub(r"\[.*", "", keys[-1])))


def paired() -> Iterator[tuple[str, str, Path]]:
    for kind in PAIRED:
        for language in ("en", "es"):
            for path in sorted((CONTENT / kind / language).glob("*.toml")):
                yield kind, language, path


def words_of(path: Path) -> list[tuple[str, str]]:
    return [(where, value) for where, value in walk(load_file(path)) if is_words(where, value)]


def crisis_words(language: str) -> list[tuple[str, str]]:
    found = []
    for country in COUNTRIES:
        data = load_file(CONTENT / "crisis" / f"{country}.toml")
        for line in data["line"]:
            found += [(f"{country}.{line['slug']}.{key}", line[key][language]) for key in ("note", "who_for", "hours")]
    return found


def reference_words(language: str) -> list[tuple[str, str]]:
    references = load_file(CONTENT / "references" / "references.toml")["reference"]
    return [(f"{one['slug']}.{key}", one[key][language]) for one in references for key in ("found", "limits") if key in one]


every_pair = pytest.mark.parametrize(
    ("kind", "language", "path"), list(paired()), ids=lambda value: value.stem if isinstance(value, Path) else value
)


def test_the_walk_finds_words() -> None:
    """The net under the other tests: were the key list wrong, they would pass on nothing."""
    counts = {(kind, language): len(words_of(path)) for kind, language, path in paired()}
    assert counts["checkin", "en"] > 40 and counts["steps", "es"] >= 120 and counts["guidance", "es"] > 100


@pytest.mark.parametrize("kind", PAIRED)
def test_both_languages_hold_the_same_things_in_the_same_order(kind: str) -> None:
    english, spanish = load_folder(CONTENT / kind, "en"), load_folder(CONTENT / kind, "es")
    assert list(english) == list(spanish)
    for slug, one in english.items():
        other = spanish[slug]
        assert other.language == "es", "a piece is missing in Spanish and came in English"
        assert [path for path, _ in walk(one.data)] == [path for path, _ in walk(other.data)]


@pytest.mark.parametrize("kind", PAIRED)
def test_facts_are_equal_and_words_are_not(kind: str) -> None:
    for slug, english in load_folder(CONTENT / kind, "en").items():
        spanish = dict(walk(load_folder(CONTENT / kind, "es")[slug].data))
        for path, value in walk(english.data):
            if is_words(path, value):
                assert spanish[path] != value or not re.search(r"[a-z]{4}", value), f"{kind} {path} is not in Spanish: {value}"
            else:
                assert spanish[path] == value, f"{kind} {path}: {value!r} in English, {spanish[path]!r} in Spanish"


@every_pair
def test_slugs_are_unique_within_their_list(kind: str, language: str, path: Path) -> None:
    for name, members in load_file(path).items():
        if isinstance(members, list) and members and isinstance(members[0], dict):
            slugs = [member["slug"] for member in members]
            assert len(set(slugs)) == len(slugs), f"{kind} {language} {name}"
            assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) for slug in slugs)


def test_checkin_asks_what_the_measure_says() -> None:
    data = load_file(CONTENT / "checkin" / "en" / "checkin.toml")
    facets = [(item["construct"], item["facet"]) for item in data["item"]]
    assert sorted(facets) == sorted(
        [
            ("compassion-fatigue", "re-experiencing"),
            ("compassion-fatigue", "avoidance-or-numbing"),
            ("compassion-fatigue", "arousal"),
            ("burnout", "exhaustion"),
            ("burnout", "cynicism"),
            ("burnout", "detachment"),
            ("burnout", "inefficacy"),
            ("strengths", "meaning-and-strengths-used"),
            ("presence", "being-present"),
        ]
    )
    assert [item["facet"] for item in data["item"] if item["reversed"]] == ["inefficacy"]
    assert [option["value"] for option in data["option"]] == [0, 1, 2, 3, 4]
    assert [stressor["slug"] for stressor in data["stressor"]] == [
        "trauma-stories",
        "caseload-size",
        "caseload-complexity",
        "paperwork",
        "on-call",
        "funding-gaps",
        "missing-supports",
        "short-staffing",
    ]


@pytest.mark.parametrize("language", ["en", "es"])
def test_checkin_sentences_are_short_and_in_plain_words(language: str) -> None:
    english = "trauma|symptom|anxi|depress|burnout|fatig|stress|numb|intrus|dissoc|exhaust"
    clinical = english + "|síntoma|ansied|depres|estrés|disoci|agotamiento"
    for item in load_file(CONTENT / "checkin" / language / "checkin.toml")["item"]:
        assert len(item["text"].split()) <= 16, item["text"]
        assert not re.search(clinical, item["text"], re.IGNORECASE), item["text"]


def test_guidance_knows_every_pattern_and_every_stressor() -> None:
    guidance = load_file(CONTENT / "guidance" / "en" / "guidance.toml")
    checkin = load_file(CONTENT / "checkin" / "en" / "checkin.toml")
    assert [one["slug"] for one in guidance["pattern"]] == ["early", "neither", "burnout", "compassion-fatigue", "both"]
    tags = [*(one["slug"] for one in checkin["stressor"]), checkin["other"]["slug"]]
    assert [one["slug"] for one in guidance["stressor"]] == tags
    for pattern in guidance["pattern"]:
        assert len(pattern["now"]) == 3
        assert 2 <= len(pattern["means"]) <= 3
        assert pattern["means_not"]


def test_moving_work_comes_first_where_load_is_the_cause() -> None:
    guidance = load_file(CONTENT / "guidance" / "en" / "guidance.toml")
    load = {one["slug"] for one in guidance["stressor"] if one["load"]}
    assert load == {"caseload-size", "on-call", "paperwork", "short-staffing"}
    assert all(one["say"] for one in guidance["stressor"] if one["load"]), "a load suggestion brings a sentence to say"
    patterns = {one["slug"]: one for one in guidance["pattern"]}
    assert all(patterns[slug]["load_first"] for slug in ("early", "burnout", "compassion-fatigue", "both"))
    assert patterns["burnout"]["now"][0]["slug"] == "ask-to-move-work"
    assert patterns["both"]["now"][0]["slug"] == "make-room-first"


def test_steps_are_many_small_and_in_all_four_domains() -> None:
    steps = load_file(CONTENT / "steps" / "en" / "steps.toml")["step"]
    assert len(steps) >= 60
    for domain in ("body", "mind", "people", "spirit"):
        assert sum(step["domain"] == domain for step in steps) >= 14
    for step in steps:
        assert step["domain"] in {"body", "mind", "people", "spirit"}
        assert step["where"] in {"car", "desk", "home", "outdoors", "anywhere"}
        assert step["cost"] in {"none", "little"}
        assert 1 <= step["minutes"] <= 60
        assert len(step["tiny"].split()) <= 20, step["tiny"]


def test_plan_has_its_parts_and_examples() -> None:
    plan = load_file(CONTENT / "plan" / "en" / "plan.toml")
    assert [part["slug"] for part in plan["part"]] == [
        "now-helpful",
        "now-not-helpful",
        "keep",
        "change",
        "obstacles",
        "emergency-do",
        "emergency-call",
        "emergency-avoid",
        "emergency-tell",
        "early-signs",
    ]
    assert all(len(part["examples"]) == 3 for part in plan["part"])
    assert [domain["slug"] for domain in plan["domain"]] == ["body", "mind", "people", "spirit"]
    noted = {part["slug"] for part in plan["part"] if part.get("note")}
    assert noted == {"now-not-helpful", "emergency-do", "early-signs"}


def test_privacy_tells_its_limit_on_both_screens() -> None:
    for language in ("en", "es"):
        data = load_file(CONTENT / "privacy" / language / "privacy.toml")
        for screen in ("section", "short"):
            limit = next(one for one in data[screen] if one["slug"] == "the-limit")
            assert "{host}" in str(limit["text"])
        erasing = str(next(one for one in data["section"] if one["slug"] == "erasing")["text"])
        assert "35" in erasing and re.search(r"\b7\b", erasing)


def references() -> dict[str, dict[str, Any]]:
    return {one["slug"]: one for one in load_file(CONTENT / "references" / "references.toml")["reference"]}


def test_references_are_numbered_and_whole() -> None:
    known = references()
    assert [one["number"] for one in known.values()] == list(range(1, len(known) + 1))
    for one in known.values():
        assert one["authors"] and one["title"] and one["where"]
        if "found" in one:
            assert {"en", "es"} == set(one["found"]) == set(one["who"]) == set(one["limits"])
        if "doi" in one:
            assert re.fullmatch(r"10\.\d{4,}/\S+", one["doi"])


@every_pair
def test_sources_resolve_to_a_reference_that_says_what_it_found(kind: str, language: str, path: Path) -> None:
    known = references()
    for where, slug in walk(load_file(path)):
        if re.search(r"sources\.\d+$", where):
            assert "found" in known[slug], f"{kind} {language} {where}: {slug} carries a claim but tells no finding"


@every_pair
def test_a_figure_about_a_study_has_a_source(kind: str, language: str, path: Path) -> None:
    speaks_of_a_study = r"\b(one study|studies|among \d|un estudio|estudios|entre \d)"

    def check(table: Any, sourced: bool) -> None:
        if isinstance(table, dict):
            here = sourced or any(key.endswith("sources") for key in table)
            for value in table.values():
                check(value, here)
        elif isinstance(table, list):
            for member in table:
                check(member, sourced)
        elif isinstance(table, str) and re.search(speaks_of_a_study, table, re.IGNORECASE):
            assert sourced, f"{kind} {language}: {table}"

    check(load_file(path), False)


@every_pair
def test_links_lead_to_what_exists(kind: str, language: str, path: Path) -> None:
    for where, value in walk(load_file(path)):
        if where.endswith(".link"):
            assert value in LINKS, f"{kind} {language} {where}"


@every_pair
def test_placeholders_are_the_agreed_ones_and_the_same_in_both(kind: str, language: str, path: Path) -> None:
    allowed = PLACEHOLDERS.get(kind, set())
    other = dict(words_of(path.parents[1] / ("es" if language == "en" else "en") / path.name))
    for where, value in words_of(path):
        names = set(re.findall(r"\{(\w*)\}", value))
        assert names <= allowed and value.count("{") == value.count("}"), f"{kind} {language} {where}: {value}"
        assert names == set(re.findall(r"\{(\w*)\}", other[where])), f"{kind} {where} differs between the languages"


@every_pair
def test_no_belittling_or_preaching_word(kind: str, language: str, path: Path) -> None:
    for where, value in words_of(path):
        hit = re.search(FORBIDDEN[language], value, re.IGNORECASE)
        assert hit is None, f"{kind} {language} {where}: {hit[0]!r} in {value!r}" if hit else ""


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_belittling_word_beside_a_help_line(language: str) -> None:
    for where, value in crisis_words(language) + reference_words(language):
        assert not re.search(FORBIDDEN[language], value, re.IGNORECASE), f"{where}: {value}"


@every_pair
def test_glossary_words_are_kept(kind: str, language: str, path: Path) -> None:
    if language == "es":
        text = " ".join(value for _, value in words_of(path))
        foreign = r"\b(check-in|self-care|burn out|fatiga de (la )?compasión|trauma vicari[oa]|compromisos? semanal)"
        assert not re.search(foreign, text, re.IGNORECASE)


def similar(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one.lower(), other.lower()).ratio()


@every_pair
def test_no_two_entries_are_near_copies(kind: str, language: str, path: Path) -> None:
    long = [(where, value) for where, value in words_of(path) if len(value.split()) >= 5 and "heading" not in where]
    for (where, one), (there, other) in itertools.combinations(long, 2):
        assert similar(one, other) < 0.8, f"{kind} {language} {where} and {there}: {one!r} · {other!r}"


# Reading grade. Small formulas, good enough to catch a text that drifts away from the tired reader.


def sentences(text: str) -> list[list[str]]:
    parts = re.split(r"[.!?…:;]+(?:\s|$)", re.sub(r"\{\w+\}", "x", text))
    return [found for part in parts if (found := re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", part))]


def syllables_en(word: str) -> int:
    word = re.sub(r"[^a-z]", "", word.lower())
    if not re.search(r"(?:[td]ed|[sxz]es|[cs]hes|[cg]es)$", word):
        word = re.sub(r"(?<=[^aeiouy])(?:es|ed)$", "", word)
    word = re.sub(r"(?<=[^aeiouyl])e$", "", word)
    apart = len(re.findall(r"(?<![cstg])i[ao]", word))  # di-agnosis, but spe-cial
    return max(1, len(re.findall(r"[aeiouy]+", word)) + apart)


def syllables_es(word: str) -> int:
    word = re.sub(r"qu|gu(?=[eiéí])", "k", word.lower())
    word = re.sub(r"y$", "i", word)
    # A vowel group is one syllable for each strong vowel (or accented weak one) in it, and one where it has none.
    return max(1, sum(max(1, len(re.findall(r"[aeoáéóíú]", group))) for group in re.findall(r"[aeiouáéíóúü]+", word)))


def grade(text: str) -> float:
    """Flesch–Kincaid grade of an English text."""
    found = sentences(text)
    words = [word for sentence in found for word in sentence]
    return 0.39 * len(words) / len(found) + 11.8 * sum(map(syllables_en, words)) / len(words) - 15.59


def inflesz(text: str) -> float:
    """Szigriszt–Pazos perspicuity of a Spanish text; 55 to 65 is normal, above 65 fairly easy (INFLESZ)."""
    found = sentences(text)
    words = [word for sentence in found for word in sentence]
    return 206.835 - 62.3 * sum(map(syllables_es, words)) / len(words) - len(words) / len(found)


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("work", 1),
        ("nothing", 2),
        ("used", 1),
        ("wanted", 2),
        ("table", 2),
        ("people", 2),
        ("diagnosis", 4),
        ("places", 2),
        ("noticed", 2),
    ],
)
def test_english_syllables(word: str, count: int) -> None:
    assert syllables_en(word) == count


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("trabajo", 3),
        ("día", 2),
        ("guardia", 2),
        ("quien", 1),
        ("ahora", 3),
        ("muy", 1),
        ("compasión", 3),
        ("leer", 2),
        ("agotamiento", 5),
    ],
)
def test_spanish_syllables(word: str, count: int) -> None:
    assert syllables_es(word) == count


def test_the_grade_tells_hard_from_easy() -> None:
    hard_en = "Organizational interventions demonstrably ameliorate occupational exhaustion."
    hard_es = "Las intervenciones organizacionales disminuyen considerablemente el desgaste ocupacional."
    assert grade(hard_en) > 12
    assert grade("Stop before the door. Keys in your hand is fine.") < 4
    assert inflesz(hard_es) < 40
    assert inflesz("Abre la puerta. Con las llaves en la mano está bien.") > 70


def assert_easy(language: str, name: str, texts: list[tuple[str, str]]) -> None:
    long = [(where, value) for where, value in texts if len(value.split()) >= 5]
    if language == "en":
        assert grade(". ".join(value for _, value in long)) <= 8, name
        hard = [(where, round(grade(value), 1), value) for where, value in long if grade(value) > 13]
    else:
        assert inflesz(". ".join(value for _, value in long)) >= 60, name
        assert mean(inflesz(value) for _, value in long) >= 60, name
        hard = [(where, round(inflesz(value), 1), value) for where, value in long if inflesz(value) < 30]
    assert not hard, f"{name}: too hard to read: {hard}"


@every_pair
def test_it_reads_easily(kind: str, language: str, path: Path) -> None:
    assert_easy(language, f"{kind} {language}", words_of(path))


@pytest.mark.parametrize("language", ["en", "es"])
def test_help_lines_and_findings_read_easily(language: str) -> None:
    assert_easy(language, "crisis", crisis_words(language))
    texts = " ".join(value for _, value in reference_words(language))
    assert grade(texts) <= 9.5 if language == "en" else inflesz(texts) >= 55


# Help lines.


@pytest.mark.parametrize("country", COUNTRIES)
def test_help_lines_are_dated_sourced_and_whole(country: str) -> None:
    data = load_folder(CONTENT / "crisis", "en")[country].data
    assert data["country"] == ("" if country == "other" else country.upper())
    slugs = [line["slug"] for line in data["line"]]
    assert len(set(slugs)) == len(slugs)
    for line in data["line"]:
        assert line["kind"] in {"emergency", "crisis", "abuse", "trafficking", "child-abuse", "directory"}
        assert line["group"] in {"you", "work"}
        assert line["phone"] or line["sms_to"] or line["chat_url"], f"{line['slug']} can't be reached"
        assert re.fullmatch(r"[0-9 -]*", line["phone"]) and re.fullmatch(r"[0-9 -]*", line["sms_to"])
        assert line["source_url"].startswith(("https://", "http://"))
        assert not line["chat_url"] or line["chat_url"].startswith("https://")
        assert isinstance(line["verified_on"], dt.date) and isinstance(line["expires_on"], dt.date)
        assert dt.timedelta(0) < line["expires_on"] - line["verified_on"] <= dt.timedelta(days=180)
        assert len(line["verified_by"]) > 20
        assert isinstance(line["may_report"], bool)
        for key in ("name", "hours", "who_for", "note"):
            assert line[key]["en"] and line[key]["es"]
        assert set(line["sms_body"]) == {"en", "es"}


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_workers_own_need_comes_first(country: str) -> None:
    lines = load_file(CONTENT / "crisis" / f"{country}.toml")["line"]
    assert [line["order"] for line in lines] == sorted({line["order"] for line in lines})
    groups = [line["group"] for line in lines if line["kind"] != "directory"]
    assert groups == sorted(groups, key=["you", "work"].index)
    assert lines[-1]["kind"] == "directory"
    if country != "other":
        assert lines[0]["kind"] == "emergency" and lines[1]["kind"] == "crisis"


def test_no_country_borrows_a_line_of_the_united_states() -> None:
    numbers = {
        country: {
            line[key].replace("-", "").replace(" ", "")
            for line in load_file(CONTENT / "crisis" / f"{country}.toml")["line"]
            for key in ("phone", "sms_to")
            if line[key]
        }
        for country in COUNTRIES
    }
    shared = {"911", "988"}  # the same digits by law in more than one country; each file has its own source for them
    for one, other in itertools.combinations(COUNTRIES, 2):
        assert numbers[one] & numbers[other] <= shared, f"{one} and {other}"
    assert numbers["other"] == set()


def test_a_line_that_reports_says_so_in_words() -> None:
    """`may_report` is for the badge; the note has to say what is passed on."""
    for country in COUNTRIES:
        for line in load_file(CONTENT / "crisis" / f"{country}.toml")["line"]:
            if line["may_report"]:
                assert re.search(r"polic|pass|report|tell", line["note"]["en"], re.IGNORECASE), line["slug"]
                assert re.search(r"polic|avisa|denuncia|report", line["note"]["es"], re.IGNORECASE), line["slug"]


def test_united_states_lines_are_those_that_were_checked() -> None:
    lines = {line["slug"]: line for line in load_file(CONTENT / "crisis" / "us.toml")["line"]}
    assert (lines["988-lifeline"]["phone"], lines["988-lifeline"]["sms_to"]) == ("988", "988")
    assert (lines["crisis-text-line"]["sms_to"], lines["crisis-text-line"]["sms_body"]["en"]) == ("741741", "HOME")
    trafficking = lines["human-trafficking-hotline"]
    assert (trafficking["phone"], trafficking["sms_to"], trafficking["may_report"]) == ("1-888-373-7888", "233733", True)
    assert lines["childhelp"]["phone"] == "1-800-422-4453"
    assert lines["domestic-violence-hotline"]["phone"] == "1-800-799-7233"
    assert lines["domestic-violence-hotline"]["sms_to"] == "88788"
