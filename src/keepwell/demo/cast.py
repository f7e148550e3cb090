"""Who is in the demonstration. Names, teams and parts are invented; telephone numbers are of the range kept for fiction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PASSWORD: Final = "keepwell-demo"  # noqa: S105  # nosec B105  # public on purpose: it opens nothing but a demonstration
AGENCY: Final = "Harbour Street"
OTHER_AGENCY: Final = "Quay Light"
ZONE: Final = "America/New_York"

# programme → its teams; a share of the people for each
PROGRAMMES: Final[dict[str, tuple[tuple[str, float], ...]]] = {
    "Outreach and advocacy": (("Night team", 0.2), ("Day outreach", 0.2), ("Safe house", 0.2)),
    "Mentoring": (("Evening mentors", 0.15), ("Weekend mentors", 0.15), ("Mentor support", 0.1)),
}
VOLUNTEER_TEAMS: Final = ("Evening mentors", "Weekend mentors")


@dataclass(frozen=True)
class Named:
    """One of the cast. ``part`` is a responsibility's kind with the team or programme it is for; ``story`` shapes the weeks."""

    slug: str
    name: str
    kind: str
    team: str
    part: str = ""
    of: str = ""
    says: str = ""  # how the front page introduces them
    story: str = "steady"
    agency: str = AGENCY

    @property
    def email(self) -> str:
        return f"{self.slug}@demo.example"


CAST: Final = (
    Named("ada", "Ada Reyes", "staff", "Night team", says="Outreach worker, Night team", story="load-rising"),
    Named("mia", "Mia Okafor", "volunteer", "Evening mentors", says="Volunteer mentor, Evening mentors", story="steady"),
    Named("ben", "Ben Whitlock", "staff", "Night team", "supervisor", "Night team", "Supervisor of the Night team", "tired"),
    Named("pia", "Pia Lindgren", "staff", "Mentor support", "programme-staff", "Mentoring", "Programme staff of Mentoring", "steady"),
    Named("cleo", "Cleo Barnes", "staff", "", "manager", "", "Manager of both programmes", "steady"),
    Named("adam", "Adam Novak", "staff", "", "administrator", "", "Administrator: people, teams, rooms", "new"),
    Named("tess", "Tess Moreau", "staff", "", "technical-administrator", "", "Technical administrator: post and server", "new"),
    Named("dov", "Dov Abrams", "staff", "Harbour visits", says="Of another agency, Quay Light", story="steady", agency=OTHER_AGENCY),
    Named("noa", "Noa Pereira", "staff", "", "administrator", "", "", "new", OTHER_AGENCY),
)

FIRST: Final = (
    "Amara", "Luis", "Hannah", "Tomas", "Grace", "Yusuf", "Elena", "Marcus", "Ines", "Peter", "Rosa", "Jin", "Aisha", "Carlos", "Ruth",
    "Owen", "Leila", "Samuel", "Nadia", "Victor", "Esther", "Diego", "Maya", "Joel", "Fatima", "Andre", "Clara", "Hugo", "Priya", "Nathan",
    "Sofia", "Isaac", "Wanda", "Felix", "Camila", "Theo", "Odessa", "Rafael", "June", "Kofi", "Marta", "Elias", "Vera", "Dante", "Lucia",
    "Abel", "Simone", "Ravi", "Greta", "Omar", "Pilar", "Caleb", "Noemi", "Silas", "Tamika", "Bruno", "Alma", "Jonah", "Rina", "Walter",
)  # fmt: skip
LAST: Final = (
    "Alvarez", "Brooks", "Castillo", "Dube", "Ellison", "Farouk", "Greene", "Herrera", "Ivanova", "Johnson", "Kim", "Lopez", "Mbeki",
    "Nguyen", "Ortiz", "Patel", "Quinn", "Rivera", "Santos", "Turner", "Underwood", "Vargas", "Walker", "Xu", "Young", "Zamora", "Bell",
    "Cruz", "Diaz", "Fischer", "Gomez", "Hill", "Jensen", "Khan", "Lambert", "Morales", "Nwosu", "Osei", "Price", "Ramos", "Stone",
)  # fmt: skip

TALK_TO: Final = (
    ("eap", "Lantern employee assistance", "Six free talks a year", "555-0142", "Any time", "Nothing, unless somebody is in danger", True),
    ("therapist", "Dr. Imani Cole", "Knows this work from within", "555-0117", "Tuesdays and Thursdays", "Nothing without your word", True),
    ("peer-line", "Peer line of the coalition", "Other outreach workers, by phone", "555-0160", "18:00 to 23:00", "Nothing", True),
    ("faith-leader", "Chaplain Ruiz", "For any belief, or none", "555-0109", "By arrangement", "Nothing", False),
)

PLAN: Final = (  # what the cast have in their plans: part, domain, words; of several each takes some
    ("now-helpful", "body", "Walk home along the canal when the light holds"),
    ("now-helpful", "spirit", "Sunday choir, in the back row"),
    ("now-helpful", "mind", "Ten pages of a novel before sleep"),
    ("now-not-helpful", "", "Answering messages in bed"),
    ("now-not-helpful", "", "Skipping lunch on court days"),
    ("keep", "people", "Calling my sister from the car, parked"),
    ("keep", "body", "Water bottle within reach of the wheel"),
    ("change", "mind", "Write the day down before I leave, then close the book"),
    ("change", "body", "Phone out of the bedroom by half past ten"),
    ("change", "spirit", "Five minutes on the back step with the light off"),
    ("obstacles", "", "On-call nights. I will choose the smaller version then."),
)
COMMITMENTS: Final = (
    ("Walk home along the canal, once", "body", "after the last visit"),
    ("Lunch away from the desk, twice", "body", "after the morning round"),
    ("Message Noor, about nothing", "people", "after supper"),
    ("Write the day down before I leave", "mind", "after the last note"),
    ("Ten minutes outside without the phone", "spirit", "after work"),
)
EMERGENCY: Final = {
    "emergency-do": "Shoes on, round the block, no phone. Then eat something.",
    "emergency-avoid": "The case notes. The wine.",
    "emergency-tell-myself": "It was a hard day, and I did not make it hard.",
}
SIGNS: Final = ("I stop answering my sister", "I drive home and can’t say which way I came")
