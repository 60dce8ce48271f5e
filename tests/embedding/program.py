"""A program that embeds the library as a typical service does. Type checkers accept it, and a test runs it."""

import json
import pickle
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

import cleancloud_rules as cc
from cleancloud_rules.analysis import effective_weights, what_if
from cleancloud_rules.model import Criterion, FieldType
from cleancloud_rules.results import GroupOutcome, Outcome, Points, Severity

METHODOLOGY: Mapping[str, Mapping[str, object] | str] = {
    "methodology.yaml": {
        "id": "open_doors",
        "title": "Open doors",
        "edition": "1",
        "publisher": "Nobody",
        "sources": {"visit": {"type": "visit", "title": "Visit"}},
        "source_types": ["visit"],
        "windows": {"always": "always"},
        "points_basis": "project",
        "categories": [{"id": "hours", "title": "Opening hours", "weight": 100}],
    },
    "facts.yaml": """
        fact_types:
          opening:
            title: Opening hours
            horizon: always
            fields: {hours: {type: integer, valid: "[0..24]"}}
    """,
    "hours.yaml": """
        category: hours
        criteria:
          - id: long_day
            title: Open at least eight hours a day
            horizon: always
            max_points: 2
            hit_policy: collect max
            otherwise: No opening hours are on record.
            rules:
              - {id: eight, points: 2, when: {opening: {hours: ">= 8"}}, because: "Open {opening.hours} hours."}
    """,
    "cases/hours": {
        "cases": [
            {
                "name": "Nine hours",
                "facts": [{"opening": {"hours": 9}, "source": "visit"}],
                "expect": {"criteria": {"long_day": 2}},
            }
        ]
    },
}
DATASET: Mapping[str, Mapping[str, object]] = {
    "dataset.yaml": {
        "title": "Shops",
        "methodology": "open_doors",
        "companies": "companies",
        "published": "printed",
        "statements": "claims",
    },
    "companies/shop": {"id": "shop", "name": "Shop", "facts": [{"opening": {"hours": 9}, "source": "visit"}]},
    "companies/stall": {"id": "stall", "name": "Stall", "facts": [{"opening": {"hours": 4}, "source": "visit"}]},
    "claims": {
        "statements": [
            {"id": "nine", "title": "Shops open nine hours", "published": 1, "when": {"opening": {"hours": ">= 9"}}}
        ]
    },
}
PRINTED: list[dict[str, object]] = [
    {"company": "shop", "rank": 1, "total": 100},
    {"company": "stall", "rank": 2, "total": 0},
]


def errors(diagnostics: Iterable[cc.Diagnostic]) -> list[str]:
    """Return the places of the errors."""
    return [
        f"{found.location.file.name}:{found.location.line}: {found.code}"
        for found in diagnostics
        if found.severity is Severity.ERROR
    ]


def load() -> tuple[cc.Methodology, cc.Dataset]:
    """Return a methodology and a dataset from memory."""
    assert errors(cc.check(METHODOLOGY)) == []
    methodology = cc.methodology_from(METHODOLOGY)
    dataset = cc.dataset_from({**DATASET, "printed": PRINTED}, methodology)
    assert errors(cc.check(dataset, methodology)) == []
    return methodology, dataset


def load_from_files(name: str) -> cc.Dataset:
    """Return a dataset that comes with the library, or one from a folder."""
    assert name in cc.bundled()["datasets"]
    return cc.load_dataset(name, cc.load_methodology(name), with_hypothetical=False)


def declared(methodology: cc.Methodology) -> list[str]:
    """Return lines about what a methodology declares."""
    criteria: tuple[Criterion, ...] = methodology.criteria
    numbers = [
        f"{kind.id}.{field.id}"
        for kind in methodology.vocabulary.fact_types
        for field in kind.fields
        if field.type is FieldType.INTEGER
    ]
    return [f"{criterion.id}: {criterion.max_points}" for criterion in criteria] + numbers


def score(company: cc.Company, methodology: cc.Methodology) -> tuple[cc.Scorecard, Points]:
    """Return a scorecard and the points alone."""
    card = cc.score(company, methodology, cross_check=True, as_of=date(2024, 6, 30), with_bounds=True)
    points = cc.score(company, methodology, explain=False, as_of=date(2024, 6, 30))
    assert points.to_json() == card.to_json(detail="points")
    for explain in (True, False):
        either = cc.score(company, methodology, explain=explain)
        assert isinstance(either, cc.Scorecard if explain else Points)
        assert either.total == card.total
    return card, points


def read(card: cc.Scorecard) -> list[str]:
    """Return what a service shows of a scorecard."""
    lines: list[str] = [card.company.name, str(card.count(Outcome.NOT_ASSESSED))]
    total: Decimal | None = card.total
    if total is not None and card.outcome is GroupOutcome.SCORED:
        lines.append(f"total {total:.2f}")
    for category in card.categories:
        exact: Fraction | None = category.exact
        lines.append(f"{category.id} {category.score} {exact} {category.level.id if category.level else None}")
    for criterion in card.criteria:
        lines.append(f"{criterion.points} of {criterion.max_points}: {' '.join(criterion.because)}")
        for rule in criterion.rules:
            sources = [card.fact(id).source for id in rule.facts]
            missing = [unmet.condition for unmet in rule.unmet]
            lines.append(f"{rule.id} {rule.fired} {rule.won} {sources} {missing}")
    if card.bounds is not None and card.bounds.floor is not None:
        lines.append(f"at least {card.bounds.floor}")
    return lines


def keep(card: cc.Scorecard) -> cc.Scorecard:
    """Return a scorecard that was kept as JSON, and then as a pickle."""
    text: str = card.to_json()
    again = cc.Scorecard.from_json(text.encode())
    copy: object = pickle.loads(pickle.dumps(again))  # noqa: S301 - it was pickled on this line
    assert isinstance(copy, cc.Scorecard)
    return copy


def rank(dataset: cc.Dataset, methodology: cc.Methodology) -> list[tuple[int | None, str, Decimal | None]]:
    """Return the rows of a ranking that was kept as JSON."""
    failures: list[cc.EngineError | cc.FactsError] = []
    ranking = cc.rank(dataset, methodology, failures=failures)
    cards = [row.scorecard for cohort in ranking.cohorts for row in cohort.rows]
    assert not failures
    assert cc.rank(cards, methodology) == ranking
    assert cc.rank(map(cc.Scorecard.from_json, [card.to_json() for card in cards]), methodology) == ranking
    kept = cc.Ranking.from_json(ranking.to_json())
    return [(row.rank, row.company.name, row.total) for cohort in kept.cohorts for row in cohort.rows]


def change(dataset: cc.Dataset, methodology: cc.Methodology) -> list[tuple[str | None, Decimal]]:
    """Return what a further fact would change."""
    longer = {"id": "stall", "facts": [{"opening": {"hours": 10}, "source": "visit"}]}
    found = what_if(dataset, methodology, facts=longer)
    for moved in found.ranks:
        assert moved.new is None or moved.new >= 1
    return [(effect.id, effect.change) for part in found.company("stall").parts for effect in part.effects]


def compare(methodology: cc.Methodology) -> list[str]:
    """Return the changes between two editions, in sentences."""
    stricter = {**METHODOLOGY, "hours.yaml": str(METHODOLOGY["hours.yaml"]).replace(">= 8", ">= 10")}
    difference = cc.diff(methodology, cc.methodology_from(stricter), {**DATASET, "printed": PRINTED})
    assert difference.effect is not None
    figures = [figure for company in difference.effect.companies for figure in company.figures]
    assert all(figure.change <= 0 for figure in figures if figure.kind.value == "total")
    return [change.text for change in difference.changes]


def test(methodology: cc.Methodology) -> list[str]:
    """Return what the test cases find."""
    report = cc.run_cases(METHODOLOGY)
    cases = cc.cases_from(METHODOLOGY, methodology)
    assert [case.name for case in report.cases] == [case.name for case in cases]
    found = [f"{len(report.cases) - len(report.failed)} test cases pass"]
    for result in report.failed:
        found += [f"{result.name}: {miss.what} {miss.came}, not {miss.expected}" for miss in result.mismatches]
    return found


def analyse(dataset: cc.Dataset, methodology: cc.Methodology) -> list[str]:
    """Return figures of the analyses."""
    bounds = cc.analysis.bounds(dataset, methodology)
    claims = cc.analysis.findings(dataset, methodology)
    table = cc.analysis.reproduce(dataset, methodology)
    certificate = cc.analysis.certify(methodology, examples=2)
    shares = [weight.share for weight in effective_weights(methodology)]
    return [
        *(f"{company.company.id} {company.floor}..{company.ceiling}" for company in bounds.companies),
        *(f"{row.id} {row.verdict.value}" for row in claims.rows),
        f"{table.figures_equal} of {table.figures_total}",
        f"{certificate.total.least} to {certificate.total.greatest}",
        f"{sum(share for share in shares if share is not None)}",
    ]


def refused(methodology: cc.Methodology) -> list[str]:
    """Return the errors of a company that is rejected."""
    try:
        cc.company_from({"id": "shop", "name": "Shop", "facts": [{"opening": {"hours": "many"}}]}, methodology)
    except cc.FactsError as error:
        return [diagnostic.message for diagnostic in error.diagnostics]
    except cc.CleanCloudError:
        raise
    return []


def main() -> list[str]:
    """Return the lines that a service would show. It uses everything once."""
    methodology, dataset = load()
    lines = declared(methodology)
    for company in dataset.companies:
        card, points = score(company, methodology)
        assert keep(card) == card
        assert points.total == card.total
        lines += [*read(card), cc.render(card, detail="full")]
    lines += [f"{place} {company}: {total}" for place, company, total in rank(dataset, methodology)]
    lines += [f"{figure or 'total'} {difference:+}" for figure, difference in change(dataset, methodology)]
    lines += [*compare(methodology), *analyse(dataset, methodology), *refused(methodology), *test(methodology)]
    lines += [load_from_files("clean_cloud_2024").title, json.dumps(cc.schema("company"))]
    return lines
