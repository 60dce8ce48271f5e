"""A criterion in words: its points, its rules with their conditions, and its sentences."""

from decimal import Decimal

from cleancloud_rules.documentation.groups import requirements_in_words
from cleancloud_rules.documentation.inline import listed, prose, sentence_text
from cleancloud_rules.documentation.page import Block, Code, Listing, Paragraph, Section, Table, Text
from cleancloud_rules.language.wording import proportion_in_words, when_in_words
from cleancloud_rules.model.methodology import Criterion, Group, HitPolicy, PointsBasis, Rule
from cleancloud_rules.model.rounding import short

HIT_POLICIES = {
    HitPolicy.COLLECT_MAX: "of the rules that hold, the one with the most points counts",
    HitPolicy.COLLECT_MIN: "of the rules that hold, the one with the fewest points counts",
    HitPolicy.COLLECT_SUM: "the points of all rules that hold are added",
    HitPolicy.FIRST: "the first rule that holds counts",
}
"""How the points of several rules, including penalties, become the points of a criterion."""

_WHOSE = {
    PointsBasis.PROJECT: "by this project, beyond the publisher's words",
    PointsBasis.PUBLISHED: "by the publisher",
    None: "rationale",
}


def criterion_section(criterion: Criterion) -> Section:
    """Return the section about a criterion."""
    blocks: list[Block] = [Listing(tuple(_facts(criterion)))]
    if criterion.guidance:
        blocks.append(Paragraph(("What counts as evidence: ", *prose(criterion.guidance))))
    rows = tuple(
        ((Code(rule.id),), _points(rule), (Code(when_in_words(rule.when)),), sentence_text(rule.because))
        for rule in criterion.rules
    )
    blocks.append(Table(f"Rules of {criterion.title}", ("Rule", "Points", "Condition", "Sentence"), rows))
    beyond = tuple((Code(rule.id), ": ", *text) for rule in criterion.rules if (text := _beyond(rule)))
    if beyond:
        blocks.append(Listing(beyond))
    blocks.append(Paragraph(("Otherwise: ", *sentence_text(criterion.otherwise))))
    if criterion.remedy is not None:
        advice = criterion.remedy.recommendation
        aim = (f" (recommendation {advice})",) if advice else ()
        blocks.append(Paragraph(("Remedy: ", *prose(criterion.remedy.text), *aim)))
    return Section(f"criterion-{criterion.id}", criterion.title, tuple(blocks))


def _facts(criterion: Criterion) -> list[Text]:
    """Return the terms of a criterion except its rules."""
    items: list[Text] = [
        ("Id: ", Code(criterion.id)),
        (f"Maximum: {_points_in_words(criterion.max_points)}",),
        ("Hit policy ", Code(criterion.hit_policy.value), f": {_hit_policy(criterion)}"),
        ("Window: ", Code(criterion.horizon)),
    ]
    if criterion.weight is not None:
        items.append((f"Weight: {short(criterion.weight)}",))
    if criterion.level is not None:
        items.append(("Level: ", Code(criterion.level)))
    if criterion.requirement is not None:
        items.append(("Requirement: ", Code(criterion.requirement.value)))
    if criterion.met_at is not None:
        items.append((f"Met from {_points_in_words(criterion.met_at)}",))
    items.extend(gates_and_exemptions(criterion))
    if criterion.shared_with:
        items.append(("Reads the same evidence on purpose as ", *listed(map(Code, criterion.shared_with))))
    if criterion.points_basis is PointsBasis.PUBLISHED:
        items.append(("Points devised by the publisher",))
    items.extend([text] if (text := _beyond(criterion)) else [])
    if not criterion.monotone:
        items.append(("Exception from monotonicity: better evidence may lower the points",))
    if criterion.reference is not None:
        section = f", {criterion.reference.section}" if criterion.reference.section else ""
        items.append(("Stated in ", Code(criterion.reference.source.id), section))
    return items


def gates_and_exemptions(owner: Criterion | Group) -> list[Text]:
    """Return the gate and the exemptions of a criterion or a group, and its former ids."""
    items: list[Text] = []
    what = "" if isinstance(owner, Criterion) else "each criterion in it "
    if owner.requires:
        items.append((f"{what}earns nothing unless ".capitalize(), *requirements_in_words(owner.requires)))
    exempt = owner.not_applicable
    if exempt is not None and exempt.cohorts:
        items.append(("Not applicable to the cohorts ", *listed(map(Code, exempt.cohorts))))
    if exempt is not None and exempt.when is not None:
        items.append(("Not applicable if ", Code(when_in_words(exempt.when))))
    if exempt is not None and exempt.counts_as is not None:
        items.append(("If not applicable, it counts as ", Code(exempt.counts_as.value)))
    if owner.not_assessed is not None:
        items.append(("If not assessed, it counts as ", Code(owner.not_assessed.value)))
    if owner.replaces:
        items.append(("Ids in the previous edition: ", *listed(map(Code, owner.replaces))))
    return items


def _hit_policy(criterion: Criterion) -> str:
    parts = [HIT_POLICIES[criterion.hit_policy]]
    if criterion.at_most is not None:
        parts.append(f"at most {short(criterion.at_most)}")
    if criterion.at_least is not None:
        parts.append(f"at least {short(criterion.at_least)}")
    return ", ".join(parts)


def _points_in_words(points: Decimal) -> str:
    return f"{short(points)} point{'' if points == 1 else 's'}"


def _points(rule: Rule) -> Text:
    return (proportion_in_words(rule) or short(rule.points),)


def _beyond(owner: Criterion | Rule) -> Text:
    """Return who devised a criterion or a rule beyond the publisher's words, and why; nothing if not declared."""
    if owner.basis is None and owner.rationale is None:
        return ()
    whose = _WHOSE[owner.basis]
    whose = whose.capitalize() if isinstance(owner, Criterion) else whose
    return (f"{whose}: ", *prose(owner.rationale)) if owner.rationale else (whose,)
