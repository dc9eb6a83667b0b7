"""What staff do on the pages about people. Ruth looks after Maya; Ann is the admin."""

import io
import json
import re

import pytest
from sqlmodel import col, select

from gateway.models import Consent, ConsentKind, ConsentState, OutboundMessage, Participant, Role, Upload
from gateway.people import guardians
from gateway.people.consent import has_consent
from gateway.people.directory import NewPerson, community_named, enrol, person_with_key
from gateway.people.opt_out import is_opted_out
from tests.web.conftest import PHONES, World
from tests.web.console import Office, Seat
from tests.web.forms import forms_of

LIST = "key,role,name,phone,language,interests,matches\nivy,youth,Ivy Bear,705 555 0131,en,music college,\nsue,mentor,Sue Lake,416 555 0134,en,music,3\n"


def path_of(world: World, key: str, end: str = "") -> str:
    with world.gateway.db.reading() as session:
        return f"/people/{person_with_key(session, key).uid}{end}"


def person(world: World, key: str) -> Participant:
    with world.gateway.db.reading() as session:
        return person_with_key(session, key)


def newcomer(world: World, key: str, role: Role, name: str, phone: str) -> Participant:
    now = world.clock.now()
    with world.gateway.db.transaction() as session:
        new = NewPerson(key, role, name, phone, "en", "America/Toronto")
        return enrol(session, community_named(session, "sample", now), new, now)


def search(seat: Seat, words: str) -> list[str]:
    page = seat.sends("/people", "/people/search", words=words).text
    return re.findall(r'<a href="/people/[0-9a-f]{32}">([^<]+)</a>', page)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("maya", ["Maya Tremblay"]),
        ("NOE", ["Noé Roy"]),
        ("tremb", ["Maya Tremblay"]),
        ("(514) 555-0177", ["Ben Okafor"]),
        ("514 555", []),
        ("%", []),
        ('"', []),
        ("NEAR(maya", []),
        ("", []),
    ],
)
def test_people_are_found_by_name_key_or_whole_number_and_no_mark_means_more(
    office: Office, words: str, found: list[str]
) -> None:
    assert search(office.ann, words) == found


def test_a_literal_percent_in_a_name_is_found_as_itself(world: World, office: Office) -> None:
    newcomer(world, "odd", Role.YOUTH, "100% Zed", "+17055550150")
    assert search(office.ann, "0% z") == ["100% Zed"]


def test_a_search_finds_nobody_outside_ones_own_work(office: Office) -> None:
    assert search(office.kim, "maya") == search(office.sam, PHONES["maya"]) == []
    assert search(office.ruth, "ada") == []


def test_filters_show_who_needs_something(world: World, office: Office) -> None:
    newcomer(world, "zoe", Role.MENTOR, "Zoe Late", "+17055550151")
    for need in ("consent", "screening", "training"):
        page = office.ann.opens(f"/people?need={need}").text
        assert re.findall(r'<a href="/people/[0-9a-f]{32}">([^<]+)</a>', page) == ["Zoe Late"]
    assert "Ada" in office.ann.opens("/people?role=youth&language=fr").text
    assert "Nobody is found so." in office.ann.opens("/people?need=number").text


def test_nobodys_whole_number_is_on_a_page_until_it_is_revealed_and_that_is_on_record(
    world: World, office: Office
) -> None:
    path = path_of(world, "maya")
    for shown in ("/people", path):
        page = office.ruth.opens(shown).text
        assert "…0142" in page and "555-0142" not in page
    page = office.ruth.sends(path, f"{path}/reveal").text
    assert "416 555-0142" in page
    assert office.ruth.acts()[-2:] == ["person.read", "number.reveal"]


def test_texts_are_stopped_and_resumed_at_somebodys_word(world: World, office: Office) -> None:
    path = path_of(world, "maya")
    maya = person(world, "maya")
    assert "No more texts go" in office.ruth.follows(office.ruth.sends(path, f"{path}/texts", wish="stop"))
    with world.gateway.db.reading() as session:
        assert is_opted_out(session, maya.phone_index)
    office.ruth.sends(path, f"{path}/texts", wish="start")
    office.ruth.sends(path, f"{path}/texts", wish="pause")
    assert person(world, "maya").prompts_paused
    assert "no activities" in office.ruth.opens(path).text
    office.ruth.sends(path, f"{path}/texts", wish="resume")
    assert not person(world, "maya").prompts_paused
    assert [act for act in office.ruth.acts() if act.startswith("texts.")] == [
        "texts.stop",
        "texts.start",
        "texts.pause",
        "texts.resume",
    ]


def test_a_guardian_is_seen_by_her_youths_coordinator_and_may_consent_for_the_youth(
    world: World, office: Office
) -> None:
    gran = newcomer(world, "gran", Role.GUARDIAN, "Rose Tremblay", "+17055550136")
    path = path_of(world, "maya")
    assert office.ruth.opens(f"/people/{gran.uid}").status_code == 404
    office.ann.sends(path, f"{path}/guardians", key="gran")
    page = office.ruth.opens(f"/people/{gran.uid}")
    assert page.status_code == 200 and "Maya" in page.text
    assert office.kim.opens(f"/people/{gran.uid}").status_code == 404
    office.ruth.sends(
        f"{path}/consent", f"{path}/consent", kind="texting", state="withdrawn", by=gran.uid, how="voice"
    )
    with world.gateway.db.reading() as session:
        newest = session.exec(select(Consent).order_by(col(Consent.id).desc())).first()
        assert newest and newest.given_by_id == gran.id and newest.state is ConsentState.WITHDRAWN
        assert not has_consent(session, person(world, "maya").id or 0, newest.kind)
    assert "by voice, by Rose Tremblay" in office.ruth.opens(path).text


def test_nobody_but_a_guardian_of_the_youth_speaks_for_the_youth(world: World, office: Office) -> None:
    path, ben = path_of(world, "maya"), person(world, "ben")
    answer = office.ruth.sends(
        f"{path}/consent", f"{path}/consent", kind="program", state="given", by=ben.uid, how="voice"
    )
    assert "Only a guardian of this youth" in office.ruth.follows(answer)
    answer = office.ann.sends(path, f"{path}/guardians", key="ben")
    assert "tied to a youth, and to nobody else" in office.ann.follows(answer)
    with world.gateway.db.reading() as session:
        assert guardians.guardians_of(session, person(world, "maya").id or 0) == []


def test_a_new_number_takes_two_steps_and_the_second_asks_only_for_the_code(
    world: World, office: Office
) -> None:
    path = path_of(world, "maya", "/number")
    assert "too short" in office.ruth.sends(path, path, phone="12").text
    assert "already" in office.ruth.follows(office.ruth.sends(path, path, phone=PHONES["maya"]))
    page = office.ruth.follows(office.ruth.sends(path, path, phone="705 555 0199"))
    assert "…0199" in page and "705 555" not in page
    with world.gateway.db.reading() as session:
        row = session.exec(select(OutboundMessage).order_by(col(OutboundMessage.id).desc())).first()
        assert row
        code = re.search(r"\d{6}", session.open(row, "body_sealed"))
    assert code
    wrong = f"{(int(code[0]) + 1) % 1_000_000:06d}"
    page = office.ruth.follows(office.ruth.sends(path, f"{path}/confirm", code=wrong))
    assert "not the code that was texted" in page
    page = office.ruth.follows(office.ruth.sends(path, f"{path}/confirm", code=code[0]))
    assert "The number is now …0199" in page
    acts = [act for act in office.ruth.acts() if act.startswith("number.")]
    assert acts == ["number.asked", "number.wrong_code", "number.changed"]


def test_what_was_typed_stays_beside_its_fault(world: World, office: Office) -> None:
    answer = office.ann.sends("/people/new", "/people/new", key="ivy", name="Ivy Bear", phone="1")
    assert answer.status_code == 422
    form = next(form for form in forms_of(answer.text) if form.action == "/people/new")
    assert (form.fields["key"], form.fields["name"]) == ("ivy", "Ivy Bear")
    assert 'aria-invalid="true"' in answer.text


def test_somebody_is_enrolled_once_however_often_the_form_is_sent(world: World, office: Office) -> None:
    typed = {"key": "ivy", "name": "Ivy", "role": "youth", "phone": "705 555 0131", "language": "en"}
    office.ann.signs_in()
    fields = office.ann.form("/people/new", "/people/new").fields | typed
    answers = [office.ann.client.post("/people/new", data=fields) for _ in range(2)]
    assert {answer.headers["Location"] for answer in answers} == {path_of(world, "ivy")}
    with world.gateway.db.reading() as session:
        ivy = person_with_key(session, "ivy")
        assert not has_consent(session, ivy.id or 0, ConsentKind.TEXTING)  # the box was not ticked


def upload(seat: Seat, content: str) -> str:
    fields = seat.form("/people/import", "/people/import").fields
    files = {"list": (io.BytesIO(content.encode()), "people.csv")}
    return seat.client.post("/people/import", data=fields | files, content_type="multipart/form-data").text


def keys(world: World) -> list[str]:
    with world.gateway.db.reading() as session:
        return sorted(session.exec(select(Participant.key)))


def test_a_list_is_shown_before_it_is_taken(world: World, office: Office) -> None:
    office.ann.signs_in()
    before = keys(world)
    page = upload(office.ann, LIST)
    assert "It would enrol 2 people. Nobody is enrolled yet." in page
    assert keys(world) == before
    form = next(form for form in forms_of(page) if form.action.startswith("/people/import/"))
    answer = office.ann.client.post(form.action, data=form.fields)
    assert "2 people are enrolled." in office.ann.follows(answer)
    again = office.ann.client.post(form.action, data=form.fields)
    assert again.headers["Location"] == "/people"
    assert keys(world) == sorted([*before, "ivy", "sue"])
    assert person(world, "sue").most_matches == 3
    with world.gateway.db.reading() as session:
        assert session.exec(select(Upload)).all() == []


def test_a_bad_list_names_row_column_and_remedy_in_the_readers_language(world: World, office: Office) -> None:
    office.ann.signs_in()
    bad = (
        LIST.replace("music college", "dragons").replace("416 555 0134", "1")
        + "maya,youth,Maya,705 555 0150,en,,\n"
    )
    said = re.findall(r"<li>(Row[^<]+)</li>", upload(office.ann, bad))
    assert said == [
        "Row 2, column interests: “dragons” is not one of the program’s interests.",
        "Row 3, column phone: This number is too short. Write all ten digits, with the area code.",
    ]
    said = re.findall(r"<li>(Row[^<]+)</li>", upload(office.ann, LIST.replace("ivy,", "maya,")))
    assert said == ["Row 2, column key: “maya” is taken: somebody is enrolled with this key."]
    assert "ivy" not in keys(world)


def test_an_admin_imports_into_the_own_community_only(world: World, office: Office) -> None:
    office.ann.signs_in()
    other = "key,role,name,phone,community\nivy,youth,Ivy,705 555 0131,elsewhere\n"
    assert "is not the community that you serve" in upload(office.ann, other)


def test_nobody_confirms_the_list_of_somebody_else(world: World, office: Office) -> None:
    for seat in (office.ann, office.olga):
        seat.signs_in()
    form = next(
        form for form in forms_of(upload(office.ann, LIST)) if form.action.startswith("/people/import/")
    )
    tokens = office.olga.form("/people/import", "/people/import").fields
    assert office.olga.client.post(form.action, data=tokens).status_code == 404


def test_an_export_runs_nothing_in_a_sheet_and_is_on_record(world: World, office: Office) -> None:
    newcomer(world, "evil", Role.YOUTH, '=HYPERLINK("http://x")', "+17055550160")
    newcomer(world, "wide", Role.YOUTH, "＝1+1", "+17055550161")
    sheet = office.ann.sends("/people/export", "/people/export", kind="csv")
    assert sheet.headers["Content-Disposition"].endswith('.csv"')
    text = sheet.data.decode("utf-8-sig")
    assert '"\'=HYPERLINK(""http://x"")"' in text and '"\'＝1+1"' in text and '"\'+14165550142"' in text
    rows = json.loads(office.ann.sends("/people/export", "/people/export", kind="json").data)
    assert {row["key"] for row in rows} == set(keys(world))
    assert office.ann.acts()[-2:] == ["people.export", "people.export"]
    assert office.abe.sends("/people/export", "/people/export", kind="json").data == b"[]"


def test_an_export_can_be_imported_again(world: World, office: Office) -> None:
    text = office.ann.sends("/people/export", "/people/export", kind="csv").data.decode("utf-8-sig")
    moved = text.replace('"maya"', '"maya2"').splitlines()
    page = upload(office.ann, "\n".join(line for line in moved if "key" in line or "maya2" in line))
    assert "It would enrol 1 person." in page


def test_settings_change_what_the_person_asked_for(world: World, office: Office) -> None:
    path = path_of(world, "maya", "/settings")
    typed = {"language": "fr", "timezone": "America/Regina", "nights": "quiet", "interests": "music"}
    office.ruth.sends(path, path, **typed)
    maya = person(world, "maya")
    assert (maya.language, maya.timezone, maya.nights_quiet) == ("fr", "America/Regina", True)
    assert "music" in office.ruth.opens(path_of(world, "maya")).text
    assert "is no time zone" in office.ruth.sends(path, path, **(typed | {"timezone": "Regina"})).text


def test_a_number_in_doubt_is_verified_by_whoever_spoke_with_the_person(world: World, office: Office) -> None:
    with world.gateway.db.transaction() as session:
        person_with_key(session, "maya").number_doubted_at = world.clock.now()
    path = path_of(world, "maya")
    assert "number in doubt" in office.ruth.opens(path).text
    office.ruth.sends(path, f"{path}/verify")
    assert person(world, "maya").number_doubted_at is None


def test_enrolment_keeps_screening_and_what_a_mentor_can_carry(world: World, office: Office) -> None:
    path = path_of(world, "ben", "/enrolment")
    office.ann.sends(path, path, name="Ben Okafor", screened="2022-01-01", trained="", most="4")
    ben = person(world, "ben")
    assert (str(ben.screened_on), ben.trained_on, ben.most_matches) == ("2022-01-01", None, 4)
    page = office.ann.opens(path_of(world, "ben")).text
    assert "lapsed on" in page and "screening lapsed" in page and "not trained" in page


def test_a_language_is_shown_with_the_one_that_is_read_besides(world: World, office: Office) -> None:
    with world.gateway.db.transaction() as session:
        person_with_key(session, "maya").language = "moe-fr"
    assert "innu-aimun, puis français" in office.ruth.opens(path_of(world, "maya", "?lang=fr")).text
    assert "Innu-aimun, then French" in office.ruth.opens(path_of(world, "maya", "?lang=en")).text
