"""Tests that the reference of the Python API is what the docstrings say; ``make golden`` writes it anew."""

import ast
import inspect
import re
import sys
from itertools import pairwise
from pathlib import Path
from textwrap import fill
from types import ModuleType
from typing import Any

import pytest

import cleancloud_rules as cc
from tests.support.places import ROOT
from tests.support.public import NAMESPACES, names

REFERENCE = ROOT / "docs" / "reference" / "python-api.md"
PRIVACY = re.compile(r"Every other module.+?\.(?=\s)", re.DOTALL)
HEAD = """# Python API

Made from the docstrings of the package.

{privacy}

```python
import cleancloud_rules as cc

methodology = cc.load_methodology("clean_cloud_2024")
dataset = cc.load_dataset("examples/clean_cloud_2024", methodology)
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
"""
TITLES = {
    "cleancloud_rules": "Load, check and score",
    "cleancloud_rules.model": "The namespace model",
    "cleancloud_rules.results": "The namespace results",
    "cleancloud_rules.analysis": "The namespace analysis",
    "cleancloud_rules.testing": "The namespace testing",
}


def meaning(name: str, thing: Any) -> str:
    """Return the first sentence of the docstring of a name, as a cell of a table."""
    text = inspect.getdoc(thing) if isinstance(thing, type) or inspect.isfunction(thing) else alias_doc(name)
    return first_sentence(str(text)).replace("|", "\\|")


def first_sentence(text: str) -> str:
    paragraph = " ".join(text.split("\n\n", maxsplit=1)[0].split())
    return re.split(r"(?<=\.) (?=[A-Z])", paragraph)[0].replace("``", "`")


def alias_doc(name: str) -> str:
    """Return the text below the definition of a type's alias in the model."""
    for module in sorted(name for name in sys.modules if name.startswith("cleancloud_rules.model.")):
        body = ast.parse(Path(str(sys.modules[module].__file__)).read_text(encoding="utf-8")).body
        for statement, after in pairwise(body):
            if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == name:
                assert isinstance(after, ast.Expr)
                assert isinstance(after.value, ast.Constant)
                return str(after.value.value)
    raise AssertionError(f"`{name}` has no docstring")


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
    rows = [f"| {shown(name, things[name])} | {meaning(name, things[name])} |" for name in order]
    about = "" if module is cc else f"{first_sentence(str(module.__doc__))}\n\n"
    return "\n".join([f"## {TITLES[namespace]}\n\n{about}| name | meaning |", "|---|---|", *rows, ""])


def reference() -> str:
    sections = [section(namespace, module) for namespace, module in NAMESPACES.items()]
    return "\n".join([HEAD.format(privacy=privacy()), *sections])


def test_the_reference_is_what_the_docstrings_say() -> None:
    assert REFERENCE.read_text(encoding="utf-8") == reference(), "run `make golden`"


def test_every_name_has_a_meaning() -> None:
    rows = re.findall(r"^\| `\w+.*` \| (.+) \|$", reference(), re.MULTILINE)
    assert len(rows) == sum(len(names(module)) for module in NAMESPACES.values())
    assert all(row.endswith(".") for row in rows)


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
