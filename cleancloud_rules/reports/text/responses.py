"""What a company answers to its score, in text documents."""

from collections.abc import Sequence

from cleancloud_rules.reports.in_words import who
from cleancloud_rules.reports.outline.blocks import Outline, Styled
from cleancloud_rules.reports.responses import NO_SCORE, OF_RANKING, counted, effect_in_words, gain_of, status_in_words
from cleancloud_rules.reports.text.base import add_source, fact_as_sentence
from cleancloud_rules.results.scorecards import Scorecard
from cleancloud_rules.results.what_ifs import ResponseRecord

MAX_RANKED = 10
"""How many responses the document of a ranking shows."""

LONGEST = 200
"""How many characters of a text of others a line shows."""


RANKS = " `rank` shows which ranks they would change."
"""What the heading says of responses of a company that is scored alone."""


def heading_of(card: Scorecard) -> str:
    """Return the heading of the responses of a company. A company that is scored alone has no rank."""
    effects = [response.effect for response in card.responses if response.effect is not None]
    is_alone = any(not effect.ranked and not effect.problems for effect in effects)
    return f"Responses of the company: {counted(card)}. {NO_SCORE}{RANKS if is_alone else ''}"


def response_lines(card: Scorecard) -> list[tuple[str, tuple[str, ...]]]:
    """Return each response in short: the change of the total, and whose words it is, with the effect."""
    return [(gain_of(response.effect), (_in_short(response, card),)) for response in card.responses]


def _in_short(response: ResponseRecord, card: Scorecard) -> str:
    first, *others = effect_in_words(response, card) or ("",)
    effect = [first, *(line for line in others if line.startswith(OF_RANKING))] if first else []
    says = f"The company says ({_cut(response.by)}, {response.received}): “{_cut(response.reason)}”"
    if effect and response.effect is not None and not response.effect.problems:
        effect[0] = f"If accepted, {effect[0][:1].lower()}{effect[0][1:]}"
    return " ".join([f"{response.id}, {response.status.value}.", says, *effect])


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"


def add_ranked_responses(outline: Outline, cards: Sequence[Scorecard]) -> None:
    """Add the first responses of all companies with their effects on totals and ranks, and how many more there are."""
    found = [(card, response) for card in cards for response in card.responses]
    if not found:
        return
    outline.gap()
    outline.heading(f"Responses of companies: {len(found)}. {NO_SCORE}")
    for card, response in found[:MAX_RANKED]:
        lines = [line for line in effect_in_words(response, card) if line.startswith(OF_RANKING)]
        effect = f" If accepted: {' '.join(lines)}" if lines else ""
        outline.item(f"{card.company.name}, {response.id}, {response.status.value}.{effect}")
    if len(found) > MAX_RANKED:
        outline.item(f"and {len(found) - MAX_RANKED} more")
    outline.add(("What each company says: ", Styled("explain", "code"), "."), 2)


def add_responses(outline: Outline, card: Scorecard) -> None:
    """Add every response in full: the words of the company, its evidence, the decision, and the effect."""
    if not card.responses:
        return
    outline.gap()
    outline.heading(heading_of(card))
    for response in card.responses:
        outline.gap()
        outline.add(f"{response.id}, {response.received}: {status_in_words(response)}")
        outline.add(f"The company says ({response.by}):", 2)
        outline.add(f"“{response.reason}”", 4)
        if response.about:
            titles = (card.criterion(id).title for id in response.about)
            outline.add(f"It is about: {'; '.join(titles)}.", 2)
        _add_evidence(outline, response, card)
        if response.decision:
            outline.add(f"{card.methodology.publisher} says: {response.decision}", 2)
        lines = effect_in_words(response, card)
        if response.effect is not None:
            outline.add("If it were accepted:", 2)
        for line in lines:
            outline.item(line, indent=4)


def _add_evidence(outline: Outline, response: ResponseRecord, card: Scorecard) -> None:
    if response.facts:
        outline.add("It offers as evidence:", 2)
    sources = {source.id: source for source in response.sources}
    for fact in response.facts:
        outline.add(f"{fact_as_sentence(fact)} ({who(fact.basis, card.methodology.publisher)})", 4)
        if fact.source is not None:
            add_source(outline, sources[fact.source], fact.locator, 6)
        else:
            outline.add("source: none given", 6)
        if fact.note:
            outline.add(f"note: {fact.note}", 6)
        if fact.why_not is not None:
            outline.add(f"would not count: {fact.why_not}", 6)
    stated = {fact.id: fact for fact in card.facts}
    for id in response.disputes:
        said = f": {fact_as_sentence(stated[id])}" if id in stated else ""
        outline.add(f"It calls wrong: {id}{said}", 2)
