"""The audit as staff read it: ids for the auditor, names for those who look after colleagues, nothing of elsewhere."""

import csv
import io
import json
import re

from sqlmodel import col, select, update

from gateway.models import AuditEntry, Match
from gateway.privacy.audit import audit
from tests.web.console import Office
from tests.web.test_program import seen


def a_reading(office: Office) -> int:
    """Ruth opens her match; its id."""
    with office.place.gateway.db.reading() as session:
        match = session.exec(select(Match)).one()
    assert office.ruth.opens(f"/matches/{match.uid}").status_code == 200
    assert match.id
    return match.id


def noted(office: Office, subject: str, **detail: object) -> None:
    with office.place.gateway.db.transaction() as session:
        audit(session, "cli", "match.waive", subject, office.place.clock.now(), detail)


def test_the_auditor_sees_ids_and_the_admin_the_names_of_colleagues(office: Office) -> None:
    match_id = a_reading(office)
    auditor, admin = office.otto.opens("/audit").text, office.ann.opens("/audit").text
    assert f"match:{match_id}" in auditor and ">opened a match</a>" in auditor
    assert [name for name in ("Ruth", "Maya", "Ben") if name in auditor] == []
    assert ">Ruth</a>" in admin


def test_nobody_reads_what_another_community_did(office: Office) -> None:
    a_reading(office)
    assert ">opened a match</a>" not in office.abe.opens("/audit").text
    assert "match.read" not in office.abe.opens("/audit/export.json").text


def test_what_staff_wrote_in_their_own_words_is_not_the_auditors(office: Office) -> None:
    noted(office, f"match:{a_reading(office)}", reason="Maya knows him", gate="screening")
    auditor = seen(office.otto.opens("/audit").text)
    assert "gate: screening, reason: …" in auditor
    assert "Maya knows him" in office.ann.opens("/audit").text


def test_entries_are_found_by_person_act_subject_and_day(office: Office) -> None:
    match_id = a_reading(office)
    noted(office, f"match:{match_id}", gate="training")
    for query, count in (
        (f"subject=match:{match_id}", 2),
        (f"subject=match:{match_id}&actor=cli", 1),
        ("action=match.read", 1),
        ("action=match.", 2),
        (f"subject=match:{match_id}&from=2026-11-24&to=2026-11-24", 2),
        (f"subject=match:{match_id}&from=2026-11-25", 0),
        (f"subject=match:{match_id}&to=2026-11-23", 0),
        ("subject=match:%25", 0),
    ):
        found = json.loads(office.otto.opens(f"/audit/export.json?{query}").text)
        assert (query, len(found)) == (query, count)


def test_a_long_audit_is_read_page_by_page_to_its_end(office: Office) -> None:
    match_id = a_reading(office)
    for number in range(95):
        noted(office, f"match:{match_id}", number=number)
    path, numbers = f"/audit?subject=match:{match_id}", []
    while path:
        page = office.otto.opens(path).text
        numbers += re.findall(r"number: (\d+)<", page)
        older = re.search(r'<a href="([^"]+)" rel="next">', page)
        path = older[1].replace("&amp;", "&") if older else ""
    assert numbers == [str(number) for number in reversed(range(95))]


def test_a_page_of_many_entries_stays_light(office: Office) -> None:
    match_id = a_reading(office)
    for number in range(60):
        noted(office, f"match:{match_id}", number=number, version="a" * 60)
    office.otto.signs_in()
    for path in ("/audit?lang=en", "/audit?lang=fr"):
        assert len(office.otto.client.get(path, headers={"Accept-Encoding": "br"}).data) <= 14_000


def test_the_page_speaks_in_words_and_the_filter_keeps_the_codes(office: Office) -> None:
    a_reading(office)
    for language, said, most in (
        ("en", "opened a match", "any act"),
        ("fr", "a ouvert un jumelage", "tous les gestes"),
    ):
        page = office.otto.opens(f"/audit?action=match.read&lang={language}").text
        assert f'<option value="match.read" selected>{said}</option>' in page
        assert f'<option value="">{most}</option>' in page
        assert re.search(rf'href="[^"]*action=match\.read[^"]*">{said}</a>', page)
    facts = json.loads(office.otto.opens("/audit/export.json?action=match.read").text)
    assert {fact["action"] for fact in facts} == {"match.read"}


def test_an_act_of_an_older_version_shows_its_code_and_can_be_looked_for(office: Office) -> None:
    subject = f"match:{a_reading(office)}"
    with office.place.gateway.db.transaction() as session:
        audit(session, "cli", "match.bless", subject, office.place.clock.now())
    assert ">match.bless</a>" in office.otto.opens("/audit").text
    page = office.otto.opens("/audit?action=match.bless").text
    assert '<option value="match.bless" selected>match.bless</option>' in page
    assert page.count(">match.bless</a>") == 1


def test_a_cell_of_the_export_cannot_become_a_formula(office: Office) -> None:
    noted(office, f"match:{a_reading(office)}", reason='=HYPERLINK("x")')
    answer = office.ann.opens("/audit/export.csv?action=match.waive")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit.csv"'
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0][:4] == ["entry", "at", "actor", "action"]
    assert not any(re.match(r"\s*[=+@-]", cell) for row in rows for cell in row)
    assert office.ann.acts()[-1] == "audit.export"


def test_the_page_of_the_chain_names_the_entry_at_which_it_breaks(office: Office) -> None:
    a_reading(office)
    assert "The chain is whole since" in seen(office.otto.opens("/audit/chain").text)
    with office.place.gateway.db.transaction() as session:
        entry = session.exec(select(AuditEntry.id).where(AuditEntry.action == "match.read")).one()
        session.execute(update(AuditEntry).where(col(AuditEntry.id) == entry).values(subject="match:99"))
    assert f"breaks at entry {entry}." in seen(office.otto.opens("/audit/chain").text)
