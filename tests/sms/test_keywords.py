"""Which whole texts are commands, and which sentences never are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.sms.keywords import Command, Keyword, read_keyword, reads_like_stop

COMMANDS: dict[tuple[Keyword, str | None], list[str]] = {
    (Keyword.STOP, "en"): [
        *(
            "STOP",
            "stop",
            "Stop.",
            "“STOP”",
            "stop!!!",
            " stop \n",
            "STOPALL",
            "stop all",
            "UNSUBSCRIBE",
            "cancel",
        ),
        *("End", "QUIT", "revoke", "OPTOUT", "opt out", "Opt-out", "STOP please", "please stop", "stop pls"),
        *(
            "stop merci",
            "STOP STOP",
            "stop stop stop",
            "stop svp",
            "🛑 STOP 🛑",
            "STOP/ARRET",
            "S.T.O.P.",
            "s t o p",
        ),
        *(
            "S\u200bTOP",
            "\ufeffSTOP",
            "S\ufe0fT\ufe0fOP",
            "\u202eSTOP\u202c",
            "ＳＴＯＰ",
            "ЅТОР",
            "ѕтор",
            "SΤΟΡ",
            "ST0P",
        ),
        *("сancel", "Ｑｕｉｔ", "stop, thank you", "𝗦𝗧𝗢𝗣", "STOP\x00", "(stop)"),
    ],
    (Keyword.STOP, "fr"): [
        *(
            "ARRET",
            "ARRÊT",
            "arre\u0302t",
            "Arrêt !",
            "« arrêt »",
            "arret.",
            "ARRETE",
            "ARRÊTE",
            "arrêté",
            "Arrêtez",
        ),
        *(
            "ARRETER",
            "arrête svp",
            "arrete s'il vous plait",
            "arrêtez, s’il vous plaît !",
            "arrêtez s.v.p.",
            "Arrett",
        ),
        *(
            "arrête s'il te plaît",
            "svp arrêter",
            "DESABONNER",
            "Désabonner",
            "désabonnement",
            "arret merci",
            "АRRET",
        ),
    ],
    (Keyword.START, "en"): [
        "START",
        "start",
        "Start!",
        "UNSTOP",
        "start please",
        "ＳＴＡＲＴ",
        "start start",
    ],
    (Keyword.START, "fr"): ["DEBUT", "Début", "commencer", "REPRENDRE", "reprendre svp"],
    (Keyword.HELP, "en"): [
        "HELP",
        "help!!",
        "help please",
        "please help",
        "Help help",
        "ｈｅｌｐ",
        "🆘 help",
        "help?",
    ],
    (Keyword.HELP, "fr"): ["AIDE", "aide svp", "Aide !", "« aide »"],
    (Keyword.HELP, None): ["INFO", "info svp"],
    (Keyword.PAUSE, None): ["PAUSE", "pause", "Pause, s.v.p.", "pause please"],
    (Keyword.REPORT, "en"): ["REPORT", "report", "Report please.", "« report »"],
    (Keyword.REPORT, "fr"): ["SIGNALER", "Signaler svp", "signalement"],
    (Keyword.REPORT_STAFF, "en"): ["REPORT STAFF", "report  staff!"],
    (Keyword.REPORT_STAFF, "fr"): ["SIGNALER EQUIPE", "signaler équipe", "Signaler l'équipe"],
}
CASES = [(text, Command(*key)) for key, texts in COMMANDS.items() for text in texts]


@pytest.mark.parametrize(("text", "wanted"), CASES, ids=[f"{text!a} is a command" for text, _ in CASES])
def test_a_whole_text_is_a_command(text: str, wanted: Command) -> None:
    assert read_keyword(text) == wanted


ORDINARY = [
    *(
        "",
        " ",
        "😂",
        "👍🏽",
        "ok",
        "yes",
        "YES",
        "oui",
        "non",
        "fin",
        "Fin.",
        "no",
        "1",
        "2",
        "please",
        "merci",
        "svp merci",
    ),
    *(
        "stop by the gym later?",
        "stop it lol",
        "I can't stop",
        "don't stop",
        "stop lol",
        "bus stop",
        "non stop",
        "stoppp",
    ),
    *(
        "help me with math",
        "can you help",
        "helpful",
        "help me",
        "HELP I'm scared",
        "help wanted at the store",
    ),
    *("aide-moi", "aide moi avec mes maths", "tu m'aides ?", "besoin d'aide", "à l'aide"),
    *(
        "quit my job",
        "quit playing",
        "I quit",
        "cancel that",
        "End of term",
        "the end",
        "week-end",
        "weekend",
    ),
    *(
        "start when?",
        "start over",
        "on commence",
        "au début",
        "le début",
        "arrêt d'autobus",
        "arrête, tu me fais rire",
    ),
    *(
        "arrete donc",
        "sans arrêt",
        "un arrêt",
        "pause café",
        "on fait une pause ?",
        "info du match",
        "stop help",
    ),
    *(
        "start stop",
        "stop texting me",
        "opt in",
        "out opt",
        "st op",
        "s.o.s.",
        "what does STOP do?",
        "unsubscribed",
    ),
    *(
        "НЕLР",
        "SТАRТ",
        "РАUSЕ",
        "S T A R T",
        "ᐃᓄᒃ",
        "стоп",
        "stop " * 30,
        "a" * 1600,
        "\u200b" * 5000 + "stop",
    ),
]


@pytest.mark.parametrize("text", ORDINARY, ids=[f"{text[:30]!a} is no command" for text in ORDINARY])
def test_an_ordinary_text_is_no_command(text: str) -> None:
    assert read_keyword(text) is None


REVOCATIONS = [
    *(
        "stop texting me",
        "Stop texting me!!",
        "STOP MESSAGING ME",
        "please stop texting me anymore",
        "can you stop texting me",
    ),
    *(
        "don't text me anymore",
        "dont text me again",
        "Do not contact me.",
        "don’t message me",
        "never text me again",
    ),
    *(
        "stop sending me texts",
        "stop sending these messages",
        "don't send me any more texts",
        "no more texts please",
    ),
    *(
        "I don't want any more messages",
        "i dont want to get texts anymore",
        "I want to stop getting these texts",
    ),
    *(
        "unsubscribe me",
        "unsubscribe me please",
        "I want to unsubscribe",
        "opt me out",
        "take me off your list",
    ),
    *(
        "arrête de m'écrire",
        "Arrêtez de m’écrire svp",
        "arrete de me texter",
        "arrêtez de m'envoyer des textos",
        "arrete de mecrire",
    ),
    *(
        "arrêter d'envoyer des messages",
        "stop de m'écrire",
        "cesse de me contacter",
        "je veux plus recevoir de textos",
    ),
    *(
        "Je ne veux plus recevoir vos messages.",
        "je ne veux plus de textos",
        "je veux pu de textos",
        "ne m'écris plus",
    ),
    *(
        "m'écrivez plus",
        "ne m'envoyez plus de messages",
        "désabonnez-moi",
        "Désabonne moi stp",
        "je veux me désabonner",
    ),
    *("enlevez-moi de votre liste", "je veux plus que tu m'écrives"),
]


@pytest.mark.parametrize("text", REVOCATIONS)
def test_a_plain_sentence_reads_like_stop(text: str) -> None:
    assert reads_like_stop(text)
    assert read_keyword(text) is None


NOT_REVOCATIONS = [
    *(
        "stop it lol",
        "stop texting me while you drive lol",
        "stop texting me in class, teacher saw",
        "stop by later",
    ),
    *(
        "he won't stop texting me",
        "my ex keeps texting me",
        "I told him to stop texting me",
        "don't text me tonight",
    ),
    *(
        "don't text and drive",
        "don't stop texting me",
        "I don't want to go",
        "text me anymore?",
        "no more homework",
    ),
    *(
        "écris-moi plus",
        "plus de textos",
        "je veux plus de textos",
        "je veux plus y aller",
        "arrête de rire",
        "arrête, tu me gênes",
    ),
    *(
        "tu ne m'écris plus",
        "pourquoi tu m'écris plus",
        "il arrête pas de m'écrire",
        "",
        "ok",
        "🙂",
        "svp " * 200,
    ),
    *("stop me if I text too much", "unsubscribe from her channel", "me textes plus"),
]


@pytest.mark.parametrize("text", NOT_REVOCATIONS)
def test_an_ordinary_sentence_does_not_read_like_stop(text: str) -> None:
    assert not reads_like_stop(text)


DRESSING = st.text(
    st.sampled_from(" .!?*~\"'«»“”…-🙂🛑\u200b\u200d\ufe0f\ufeff\u202e\u2066\n\t"), max_size=20
)


@given(DRESSING, st.sampled_from(["stop", "STOP", "Arrêt", "unsubscribe", "ＳＴＯＰ", "ѕтор"]), DRESSING)
def test_no_dressing_hides_a_stop(before: str, word: str, after: str) -> None:
    found = read_keyword(before + word + after)
    assert found is not None
    assert found.keyword is Keyword.STOP


@given(st.text(st.characters(codec=None)))
def test_no_text_breaks_the_reading(text: str) -> None:
    read_keyword(text)
    reads_like_stop(text)
