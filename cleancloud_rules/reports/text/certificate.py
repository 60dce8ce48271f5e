"""Certificates in text: a table of verdicts, and all counterexamples."""

from collections.abc import Container
from decimal import Decimal

from cleancloud_rules.reports.outline.blocks import Outline, table
from cleancloud_rules.reports.text.base import add_notices, methodology_in_words, number
from cleancloud_rules.results.certificates import (
    Certificate,
    Certified,
    Counterexample,
    Improvement,
    Judgement,
    Means,
    RuleInvolved,
    Verdict,
)

Files = tuple[str, str]
"""The two companies of a counterexample."""

_PAGE = "docs/explanation/monotonicity.md"

_ASKED = {
    Improvement.EVIDENCE: "a fact is added",
    Improvement.VALUE: "a field of a fact improves",
    Improvement.NARROWING: "a bounded value of a fact becomes more exact",
}


def certificate_text(certificate: Certificate, allowed: Container[str] = ()) -> Outline:
    """Return a certificate as a document.

    Args:
        certificate: the certificate.
        allowed: ids of criteria and groups, or ``total``, that are exceptions although they do not declare it.
    """
    outline = Outline()
    add_notices(outline, certificate.notices)
    outline.heading(methodology_in_words(certificate.methodology), 1)
    asked = "; ".join(f"in {kind.value}, {what}" for kind, what in _ASKED.items())
    outline.add(f"Monotonicity: whether points can be lost when evidence gets better ({asked}).")
    outline.gap()
    _add_table(outline, certificate)
    outline.gap()
    _add_summary(outline, certificate)
    shown: dict[Files, str] = {}
    for part in certificate.all:
        _add_part(outline, part, shown)
    _add_exceptions(outline, certificate, allowed)
    failing = certificate.failing(allowed)
    outline.gap()
    contradicted = [part.id for part in failing if part.senses(Verdict.CONTRADICTED)]
    refuted = [part.id for part in failing if part.id not in contradicted]
    if contradicted:
        outline.add(f"Contradicted: {', '.join(contradicted)}.", style="bold red")
    if refuted:
        outline.add(f"Refuted: {', '.join(refuted)}.", style="bold red")
    undecided = certificate.undecided(allowed)
    if undecided:
        outline.add(f"Undecided: {', '.join(part.id for part in undecided)}.", style="bold yellow")
    if not failing and not undecided:
        outline.add(f"Passed: {_passed(certificate)}.", style="bold")
    return outline


def _passed(certificate: Certificate) -> str:
    if all(judgement.verdict is Verdict.PROVED for part in certificate.all for judgement in part.judgements):
        return "everything is proved"
    return "what is not proved is a declared or allowed exception, or depends on one"


def _add_table(outline: Outline, certificate: Certificate) -> None:
    made = table("", *(f"In {kind.value}" for kind in Improvement), "Lowest", "Highest", "Maximum", right=(4, 5, 6))
    for title, parts in (
        ("Criteria, in points", certificate.criteria),
        ("Groups, in score", certificate.groups),
        ("Categories, in score", certificate.categories),
        ("Total", (certificate.total,)),
    ):
        if not parts:
            continue
        made.add_row(title, style="bold")
        for part in parts:
            made.add_row(
                f"  {part.id}",
                *(_in_short(judgement) for judgement in part.judgements),
                _limit(part.least, reached=part.reached, sign="≥"),
                _limit(part.greatest, reached=part.reached, sign="≤"),
                number(part.ceiling),
            )
    outline.add_table(made)


def _in_short(judgement: Judgement) -> str:
    return f"{judgement.verdict.value}: {judgement.by.value}" if judgement.by is not Means.NOTHING else "undecided"


def _limit(value: Decimal | None, *, reached: bool, sign: str) -> str:
    return number(value) if reached or value is None else f"{sign} {number(value)}"


def _add_summary(outline: Outline, certificate: Certificate) -> None:
    judgements = [judgement for part in certificate.all for judgement in part.judgements]
    contradicted = any(judgement.verdict is Verdict.CONTRADICTED for judgement in judgements)
    names = sorted({name for judgement in judgements for name in judgement.lemmas})
    if names:
        outline.add(f"Lemmas used, explained in {_PAGE}: {', '.join(names)}.")
    if certificate.examples:
        outline.add(
            f"{certificate.examples} companies were generated from seed {certificate.seed} and scored by the engine. "
            + ("Some refute a proof." if contradicted else "None of them refutes a proof.")
        )


def _add_part(outline: Outline, part: Certified, shown: dict[Files, str]) -> None:
    for judgement in part.judgements:
        if judgement.verdict is Verdict.UNDECIDED:
            outline.gap()
            outline.add(f"{part.id} is undecided in {judgement.sense.value}: {judgement.note}.")
        if judgement.verdict is Verdict.CONTRADICTED:
            outline.gap()
            both = f"{part.id} is contradicted in {judgement.sense.value}: it is {judgement.note}."
            outline.add(f"{both} One of the two is wrong, which is a fault of the library.", style="bold red")
        for example in judgement.counterexamples:
            outline.gap()
            known = shown.setdefault(example.files, f"{part.id}, {judgement.sense.value}")
            if known == f"{part.id}, {judgement.sense.value}":
                _add_example(outline, part, judgement, example)
            else:
                outline.heading(f"{example.place}: {part.id} is refuted in {judgement.sense.value}")
                outline.add(f"{_fall(example)}, by the companies shown for {known}", 2)
    if not part.is_within:
        outline.gap()
        outline.add(f"{part.place}: {part.id} can leave its bounds: {_reach(part)}.", style="bold red")


def _add_exceptions(outline: Outline, certificate: Certificate, allowed: Container[str]) -> None:
    for part in certificate.all:
        if part.declared or part.id in allowed:
            outline.gap()
            refuted, undecided = (
                ", ".join(kind.value for kind in part.senses(verdict))
                for verdict in (Verdict.REFUTED, Verdict.UNDECIDED)
            )
            needless = f"and is undecided in {undecided}" if undecided else "but nothing refutes it"
            what = f"an exception, in {refuted}" if refuted else f"declared an exception, {needless}"
            outline.add(f"{part.id} is {what}{f': {part.rationale}' if part.rationale else '.'}")


def _reach(part: Certified) -> str:
    reach, bounds = (part.least, part.greatest), (part.floor, part.ceiling)
    return f"{number(reach[0])} to {number(reach[1])} instead of {number(bounds[0])} to {number(bounds[1])}"


def _add_example(outline: Outline, part: Certified, judgement: Judgement, example: Counterexample) -> None:
    outline.heading(f"{example.place}: {part.id} is refuted in {judgement.sense.value}")
    outline.add("A company that states" if example.before else "A company that states nothing", 2)
    for fact in example.before:
        outline.add(f"- {fact}", 4)
    outline.add(f"earns less when {example.change}: {_fall(example)}", 2)
    for rule in example.rules:
        outline.add(_rule(rule), 4)
    outline.add(f"help: {example.mend}", 2)


def _fall(example: Counterexample) -> str:
    before, after, lost = example.points_before, example.points_after, example.lost
    below = ", which lies below the rounding: both show the same result" if example.below_rounding else ""
    return f"{number(lost)} lost, from {number(before)} to {number(after)}{below}"


def _rule(rule: RuleInvolved) -> str:
    return f"{rule.place}: rule {rule.id}, {number(rule.points)} points: {rule.before}, then {rule.after}"
