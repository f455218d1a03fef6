"""The docs keep their word: commands exist, settings are described, files named are there."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from topics.cli import parser
from training.config import load_config, render_config

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PAGES = [ROOT / "README.md", ROOT / "artifacts" / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def commands() -> dict[str, argparse.ArgumentParser]:
    (choices,) = [a.choices for a in parser()._actions if isinstance(a, argparse._SubParsersAction)]
    return dict(choices)


def test_news_toml_holds_every_setting_with_its_comment():
    text = (ROOT / "configs" / "news.toml").read_text("utf-8")
    assert text.endswith(render_config(load_config(ROOT / "configs" / "news.toml"))), "write it anew: settings have changed"


@pytest.mark.parametrize("path", sorted((ROOT / "configs").glob("*.toml")), ids=lambda p: p.name)
def test_every_config_can_be_read(path):
    assert load_config(path).name


@pytest.mark.parametrize("name", commands())
def test_every_command_and_option_is_documented(name):
    text = (ROOT / "docs" / "cli.md").read_text("utf-8")
    assert f"`topics {name}" in text or f"`{name}`" in text
    for action in commands()[name]._actions:
        for option in action.option_strings:
            assert option in text or option in ("-h", "--help"), f"{option} of topics {name} is not in docs/cli.md"


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text("utf-8")):
        assert "://" in target or (path.parent / target).exists(), target


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_commands_in_the_docs_can_be_parsed(path):
    for block in re.findall(r"```(?:sh|console)\n(.*?)```", path.read_text("utf-8"), flags=re.S):
        for line in block.splitlines():
            call = re.match(r"\$?\s*topics ((?!COMMAND).*)", line)
            if call:
                words = re.split(r"\s+(?:#|\||>)", call[1])[0].replace("...", "").split()
                parser().parse_args(words)
