"""Settings that cannot work are refused before anything starts, each fault in a line of its own, never with a secret."""

import pytest

from gateway.settings import SettingsRefused, read_settings

SECRET, DATA, INDEX = "s" * 40, "k1:" + "A" * 43, "B" * 43
GOOD = {
    "gateway_secret_key": SECRET,
    "gateway_data_keys": DATA,
    "gateway_index_key": INDEX,
    "_env_file": None,
}


def refusal(**changes: object) -> str:
    with pytest.raises(SettingsRefused) as refused:
        read_settings(**(GOOD | changes))
    said = str(refused.value)
    assert not {SECRET, DATA, INDEX} & set(said.split())
    return said


def test_the_three_secrets_are_all_that_is_needed() -> None:
    settings = read_settings(**GOOD)
    assert settings.gateway_provider == "simulated"
    assert settings.gateway_database_url == "sqlite:///var/gateway.db"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"gateway_secret_key": "short"}, "GATEWAY_SECRET_KEY: ", id="a short secret"),
        pytest.param(
            {"gateway_data_keys": "A" * 43}, "GATEWAY_DATA_KEYS must read id:key", id="a key without id"
        ),
        pytest.param({"gateway_index_key": "A"}, "GATEWAY_INDEX_KEY ", id="a short index key"),
        pytest.param({"gateway_provider": "pigeon"}, "GATEWAY_PROVIDER: ", id="an unknown provider"),
        pytest.param(
            {"gateway_provider": "twilio"},
            "needs TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN",
            id="Twilio without credentials",
        ),
        pytest.param(
            {"gateway_provider": "twilio", "twilio_account_sid": "AC1"},
            "needs TWILIO_AUTH_TOKEN",
            id="Twilio without a token",
        ),
        pytest.param(
            {"gateway_public_url": "texts.example.org"},
            "GATEWAY_PUBLIC_URL: 'texts.example.org' is not an address",
            id="half an address",
        ),
        pytest.param(
            {"gateway_smtp_url": "mail.example.org", "gateway_mail_from": "a@example.org"},
            "GATEWAY_SMTP_URL: write it as smtp://",
            id="a mail server without a scheme",
        ),
        pytest.param({"gateway_smtp_url": "smtp://mail"}, "go together", id="a mail server and no sender"),
        pytest.param(
            {"gateway_smtp_url": "smtp://mail", "gateway_mail_from": "us"},
            "is no address",
            id="a sender that is none",
        ),
        pytest.param({"gateway_public_url": "http://texts.example.org"}, "use https://", id="plain http"),
        pytest.param(
            {"gateway_public_url": "https://a:b@example.org"}, "leave out user names", id="a user name"
        ),
        pytest.param(
            {"gateway_public_url": "https://example.org/?a=1"}, "leave out user names", id="a query"
        ),
        pytest.param(
            {"gateway_database_url": "mysql://x"},
            "GATEWAY_DATABASE_URL: use sqlite:///FILE",
            id="another database",
        ),
        pytest.param({"gateway_database_url": "sqlite:///"}, "use sqlite:///FILE", id="no file"),
        pytest.param(
            {"gateway_database_url": "sqlite:///:memory:"}, "use sqlite:///FILE", id="a database in memory"
        ),
        pytest.param(
            {"gateway_database_url": "postgresql+psycopg://h:port/x"},
            "use sqlite:///FILE",
            id="a port that is none",
        ),
        pytest.param(
            {"gateway_redis_url": "localhost"}, "GATEWAY_REDIS_URL: use redis://", id="Redis without a scheme"
        ),
        pytest.param({"gateway_cool_down_days": 0}, "GATEWAY_COOL_DOWN_DAYS: ", id="no cool-down"),
        pytest.param({"gateway_log_level": "LOUD"}, "GATEWAY_LOG_LEVEL: ", id="an unknown level"),
    ],
)
def test_what_cannot_work_is_refused_with_its_name_and_a_remedy(
    changes: dict[str, object], said: str
) -> None:
    assert said in refusal(**changes)


def test_every_fault_is_told_at_once() -> None:
    said = refusal(gateway_public_url="x", gateway_log_level="LOUD", gateway_cool_down_days=-1)
    assert len(said.splitlines()) == 3


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8000", "http://localhost", "https://texts.example.org/sub/"]
)
def test_an_address_that_works_is_taken_without_its_last_slash(address: str) -> None:
    assert read_settings(**GOOD, gateway_public_url=address).gateway_public_url == address.rstrip("/")


def test_settings_show_no_secret() -> None:
    shown = repr(read_settings(**GOOD, twilio_auth_token="t" * 32))
    assert SECRET not in shown and "A" * 43 not in shown and INDEX not in shown and "t" * 32 not in shown
