"""A scorecard and a ranking made by hand, in which each part that a rendering may meet occurs once."""

from decimal import Decimal
from fractions import Fraction

from attrs import evolve

from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.results.rankings import Cohort, Ranking, ranked
from cleancloud_rules.results.records import CompanyRecord, FactRecord, MethodologyRecord, NoticeRecord, SourceRecord
from cleancloud_rules.results.scorecards import CriterionResult, GroupScore, RuleResult, Scorecard, Unmet

METHODOLOGY = MethodologyRecord("demo", "Demonstration", "2024", "Demo Institute", "ab" * 32)
NOTICES = (
    NoticeRecord("independent", "Independent project."),
    NoticeRecord("points", "Points devised here."),
)
SOURCES = (
    SourceRecord(
        "annual-report", "corporate_publication", "Annual Report", "Acme", "2024-04-02", "2024-06-29",
        "https://example.org/report", None, (15, 17), None,
    ),
    SourceRecord("unnamed", "news_report", None, None, None, None, None, None, (), None),
)  # fmt: skip


def fact(id: str, **changes: object) -> FactRecord:
    """Return a fact about a share, with changes."""
    made = FactRecord(
        id=id,
        type="share",
        title="Share of renewable energy",
        fields=(("percent", {"more_than": Decimal(38)}), ("denominator", "electricity")),
        text="percent more than 38%, denominator electricity",
        disclosed=(),
        period="2023",
        as_of=None,
        basis="reported",
        source="annual-report",
        locator="p. 12",
        entity=None,
        note=None,
        derived_by=None,
        derived_from=(),
        counts=True,
        why_not=None,
    )
    return evolve(made, **changes)  # type: ignore[arg-type] # a test may pass any field


def rule(id: str, points: str, **changes: object) -> RuleResult:
    """Return a rule that did not fire, with changes."""
    unmet = (Unmet("share: {percent: > 10}", ("percent: > 10",), None),)
    made = RuleResult(
        id, Decimal(points), False, False, (), None, unmet, "share: {percent: > 10}", "Share (Percent: more than 10%)"
    )
    return evolve(made, **changes)  # type: ignore[arg-type] # a test may pass any field


def criterion(id: str, outcome: Outcome, points: str, max_points: str, **changes: object) -> CriterionResult:
    """Return the result of a criterion without rules, with changes."""
    made = CriterionResult(
        id=id,
        title=f"Criterion {id}",
        horizon="short_term",
        outcome=outcome,
        points=Decimal(points),
        max_points=Decimal(max_points),
        points_forgone=Decimal(max_points) - Decimal(points),
        hypothetical_points=Decimal("0.0"),
        hit_policy="the highest of the rules that hold",
        arithmetic=f"collect max: {points} by a rule = {points}",
        weight=None,
        requirement=None,
        level=None,
        shared_with=(),
        because=("Because.",),
        remedy=None,
        recommendation=None,
        reference="annual-report, Methodology",
        guidance="A public report.",
        basis=None,
        rationale=None,
        points_basis="project",
        facts=(),
        looked_for=(),
        rules=(),
    )
    return evolve(made, **changes)  # type: ignore[arg-type] # a test may pass any field


def category(
    id: str, weight: int, points: str, most: str, exact: str, score: str, *criteria: CriterionResult, **changes: object
) -> GroupScore:
    """Return the score of a category, with changes."""
    made = GroupScore(
        id=id,
        title=id.capitalize(),
        weight=Decimal(weight),
        points=Decimal(points),
        max_points=Decimal(most),
        hypothetical_points=sum((c.hypothetical_points for c in criteria), Decimal("0.0")),
        outcome=GroupOutcome.SCORED,
        aggregate="sum of points",
        exact=Fraction(exact),
        score=Decimal(score),
        max_score=Decimal(weight),
        hypothetical_score=Decimal("0.00"),
        arithmetic=f"{weight} x {points} / {most} = {exact}, rounded to {score}",
        label=None,
        level=None,
        because=(),
        requirements=(),
        criteria=criteria,
        groups=(),
    )
    return evolve(made, **changes)  # type: ignore[arg-type] # a test may pass any field


def scorecard() -> Scorecard:
    """Return a scorecard of two categories: 4 of 6 points and 1 of 2."""
    ladder = criterion(
        "ladder", Outcome.PARTIAL, "4.0", "6.0",
        because=("More than 38% in 2023.",),
        remedy="Raise the share.",
        recommendation="R2",
        recommendation_text="Use more renewable energy.",
        facts=("share-1", "share-2"),
        rules=(
            rule(
                "all", "6.0",
                unmet=(Unmet("share: {percent: >= 100}", ("percent: >= 100",), "share-1"),),
                when="share: {percent: >= 100}",
            ),
            rule(
                "some", "4.0", fired=True, won=True, facts=("share-1",), because="More than 38% in 2023.",
                unmet=(), basis="project", rationale="The publisher names no threshold.",
            ),
            rule("any", "1.0", fired=True, facts=("share-1",), because="A share.", unmet=()),
        ),
    )  # fmt: skip
    forbidden = Unmet("share: {denominator: electricity}", (), None, True)
    other = (
        criterion("found", Outcome.AWARDED, "1.0", "1.0", hypothetical_points=Decimal("1.0")),
        criterion("gone", Outcome.NOT_FOUND, "0.0", "0.5", looked_for=("share: {percent: > 10}",)),
        criterion("open", Outcome.NOT_ASSESSED, "0.0", "0.5", rules=(rule("none", "0.5", unmet=(forbidden,)),)),
    )
    categories = (
        category("energy", 40, "4.0", "6.0", "80/3", "26.67", ladder),
        category("other", 60, "1.0", "2.0", "30", "30.00", *other, hypothetical_score=Decimal("30.00")),
    )
    facts = (
        fact("share-1"),
        fact("share-2", period="2021", counts=False, why_not="its period 2021 ends before the window begins"),
        fact(
            "share-3", basis="calculated", source=None, locator=None, entity="Acme Cloud",
            note="Of three sites.", disclosed=("amount",), derived_by="share_from_use",
            derived_from=("share-1",),
        ),
    )  # fmt: skip
    return Scorecard(
        methodology=METHODOLOGY,
        company=CompanyRecord("acme", "Acme", "cloud", "Cloud providers", "cd" * 32),
        outcome=GroupOutcome.SCORED,
        total=Decimal("56.67"),
        hypothetical_total=Decimal("30.00"),
        max_total=Decimal(100),
        arithmetic="26.67 + 30.00 = 56.67",
        label=None,
        level=None,
        because=(),
        requirements=(),
        tables=(),
        points_basis="project",
        categories=categories,
        facts=facts,
        sources=SOURCES,
        problems=("share_from_use divides by zero for 2022",),
        notices=NOTICES,
        library_version="0.1.0",
    )


def ranking() -> Ranking:
    """Return a ranking of one cohort of two companies with equal totals."""
    first = scorecard()
    second = evolve(first, company=evolve(first.company, id="bolt", name="Bolt"))
    cohort = Cohort("cloud", "Cloud providers", (ranked(1, first), ranked(1, second)))
    return Ranking(METHODOLOGY, (cohort,), NOTICES, "0.1.0")
