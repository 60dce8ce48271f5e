"""The good methodology of `bad_forms`, with changes, for tests of what reads groups, questions and tables."""

from cleancloud_rules import CriteriaError, Methodology, methodology_from
from tests.system.test_bad_files import FORMS

GOOD = {path.name: path.read_text(encoding="utf-8") for path in sorted((FORMS / "good").glob("*.yaml"))}
COMPANY = (FORMS / "good" / "companies" / "acme.yaml").read_text(encoding="utf-8")

Change = tuple[str, str, str]
"""A file without its ending, a text that occurs once in it, and what takes its place."""


def changed(*changes: Change) -> dict[str, str]:
    """Return the files with changes."""
    files = dict(GOOD)
    for file, old, new in changes:
        text = files[f"{file}.yaml"]
        assert text.count(old) == 1, f"{file} holds {text.count(old)} times {old!r}"
        files[f"{file}.yaml"] = text.replace(old, new)
    return files


def loaded(*changes: Change) -> Methodology:
    """Return the methodology with changes that are right."""
    return methodology_from(changed(*changes))


def wrong(*changes: Change) -> list[tuple[str, str]]:
    """Return code and underlined text of what is wrong with the methodology and changes."""
    try:
        loaded(*changes)
    except CriteriaError as error:
        return [(finding.code, finding.location.text) for finding in error.diagnostics]
    return []


ENERGY = "    weight: 1\n    scale: 100\n"
"""The keys of the category of energy."""

SUPPLY = "{id: supply, title: Suppliers, parts: rounded, groups: [{id: audits, title: Audits}]}"
"""The group of suppliers, inside a mean of shares."""


def energy(keys: str) -> Change:
    """Return the change that gives the category of energy more keys."""
    return "methodology", ENERGY, f"{ENERGY}    {keys}\n"


def supply(keys: str, inner: str = "{id: audits, title: Audits}") -> Change:
    """Return the change that gives the group of suppliers other keys, and groups inside it."""
    return "methodology", SUPPLY, f"{{id: supply, title: Suppliers, groups: [{inner}], {keys}}}"


def bands(*scores: str, more: str = "") -> Change:
    """Return the change that gives the group of suppliers bands of these scores, called a, b, c."""
    items = ", ".join(f'{{label: {label}, score: "{score}"}}' for label, score in zip("abcd", scores, strict=False))
    return supply(f"bands: [{items}]{more}")
