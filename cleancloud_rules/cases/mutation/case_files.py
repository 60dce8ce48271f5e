"""Writes the test case that a company makes, as a file of test cases in YAML, and reads it back."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from cleancloud_rules.cases.mutation.mutants import Mutant
from cleancloud_rules.cases.mutation.search import Telling
from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.documents import yaml
from cleancloud_rules.formatting.flow_style import is_plain
from cleancloud_rules.language.load.cases import cases_of
from cleancloud_rules.model.cases import Case
from cleancloud_rules.model.exact import plain
from cleancloud_rules.model.methodology import Methodology


def case_file(telling: Telling, mutant: Mutant) -> str:
    """Return a file with the one test case that notices a mutant, as YAML."""
    return "\n".join(_lines(telling, mutant)) + "\n"


def case_in(text: str, methodology: Methodology) -> Case:
    """Return the test case in a file that `case_file` wrote."""
    gather = DiagnosticCollector()
    document, diagnostics = yaml.read_text(text, "case.yaml")
    assert document is not None, diagnostics
    (case,) = cases_of(document, methodology, gather)
    return case


def _lines(telling: Telling, mutant: Mutant) -> Iterator[str]:
    data = telling.data
    cited = {entry["source"] for key in ("facts", "not_found") for entry in data.get(key, ()) if "source" in entry}
    cited |= {block["source"] for block in data.get("answers", ()) if "source" in block}
    cited |= {
        value["source"]
        for block in data.get("answers", ())
        for value in block["values"].values()
        if isinstance(value, dict) and "source" in value
    }
    sources = {id: source for id, source in data.get("sources", {}).items() if id in cited}
    if sources:
        yield "sources:"
        yield from (f"  {id}: {_flow(source)}" for id, source in sources.items())
    yield "cases:"
    name = f"{', '.join(mutant.of)}: a company that notices if {mutant.change}"
    yield f"  - name: {json.dumps(name, ensure_ascii=False)}"
    if "cohort" in data:
        yield f"    cohort: {_flow(data['cohort'])}"
    for key in ("facts", "answers", "not_found"):
        if data.get(key):
            yield f"    {key}:"
            for entry in data[key]:
                yield from _entry(entry)
    yield "    expect:"
    yield f"      {_expected(telling)}"


def _entry(entry: Mapping[str, Any]) -> Iterator[str]:
    for number, (key, value) in enumerate(entry.items()):
        yield f"      {'  ' if number else '- '}{key}: {_flow(value)}"


def _expected(telling: Telling) -> str:
    of, id, what = telling.named
    value = _flow(telling.value)
    match of:
        case "criterion":
            return f"criteria: {{{id}: {value}}}"
        case "category":
            return f"categories: {{{id}: {{{what}: {value}}}}}"
        case "table":
            return f"tables: {{{id}: {value}}}"
        case _:
            return f"{what}: {value}"


def _flow(value: Any) -> str:
    match value:
        case Mapping():
            return "{" + ", ".join(f"{_flow(key)}: {_flow(inner)}" for key, inner in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(_flow, value)) + "]"
        case bool():
            return str(value).lower()
        case None:
            return "null"
        case Decimal():
            return f"{plain(value):f}" if value else "0"
        case date():
            return value.isoformat()
        case str():
            return value if is_plain(value, inside=True) else json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)
