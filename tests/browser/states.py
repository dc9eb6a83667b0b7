"""Every page that a person can see, in every state that looks different. A route without a state here fails a test.

Paths hold names of `house.make_busy`: `{match}`, `{maya}`. A state that `sends` shows what follows when the form that goes
there is sent with nothing typed.
"""

from dataclasses import dataclass

NOBODY = "nobody"


@dataclass(frozen=True)
class State:
    """One page as one person sees it. `shows` is a selector of what proves that it is this state."""

    path: str
    who: str = "ann"
    shows: str = "main h1"
    status: int = 200
    sends: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, [self.path, self.who, self.sends and f"sent {self.sends}"]))


def faulty(path: str, sends: str = "", who: str = "ann", shows: str = "[aria-invalid], .told.bad") -> State:
    """A form sent with nothing in it: said at the field, or above the form."""
    return State(path, who, shows, 422, sends or path)


def told(path: str, sends: str, who: str = "ann") -> State:
    """An act that cannot be, told on the page that follows."""
    return State(path, who, ".told.bad", 200, sends)


def all_of(who: str, *paths: str, shows: str = "main h1") -> tuple[State, ...]:
    return tuple(State(path, who, shows) for path in paths)


DOOR = (
    State("/", NOBODY),
    State("/sign-in", NOBODY),
    faulty("/sign-in", who=NOBODY),
    State("/sign-in/code", "half way"),
    faulty("/sign-in/code", who="half way"),
    State("/welcome/{token}", NOBODY),
    faulty("/welcome/{token}", who=NOBODY),
    State("/welcome/nothing", NOBODY, status=410),
    State("/account/second-factor", "abe", shows=".square"),
    faulty("/account/second-factor", who="abe"),
    State("/phones", NOBODY),
    State("/phones/play", NOBODY),
    State("/phones/play?what=flow/hello", NOBODY),
)
DAY = (
    State("/today", "ruth", shows="#now"),
    State("/today?page=2", "ruth", shows="#then"),
    State("/today", "ann", shows="[id^=staff]"),
    State("/today", "kim", shows=".card.tie"),
    State("/today", "sam", shows=".lead"),
    State("/matches/{match}", "ruth", shows="#unread"),
    State("/matches/{crisis}", "ruth", shows="[name=why]"),
    State("/matches/{crisis}?why=alert", "ruth", shows="#acts"),
    told("/matches/{match}", "/matches/{match}/notes", "ruth"),
    State("/review", "ruth", shows=".hand"),
    State("/review/{text}", "ruth", shows=".here"),
    State("/review", "kim", shows=".lead"),
    State("/alerts", "ruth", shows="article.tie"),
    State("/alerts", "sam"),
    State("/alerts/{report}", "ruth", shows="#words"),
    State("/alerts/{report}", "ruth", shows="#who", sends="/alerts/{report}/reveal"),
    State("/alerts/duty", "ruth", shows="table"),
    State("/alerts/duty", "ann", shows="#plan"),
    State("/alerts/duty", "sam", shows="p.card"),
    told("/alerts/duty", "/alerts/duty/phone", "ruth"),
)
MATCHES = (
    *all_of("ann", "/matches", "/matches?page=2", "/matches/propose", "/lines"),
    *all_of("kim", "/matches", shows="p.card"),
    *all_of("ann", "/matches/{match}/about", "/matches/{match}/close", "/matches/propose/{ada}"),
    told("/matches/{match}/about", "/matches/{match}/members"),
    told("/matches/{match}/close", "/matches/{match}/close/planned"),
    State("/matches/{match}/calendar"),
)
PEOPLE = (
    *all_of("ann", "/people", "/people?role=youth", "/people/{maya}", "/people/{ben}", "/people/{jo}"),
    State("/people", "kim", shows="p.card"),
    State("/people/{maya}", "ruth", shows="#phone"),
    State("/people/{maya}", "ann", shows=".columns", sends="/people/{maya}/reveal"),
    *all_of("ann", "/people/{maya}/settings", "/people/{ben}/enrolment", "/people/{maya}/consent"),
    faulty("/people/{maya}/settings"),
    faulty("/people/{ben}/enrolment"),
    State("/people/{maya}/number"),
    State("/people/{ben}/number", shows="#code"),
    faulty("/people/{ben}/number"),
    told("/people/{ben}/number", "/people/{ben}/number/confirm"),
    *all_of("ann", "/people/new", "/people/import", "/people/export"),
    faulty("/people/new"),
    faulty("/people/import"),
    *all_of("ann", "/staff", "/staff/new", "/staff/{kim}"),
    faulty("/staff/new"),
    State(
        "/staff/{kim}", shows=".told.bad ~ .card code", sends="/staff/{kim}/link"
    ),  # the mail server is away
)
PROGRAM = (
    *all_of("ann", "/program", "/program/flows", "/program/charter", "/program/answers"),
    *all_of("ruth", "/program", "/program/answers?question=going"),
    *all_of("ann", "/program/screen", "/program/prompts/good-thing", "/program/flows/hello"),
    State("/program/screen", sends="/program/screen"),
    *all_of("ann", "/program/change", "/program/prompts/good-thing/edit", "/program/versions/prompts"),
    faulty("/program/change"),
    faulty("/program/prompts/good-thing/edit", shows=".told.bad"),
    State("/program/proposals/{proposal}", shows="ins"),
)
FIGURES = (
    *all_of("ann", "/insight", "/insight/caseloads", "/insight/communities", "/insight/matches"),
    State("/insight", "ruth", shows="svg.weeks"),
    State("/insight/matches", "ruth", shows="svg.weeks"),
    State("/insight/matches", "kim", shows="p.card"),
    *all_of("otto", "/insight", "/insight/caseloads", "/audit", "/audit/chain"),
)
OWN = (
    *all_of("ruth", "/account", "/account/settings", "/account/password", "/account/recovery-codes"),
    State("/account/second-factor", "ruth"),
    faulty("/account/settings", who="ruth"),
    faulty("/account/password", who="ruth"),
    faulty("/account/recovery-codes", who="ruth"),
)
ERRORS = (
    State("/today", "otto", shows=".places", status=403),
    State("/nothing/here", "ruth", shows=".places", status=404),
    State("/nothing/here", NOBODY, status=404),
    State("/sign-out", "ruth", shows=".places", status=405),
    State(
        "/program/screen", "ruth", shows=".places", status=413, sends="/program/screen#"
    ),  # with 70,000 letters
)
STATES = (*DOOR, *DAY, *MATCHES, *PEOPLE, *PROGRAM, *FIGURES, *OWN, *ERRORS)

# What a GET gives that is no page: files, and what machines read.
NO_PAGES = {
    "/healthz",
    "/insight/export.json",
    "/insight/<name>.csv",
    "/audit/export.<any(csv, json):kind>",
}
