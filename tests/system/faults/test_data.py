"""Mistakes in criteria and in data about which `check` once was silent, or spoke without cause."""

import shutil
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from cleancloud_rules import (
    CriteriaError,
    FactsError,
    Methodology,
    check,
    load_dataset,
    load_methodology,
    methodology_from,
)
from cleancloud_rules.analysis import findings, reproduce
from cleancloud_rules.cli import main
from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.language.load.published import published_from
from cleancloud_rules.model import Dataset, PublishedClaim, RoundingMode
from cleancloud_rules.model.rounding import rounded, rounding_in_words
from cleancloud_rules.reports.outline.text import as_text
from cleancloud_rules.reports.text.claims import findings_text
from cleancloud_rules.reports.text.reproduction import reproduction_text
from cleancloud_rules.results import ClaimResult, Severity
from tests.support import small
from tests.system.test_bad_files import COMPANIES, CRITERIA

PLAN: dict[str, Any] = {
    "plan": {
        "title": "Plan",
        "horizon": "long_term",
        "fields": {
            "topic": {"type": "enum", "values": ["coal", "gas"], "key": True},
            "phase_out": {"type": "year", "better": "lower", "optional": True},
            "share": {"type": "percent", "digits": 1, "better": "higher", "optional": True},
            "cost": {"type": "number", "digits": 1, "better": "lower", "optional": True},
            "public": {"type": "boolean", "better": "higher", "optional": True},
            "held": {"type": "enum", "values": ["no", "partly", "yes"], "better": "listed", "optional": True},
        },
    },
    "deed": {"title": "Deed", "horizon": "long_term", "fields": {"kind": {"type": "text"}}},
}
COAL = {"plan": {"topic": "coal"}}


def warnings(methodology: Methodology) -> list[tuple[str, str]]:
    """Return codes and messages, without those about what nothing reads."""
    found = [(diagnostic.code, diagnostic.message) for diagnostic in check(methodology)]
    return [(code, message) for code, message in found if not code.startswith("unread")]


def codes(methodology: Methodology) -> list[str]:
    return [code for code, _ in warnings(methodology)]


def of(*rules: dict[str, Any], most: float = 4, **more: Any) -> Methodology:
    """Return a methodology of one criterion about plans."""
    return small.methodology(small.criterion("c", most, *rules, **more), fact_types=PLAN)


def plan(**tests: Any) -> dict[str, Any]:
    return {"plan": tests}


# ---- thresholds and proportions against `better`


@pytest.mark.parametrize(
    ("rules", "is_against"),
    [
        ([(4, plan(phase_out=">= 2030"))], True),
        ([(4, plan(phase_out="<= 2030"))], False),
        ([(4, plan(phase_out="[2025..2030]"))], True),
        ([(2, plan(phase_out="[2025..2030]")), (4, plan(phase_out="< 2025"))], False),
        ([(4, plan(phase_out="[2025..2030]")), (2, plan(phase_out="< 2025"))], True),
        ([(4, plan(share="< 50"))], True),
        ([(4, plan(public=False))], True),
        ([(4, plan(public=True))], False),
        ([(4, {"all": [{"deed": {}}, plan(topic="coal", phase_out="> 2030")]})], True),
        ([(4, {"any": [{"deed": {}}, plan(phase_out="> 2030")]})], True),
        ([(4, {"none": [plan(phase_out="<= 2030")]})], True),
        ([(4, {"all": [plan(), {"none": [plan(phase_out="<= 2030")]}]})], True),
        ([(4, {"all": [plan(), {"none": [plan(phase_out="> 2030")]}]})], False),
        ([(4, {"count": {"of": plan(share="<= 10"), "at_least": 2}})], True),
        ([(4, {"count": {"of": plan(share=">= 10"), "at_least": 2}})], False),
        ([(4, plan(held="no"))], True),
        ([(4, plan(held=["no", "partly"]))], True),
        ([(4, plan(held='not("yes")'))], True),
        ([(4, plan(held=["partly", "yes"]))], False),
        ([(4, plan(held="yes")), (2, plan(held='not("no")'))], False),
        ([(4, plan(held="partly")), (2, plan(held="yes"))], False),  # that is `listed-backwards`
        ([(4, plan(topic="coal", phase_out="<= 2030")), (2, plan(topic="gas", phase_out="<= 2040"))], False),
    ],
)
def test_a_threshold_against_better_is_reported(rules: list[tuple[int, Any]], is_against: bool) -> None:
    made = [small.rule(f"r{i}", points, when) for i, (points, when) in enumerate(rules)]
    assert ("against-better" in codes(of(*made))) is is_against
    assert "against-better" not in codes(of(*made, monotone=False, rationale="On purpose."))


def test_a_penalty_for_a_better_value_is_reported() -> None:
    rules = [small.rule("r", 4, COAL), small.rule("p", -1, plan(share="> 50"))]
    found = warnings(of(*rules, hit_policy="collect sum"))
    message = "`share` `50` earns 4 points of `c`, and `> 50`, which is better, earns 3 points"
    assert ("against-better", message) in found


@pytest.mark.parametrize(
    ("to", "over", "least", "is_against"),
    [
        ("share", [0, 80], 0, False),
        ("share", [80, 0], 0, True),
        ("cost", [80, 0], 0, False),
        ("cost", [0, 80], 0, True),
        ("cost", [0, 80], 4, False),
    ],
)
def test_a_proportion_against_better_is_reported(to: str, over: list[int], least: int, is_against: bool) -> None:
    proportion = {"to": f"plan.{to}", "over": over, "least": least}
    found = codes(of(small.rule("r", 4, COAL, in_proportion=proportion)))
    assert ("against-better" in found) is is_against


# ---- weights, gates and exemptions


@pytest.mark.parametrize(("aggregate", "is_said"), [("weighted mean", True), ("weighted sum", True)])
@pytest.mark.parametrize("weights", [(0, 0), (0, 1)])
def test_weights_that_are_all_zero_are_reported(aggregate: str, is_said: bool, weights: tuple[int, int]) -> None:
    one, two = (small.criterion(id, 1, small.rule("r", 1, COAL, because="A plan.")) for id in ("one", "two"))
    two["rules"] = [small.rule("r", 1, {"deed": {}})]
    methodology = small.methodology(one, two, weights=weights, aggregate=aggregate, fact_types=PLAN)
    assert ("no-weight" in codes(methodology)) is (is_said and not any(weights))


def gated(**second: Any) -> Methodology:
    first = small.criterion("a", 1, small.rule("r", 1, COAL))
    rules = [small.rule("good", 2, plan(public=True)), small.rule("bad", -5, {"deed": {}})]
    penalised = small.criterion("b", 2, *rules, hit_policy="collect sum", **{"at_least": -5, **second})
    return small.methodology(first, penalised, fact_types=PLAN)


def test_a_penalty_that_is_lost_with_a_gate_is_reported() -> None:
    message = "the -5 points of rule `bad` are lost with the gate: they count only if `a` is met"
    assert ("penalty-behind-gate", message) in warnings(gated(requires=["a"]))
    assert "penalty-behind-gate" not in codes(gated())
    assert "penalty-behind-gate" not in codes(gated(requires=["a"], monotone=False, rationale="On purpose."))


@pytest.mark.parametrize(
    ("exemption", "never"),
    [
        (plan(topic="coal"), True),
        (plan(public=True), False),
        ({"none": [COAL]}, False),
        ({"any": [COAL, plan()]}, True),
    ],
)
def test_a_rule_that_its_own_exemption_excludes_is_reported(exemption: Any, never: bool) -> None:
    rule = small.rule("r", 4, plan(topic="coal", share="> 50"))
    assert ("never-applies" in codes(of(rule, not_applicable={"when": exemption}))) is never


# ---- decision tables

HIGH_AND_LOW = [{"label": "high", "score": ">= 60"}, {"label": "low", "score": "< 60"}]


def with_table(*rows: dict[str, Any], policy: str = "first", **more: Any) -> Methodology:
    table = {
        "id": "verdict",
        "title": "Verdict",
        "hit_policy": policy,
        "inputs": {"score": {"score": "total"}, "label": {"label": "total"}},
        "outputs": ["good", "poor"],
        "rows": list(rows),
        **more,
    }
    goal = small.criterion("c", 1, small.rule("r", 1, COAL))
    return small.methodology(goal, fact_types=PLAN, bands=HIGH_AND_LOW, tables=[table])


GOOD = {"score": ">= 50", "then": "good"}
POOR = {"score": "< 50", "then": "poor"}


@pytest.mark.parametrize(
    ("policy", "rows", "said"),
    [
        ("first", [GOOD, POOR], None),
        ("first", [GOOD, {"score": "> 80", "label": "low", "then": "poor"}], "whenever it fits, row 1 fits too"),
        ("first", [{"score": "> 80", "label": "low", "then": "poor"}, GOOD], None),
        ("first", [GOOD, POOR, {"score": "[20..70]", "then": "good"}], "whenever it fits, earlier rows fit too"),
        ("first", [GOOD, POOR, {"label": "high", "then": "good"}], None),
        ("first", [GOOD, {"score": "> 80", "then": "good"}, POOR], "whenever it fits, row 1 fits too"),
        ("first", [GOOD, {"then": "poor"}], None),
        ("first", [{"then": "poor"}, GOOD], "whenever it fits, row 1 fits too"),
        ("collect", [GOOD, {"score": "> 80", "then": "poor"}], None),
        ("collect", [GOOD, {"score": "> 80", "then": "good"}, POOR], "whenever it fits, row 1 fits too"),
    ],
)
def test_a_row_without_effect_is_reported(policy: str, rows: list[dict[str, Any]], said: str | None) -> None:
    found = dict(warnings(with_table(*rows, policy=policy))).get("row-without-effect")
    assert (found is None) is (said is None)
    assert said is None or (found or "").endswith(said)


def test_an_output_that_no_row_gives_is_reported() -> None:
    assert ("output-never-given", "no row of `verdict` gives the output `poor`") in warnings(with_table(GOOD))
    assert "output-never-given" not in codes(with_table(GOOD, POOR))
    assert "output-never-given" not in codes(with_table(GOOD, otherwise="poor"))


# ---- warnings without cause


def test_points_in_proportion_to_different_fields_are_not_the_same_evidence() -> None:
    def two(*fields: str) -> Methodology:
        return small.methodology(
            *(
                small.criterion(id, 4, small.rule("r", 4, plan(), in_proportion={"to": f"plan.{field}", "over": over}))
                for id, field, over in zip("ab", fields, ([80, 0], [80, 0]), strict=True)
            ),
            fact_types={**PLAN, "plan": {**PLAN["plan"], "fields": {**PLAN["plan"]["fields"], "waste": COST}}},
        )

    assert "shared-evidence" not in codes(two("cost", "waste"))
    assert "shared-evidence" in codes(two("cost", "cost"))


COST = {"type": "number", "digits": 1, "better": "lower", "optional": True}


@pytest.mark.parametrize(
    ("first", "second", "end"),
    [
        (plan(public=False), plan(public=True), "both can hold if two `plan` facts differ in `public`"),
        (plan(topic="coal"), plan(topic="gas"), "both can hold"),
        (plan(), plan(public=True), "both can hold"),
        (plan(public=False), {"any": [plan(public=True), {"deed": {}}]}, "both can hold"),
    ],
)
def test_rules_that_only_two_facts_can_meet_say_so(first: Any, second: Any, end: str) -> None:
    found = dict(warnings(of(small.rule("a", 1, first), small.rule("b", 4, second), hit_policy="first")))
    assert found["overlapping-rules"].endswith(end)


# ---- companies and datasets


def stated(*facts: dict[str, Any], methodology: Methodology | None = None, **more: Any) -> list[tuple[str, str]]:
    """Return codes and messages about a company with facts."""
    used = methodology or TWO_TYPES
    return [(found.code, found.message) for found in check(small.company(used, *facts, **more), used)]


EXEMPT = small.criterion("goals", 2, small.rule("r", 2, {"goal": {}}), not_applicable={"cohorts": ["tiny"]})
TWO_TYPES = small.methodology(small.LADDER, small.GOALS)


def codes_of(*facts: dict[str, Any], methodology: Methodology | None = None, **more: Any) -> list[str]:
    return [code for code, _ in stated(*facts, methodology=methodology, **more)]


def goal(**values: Any) -> dict[str, Any]:
    return small.fact("goal", {"topic": "energy", **values})


def unknown_goal(year: int) -> dict[str, Any]:
    """Return a goal whose topic, its key, is only disclosed."""
    return small.fact("goal", {"year": year}, disclosed=["topic"])


def share(**values: Any) -> dict[str, Any]:
    return small.fact("share", {"percent": 5, **values})


def site(**values: Any) -> dict[str, Any]:
    return small.fact("site", values)


def test_a_company_without_a_cohort_is_reported_where_cohorts_matter() -> None:
    exempting = small.methodology(EXEMPT)
    message = "`acme` has no cohort, and the cohort decides whether `goals` applies"
    assert stated(goal(), methodology=exempting, cohort=None) == [("missing-cohort", message)]
    assert codes_of(goal(), methodology=exempting) == []
    assert codes_of(goal(), cohort=None) == []
    other = small.company(TWO_TYPES, goal(), id="other", name="Other")
    alone = small.company(TWO_TYPES, goal(), cohort=None)
    assert [found.message for found in check([alone, other], TWO_TYPES)] == [
        "`acme` has no cohort, and other companies have one"
    ]


@pytest.mark.parametrize(
    ("one", "other", "is_said"),
    [
        ({"id": "acme"}, {"id": "Acme"}, True),
        ({"name": "Caf\N{LATIN SMALL LETTER E WITH ACUTE}"}, {"name": "cafe\N{COMBINING ACUTE ACCENT}"}, True),
        ({"name": "Acme Cloud"}, {"name": "Acme\N{NO-BREAK SPACE}Cloud"}, True),
        ({"name": "Acme Cloud"}, {"name": "AcmeCloud"}, True),
        ({"name": "Acme", "aliases": ["AC"]}, {"name": "ac"}, True),
        ({"name": "Stra\N{LATIN SMALL LETTER SHARP S}e"}, {"name": "STRASSE"}, True),
        ({"name": "Acme"}, {"name": "Acne"}, False),
    ],
)
def test_companies_that_look_alike_are_reported(one: dict[str, Any], other: dict[str, Any], is_said: bool) -> None:
    made = [
        small.company(TWO_TYPES, goal(), **{"id": id, "name": id, **more})
        for id, more in (("first", one), ("second", other))
    ]
    assert ([found.code for found in check(made, TWO_TYPES)].count("similar-companies") > 0) is is_said


@pytest.mark.parametrize(
    ("first", "second", "contradict"),
    [
        (goal(year=2030), goal(year=2040), True),
        (goal(year=2030), {**goal(year=2040), "entity": "Acme West"}, False),
        (goal(year=2030), {**goal(year=2040), "period": 2022}, False),
        (goal(year=2030), {**goal(year=2040), "source": "leaflet"}, False),
        (goal(year=2030), goal(year=2040, scopes=["one"]), False),
        (goal(year=2030), small.fact("goal", {"topic": "carbon", "year": 2040}), False),
        (goal(year=2030), goal(year={"at_most": 2035}), False),
        (goal(year=2030), goal(year={"at_most": 2029}), True),
        (goal(year={"at_least": 2030}), goal(year={"less_than": 2030}), True),
        (goal(year={"at_least": 2030}), goal(year={"at_most": 2030}), False),
        (unknown_goal(2030), unknown_goal(2040), False),
        (goal(coverage="part"), goal(coverage="whole"), True),
        (goal(scopes=["one"]), goal(scopes=["two"]), False),
        (share(), share(percent=6), True),
        (share(base="electricity"), share(base="all_energy"), False),
        (site(region="a", public=True), site(region="a", public=False), True),
        (site(region="a", public=True), site(region="b", public=False), False),
    ],
)
def test_facts_that_contradict_each_other_are_reported(
    first: dict[str, Any], second: dict[str, Any], contradict: bool
) -> None:
    assert ("contradicting-facts" in codes_of(first, second)) is contradict


@pytest.mark.parametrize(
    ("period", "is_said"),
    [
        (2024, True),
        ("2024-06-30/2024-07-01", True),
        ("2024-07-01/2024-12-31", False),
        (2023, False),
        ("2021-07-01/2022-06-30", False),
        (2021, False),
        (2025, False),
    ],
)
def test_a_period_that_overlaps_a_window_and_does_not_count_is_reported(period: Any, is_said: bool) -> None:
    assert ("period-overlaps-window" in codes_of(small.fact("share", {"percent": 5}, period=period))) is is_said


def energy(status: str, amount: Any, period: Any = 2023, **more: Any) -> dict[str, Any]:
    return small.fact(
        "energy", {"status": status, **({} if amount is None else {"amount": amount})}, period=period, **more
    )


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ([energy("bought", "5 GWh"), energy("used", "10 GWh")], None),
        ([energy("bought", "5 GWh"), energy("used", "10 GWh", "2022-07-01/2023-06-30")], "derivation-not-joined"),
        ([energy("bought", "5 GWh")], None),
        ([energy("bought", "5 GWh"), energy("bought", "4 GWh", 2022), energy("used", "10 GWh")], None),
        ([energy("bought", "5 GWh"), energy("used", None, "2022-07-01/2023-06-30", disclosed=["amount"])], None),
        ([energy("bought", "50 GWh"), energy("used", "10 GWh")], "derivation-failed"),
        ([energy("bought", "5 GWh"), energy("used", "0 GWh")], "derivation-failed"),
        ([energy("bought", "5 GWh"), energy("used", "10 GWh", "2022-07-01/2023-06-30", source="leaflet")], None),
    ],
)
def test_a_derivation_that_makes_nothing_is_reported(facts: list[dict[str, Any]], said: str | None) -> None:
    found = [code for code in codes_of(*facts) if code.startswith("derivation")]
    assert found == ([] if said is None else [said])


def test_a_derivation_says_which_inputs_do_not_join() -> None:
    found = dict(stated(energy("bought", "5 GWh"), energy("used", "10 GWh", "2022-07-01/2023-06-30")))
    ends = "no facts agree in `period`: `green` has 2023, `total` has 2022-07-01/2023-06-30"
    assert found["derivation-not-joined"].endswith(ends)


def test_a_derived_fact_is_an_input_of_later_derivations() -> None:
    files = small.files(small.LADDER)
    rest = {
        "id": "rest",
        "fact": "share",
        "from": {"share": {"share": {"base": "electricity"}}, "all": {"energy": {"status": "used"}}},
        "join": ["period"],
        "set": {"percent": "share.percent - all.amount * 100", "base": "all_energy"},
        "valid": "[0..100]",
    }
    files["facts.yaml"] = {**files["facts.yaml"], "derivations": [small.DERIVATION, rest]}
    methodology = methodology_from(files)
    found = codes_of(energy("bought", "5 GWh"), energy("used", "10 GWh"), methodology=methodology)
    assert found == ["derivation-failed"]


def region(text: str) -> Methodology:
    return small.methodology(small.criterion("c", 1, small.rule("r", 1, {"site": {"region": f'"{text}"'}})))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("S\N{LATIN SMALL LETTER A WITH TILDE}o Paulo", "Sa\N{COMBINING TILDE}o Paulo"),
        ("Sa\N{COMBINING TILDE}o Paulo", "S\N{LATIN SMALL LETTER A WITH TILDE}o Paulo"),
    ],
)
def test_texts_are_equal_in_every_unicode_form(asked: str, said: str) -> None:
    card = small.card(region(asked), small.fact("site", {"region": said}))
    assert int(card.criterion("c").points) == 1
    in_entity = small.methodology(small.criterion("c", 1, small.rule("r", 1, {"site": {"entity": f'"{asked}"'}})))
    assert int(small.card(in_entity, small.fact("site", {"region": "a"}, entity=said)).criterion("c").points) == 1


@pytest.mark.parametrize("text", ["New\N{NO-BREAK SPACE}York", "New  York", "New York ", "New\N{ZERO WIDTH SPACE}York"])
def test_a_space_that_nobody_sees_is_reported(text: str) -> None:
    assert codes(region(text)) == ["odd-space"]
    assert "odd-space" in codes_of(small.fact("site", {"region": text}))
    assert "odd-space" in codes_of(small.fact("site", {"region": "a"}, entity=text))
    assert "odd-space" in codes_of(goal(), name=text)
    assert "odd-space" not in codes_of(small.fact("site", {"region": "New York"}), name="New York")
    assert codes(region("New York")) == []


def test_companies_with_few_facts_are_noted() -> None:
    many = [
        small.company(TWO_TYPES, *(goal(year=2030 + i) for i in range(8)), id=f"many_{n}", name=f"m{n}")
        for n in range(3)
    ]
    some = small.company(TWO_TYPES, goal(), id="some", name="Some")
    none = small.company(TWO_TYPES, id="none", name="None")
    found = {d.message: d.severity for d in check([*many, some, none], TWO_TYPES) if d.code == "few-facts"}
    assert found == {
        "`some` states 1 fact; half of the companies state 8 or more": Severity.NOTE,
        "`none` states no facts; half of the companies state 8 or more": Severity.NOTE,
    }
    assert [d.code for d in check([some], TWO_TYPES)] == []


# ---- files


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """Return a dataset beside which many files lie that are not read."""
    folder = Path(shutil.copytree(COMPANIES / "good", tmp_path / "demo"))
    shutil.copytree(COMPANIES / "folder" / "files_that_are_not_read", folder, dirs_exist_ok=True)
    return folder


def test_hidden_and_temporary_files_do_not_stop_anything_and_are_noted(dataset: Path) -> None:
    methodology = load_methodology(CRITERIA / "good")
    loaded = load_dataset(dataset, methodology)
    assert [company.id for company in loaded.companies] == ["acme"]
    found = {Path(d.location.file.name).name: d.severity for d in check(loaded, methodology)}
    assert found == {
        "._acme.yaml": Severity.NOTE, "~$acme.yaml": Severity.NOTE, "more.YAML": Severity.WARNING,
        "old": Severity.WARNING, "beta.yaml.txt": Severity.WARNING, "more_sources.yaml": Severity.WARNING,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["beta.jsonl", "beta.yaml_old", "beta.Yml", "beta.json.swp", "beta.yaml (1)"])
def test_a_file_with_another_ending_is_reported(dataset: Path, name: str) -> None:
    (dataset / "companies" / name).write_text("id: beta\n", encoding="utf-8")
    methodology = load_methodology(CRITERIA / "good")
    found = [d for d in check(load_dataset(dataset, methodology), methodology) if d.location.file.name.endswith(name)]
    assert [(d.code, d.severity) for d in found] == [("unread-file", Severity.WARNING)]


def test_criteria_that_are_not_read_are_reported(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(CRITERIA / "good", tmp_path / "demo"))
    for path in ("more.YAML", "inner/more.yaml", "cases/more.yaml", "companies/acme.yaml", "._more.yaml"):
        (folder / path).parent.mkdir(exist_ok=True)
        text = "criteria: []\n" if "more" in path and "cases" not in path else "id: acme\n"
        (folder / path).write_text(text, encoding="utf-8")
    found = {Path(d.location.file.name).name: d.severity for d in check(folder) if d.code == "unread-file"}
    assert found == {"more.YAML": Severity.WARNING, "inner": Severity.WARNING, "._more.yaml": Severity.NOTE}


def test_a_dataset_accepts_warnings_with_a_reason(dataset: Path) -> None:
    head = dataset / "dataset.yaml"
    entries = [
        ("companies/more.YAML", "unread-file"),
        ("companies/old", "unread-file"),
        ("companies/beta.yaml.txt", "unread-file"),
    ]
    accepted = "".join(f"  - {{code: {code}, where: {where}, reason: Kept.}}\n" for where, code in entries)
    options = ["check", str(dataset), "-m", str(CRITERIA / "good"), "--strict"]
    (dataset / "more_sources.yaml").unlink()
    assert CliRunner().invoke(main, options).exit_code == 1
    head.write_text(f"{head.read_text(encoding='utf-8')}accepted:\n{accepted}", encoding="utf-8")
    strict = CliRunner().invoke(main, options)
    assert strict.exit_code == 0
    assert strict.stderr.count("note[unread-file]") == 2
    assert "warning[" not in strict.stderr
    (dataset / "companies" / "more.YAML").unlink()
    assert "warning[accepts-nothing]" in CliRunner().invoke(main, options).stderr


@pytest.mark.parametrize(
    ("where", "accepts"),
    [
        ("companies/acme.yaml", True),
        ("./companies/acme.yaml", True),
        ("companies/acme.yaml:facts[1]", True),
        ("companies/acme.yaml:facts[1].share", True),
        ("companies/acme.yaml:facts[0]", False),
        ("companies/acme.yaml:facts[1].sh", False),
        ("acme.yaml", False),
    ],
)
@pytest.mark.parametrize("code", ["contradicting-facts", "odd-space"])
def test_an_accepted_warning_is_named_by_its_file_and_place(
    tmp_path: Path, where: str, accepts: bool, code: str
) -> None:
    folder = Path(shutil.copytree(COMPANIES / "good", tmp_path / "demo"))
    shutil.copy(COMPANIES / "company" / "contradicting_facts.yaml", folder / "companies" / "acme.yaml")
    with (folder / "dataset.yaml").open("a", encoding="utf-8") as file:
        file.write(f'accepted: [{{code: {code}, where: "{where}", reason: Kept.}}]\n')
    methodology = load_methodology(CRITERIA / "good")
    found = [d.code for d in check(load_dataset(folder, methodology), methodology)]
    is_accepted = accepts and code == "contradicting-facts"
    assert found == ([] if is_accepted else ["contradicting-facts", "accepts-nothing"])


# ---- published claims

GOAL = {"goal": {"topic": "energy"}}
WHOLE = {"goal": {"coverage": "whole"}}


def recounted(when: Any, published: int) -> tuple[ClaimResult, str]:
    """Return a claim about three companies, and the text: one states a goal, one was searched, one says nothing."""
    methodology = small.methodology(small.criterion("c", 1, small.rule("a", 1, when)))
    stated = small.company(methodology, goal(), id="stated", name="Stated")
    searched = small.company(methodology, not_found=[GOAL], id="searched", name="Searched")
    silent = small.company(methodology, id="silent", name="Silent")
    claim = PublishedClaim("one", "One", published, methodology.criteria[0].rules[0].when)
    report = findings(Dataset("Demo", "small", (stated, searched, silent), statements=(claim,)), methodology)
    return report.rows[0], as_text(findings_text(report))


@pytest.mark.parametrize(
    ("when", "yes", "no"), [(GOAL, "stated", "searched"), ({"none": [GOAL]}, "searched", "stated")]
)
def test_no_company_is_counted_for_what_was_not_looked_for(when: Any, yes: str, no: str) -> None:
    row, text = recounted(when, 1)
    assert (row.yes, row.cannot_tell, row.no) == ((yes,), ("silent",), (no,))
    assert f"\n  yes: {yes.title()}\n  cannot tell: Silent\n  no: {no.title()}\n" in text


@pytest.mark.parametrize("when", [GOAL, {"none": [GOAL]}])
@pytest.mark.parametrize(
    ("published", "verdict"), [(0, "disagrees"), (1, "possible"), (2, "possible"), (3, "disagrees")]
)
def test_a_published_count_that_facts_allow_is_possible(when: Any, published: int, verdict: str) -> None:
    row, text = recounted(when, published)
    assert row.verdict.value == verdict
    assert f"published {published}, counted 1 to 2: {verdict}\n" in text


# ---- published tables


@pytest.mark.parametrize(
    ("rows", "is_equal", "verdict"),
    [
        ("beta,1,100.00\nacme,2,50.00\n", True, "the stated facts give the published table"),
        ("acme,2,50.00\nbeta,1,100.00\n", True, "the stated facts give the published table"),
        ("acme,1,50.00\nbeta,2,100.00\n", False, "the facts read do not give the published table"),
        ("", False, "nothing is compared, because no figure is printed"),
        ("acme,,\n", False, "nothing is compared, because no figure is printed"),
        ("acme,,\nbeta,1,100.00\n", False, "the published table is not complete: some of its rows have no figure"),
        ("acme,1,\n", True, "the stated facts give the published table"),
        ("acme,,-\n", False, "the facts read do not give the published table"),
    ],
)
def test_a_table_passes_if_it_has_figures_and_all_are_right(rows: str, is_equal: bool, verdict: str) -> None:
    methodology = small.methodology(small.criterion("c", 2, *[small.rule("a", 1, GOAL), small.rule("b", 2, WHOLE)]))
    facts = {"acme": goal(), "beta": goal(coverage="whole")}
    companies = tuple(small.company(methodology, fact, id=id, name=id) for id, fact in facts.items())
    gather = DiagnosticCollector()
    table = published_from(f"company,rank,total\n{rows}", "published.csv", methodology, gather)
    assert not gather.diagnostics
    found = reproduce(Dataset("Demo", "small", companies, published=table), methodology)
    assert found.is_equal is is_equal
    assert f"Verdict: {verdict}." in as_text(reproduction_text(found))


# ---- order, hints and forms


def test_diagnostics_of_plain_data_are_in_the_order_of_the_list() -> None:
    with pytest.raises(FactsError) as caught:
        small.company(TWO_TYPES, *({"goal": {"topic": "nothing"}} for _ in range(12)))
    places = [diagnostic.location.path for diagnostic in caught.value.diagnostics]
    assert places == [f"facts[{i}].goal.topic" for i in range(12)]


@pytest.mark.parametrize("number", [Decimal(3), Decimal("3E0"), 3])
def test_a_whole_decimal_is_a_whole_number(number: Any) -> None:
    company = small.company(TWO_TYPES, site(region="a", rank=number))
    assert company.facts[0].get("rank") == 3


def derived(*inputs: str, **more: Any) -> Methodology:
    files = small.files(small.LADDER)
    asked = {name: {"energy": {"status": name}} for name in inputs}
    doubled = {"id": "twice", "fact": "share", "from": asked, "set": {"percent": f"{inputs[0]}.amount * 2"}, **more}
    files["facts.yaml"] = {**files["facts.yaml"], "derivations": [doubled]}
    return methodology_from(files)


def test_a_derivation_of_one_input_needs_no_join() -> None:
    card = small.card(derived("bought"), energy("bought", "6 GWh"))
    assert int(card.criterion("ladder").points) == 4
    with pytest.raises(CriteriaError, match="key `join` is missing"):
        derived("bought", "used")
    assert derived("bought", "used", join=[]).vocabulary.derivations[0].join == ()


def with_band(score: Any) -> list[tuple[str, str]]:
    table = {
        "id": "verdict", "title": "Verdict", "inputs": {"label": {"label": "part"}}, "outputs": ["good"],
        "rows": [{"label": "high", "then": "good"}],
    }  # fmt: skip
    categories = [{"id": "part", "title": "Part", "weight": 100, "bands": [{"label": "high", "score": score}]}]
    try:
        small.tree(categories, {"part": [small.LADDER]}, tables=[table], rank_by=["verdict"])
    except CriteriaError as error:
        return [(diagnostic.code, diagnostic.help) for diagnostic in error.diagnostics]
    return []


@pytest.mark.parametrize(
    ("score", "said"),
    [
        (1, []),
        (">= 1", []),
        ("1", [("wrong-type", "write it in digits, unquoted: `1`")]),
        ("high", [("wrong-type", 'write it as a test: `"[60..80)"` or `">= 80"`')]),
    ],
)
def test_a_bad_band_is_the_only_mistake_that_is_reported(score: Any, said: list[tuple[str, str]]) -> None:
    assert with_band(score) == said


@pytest.mark.parametrize("digits", ["digits", "points_digits"])
def test_decimal_places_below_zero_are_the_only_mistake_that_is_reported(digits: str) -> None:
    rounding = {"digits": 2, "points_digits": 1, digits: -1}
    with pytest.raises(CriteriaError) as refused:
        small.methodology(small.LADDER, small.GOALS, rounding=rounding)
    assert [diagnostic.code for diagnostic in refused.value.diagnostics] == ["out-of-range"]


@pytest.mark.parametrize("formula", ["1 +", "gren.amount", "1" + " + 1" * 51])
def test_a_bad_formula_is_the_only_mistake_that_is_reported(formula: str) -> None:
    files = small.files(small.LADDER)
    files["facts.yaml"]["derivations"] = [{**small.DERIVATION, "set": {"percent": formula}}]
    with pytest.raises(CriteriaError) as refused:
        methodology_from(files)
    assert len(refused.value.diagnostics) == 1


def test_a_criterion_without_rules_is_the_only_mistake_that_is_reported() -> None:
    with pytest.raises(CriteriaError) as refused:
        small.methodology(small.criterion("empty", 4), small.GOALS)
    assert [diagnostic.code for diagnostic in refused.value.diagnostics] == ["empty-value"]


def test_a_zero_with_many_digits_has_no_exponent_in_arithmetic() -> None:
    assert rounding_in_words(Fraction(0), rounded(Fraction(0), 12, RoundingMode.HALF_UP), RoundingMode.HALF_UP) == (
        "0.000000000000"
    )
    small_share = rounded(Fraction(1, 3 * 10**12), 12, RoundingMode.HALF_UP)
    said = rounding_in_words(Fraction(1, 3 * 10**12), small_share, RoundingMode.HALF_UP)
    assert said == "1/3000000000000, rounded half up to 0.000000000000"


@given(st.fractions(0, 1))
def test_a_half_that_is_added_before_rounding_can_be_written(share_of_all: Fraction) -> None:
    published = rounded(9 * share_of_all + Fraction(1, 2), 0, RoundingMode.HALF_UP)
    written = rounded(1 + (10 - 1) * share_of_all, 0, RoundingMode.FLOOR)
    assert written == published
