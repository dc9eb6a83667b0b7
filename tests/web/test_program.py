"""What the program says is shown as it is sent, and changed in two looks by those who may."""

import io
import re
import zipfile

import pytest
from sqlmodel import select
from werkzeug.test import TestResponse

from gateway.library import live_files
from gateway.models import (
    Alert,
    AuditEntry,
    ContentKind,
    ContentVersion,
    InboundMessage,
    KeptAnswer,
    Match,
    Participant,
    Run,
    RunState,
)
from gateway.people.directory import data_key_of
from gateway.web.console.program.trying import pieces
from tests.authored.test_bad_yaml import FLOW, PROMPT
from tests.web.console import Office, Seat
from tests.web.program import PROMPTS, write_the_program

CHANGE = "/program/change"
FINE = PROMPT.replace("good thing", "fine thing").encode()


@pytest.fixture(autouse=True)
def _a_program(office: Office) -> None:
    write_the_program(office)


def in_use(office: Office, kind: ContentKind = ContentKind.PROMPTS) -> dict[str, bytes]:
    with office.place.gateway.db.reading() as session:
        return live_files(session, kind)


def sends(seat: Seat, *files: tuple[str, bytes], kind: str = "prompts", way: str = "add") -> TestResponse:
    """Send files as a browser does."""
    if not seat.is_in:
        seat.signs_in()
    sent = [(io.BytesIO(source), name) for name, source in files]
    fields = {**seat.form(CHANGE, CHANGE).fields, "kind": kind, "way": way, "files": sent}
    return seat.client.post(CHANGE, data=fields, content_type="multipart/form-data")


def seen(page: str) -> str:
    """The words of a page, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace("&#39;", "'")


def test_a_text_stands_as_it_is_sent_with_its_price_in_each_language(office: Office) -> None:
    page = seen(office.ruth.opens("/program/prompts/good-thing?pairs=200").text)
    assert "Passerelle: One good thing today?" in page
    assert "Passerelle : Une bonne chose aujourd'hui ?" in page
    assert "Week 3, on Tuesday" in page
    assert "1 text · GSM-7 · 33 units" in page
    assert re.search(r"reads like grade \d+\.\d ", page)
    french = seen(office.ruth.opens("/program/prompts/good-thing?lang=fr").text)
    assert re.search(r"niveau de lecture \d+,\d ", french)
    assert "1.4 cents each time; about $0.93 a month for 200 pairs" in page


def test_a_conversation_reads_as_steps_that_lead_on(office: Office) -> None:
    page = office.ruth.opens("/program/flows/hello").text
    words = seen(page)
    assert "Hello from Passerelle." in words
    assert "When the answer is “Yes” → fin" in words and 'href="#fin"' in page
    assert "Staff are told: asked." in words
    assert "Bonjour de Passerelle." in seen(office.ruth.opens("/program/flows/hello?in=fr").text)
    french = seen(office.ruth.opens("/program/flows/hello?lang=fr").text)
    assert "Si la réponse est « Oui » → fin" in french


def test_files_are_looked_at_first_and_put_in_use_then(office: Office) -> None:
    sent = sends(office.ann, ("good-thing.yaml", FINE), ("more.yaml", PROMPT.encode()))
    assert in_use(office) == PROMPTS
    page = office.ann.follows(sent)
    assert "1 new, 1 changed, 0 gone." in seen(page)
    assert "<ins>  en: &#34;One fine thing today?&#34;</ins>" in page
    done = office.ann.sends(sent.headers["Location"], f"{sent.headers['Location']}/use")
    assert "It is in use from now on." in office.ann.follows(done)
    assert in_use(office) == {"1-beginning/good-thing.yaml": FINE, "more.yaml": PROMPT.encode()}
    assert office.ann.acts()[-2:] == ["prompts.propose", "prompts.load"]


def test_a_form_that_is_sent_twice_puts_in_use_once(office: Office) -> None:
    where = sends(office.ann, ("good-thing.yaml", FINE)).headers["Location"]
    form = office.ann.form(where, f"{where}/use").fields
    for _again in range(2):
        assert office.ann.client.post(f"{where}/use", data=form).status_code == 303
    assert office.ann.acts().count("prompts.load") == 1


def test_each_fault_is_named_with_its_line_and_nothing_changes(office: Office) -> None:
    bad = PROMPT.replace("  fr:", "  de:").encode()
    answer = sends(office.ann, ("bad.yaml", bad), ("good-thing.yaml", FINE))
    assert answer.status_code == 422
    words = seen(answer.text)
    assert "Nothing was taken." in words
    assert "bad.yaml:3" in words and "the text is missing in fr" in words
    assert in_use(office) == PROMPTS


def test_a_zip_is_refused_in_a_plain_sentence(office: Office) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.yaml", PROMPT)
    answer = sends(office.ann, ("all.zip", out.getvalue()))
    assert answer.status_code == 422
    assert "this is an archive; unpack it" in seen(answer.text)


def test_sending_nothing_asks_for_a_file(office: Office) -> None:
    answer = sends(office.ann)
    assert (answer.status_code, "Choose at least one file." in answer.text) == (422, True)


def test_a_whole_set_of_many_files_fits_through_the_door(office: Office) -> None:
    many = [(f"a{number}.yaml", PROMPT.encode() + b"#" * 2000) for number in range(120)]
    assert sends(office.ann, *many, way="whole").status_code == 303


def test_a_file_is_changed_on_its_page_and_keeps_what_was_typed(office: Office) -> None:
    where = "/program/prompts/good-thing/edit"
    bad = office.ann.sends(where, where, source="kind: activity\ntext: mine")
    assert bad.status_code == 422
    assert "text: mine</textarea>" in bad.text
    good = office.ann.sends(where, where, source=FINE.decode().replace("\n", "\r\n"))
    assert "0 new, 1 changed, 0 gone." in seen(office.ann.follows(good))


def test_a_file_is_taken_out_of_the_set(office: Office) -> None:
    where = "/program/flows/hello/edit"
    sent = office.ann.sends(where, where, act="leave_out", source=FLOW)
    assert "<del>hello.yaml</del>" in office.ann.follows(sent)


def test_going_back_is_a_change_like_any_other(office: Office) -> None:
    where = sends(office.ann, ("good-thing.yaml", FINE)).headers["Location"]
    office.place.clock.wait(60)
    office.ann.sends(where, f"{where}/use")
    versions = office.ann.opens("/program/versions/prompts").text
    assert "Ann" in versions
    back = re.search(r'action="(/program/versions/prompts/[0-9a-f]{64}/back)"', versions)
    assert back
    office.place.clock.wait(60)
    looked = office.ann.sends("/program/versions/prompts", back[1])
    where = looked.headers["Location"]
    office.ann.sends(where, f"{where}/use")
    assert in_use(office) == PROMPTS


def test_what_was_overtaken_says_so_and_is_not_put_in_use(office: Office) -> None:
    mine = sends(office.ann, ("good-thing.yaml", FINE)).headers["Location"]
    form = office.ann.form(mine, f"{mine}/use").fields
    theirs = sends(office.abe, ("theirs.yaml", PROMPT.encode())).headers["Location"]
    office.abe.sends(theirs, f"{theirs}/use")
    refused = office.ann.client.post(f"{mine}/use", data=form)
    assert "A colleague put another set in use meanwhile" in office.ann.follows(refused)
    assert set(in_use(office)) == {"1-beginning/good-thing.yaml", "theirs.yaml"}


def test_words_of_staff_are_never_markup(office: Office) -> None:
    sly = PROMPT.replace("One good thing", "<script>1</script>").encode()
    page = office.ann.follows(sends(office.ann, ("sly.yaml", sly)))
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_the_list_shows_one_stage_at_a_time_in_the_order_of_its_days(office: Office) -> None:
    later = PROMPT.replace("tue", "thu").replace("One good", "A later")
    last = PROMPT.replace("kind:", "stage: closing\nkind:").replace("One good", "A last")
    files = [("b.yaml", later.encode()), ("c.yaml", last.encode())]
    where = sends(office.ann, *files).headers["Location"]
    office.ann.sends(where, f"{where}/use")
    building, closing = (
        seen(office.ruth.opens(f"/program?stage={name}").text) for name in ("building", "closing")
    )
    assert building.index("One good thing") < building.index("A later thing")
    assert "A last" not in building and "A last thing" in closing
    assert "3 texts in use." in building


def test_a_sentence_is_tried_and_nothing_of_it_is_kept(office: Office) -> None:
    with office.place.gateway.db.reading() as session:
        before = len(session.exec(select(AuditEntry)).all())
    where = "/program/screen"
    page = office.ruth.sends(where, where, text="I want to <b>kill myself</b>", language="en", writer="youth")
    words = seen(page.text)
    assert "somebody on duty would be told at once" in words
    assert "<mark>" in page.text and "<b>kill" not in page.text
    with office.place.gateway.db.reading() as session:
        assert len(session.exec(select(AuditEntry)).all()) == before + 2  # both of signing in
        assert session.exec(select(InboundMessage)).first() is None
        assert session.exec(select(Alert)).first() is None


def test_the_charter_tells_what_the_program_is_for_and_what_it_keeps_to(office: Office) -> None:
    page = seen(office.ruth.opens("/program/charter?lang=fr").text)
    for said in (
        "Chaque jeune a près de soi un adulte qui écoute, et sent qu'il a sa place.",
        "A de l'espoir pour son avenir.",
        "au moins 1 texto",
        "Personne ne se rencontre seul à seul.",
        "jours fériés (CA-ON), 30 septembre 2026",
        "du 24 décembre au 2 janvier. La fin de l'année est aux familles.",
        "1-800-668-6868",
    ):
        assert said in page, said
    english = seen(office.ruth.opens("/program/charter?lang=en").text)
    assert "December 24 to January 2. The end of the year is for family." in english


def test_found_places_may_overlap_and_are_marked_once() -> None:
    found = [(one.words, one.is_found) for one in pieces("abcdef", [(1, 3), (2, 4)])]
    assert found == [("a", False), ("bcd", True), ("ef", False)]


def test_answers_are_opened_for_those_who_look_after_them_and_on_record(office: Office) -> None:
    with office.place.gateway.db.transaction() as session:
        now = office.place.clock.now()
        maya = session.exec(select(Participant).where(Participant.key == "maya")).one()
        match_id = session.exec(select(Match.id)).one()
        version = session.exec(select(ContentVersion.id)).first()
        run = Run(
            dedupe_key="x",
            participant_id=maya.id or 0,
            match_id=match_id,
            flow="hello",
            version_id=version or 0,
            state=RunState.ENDED,
            created_at=now,
        )
        session.add(run)
        session.flush()
        kept = KeptAnswer(
            participant_id=maya.id or 0,
            match_id=match_id,
            run_id=run.id or 0,
            question="going",
            at=now,
            value_sealed=b"",
        )
        session.seal(kept, "value_sealed", "4 <i>fine</i>", data_key_of(session, maya.community_id))
        session.add(kept)
    page = office.ruth.opens("/program/answers?question=going").text
    assert "4 &lt;i&gt;fine&lt;/i&gt;" in page and ">Maya</a>" in page
    assert office.ruth.acts()[-1] == "answers.read"
    for name in ("kim", "sam", "abe"):
        assert "fine" not in office.seats[name].opens("/program/answers").text
    uid = office.place.uids["maya"]  # type: ignore[attr-defined]
    assert "fine" in office.ruth.opens(f"/program/answers?person={uid}").text
    assert office.kim.opens(f"/program/answers?person={uid}").status_code == 404
