from __future__ import annotations

import pickle
import random

import pytest

from claw_tui.domain.redact import _PATTERNS, Redactor, may_hold_token
from claw_tui.domain.secret import Secret
from claw_tui.domain.secret_kinds import (
    BY_ENV,
    KINDS,
    fly_token_problem,
    kind_of,
    new_gateway_token,
    providers_of,
    shape_problem,
    whose,
)


def test_a_secret_does_not_show() -> None:
    secret = Secret("hunter2-hunter2")
    assert "hunter2-" not in f"{secret} {secret!r} {[secret]} {secret.hint()}"
    assert secret == Secret("hunter2-hunter2")
    assert secret != Secret("other")
    assert secret.reveal() == "hunter2-hunter2"
    with pytest.raises(TypeError):
        pickle.dumps(secret)


EXAMPLES = {
    "OPENCLAW_GATEWAY_TOKEN": "a" * 64,
    "ANTHROPIC_API_KEY": "sk-ant-api03-" + "x" * 40,
    "OPENAI_API_KEY": "sk-proj-" + "x" * 40,
    "GEMINI_API_KEY": "AIza" + "x" * 35,
    "DISCORD_BOT_TOKEN": "MTE4MDAwMDAwMDAwMDAwMDAwMQ.GxXxXx.abcdefghijklmnopqrstuvwxyz012",
    "TELEGRAM_BOT_TOKEN": "123456789:AAEhBOweik9ai2o01234567890abcdefghi",
    "SLACK_BOT_TOKEN": "xoxb-1234567890-abc",
    "SLACK_APP_TOKEN": "xapp-1-A0-123-abc",
}


@pytest.mark.parametrize(("env", "value"), EXAMPLES.items())
def test_shapes(env: str, value: str) -> None:
    kind = BY_ENV[env]
    assert shape_problem(kind, Secret(value)) == ""
    for wrong in (
        "",
        value[:6],
        value + "\n",
        value.replace("-", " ").replace(".", " ").replace(":", " ") + " x y",
    ):
        problem = shape_problem(kind, Secret(wrong))
        assert problem
        assert len(wrong) < 8 or wrong not in problem


@pytest.mark.parametrize(("env", "value", "said"), [
    ("ANTHROPIC_API_KEY", EXAMPLES["OPENAI_API_KEY"], "OpenAI key"), ("OPENAI_API_KEY", EXAMPLES["ANTHROPIC_API_KEY"], "Anthropic key"),
    ("ANTHROPIC_API_KEY", "sk-or-v1-" + "x" * 40, "OpenRouter key"), ("DEEPSEEK_API_KEY", EXAMPLES["OPENAI_API_KEY"], "OpenAI key"),
    ("OPENAI_API_KEY", EXAMPLES["GEMINI_API_KEY"], "Google Gemini key"), ("MISTRAL_API_KEY", "gsk_" + "x" * 40, "Groq key"),
    ("SLACK_BOT_TOKEN", EXAMPLES["SLACK_APP_TOKEN"], "Slack app token"), ("SLACK_APP_TOKEN", EXAMPLES["SLACK_BOT_TOKEN"], "Slack bot token"),
    ("SLACK_BOT_TOKEN", "xoxp-1234567890-abc", "of a person"), ("TELEGRAM_BOT_TOKEN", EXAMPLES["DISCORD_BOT_TOKEN"], "Discord bot token"),
    ("TOGETHER_API_KEY", EXAMPLES["TELEGRAM_BOT_TOKEN"], "Telegram bot token"), ("ANTHROPIC_API_KEY", "sk-ant-admin01-" + "x" * 40, "admin key"),
    ("OPENCLAW_GATEWAY_TOKEN", EXAMPLES["ANTHROPIC_API_KEY"], "Anthropic key"), ("XAI_API_KEY", "fo1_" + "x" * 40, "Fly.io token"),
    ("ANTHROPIC_API_KEY", "https://console.anthropic.com/settings/keys", "address"), ("MISTRAL_API_KEY", "abcdefghijklmnop…vwxyz", "dots"),
    ("ANTHROPIC_API_KEY", "sk-ant-api03-" + "•" * 40, "dots"), ("ANTHROPIC_API_KEY", "sk-ant-api03-abcdefgh...xyz", "dots"),
    ("ANTHROPIC_API_KEY", "sk–ant–api03–" + "x" * 40, "word processor"), ("MISTRAL_API_KEY", "é" * 32, "word processor"),
    ("OPENAI_API_KEY", EXAMPLES["OPENAI_API_KEY"] + "\ufffd", "word processor"), ("OPENAI_API_KEY", "sk-" + "x" * 30 + "\x7f", "word processor"),
])  # fmt: skip
def test_the_wrong_thing_is_called_by_its_name_and_never_insisted_on(env: str, value: str, said: str) -> None:
    for insists in (False, True):
        problem = shape_problem(BY_ENV[env], Secret(value), insists=insists)
        assert said in problem
        assert value not in problem


def test_only_the_look_can_be_insisted_on() -> None:
    odd = Secret("AQ.Ab8RN6" + "x" * 40)
    assert "does not look like one" in shape_problem(BY_ENV["GEMINI_API_KEY"], odd)
    assert shape_problem(BY_ENV["GEMINI_API_KEY"], odd, insists=True) == ""
    for value in ("", "a b", "a\n", "a\0b", "x" * 70_000):
        assert shape_problem(BY_ENV["GEMINI_API_KEY"], Secret(value), insists=True)
    assert shape_problem(BY_ENV["OPENCLAW_GATEWAY_TOKEN"], Secret("short"), insists=True)


@pytest.mark.parametrize(("env", "value"), EXAMPLES.items())
def test_nobodys_own_key_is_taken_for_anothers(env: str, value: str) -> None:
    assert whose(value) in ("", env)


def test_what_is_no_fly_token_is_not_sent_to_fly() -> None:
    for token in ("fo1_abcdefghijkl", "FlyV1 fm2_lJPE,fm2_xyz", "fm1r_abc", "an-old-one-without-a-form"):
        assert fly_token_problem(Secret(token)) == ""
    for env, value in EXAMPLES.items():
        if whose(value) == env:
            assert fly_token_problem(Secret(value)).endswith("Here belongs: Fly.io token.")
    for odd in ("fo1_abc…", "fo1_é", "fo1_a b", "https://fly.io/tokens", "fo1_\ud83d"):
        assert fly_token_problem(Secret(odd)), ascii(odd)


def test_half_of_a_pair_is_no_crash() -> None:
    half = Secret("sk-ant-\udc80\ud83d")
    assert half == Secret("sk-ant-\udc80\ud83d")
    assert half != Secret("sk-ant-")
    assert Redactor([half])("x sk-ant-\udc80\ud83d y") == "x *** y"


def test_a_secret_of_ones_own_may_be_anything_that_flyctl_can_carry() -> None:
    own = kind_of("MY_OWN_KEY")
    for value in ("x", "a b", "-----BEGIN\nabc\n-----END\n", ' "quoted" ', "a\r\nb", "#x", '"', "é" * 30_000):
        assert shape_problem(own, Secret(value)) == "", repr(value)
    said = {
        value: shape_problem(own, Secret(value))
        for value in ("", "a\0b", "a\udc80", "é" * 30_001, ' "# ', "a\rb ")
    }
    assert all(words.endswith(".") for words in said.values()), said
    assert len(set(said.values())) == 5


def test_a_generated_token_is_32_bytes_and_passes_its_own_check() -> None:
    token = new_gateway_token()
    assert len(bytes.fromhex(token.reveal())) == 32
    assert shape_problem(BY_ENV["OPENCLAW_GATEWAY_TOKEN"], token) == ""
    assert token != new_gateway_token()


def test_kinds_are_complete() -> None:
    assert len({kind.env for kind in KINDS}) == len(KINDS)
    assert all(kind.where.startswith("https://") for kind in KINDS if kind.group != "gateway")
    assert kind_of("MY_OWN_KEY").shape
    assert providers_of(["OPENAI_API_KEY", "GOOGLE_API_KEY"]) == ("openai", "google")


@pytest.mark.parametrize(
    "line",
    [
        "token is hunter2/hunter2 ok", "url=https://x/?a=hunter2%2Fhunter2", "https://h/#token=abcdef",
        "https://h/#bootstrapToken=abcdef&x=1", "https://h/?token=abcdef", "ws://h/?gateway.token=abcdef",
        "Authorization: Bearer abcdef", "sent Bearer abcdef to it", '{"authorization":"Bot abcdef"}', "authorization=abcdef",
        "sk-ant-api03-abcdefghijklmnop", "xoxb-abcdefghijkl", "xoxe-abcdefghijkl", "xapp-1-abcdefghijk",
        "bot 123456789:AAEhBOweik9ai2o01234567890abcdefghi end", "https://api.telegram.org/bot123456789:AAEhBOweik9ai2o01234567890abcdefghi/getMe",
        "fm2_lJPECAAAAAAAAAAAAAAAAAAAAA", "FlyV1 abcdef,fm2_x", "fo1_abcdefghijkl",
        "MTE4MDAwMDAwMDAwMDAwMDAwMQ.GxXxXx.abcdefghijklmnopqrstuvwxyz012", "DISCORD_BOT_TOKEN=abcdef", '"botToken": "abcdef"',
        "OPENCLAW_GATEWAY_TOKEN: abcdef", '{"x":"a\\nhunter2/hunter2"}', "68756e746572322f68756e74657232",
    ],
)  # fmt: skip
def test_redaction(line: str) -> None:
    shown = Redactor([Secret("hunter2/hunter2")])(line)
    assert "***" in shown
    assert not any(part in shown for part in ("hunter2", "abcdef", "AAEhBO", "lJPEC", "68756e", "MTE4"))


def test_a_value_of_several_lines_is_taken_out_line_by_line_and_as_json() -> None:
    redact = Redactor([Secret('first "line"\nsecond line')])
    for text in ('first "line"', "… second line …", 'first \\"line\\"\\nsecond line', "first%20%22line%22"):
        assert "line" not in redact(text), text


def test_redaction_leaves_the_rest_alone() -> None:
    for line in (
        "[gateway] http server listening (14 plugins; 5.5s) deployment-01K3X", "12:30:45 [ws] closed code=1006 reason=none",
        "registry.fly.io/my-app:deployment-01K3X5Z2J8", "[gateway] auth mode=token", "token mismatch: 3 tries", "2026-11-21T12:00:00.123Z info",
        "https://my-app.fly.dev/?x=1#top", "model anthropic/claude-opus-5", "fdaa:0:1234:a7b:1::2", "https://fly.io/app/auth/cli/70666c6d",
    ):  # fmt: skip
        assert Redactor([Secret("ab")])(line) == line


def test_the_cheap_look_for_tokens_misses_nothing() -> None:
    """Texts made of what tokens consist of: wherever the long look finds one, the cheap one says that it may."""
    pieces = (
        "token", "secret", "password", "key", "AUTH", "code", "state", "=", ":", " ", "?", "&", "bearer ", "FlyV1 ", "sk-",
        "xoxb-", "xapp-", "AIza", "gsk_", "xai-", "fo1_", "fm2_", "ghp_", "api", "_", "\u017fecret", "to\u212aen", "\u212aey",
        "a" * 24, "M" + "b" * 23 + ".", "c" * 6 + ".", "d" * 27, "1234567", "e" * 33, '"', "'", "-", "authorization", "\n",
    )  # fmt: skip
    dice, found = random.Random(7), 0
    for _ in range(30_000):
        text = "".join(dice.choices(pieces, k=dice.randrange(1, 7)))
        if _PATTERNS.search(text) is not None:
            found += 1
            assert may_hold_token(text), text
    assert found > 1000
