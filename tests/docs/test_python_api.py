"""Tests that the reference of the Python API is what the docstrings say; ``make golden`` writes it anew."""

import builtins
import inspect
import re
from textwrap import fill
from types import ModuleType
from typing import Any

import attrs
import pytest

import cleancloud_rules as cc
from docs.site.docstrings import aliases, arguments, attributes, names_of, public
from docs.site.docstrings import section as lines_of
from tests.support.places import ROOT
from tests.support.public import NAMESPACES, names

API = ROOT / "docs" / "reference" / "api"
REFERENCE = ROOT / "docs" / "reference" / "python-api.md"
PRIVACY = re.compile(r"Every other module.+?\.(?=\s)", re.DOTALL)
HEAD = """# Python API

Made from the docstrings of the package.

{privacy}

```python
import cleancloud_rules as cc

methodology = cc.load_methodology("clean_cloud_2024")
dataset = cc.load_dataset("clean_cloud_2024", methodology)
print(cc.check(dataset, methodology))

first = cc.rank(dataset, methodology).cohorts[0].rows[0]
print(first.rank, first.scorecard.company.name, first.scorecard.total)
print(first.scorecard.count(cc.results.Outcome.NOT_ASSESSED), "of", len(first.scorecard.criteria), "not assessed")

bounds = cc.analysis.bounds(dataset, methodology).companies[0]
print(bounds.company.name, "between", bounds.floor, "and", bounds.ceiling)
```

This prints:

```text
()
1 Tencent 31.33
25 of 31 not assessed
Alibaba Group between 28.85 and 97.52
```

A name is imported when it is first used, so that `import cleancloud_rules` takes next to no time. Objects are immutable
attrs classes, which threads may share; `attrs.evolve` makes a changed copy. Numbers are exact: `Decimal`, or `Fraction`
before rounding. `cc.__version__` is the version.

Each name below leads to its entry: what it takes and gives with types and units, the errors that it raises, and an
example. The entries are the docstrings, which `help` prints too. A viewer of Markdown shows only their names there; the
site that `make docs` builds in `build/docs` shows them in full.
"""
RAISED = re.compile(r"(\w+): ")
MAIN_CLASSES = [
    *(cc.Company, cc.Dataset, cc.Diagnostic, cc.InputError, cc.Methodology, cc.Ranking, cc.ScoreTable, cc.Scorecard),
    *(cc.model.Criterion, cc.model.Fact, cc.model.Interval, cc.model.Rule),
    *(cc.results.CriterionResult, cc.results.Result),
]
"""The classes whose objects a program meets first. Those of other results are in the examples of their functions."""

TITLES = {
    "cleancloud_rules": "Load, check and score",
    "cleancloud_rules.model": "The namespace model",
    "cleancloud_rules.results": "The namespace results",
    "cleancloud_rules.analysis": "The namespace analysis",
    "cleancloud_rules.testing": "The namespace testing",
}


def places() -> dict[str, str]:
    """Return for everything that a page of the API describes its page and its section, as a link leads there."""
    found: dict[str, str] = {}
    for page in sorted(API.glob("*.md")):
        for heading, text in re.findall(r"^## (.+)\n((?:(?!## ).*\n)*)", page.read_text("utf-8"), re.MULTILINE):
            for name in re.findall(r"^\.\. auto(?:function|class|exception|data):: (\S+)$", text, re.MULTILINE):
                assert name not in found, f"{name} is described twice"
                found[name] = f"api/{page.name}#{heading.lower().replace(' ', '-')}"
    return found


def meaning(thing: Any) -> str:
    """Return the first sentence of the docstring of a name, as a cell of a table."""
    has_own = isinstance(thing, type) or inspect.isfunction(thing)
    return first_sentence(str(inspect.getdoc(thing) if has_own else aliases()[thing].meaning)).replace("|", "\\|")


def first_sentence(text: str) -> str:
    paragraph = " ".join(text.split("\n\n", maxsplit=1)[0].split())
    return re.split(r"(?<=\.) (?=[A-Z])", paragraph)[0].replace("``", "`")


def shown(name: str, thing: Any) -> str:
    """Return a name, and with a function its parameters."""
    if not inspect.isfunction(thing):
        return f"`{name}`"
    words = []
    for parameter in inspect.signature(thing).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in words:
            words.append("*")
        default = "" if parameter.default is parameter.empty else f"={default_text(parameter.default)}"
        words.append(f"{parameter.name}{default}")
    return f"`{name}({', '.join(words)})`"


def default_text(value: Any) -> str:
    return "..." if callable(value) else repr(value)


def privacy() -> str:
    """Return the paragraph that says what is private, with the sentence of the package."""
    found = PRIVACY.search(str(cc.__doc__))
    assert found is not None
    return fill("**The names on this page are the API.** " + " ".join(found.group().split()).replace("``", "`"), 120)


def section(namespace: str, module: ModuleType) -> str:
    """Return the part of the page about a namespace, its functions first."""
    things = {name: getattr(module, name) for name in names(module)}
    order = sorted(things, key=lambda name: not inspect.isfunction(things[name]))
    where = places()
    links = {name: f"[{shown(name, things[name])}]({where[names_of(things[name])[0]]})" for name in order}
    rows = [f"| {links[name]} | {meaning(things[name])} |" for name in order]
    about = "" if module is cc else f"{first_sentence(str(module.__doc__))}\n\n"
    return "\n".join([f"## {TITLES[namespace]}\n\n{about}| name | meaning |", "|---|---|", *rows, ""])


def reference() -> str:
    sections = [section(namespace, module) for namespace, module in NAMESPACES.items()]
    return "\n".join([HEAD.format(privacy=privacy()), *sections])


def test_the_reference_is_what_the_docstrings_say() -> None:
    assert REFERENCE.read_text(encoding="utf-8") == reference(), "run `make golden`"


def test_every_name_has_a_meaning() -> None:
    rows = re.findall(r"^\| \[`\w+.*`\]\(.+\) \| (.+) \|$", reference(), re.MULTILINE)
    assert len(rows) == sum(len(names(module)) for module in NAMESPACES.values())
    assert all(row.endswith(".") for row in rows)


def test_everything_public_is_described_under_its_shortest_name() -> None:
    assert set(places()) == {names_of(thing)[0] for thing in public().values()}


CLASSES = {name: thing for name, thing in public().items() if isinstance(thing, type)}
FUNCTIONS = {name: thing for name, thing in public().items() if inspect.isfunction(thing)}


def test_every_attribute_is_described() -> None:
    said = {name: attributes(cls) for name, cls in CLASSES.items() if attrs.has(cls)}
    assert [(name, key) for name, texts in said.items() for key, text in texts.items() if not text] == []


def test_every_method_is_described() -> None:
    members = [((name, key), member) for name, cls in CLASSES.items() for key, member in vars(cls).items()]
    found = {where: getattr(member, "__func__", member) for where, member in members}
    methods = {where: one for where, one in found.items() if inspect.isfunction(one) and not where[1].startswith("_")}
    assert [where for where, method in methods.items() if not method.__doc__] == []


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_its_arguments_and_an_example(name: str) -> None:
    said = inspect.getdoc(FUNCTIONS[name]) or ""
    assert list(arguments(said)) == list(inspect.signature(FUNCTIONS[name]).parameters)
    assert any(line.startswith(">>> ") for line in lines_of(said, "Example")), "an example that runs"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_error_that_is_named_is_public_or_of_python(name: str) -> None:
    raised = [
        match[1] for line in lines_of(inspect.getdoc(FUNCTIONS[name]) or "", "Raises") if (match := RAISED.match(line))
    ]
    assert [error for error in raised if not hasattr(cc, error) and not hasattr(builtins, error)] == []


@pytest.mark.parametrize("cls", MAIN_CLASSES)
def test_a_main_class_has_an_example(cls: type) -> None:
    said = inspect.getdoc(cls) or ""
    assert any(line.startswith(">>> ") for line in lines_of(said, "Example")), "an example that runs"


def test_the_example_prints_what_the_page_says(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = REFERENCE.read_text(encoding="utf-8")
    (program,), (printed,) = (
        re.findall(rf"^```{kind}\n(.*?)^```", page, re.MULTILINE | re.DOTALL) for kind in ("python", "text")
    )
    monkeypatch.chdir(ROOT)
    exec(compile(program, "python-api.md", "exec"), {})  # noqa: S102 - the page is ours
    assert capsys.readouterr().out == printed


if __name__ == "__main__":
    REFERENCE.write_text(reference(), encoding="utf-8", newline="\n")
