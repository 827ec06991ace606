"""The file of answers: what is written is what is read; what is wrong is named, and no secret with it."""

from __future__ import annotations

import json
import random
import tomllib
from dataclasses import fields, is_dataclass, replace
from typing import get_args, get_type_hints

import pytest

from claw_tui.domain.answers_reader import Source, looks_secret, read_answers
from claw_tui.domain.answers_words import ABOUT
from claw_tui.domain.answers_writer import SCHEMA, answers_text
from claw_tui.domain.errors import BadInput
from claw_tui.domain.openclaw.lift import lift
from claw_tui.domain.parse import json_of
from claw_tui.domain.spec import GatewaySpec, Spec
from claw_tui.domain.toml_places import places
from tests.answers import EVERY_SECRET, specs
from tests.nasty import nasty


def whole(spec: Spec) -> Spec:
    """With what the generator leaves open; a file of somebody's own has no secret in it any more."""
    base = spec.gateway.base
    if base:
        rng = random.Random(base)
        tree = lift(json_of(base))[0]
        base = json.dumps(tree, indent=rng.choice((None, 2, "\t")), ensure_ascii=rng.random() < 0.5)
    return replace(
        spec, org="personal", region="fra", volume_gb=7, secret_names=EVERY_SECRET[:5],
        gateway=replace(spec.gateway, base=base),
    )  # fmt: skip


def test_what_is_written_is_what_is_read() -> None:
    for spec in map(whole, specs(20, 120, "2026.9.6")):
        text = answers_text(spec)
        assert read_answers(text, "it").spec == spec
        assert tomllib.loads(text)["schema"] == SCHEMA


def test_any_text_comes_back() -> None:
    dice = random.Random(11)
    for _round in range(300):
        text = nasty(dice)
        base = json.dumps({"meta": {text: [text]}}, ensure_ascii=False, indent=dice.choice((None, 1, "\t")))
        spec = Spec(gateway=GatewaySpec(primary_model=text, base=base))
        if looks_secret(text) or lift(json_of(base))[1]:
            with pytest.raises(BadInput):
                read_answers(answers_text(spec), "it")
        else:
            assert read_answers(answers_text(spec), "it").spec == spec


def test_every_answer_is_explained_once() -> None:
    every: dict[str, object] = {}

    def walk(kind: type) -> None:
        for field in fields(kind):
            hint = get_type_hints(kind)[field.name]
            every[f"{kind.__name__}.{field.name}"] = hint
            for inside in (hint, *get_args(hint)):
                if is_dataclass(inside) and isinstance(inside, type):
                    walk(inside)

    walk(Spec)
    assert {*every} - {"Spec.secret_names"} == {*ABOUT}
    lines = answers_text(next(iter(map(whole, specs(3, 1, "2026.9.6"))))).splitlines()
    assert lines.count("# " + ABOUT["AgentSpec.workspace"]) == 1


def test_where_secrets_are() -> None:
    text = '[secrets]\nA_KEY = "store"\nB_KEY = "keep"\nC_KEY = "env:HERE"\nD_KEY = "fd:7"\n'
    found = read_answers(text, "it")
    assert found.spec.secret_names == ("A_KEY", "B_KEY", "C_KEY", "D_KEY")
    assert [str(source) for source in found.sources.values()] == ["store", "keep", "env:HERE", "fd:7"]
    assert read_answers('secret_names = ["A_KEY"]\n', "it").sources == {"A_KEY": Source()}


KEY = "sk-ant-api03-CANARYanthropicCANARYanthropic"
IDS = "Discord's ids have 17 to 20 digits"
ID = "1170000000000000001"
GUILD = f'[[gateway.discord.guilds]]\nid = "{ID}"\n'
REFUSED = [
    ('ap = "x"', "ap (line 1) - there is no such answer; did you mean app?"),
    ('app = "x"\nvolume-gb = 3', "volume-gb (line 2) - there is no such answer; did you mean volume_gb?"),
    ("app = 7", "app (line 1) - a text in quotes belongs here."),
    ('\n\nvolume_gb = "3"', "volume_gb (line 3) - a whole number belongs here."),
    ("volume_gb = true", "volume_gb (line 1) - a whole number belongs here."),
    ("volume_gb = 3.5", "volume_gb (line 1) - a whole number belongs here."),
    ("private = 1", "private (line 1) - true or false belongs here."),
    ('source = "hg"', "source (line 1) - one of: image, git"),
    ("schema = 2", "schema (line 1) - this claw-tui reads 1; a newer one wrote this."),
    ('vm_size = "big"', "a machine is called like"),
    ('volume_name = "a b"', "volume_name (line 1) - 1 to 30 small letters"),
    ('region = "--help"', "region (line 1) - small letters, digits and hyphens only."),
    ("gateway = 3", "gateway (line 1) - a table belongs here."),
    ("[gateway]\nagents = 3", "gateway.agents (line 2) - a list belongs here"),
    ('[[gateway.agents]]\nid = "a"\n[[gateway.agents]]\nmodel = ""', "gateway.agents[1].id (line 3) - it is missing."),
    ("[gateway]\nbase = '''\n{\n'''", "gateway.base (line 2) - it can't be read"),
    ('app = "x\\u0000"', "it holds a character that no text has"),
    ("secrets = 3", "secrets (line 1) - a table belongs here."),
    ("[secrets]\nFLY_X = 'store'", "secrets.FLY_X (line 2) - Names with FLY_"),
    ("[secrets]\nPATH = 'env:MY_PATH'", "secrets.PATH (line 2) - The machine and OpenClaw start with PATH"),
    ("[secrets]\nLD_PRELOAD = 'store'", "secrets.LD_PRELOAD (line 2) - The machine and OpenClaw start with"),
    ('[[gateway.discord.guilds]]\nid = "abc"', f"gateway.discord.guilds[0].id (line 2) - {IDS}"),
    ('[[gateway.discord.guilds]]\nid = ""', f"gateway.discord.guilds[0].id (line 2) - {IDS}"),
    (f'{GUILD}[[gateway.discord.guilds.channels]]\nid = "general"', f"gateway.discord.guilds[0].channels[0].id (line 4) - {IDS}"),
    (f'{GUILD}[[gateway.discord.guilds.channels]]\nid = "{ID}"\n[[gateway.discord.guilds.channels.users]]\nid = "@ada"',
     f"gateway.discord.guilds[0].channels[0].users[0].id (line 6) - {IDS}"),
    (f'{GUILD}[[gateway.discord.guilds.roles]]\nid = "1234"', f"gateway.discord.guilds[0].roles[0].id (line 4) - {IDS}"),
    ('[[gateway.agents]]\nid = "a"\n[[gateway.agents.routes]]\nchannel = "discord"\nguild = "club"',
     f"gateway.agents[0].routes[0].guild (line 5) - {IDS}"),
    ("[secrets]\nA_KEY = 'fd:1'", "secrets.A_KEY (line 2) - here belongs where the secret is"),
    ("[secrets]\nA_KEY = 'file:/x'", "never the secret itself"),
    ("[secrets]\nA_KEY = 'env:'", "never the secret itself"),
    (f"[secrets]\nA_KEY = '{KEY}'", "never the secret itself"),
    (f"[secrets]\nA_KEY = 'env:{KEY}'", "never the secret itself"),
    (f"[secrets]\n{KEY} = 'store'", "secrets.*** (line 2) - "),
    (f"{KEY} = 'store'", "*** (line 1) - there is no such answer."),
    (f"org = '{KEY}'", "org (line 1) - this looks like a secret"),
    (f"[gateway]\nfallback_models = ['a/b',\n'{KEY}']", "gateway.fallback_models[1] (line 2) - this looks like a secret"),
    (f"[gateway]\nbase = '''\n{{gateway: {{auth: {{token: '{KEY}'}}}}}}'''", "at gateway.auth.token"),
    (f"org = '{KEY}", "is no TOML"),
    ("a = " + "[" * 5000, "is no TOML"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), REFUSED)
def test_what_is_wrong_is_named_and_never_quoted(text: str, words: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_answers(text, "it")
    said = f"{caught.value.message}\n{caught.value.detail}\n{caught.value.hint}"
    assert words in said
    assert "CANARY" not in said


def test_ids_that_its_own_openclaw_json_has_are_no_mistake() -> None:
    """OpenClaw takes names of servers and channels too; and "*" is everybody."""
    base = '{"channels": {"discord": {"guilds": {"club": {"channels": {"general": {"users": ["*"]}}}}}}}'
    text = f"[gateway]\nbase = '{base}'\n[[gateway.discord.guilds]]\nid = 'club'\n"
    assert read_answers(text, "it").spec.gateway.discord.guilds[0].id == "club"
    with pytest.raises(BadInput, match=r"guilds\[0\]\.id \(line 4\)"):
        read_answers(text.replace("'club'", "'clubs'"), "it")
    everybody = f"{GUILD}[[gateway.discord.guilds.users]]\nid = '*'\n"
    assert read_answers(everybody, "it").spec.gateway.discord.guilds[0].users[0].id == "*"


def test_a_name_that_is_taken_stays_where_fly_has_it() -> None:
    """Somebody's own gateway may have one: nothing is sent, so nothing is spoilt."""
    assert read_answers("[secrets]\nNODE_OPTIONS = 'keep'\n", "it").sources["NODE_OPTIONS"].place == "keep"


def test_all_that_is_wrong_is_told_from_the_top() -> None:
    with pytest.raises(BadInput) as caught:
        read_answers('regon = "fra"\napp = 3\n[gateway]\nmax_concurrent = "x"\nagent = 1\n', "my.toml")
    lines = [caught.value.message, *caught.value.detail.splitlines()]
    assert [line.partition("(line ")[2][:1] for line in lines] == ["1", "2", "4", "5"]
    assert lines[0].startswith("my.toml: ")


def test_places_are_where_an_editor_shows_them() -> None:
    text = "a = 1\n[t]\nb = '''\n[no]\nc = 2\n'''\n\"d e\" = 3\n[[t.r]]\nx = 1\n[[t.r]]\n[[t.r.s]]\nx = 1\n[t.r.u]\ny = 1\n"
    assert places(text) == {
        ("a",): 1, ("t",): 2, ("t", "b"): 3, ("t", "d e"): 7, ("t", "r"): 8, ("t", "r", 0): 8, ("t", "r", 0, "x"): 9,
        ("t", "r", 1): 10, ("t", "r", 1, "s"): 11, ("t", "r", 1, "s", 0): 11, ("t", "r", 1, "s", 0, "x"): 12,
        ("t", "r", 1, "u"): 13, ("t", "r", 1, "u", "y"): 14,
    }  # fmt: skip
