"""JSON Schemas of input files: the structure of the classes that read them, with the texts that are written by hand."""

from collections.abc import Mapping

from cleancloud_rules.language.case_file_types import CasesFile
from cleancloud_rules.language.claim_file_types import StatementsFile
from cleancloud_rules.language.file_types import (
    CompanyFile,
    CriteriaFile,
    DatasetFile,
    FactEntry,
    FactsFile,
    MethodologyFile,
    OverlayFile,
    SourcesFile,
    StatedFacts,
)
from cleancloud_rules.language.questions import MADE_KEYS, OWN_KEYS
from cleancloud_rules.language.table_file_types import TablesFile
from cleancloud_rules.model.methodology import Criterion
from cleancloud_rules.schemas.generation import Generator
from cleancloud_rules.schemas.kinds import DEFINITIONS, KINDS, SCALAR
from cleancloud_rules.schemas.parts import ID, Schema, document, either, mapping, named, ref
from cleancloud_rules.schemas.texts.cases import CASES
from cleancloud_rules.schemas.texts.criteria import CRITERIA, OF_QUESTION
from cleancloud_rules.schemas.texts.datasets import DATASETS
from cleancloud_rules.schemas.texts.facts import FACTS
from cleancloud_rules.schemas.texts.groups import GROUPS
from cleancloud_rules.schemas.texts.methodology import METHODOLOGY

DESCRIBED = (*METHODOLOGY, *GROUPS, *CRITERIA, *FACTS, *DATASETS, *CASES)
"""What is written by hand about each class of input files."""

_GENERATOR = Generator(DESCRIBED, KINDS)

_FILES: Mapping[str, tuple[str, type]] = {
    "added_facts": ("Added facts", StatedFacts),
    "cases": ("Cases", CasesFile),
    "company": ("Company facts", CompanyFile),
    "criteria": ("Criteria", CriteriaFile),
    "dataset": ("Dataset", DatasetFile),
    "facts": ("Vocabulary of facts", FactsFile),
    "methodology": ("Methodology", MethodologyFile),
    "overlay": ("Overlay", OverlayFile),
    "sources": ("Bibliography", SourcesFile),
    "statements": ("Statements", StatementsFile),
    "tables": ("Wide tables", TablesFile),
}
"""The title of each schema, and the class that reads such a file."""


def input_schema(name: str) -> Schema:
    """Return the schema of a kind of input file."""
    title, cls = _FILES[name]
    return document(name, title, _GENERATOR.object(cls), {**DEFINITIONS, **_GENERATOR.definitions(), **_written()})


def _written() -> dict[str, Schema]:
    """Return the schemas of what becomes a criterion or a fact before a class reads it."""
    criterion = _GENERATOR.object(Criterion)
    keys, needed = criterion["properties"], criterion["required"]
    shared = {key: own for key, own in keys.items() if key not in OWN_KEYS}
    asked = {key: own for key, own in keys.items() if key not in MADE_KEYS}
    question = mapping("A question: a criterion in short form.", {**asked, **OF_QUESTION}, ["id", "ask"])
    beside = _GENERATOR.object(FactEntry)["properties"]
    answer = mapping("An answer.", {"is": ref("value", "The answer."), **beside}, ["is"])
    answers = {
        "fact": ref("id", "The fact type of answers."),
        "values": named(
            "Answers by question.", either("An answer, alone or with keys of its own.", SCALAR, answer), ID
        ),
    }
    return {
        "answers": mapping("Answers of a company with their source.", {**answers, **beside}, ["fact", "values"]),
        "criterion": {**criterion, "required": [key for key in needed if key not in shared]},
        "defaults": mapping("Keys for every criterion of the file that does not state them itself.", shared),
        "full_criterion": {"anyOf": [{"required": ["ask"]}, {"required": needed}]},
        "question": {**question, "not": {"required": ["section", "reference"]}},
    }
