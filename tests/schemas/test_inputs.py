"""Tests of the schemas of input files: every class is described, little is written by hand, and what loads conforms."""

import random
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import cleancloud_rules as cc
from cleancloud_rules.generators.choices import Seeded
from cleancloud_rules.generators.methodologies import generated_files
from cleancloud_rules.language import file_types, regulation_file_types
from cleancloud_rules.language.file_classes import FILE_CLASSES
from cleancloud_rules.model.groups import NotApplicable, Requirement
from cleancloud_rules.model.methodology import Criterion, Reference, Rule
from cleancloud_rules.model.vocabulary import Window
from cleancloud_rules.schemas.catalogue import SCHEMAS
from cleancloud_rules.schemas.generation import Key
from cleancloud_rules.schemas.inputs import DESCRIBED
from cleancloud_rules.schemas.kinds import DEFINITIONS
from tests.schemas.test_catalogue import AUTHORING
from tests.support.slips import as_json, wrong_values

WITH_SCOPE = {Criterion, NotApplicable, Reference, Requirement, Rule, Window}
"""The classes of the model that mappings are read by, besides those of files alone."""

WITHOUT_SCHEMA = {
    file_types.OfferedFacts,  # what two classes share; no file or entry has it alone
    *(
        cls for cls in FILE_CLASSES if cls.__module__ == regulation_file_types.__name__
    ),  # a file that users do not write
}

BY_HAND = {
    ("Band", "score"): "a test on a score",
    ("CompanyFile", "answers"): "answers, which become facts before a class reads them",
    ("CoverageEntry", "at_least"): "a number or a percentage",
    ("CoverageEntry", "of"): "a list or a word",
    ("CriteriaFile", "criteria"): "criteria and questions, which become criteria before a class reads them",
    ("CriteriaFile", "defaults"): "keys of criteria",
    ("CaseEntry", "answers"): "answers",
    ("FieldEntry", "values"): "a list or a word",
    ("ResponseEntry", "answers"): "answers",
    ("StatedFacts", "answers"): "answers",
    ("TableEntry", "inputs"): "what a decision table reads",
    ("TableEntry", "rows"): "tests under the names of inputs",
}
"""The keys whose values have a form that is written by hand, each with what the values are."""


def test_every_class_that_reads_input_files_is_described_once() -> None:
    described = [each.cls for each in DESCRIBED]
    assert len(described) == len(set(described))
    assert set(described) == (set(FILE_CLASSES) | WITH_SCOPE) - WITHOUT_SCHEMA


def test_no_other_form_is_written_by_hand() -> None:
    found = {
        (each.cls.__name__, name)
        for each in DESCRIBED
        for name, own in each.keys.items()
        if isinstance(own, Key) and own.form is not None
    }
    assert found == BY_HAND.keys()


def test_the_names_of_classes_and_of_values_do_not_clash() -> None:
    names = [*(each.name for each in DESCRIBED if each.name), *DEFINITIONS]
    assert len(names) == len(set(names))


def test_every_class_stands_in_a_schema() -> None:
    texts = {says for name in AUTHORING for says in descriptions(SCHEMAS[name]())}
    assert [each.cls.__name__ for each in DESCRIBED if each.says not in texts] == []


def descriptions(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("description"), str):
            yield part["description"]
        part = list(part.values())
    for inner in part if isinstance(part, list) else ():
        yield from descriptions(inner)


def compared(seeds: range, count: int) -> tuple[int, list[str]]:
    """Return how many slips in files of methodologies both schema and loading refuse, and where the schema is wrong.

    Args:
        seeds: each makes a methodology.
        count: how many slips are tried in each of its files.
    """
    validators = {name: Draft202012Validator(cc.schema(name)) for name in ("methodology", "facts", "criteria")}
    both, wrong = 0, list[str]()
    for seed in seeds:
        files: dict[str, Any] = as_json(generated_files(Seeded(seed)))
        for name, data in files.items():
            validator = validators.get(name.removesuffix(".yaml"), validators["criteria"])
            wrong += [f"{seed} {name}{error.json_path}: {error.message}" for error in validator.iter_errors(data)]
            chosen = list(wrong_values(data))
            random.Random(seed).shuffle(chosen)  # noqa: S311 - a sample, the same in each run
            for slip in (slip for slip in chosen[:count] if not validator.is_valid(slip.data)):
                if loads({**files, name: slip.data}):
                    wrong.append(f"refused though it loads: {seed} {name} {slip.kind} at {slip.place}")
                both += 1
    return both, wrong


def loads(files: Mapping[str, Any]) -> bool:
    try:
        cc.methodology_from(files)
    except cc.InputError:
        return False
    return True


def test_a_methodology_that_loads_conforms() -> None:
    both, wrong = compared(range(2), 10)
    assert wrong == []
    assert both > 20


@pytest.mark.deep(part="slips")
def test_a_methodology_that_loads_conforms_at_full_size() -> None:
    both, wrong = compared(range(1000, 1060), 60)
    assert wrong == []
    assert both > 5000
