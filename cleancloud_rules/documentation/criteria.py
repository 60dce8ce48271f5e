"""A criterion in words: how much it is worth, what its rules ask for, and what it says."""

from decimal import Decimal

from cleancloud_rules.documentation.groups import requirements_in_words
from cleancloud_rules.documentation.inline import listed, prose, said
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
"""How the points of several rules become those of a criterion, penalties among them."""


def criterion_section(criterion: Criterion) -> Section:
    """Return the section about a criterion."""
    blocks: list[Block] = [Listing(tuple(_facts(criterion)))]
    if criterion.guidance:
        blocks.append(Paragraph(("What counts: ", *prose(criterion.guidance))))
    rows = tuple(
        ((Code(rule.id),), _points(rule), (Code(when_in_words(rule.when)),), said(rule.because))
        for rule in criterion.rules
    )
    blocks.append(Table(f"Rules of {criterion.title}", ("Rule", "Points", "Asks for", "Says"), rows))
    beyond = tuple((Code(rule.id), ": ", *text) for rule in criterion.rules if (text := _beyond(rule)))
    if beyond:
        blocks.append(Listing(beyond))
    blocks.append(Paragraph(("Otherwise: ", *said(criterion.otherwise))))
    if criterion.remedy is not None:
        advice = criterion.remedy.recommendation
        aim = (f" (recommendation {advice})",) if advice else ()
        blocks.append(Paragraph(("What can be done: ", *prose(criterion.remedy.text), *aim)))
    return Section(f"criterion-{criterion.id}", criterion.title, tuple(blocks))


def _facts(criterion: Criterion) -> list[Text]:
    """Return what is to be said of a criterion beside its rules."""
    items: list[Text] = [
        ("Name in files: ", Code(criterion.id)),
        (f"At most {_points_in_words(criterion.max_points)}",),
        ("Hit policy ", Code(criterion.hit_policy.value), f": {_hit_policy(criterion)}"),
        ("Window: ", Code(criterion.horizon)),
    ]
    if criterion.weight is not None:
        items.append((f"Weight, how much it counts: {short(criterion.weight)}",))
    if criterion.level is not None:
        items.append(("Level: ", Code(criterion.level)))
    if criterion.requirement is not None:
        items.append(("Requirement: ", Code(criterion.requirement.value)))
    if criterion.met_at is not None:
        items.append((f"Met from {_points_in_words(criterion.met_at)}",))
    items.extend(keeping_out(criterion))
    if criterion.shared_with:
        items.append(("Reads the same evidence on purpose as ", *listed(map(Code, criterion.shared_with))))
    if criterion.points_basis is PointsBasis.PUBLISHED:
        items.append(("Points by the publisher",))
    items.extend([text] if (text := _beyond(criterion)) else [])
    if not criterion.monotone:
        items.append(("Better evidence may cost points here",))
    if criterion.reference is not None:
        section = f", {criterion.reference.section}" if criterion.reference.section else ""
        items.append(("Stated in ", Code(criterion.reference.source.id), section))
    return items


def keeping_out(owner: Criterion | Group) -> list[Text]:
    """Return what keeps a criterion or a group from counting, and what it was called before."""
    items: list[Text] = []
    what = "" if isinstance(owner, Criterion) else "each criterion in it "
    if owner.requires:
        items.append((f"{what}earns nothing unless ".capitalize(), *requirements_in_words(owner.requires)))
    exempt = owner.not_applicable
    if exempt is not None and exempt.cohorts:
        items.append(("Does not apply to the cohorts ", *listed(map(Code, exempt.cohorts))))
    if exempt is not None and exempt.when is not None:
        items.append(("Does not apply where ", Code(when_in_words(exempt.when))))
    if exempt is not None and exempt.counts_as is not None:
        items.append(("Where it does not apply it counts as ", Code(exempt.counts_as.value)))
    if owner.replaces:
        items.append(("In the edition before: ", *listed(map(Code, owner.replaces))))
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
    """Return that something goes beyond the publisher's words, and why; nothing where nothing is said of it."""
    if owner.basis is None and owner.rationale is None:
        return ()
    whose = "by this project, beyond the publisher's words" if owner.basis is PointsBasis.PROJECT else "rationale"
    whose = whose.capitalize() if isinstance(owner, Criterion) else whose
    return (f"{whose}: ", *prose(owner.rationale)) if owner.rationale else (whose,)
