"""What was done, in words, for each code that the audit holds. The codes themselves stay in rows, filters and exports."""

from collections.abc import Mapping

from gateway.web.languages import gettext as _
from gateway.web.languages import later

# Who did it stands in the column before, so a sentence begins with its verb.
GROUPS: tuple[tuple[str, Mapping[str, str]], ...] = (
    (
        later("Matches"),
        {
            "matches.list": later("opened the list of matches"),
            "match.read": later("opened a match"),
            "thread.read": later("read a thread"),
            "thread.review": later("marked a thread as read"),
            "calendar.read": later("opened the calendar of a match"),
            "today.read": later("opened the matches that need somebody"),
            "matches.propose": later("opened the proposals for all who wait"),
            "match.propose": later("opened the proposals for one youth"),
            "match.create": later("made a match"),
            "match.waive": later("let a condition pass"),
            "match.join": later("added somebody to a match"),
            "match.leave": later("took somebody out of a match"),
            "match.assign": later("put a match in somebody’s care"),
            "match.pause": later("paused a match"),
            "match.resume": later("let a match go on"),
            "match.plan_end": later("planned the end of a match"),
            "match.end": later("set the last day of a match"),
            "match.ask_silent": later("had a silent person asked once more, before the end"),
            "match.call_off": later("called off the end of a match"),
            "match.close": later("closed a match"),
            "need.acknowledge": later("marked a reason for a look as seen"),
            "need.snooze": later("put off a reason for a look"),
            "need.bring_back": later("brought back a reason for a look"),
            "note.add": later("wrote a note"),
            "contact.add": later("noted a talk"),
            "staff.text": later("texted somebody from the program line"),
        },
    ),
    (
        later("Texts and alerts"),
        {
            "held.read": later("opened the list of held texts"),
            "text.read": later("read a text that was held or flagged"),
            "text.released": later("let a held text pass"),
            "text.discarded": later("discarded a held text"),
            "text.looked": later("marked a flagged text as looked at"),
            "text.escalated": later("rang whoever is on duty about a text"),
            "alerts.read": later("opened the list of alerts"),
            "alert.read": later("opened an alert"),
            "alert.acknowledge": later("took an alert on"),
            "alert.close": later("closed an alert"),
            "duty.add": later("planned a shift"),
            "duty.remove": later("took a shift off the list"),
        },
    ),
    (
        later("People"),
        {
            "people.list": later("opened the list of people"),
            "people.search": later("looked for somebody"),
            "people.export": later("took the list of people as a file"),
            "people.import": later("enrolled people from a list"),
            "person.read": later("opened somebody’s page"),
            "person.add": later("enrolled somebody"),
            "person.change": later("changed somebody’s details"),
            "consent.record": later("put a consent on record"),
            "guardian.tie": later("tied a guardian to a youth"),
            "guardian.untie": later("untied a guardian from a youth"),
            "number.reveal": later("had a whole number shown"),
            "number.asked": later("had a code sent to a new number"),
            "number.changed": later("changed somebody’s number"),
            "number.wrong_code": later("gave a wrong code for a new number"),
            "number.verify": later("verified a number"),
            "texts.stop": later("stopped all texts to a phone"),
            "texts.start": later("let texts go to a phone again"),
            "texts.pause": later("paused activities and reminders"),
            "texts.resume": later("let activities and reminders come again"),
            "opt_out": later("opted somebody out of all texts"),
            "opt_in": later("opted somebody back in"),
            "flow.start": later("began a conversation with somebody"),
        },
    ),
    (
        later("Program"),
        {
            "answers.read": later("read answers to the program"),
            "flows.propose": later("proposed other conversations"),
            "flows.load": later("put conversations in use"),
            "prompts.propose": later("proposed other prompts"),
            "prompts.load": later("put prompts in use"),
            "screening.propose": later("proposed other rules of the screen"),
            "screening.load": later("put rules of the screen in use"),
            "insight.matches": later("opened the picture of each match"),
            "insight.export": later("took figures as a file"),
            "insight.rebuild": later("had the figures counted again"),
        },
    ),
    (
        later("Staff"),
        {
            "sign_in.password": later("gave the right password"),
            "sign_in.wrong": later("wrong password at the door"),
            "sign_in.code": later("gave the right code and signed in"),
            "sign_in.wrong_code": later("wrong code at the door"),
            "sign_out": later("signed out"),
            "session.end": later("signed out another browser"),
            "password.invitation": later("chose a first password"),
            "password.reset": later("chose a new password by a link"),
            "password.change": later("changed their own password"),
            "password.wrong": later("gave a wrong present password"),
            "second_factor.set": later("set up a second factor"),
            "recovery_codes.new": later("made new recovery codes"),
            "staff.list": later("opened the list of staff"),
            "staff.read": later("opened a colleague’s page"),
            "staff.add": later("invited a colleague"),
            "staff.reset": later("made a new link for a colleague"),
            "staff.disable": later("closed a colleague’s account"),
            "staff.change": later("changed their own details"),
            "staff.phone": later("noted a phone for alerts"),
        },
    ),
    (
        later("The installation"),
        {
            "line.add": later("added a line"),
            "line.pace": later("changed the pace of a line"),
            "line.stop": later("stopped a line"),
            "line.start": later("started a line again"),
            "audit.read": later("read the audit"),
            "audit.export": later("took the audit as a file"),
            "hold.place": later("placed a legal hold"),
            "hold.lift": later("lifted a legal hold"),
            "keys.rotate": later("moved to a new key"),
            "backup.restore": later("restored a backup"),
        },
    ),
)
ACTS: Mapping[str, str] = {code: said for _name, acts in GROUPS for code, said in acts.items()}


def act(code: str) -> str:
    """The act in the page's language; the code of one that only an older version wrote."""
    return _(ACTS[code]) if code in ACTS else code


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every act to choose from, as code and words, under the name of its group."""
    return [(_(name), [(code, _(said)) for code, said in acts.items()]) for name, acts in GROUPS]
