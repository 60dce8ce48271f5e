"""What the input files of a record mean, as plain data: the canonical form, from which digests are made, in short.

Four things make it shorter, and each can be filled in again without this library. An attribute that has its default is
missing, and `defaults` lists the defaults of each kind of object. So is the kind of an object where no other can stand,
and `kinds` lists it for each attribute. A source stands once, among `sources`, and elsewhere by its id. Any other
object that stands several times is written once, among `shared`. Whoever fills them in has the canonical form, and can
compute the digests of the methodology, of each company and of each fact.
"""

import json
from collections import Counter
from hashlib import sha256
from typing import Any

import attrs

from cleancloud_rules.documents.canonical_json import MAX_WHOLE
from cleancloud_rules.model import (
    claims,
    conditions,
    derivations,
    facts,
    groups,
    methodology,
    published,
    rounding,
    texts,
    units,
    values,
    vocabulary,
)
from cleancloud_rules.model.digest import canonical, defaults_of, kind_of
from cleancloud_rules.records.inputs import Loaded

SOURCE, FACT = "Evidence", "Fact"
"""What sources and facts are called in canonical forms."""

VALUES = "values"
"""The attribute of a fact that holds its values by field."""

_MODULES = (
    claims, conditions, derivations, facts, groups, methodology, published, rounding, texts, units, values, vocabulary,
)  # fmt: skip

_DEFAULTS = {
    kind_of(cls): {name: json.loads(text) for name, text in defaults_of(cls).items()}
    for module in _MODULES
    for cls in vars(module).values()
    if isinstance(cls, type) and attrs.has(cls)
}
"""The defaults of each kind of object."""


LEAST_SHARED = 160
"""The length in characters from which an object that stands several times is written once."""


def meaning_of(loaded: Loaded) -> dict[str, Any]:
    """Return what input files mean: all but published tables and claims, on which no digest and no score depends."""
    methodology, dataset = loaded.methodology, loaded.dataset
    contradictions = loaded.companies[0].contradictions if dataset is None else dataset.contradictions
    forms = {
        "companies": {company.id: _form(company) for company in loaded.companies},
        "contradictions": [_form(one) for one in contradictions],
        "methodology": _form(methodology),
    }
    responses = {company.id: [_form(one) for one in company.responses] for company in loaded.companies}
    if any(responses.values()):
        forms["responses"] = {id: own for id, own in responses.items() if own}
    digests = {
        "companies": {company.id: company.sha256 for company in loaded.companies},
        "methodology": methodology.sha256,
    }
    kinds: dict[str, dict[str, str | None]] = {}
    for form in forms.values():
        _note_kinds(form, kinds)
    short = _Shortening({kind: {k: v for k, v in own.items() if v} for kind, own in kinds.items()})
    return {
        **short.made(forms),
        "defaults": {kind: _DEFAULTS[kind] for kind in sorted(kinds) if _DEFAULTS.get(kind)},
        "kinds": {kind: own for kind, own in short.kinds.items() if own},
        "sha256": digests,
        "sources": short.sources,
    }


def _form(thing: Any) -> Any:
    return json.loads(canonical(thing))


def _note_kinds(data: Any, kinds: dict[str, dict[str, str | None]]) -> None:
    """Note the kind of the objects that stand in each attribute of each kind; None if there are several."""
    if isinstance(data, list):
        for item in data:
            _note_kinds(item, kinds)
    elif isinstance(data, dict):
        kind = data.get("is")
        own = kinds.setdefault(kind, {}) if isinstance(kind, str) else None
        for name, value in data.items():
            if kind == FACT and name == VALUES:  # the names of values are the user's own
                for held in value.values():
                    _note_kinds(held, kinds)
                continue
            _note_kinds(value, kinds)
            for item in value if isinstance(value, list) else [value]:
                if own is not None and isinstance(item, dict):
                    own[name] = str(item["is"]) if own.get(name, item["is"]) == item["is"] else None


class _Shortening:
    """Shortens canonical forms.

    Args:
        kinds: the kind of the objects in each attribute of each kind, where there is one.

    Attributes:
        sources: the sources by id.
    """

    def __init__(self, kinds: dict[str, dict[str, str]]) -> None:
        self.kinds = kinds
        self.sources: dict[str, Any] = {}
        self._texts: Counter[str] = Counter()

    def made(self, forms: dict[str, Any]) -> dict[str, Any]:
        """Return the short forms, and under `shared` the objects that stand in them several times."""
        made = {name: self._short(form) for name, form in forms.items()}
        shared: dict[str, Any] = {}
        return {**{name: self._shared(form, shared) for name, form in made.items()}, "shared": shared}

    def _short(self, data: Any, kind: str | None = None) -> Any:
        if isinstance(data, list):
            return [self._short(item, kind) for item in data]
        if isinstance(data, int) and not isinstance(data, bool) and abs(data) > MAX_WHOLE:
            return {"is": "Whole", "text": str(data)}
        if not isinstance(data, dict):
            return data
        own = data.get("is")
        if not isinstance(own, str):
            return {name: self._short(value) for name, value in data.items()}
        made = self._members(data, own)
        if kind != own:
            made["is"] = own
        if own == SOURCE:
            if self.sources.setdefault(data["id"], {**made, "is": own}) == {**made, "is": own}:
                return {"source_id": data["id"]}
        elif own != FACT:
            self._texts[_text(made)] += 1
        return made

    def _members(self, data: dict[str, Any], kind: str) -> dict[str, Any]:
        """Return what an object holds, without its kind and without its defaults."""
        defaults, kinds = _DEFAULTS.get(kind, {}), self.kinds.get(kind, {})
        made = {}
        for name, value in data.items():
            if kind == FACT and name == VALUES:
                made[name] = {field: self._short(held) for field, held in value.items()}
            elif name != "is" and (name not in defaults or not _is_same(value, defaults[name])):
                made[name] = self._short(value, kinds.get(name))
        return made

    def _shared(self, data: Any, shared: dict[str, Any]) -> Any:
        if isinstance(data, list):
            return [self._shared(item, shared) for item in data]
        if not isinstance(data, dict):
            return data
        text = _text(data)
        made = {name: self._shared(value, shared) for name, value in data.items()}
        if len(text) < LEAST_SHARED or self._texts[text] < 2:
            return made
        name = sha256(text.encode()).hexdigest()[:12]
        shared[name] = made
        return {"same": name}


def _text(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True)


def _is_same(value: Any, other: Any) -> bool:
    return type(value) is type(other) and value == other
