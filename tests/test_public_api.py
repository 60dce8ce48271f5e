"""Tests of the public names: which there are, that they lead only to each other, and what importing them costs."""

import ast
import pkgutil
import subprocess
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import pytest

import cleancloud_rules as cc
from tests.support.public import NAMESPACES, classes_of, names, public

GOLDEN = {
    "cleancloud_rules": """
        CleanCloudError Company CriteriaError Dataset Diagnostic EngineError FactsError InputError Methodology
        MissingExtraError Ranking ScoreTable Scorecard bundled cases_from check company_from company_from_tables
        compare dataset_from dataset_from_tables diff disclose load_cases load_company load_dataset load_methodology
        methodology_from provenance rank record render run_cases schema score score_table verify
    """,
    "cleancloud_rules.model": """
        Accepted Aggregation AllOf Alternative AnyOf Assignment Band BandsOf Basis Better Bibliography Bound Cap
        Case Combining Company Condition Contradiction Count CountChange CountsAs CoverageLine Criterion
        Dataset DecisionTable Derivation EditionChange Empty Expected Fact FactType FactValues Field FieldTest
        FieldType FigureKind Formula Group Highest HitPolicy Implication Interval Level Members Methodology
        NeverHypothetical NoneOf NotApplicable NotAssessed NotFound Notice Null Operand Operation Operator
        Parts Period PeriodCounts PointsBasis Proportion PublishedClaim PublishedRow PublishedTable Reading
        Reads Reference Remedy Requirement RequirementWord Response ResponseStatus Rounding RoundingMode Rule
        ScoreRounding Selection SetMode Source TableHitPolicy TableInput TableRow Taken TotalPolicy
        UnanswerableClaim UnaryTest Unit Units Value Vocabulary When Window
    """,
    "cleancloud_rules.results": """
        Bounds Calculation CaseReport CaseResult Certificate Certified Change ChangeKind ChangedFigureKind
        ClaimReport ClaimResult ClaimVerdict Cohort CompanyBounds CompanyDifference CompanyRecord
        ComparedCompany ComparedRecord Comparison
        ConditionStanding ConditionStatus ContradictionRecord Contribution Counterexample Coverage
        CoverageBounds CriterionBounds CriterionMove CriterionPoints CriterionResult CriterionWeight Diagnosis
        Diagnostic Difference Disagreement DisclosedItem DisclosedPart Disclosure Effect Ends Evidence
        EvidenceChange EvidenceKind FactRecord FigureChange FigureEffect FigureRow Fit FittedRow Follows
        GroupBounds GroupOutcome GroupPoints GroupScore HypotheticalFact Improvement Judgement LevelRecord LevelStep
        Location Means MethodologyRecord Mismatch MutantKind MutantResult MutantVerdict MutationReport
        NoticeRecord Order OrderRow Outcome PartEffect PartsAssessed Place Points PointsChange PublishedRecord
        RankChange RankedBounds RankedCategory RankedCategoryBounds RankedCompany RankedName Ranking ReadValue
        Record RecordDifference Replay
        Reproduction RequirementsMet ResponseEffect ResponseFigure ResponseRank ResponseRecord ResponseWord Result
        RowOrder RuleCoverage RuleGain RuleInvolved RuleResult Said Scorecard SearchRecord Severity SheetCell
        SourceFile SourceRecord Step TableResult Target TestCoverage Turn
        UnanswerableRecord Unmet UnreadFile Verdict Verification WhatIf WhatIfChange WhatIfCompany WhatIfKind WordChange
        WordKind
    """,
    "cleancloud_rules.analysis": """
        bounds certify effective_weights findings fit points_changes reproduce
        what_if
    """,
    "cleancloud_rules.testing": """
        companies company_data methodologies methodology_files property_tests
    """,
}
"""The public names. Everything else is private and may change in any version."""

MODULES = sorted(module.name for module in pkgutil.walk_packages(cc.__path__, "cleancloud_rules."))
LAZY = [name for name in NAMESPACES if name != "cleancloud_rules.testing"]


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_the_public_names_are_these_and_no_others(namespace: str) -> None:
    assert names(NAMESPACES[namespace]) == GOLDEN[namespace].split()


def test_the_namespaces_are_public_and_listed() -> None:
    spaces = ["analysis", "model", "results", "testing"]
    shown = [name for name in dir(cc) if not name.startswith("__")]
    assert shown == sorted([*names(cc), *spaces])
    assert [name for name in dir(cc.model) if not name.startswith("__")] == names(cc.model)
    assert cc.__version__ == version("cleancloud-rules")
    for name in spaces:
        assert getattr(cc, name) is sys.modules[f"cleancloud_rules.{name}"]


@pytest.mark.parametrize("namespace", LAZY)
def test_type_checkers_see_the_names_that_there_are(namespace: str) -> None:
    """The imports that only a type checker reads name what is imported when it is first used."""
    module = NAMESPACES[namespace]
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    (static,) = (node for node in tree.body if isinstance(node, ast.If))
    seen = {}
    for statement in static.body:
        assert isinstance(statement, ast.ImportFrom)
        for alias in statement.names:
            assert alias.asname == alias.name, "only a name that is imported as itself is exported"
            seen[alias.name] = getattr(import_module(str(statement.module)), alias.name)
    shown = {name: getattr(module, name) for name in names(module)}
    spaces = {name: value for name, value in seen.items() if isinstance(value, ModuleType)}
    assert {name: value for name, value in seen.items() if name not in spaces} == shown
    assert sorted(spaces) == (["analysis", "model", "results", "testing"] if module is cc else [])


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_a_name_that_does_not_exist_is_missing_as_in_any_module(namespace: str) -> None:
    with pytest.raises(AttributeError, match=f"module '{namespace}' has no attribute 'scor'"):
        NAMESPACES[namespace].scor  # noqa: B018 - reading it is the test


def test_every_class_that_a_public_name_leads_to_is_public() -> None:
    named = [thing for thing in public().values() if isinstance(thing, type)]
    hidden = {
        f"{found.__module__}.{found.__name__}": name
        for name, thing in public().items()
        for found in classes_of(thing)
        if found not in named
    }
    assert hidden == {}


def test_a_class_that_leads_to_a_private_one_is_noticed() -> None:
    """The walk sees bases, attributes, properties, methods and what stands inside other types."""
    found = {cls.__name__ for cls in classes_of(cc.model.Methodology)}
    assert {"Combining", "Criterion", "Group", "Vocabulary", "Rounding"} <= found
    assert {cls.__name__ for cls in classes_of(cc.check)} == {"Company", "Dataset", "Diagnostic", "Methodology"}
    assert cc.results.Certificate in set(classes_of(cc.analysis.certify))


def test_a_name_means_the_same_in_every_namespace() -> None:
    meanings: dict[str, set[object]] = {}
    for name, thing in public().items():
        meanings.setdefault(name.rsplit(".", 1)[1], set()).add(thing)
    assert {name for name, things in meanings.items() if len(things) > 1} == set()


def test_no_module_is_hidden_by_a_public_name() -> None:
    for name in public():
        assert name not in MODULES
    for name in MODULES:
        module = import_module(name)
        found = cc
        for part in name.split(".")[1:]:
            found = getattr(found, part)
        assert found is module is sys.modules[name]


def test_the_layers_below_the_command_line_import_from_modules() -> None:
    """The import contract sees modules: what a namespace hands on has no layer."""
    found: list[tuple[str, str]] = []
    for file in sorted(Path(str(cc.__file__)).parent.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module in LAZY]
        if "cli" not in file.parts and file.name != "__init__.py":
            taken = {
                alias.name for node in imports for alias in node.names if f"{node.module}.{alias.name}" in public()
            }
            found.extend((file.name, name) for name in sorted(taken))
    assert found == []


def loaded(program: str, *prefixes: str) -> list[str]:
    """Return the modules with these names, or inside them, that a new process has loaded after a program."""
    listing = f"print(*(m for m in sys.modules if m.split('.')[0] in {prefixes!r}))"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{program}\n{listing}"], capture_output=True, text=True, check=True
    )
    return sorted(done.stdout.splitlines()[-1].split())


THIRD_PARTY = ("attr", "attrs", "cattrs", "click", "durable_rules_engine", "hypothesis", "lark", "msgspec", "ortools",
               "pytest", "rich", "yaml")  # fmt: skip
OURS = ["cleancloud_rules", "cleancloud_rules._version", "cleancloud_rules.lazy"]


def test_importing_the_package_loads_next_to_nothing() -> None:
    assert loaded("import cleancloud_rules", "cleancloud_rules", *THIRD_PARTY) == OURS


def test_naming_the_namespaces_loads_nothing_else() -> None:
    program = "import cleancloud_rules as cc; cc.model, cc.results, cc.analysis; dir(cc.model)"
    spaces = [f"cleancloud_rules.{name}" for name in ("analysis", "model", "results")]
    assert loaded(program, "cleancloud_rules", *THIRD_PARTY) == sorted([*OURS, *spaces])


def test_the_help_of_the_tool_loads_click_and_nothing_of_the_library() -> None:
    program = "from cleancloud_rules.cli import main; main(['--help'], standalone_mode=False)"
    command = ("cli", "cli.streams", "diagnostics", "diagnostics.characters")
    assert loaded(program, "cleancloud_rules") == sorted([*OURS, *(f"cleancloud_rules.{name}" for name in command)])
    assert {module.split(".")[0] for module in loaded(program, *THIRD_PARTY)} == {"click"}


def test_a_star_import_works_without_hypothesis() -> None:
    program = "sys.modules['hypothesis'] = None\nfrom cleancloud_rules import *\nassert score.__name__ == 'score'"
    assert "cleancloud_rules.testing" not in loaded(program, "cleancloud_rules")
