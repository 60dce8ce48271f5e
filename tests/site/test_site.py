"""Tests of the built site: every link leads somewhere, nothing is loaded from elsewhere, all public names are there."""

import re
from pathlib import Path

import click
import pytest

from cleancloud_rules.cli import COMMANDS, main
from docs.site.docstrings import names_of, public
from tests.support.places import ROOT
from tests.support.site import SITE, is_outside, pages, target_of

pytestmark = pytest.mark.site

DIAGNOSTICS = (ROOT / "docs" / "reference" / "diagnostics.md").read_text(encoding="utf-8")


def ids_of(name: str) -> set[str]:
    return set(pages()[SITE / f"{name}.html"].ids)


def test_every_link_leads_to_a_page_and_to_an_anchor_in_it() -> None:
    lost = []
    for page in pages().values():
        for link in [*page.links, *page.loads]:
            if is_outside(link):
                continue
            file, anchor = target_of(page, link)
            known = pages().get(file)
            if not file.is_file() or (anchor and (known is None or anchor not in known.ids)):
                lost.append((page.path.relative_to(SITE).as_posix(), link))
    assert lost == []


def test_there_are_links_and_anchors_to_check() -> None:
    targets = [target_of(page, link) for page in pages().values() for link in page.links if not is_outside(link)]
    assert len(pages()) > 60
    assert len({file for file, _ in targets}) > 60
    assert len({target for target in targets if target[1]}) > 1000


def test_no_page_has_an_anchor_twice() -> None:
    twice = {page.path.name: sorted({id for id in page.ids if page.ids.count(id) > 1}) for page in pages().values()}
    assert {name: ids for name, ids in twice.items() if ids} == {}


def test_nothing_is_loaded_from_another_host() -> None:
    assert [(page.path.name, load) for page in pages().values() for load in page.loads if is_outside(load)] == []
    styles = "".join(path.read_text(encoding="utf-8") for path in SITE.rglob("*.css"))
    assert re.findall(r"@import[^;]*|url\(\s*[\"']?(?:https?:)?//[^)]*", styles) == []


def test_the_navigation_leads_to_every_page_of_the_documentation() -> None:
    start = pages()[SITE / "docs" / "index.html"]
    led_to = {target_of(start, link)[0] for link in start.links if not is_outside(link)}
    written = [path.relative_to(ROOT).with_suffix(".html") for path in (ROOT / "docs").rglob("*.md")]
    assert {path.as_posix() for path in written if SITE / path not in led_to | {start.path}} == set()


def test_every_public_name_is_on_a_page() -> None:
    described = {id for path in SITE.glob("docs/reference/api/*.html") for id in pages()[path].ids}
    assert [name for name, thing in public().items() if names_of(thing)[0] not in described] == []


def test_nothing_private_is_on_a_page() -> None:
    named = {id for page in pages().values() for id in page.ids if id.startswith("cleancloud_rules.")}
    modules = re.compile(r"cleancloud_rules(\.(model|results|analysis|testing))?\.\w+(\.\w+)?")
    assert [id for id in named if not modules.fullmatch(id) or "._" in id or id.endswith(".node")] == []
    assert {".".join(id.split(".")[:-1]) if id not in public() else id for id in named} <= set(public())


def test_every_option_and_every_code_has_an_anchor() -> None:
    anchors = ids_of("docs/reference/command-line")
    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        assert command is not None
        options = [max(one.opts, key=len) for one in command.params if isinstance(one, click.Option)]
        assert {name, *(f"{name}-{option[2:]}" for option in options)} <= anchors
    codes = re.findall(r"^### `([\w-]+)`$", DIAGNOSTICS, re.MULTILINE)
    assert len(codes) > 100
    assert set(codes) <= ids_of("docs/reference/diagnostics")


def test_the_start_leads_to_the_index() -> None:
    start = pages()[SITE / "index.html"]
    assert [target_of(start, link)[0] for link in start.links] == [SITE / "docs" / "index.html"]
    assert "url=docs/index.html" in Path(start.path).read_text(encoding="utf-8")
