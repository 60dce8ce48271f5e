"""A vocabulary in words: fact types, cohorts, implications and derivations."""

from cleancloud_rules.documentation.inline import listed, places_in_words, prose
from cleancloud_rules.documentation.page import Block, Code, Inline, Listing, Paragraph, Section, Table, Text
from cleancloud_rules.model.derivations import Derivation
from cleancloud_rules.model.facts import Better, FactType, Field, Selection
from cleancloud_rules.model.rounding import ROUNDED
from cleancloud_rules.model.vocabulary import Vocabulary

BETTER = {
    Better.HIGHER: "higher",
    Better.LOWER: "lower",
    Better.MORE: "more of them",
    Better.LISTED: "later in the list",
}
"""Which change of a field is an improvement."""


def vocabulary_section(vocabulary: Vocabulary) -> Section:
    """Return the section about a vocabulary."""
    blocks: list[Block] = [_fact_type(fact_type) for fact_type in vocabulary.fact_types]
    if vocabulary.cohorts:
        cohorts = tuple((Code(id), f": {title}") for id, title in vocabulary.cohorts)
        blocks.append(Section("cohorts", "Cohorts", (Listing(cohorts),)))
    if vocabulary.implications:
        items = tuple(
            ("If a fact passes ", Code(str(i.given)), ", some fact should pass ", Code(str(i.then)), ".")
            for i in vocabulary.implications
        )
        blocks.append(Section("implications", "Implications", (Listing(items),)))
    if vocabulary.derivations:
        made = tuple(_derivation(derivation) for derivation in vocabulary.derivations)
        blocks.append(Section("derivations", "Derivations: facts that are computed from other facts", made))
    return Section("vocabulary", "Facts that can be stated about a company", tuple(blocks))


def _fact_type(fact_type: FactType) -> Section:
    items: list[Text] = [("Id: ", Code(fact_type.id)), ("Window: ", Code(fact_type.horizon))]
    if fact_type.selection is Selection.LATEST:
        items.append(("If several facts are about the same, only the latest counts",))
    if fact_type.selection is Selection.SINGLE:
        items.append(("Of each key there is one answer: the latest counts, and two of one day may not differ",))
    rows = tuple(_field(field) for field in fact_type.fields)
    headers = ("Field", "Title", "Type", "Values", "Better", "Remarks")
    items.extend(("As a sentence: ", Code(sentence)) for sentence in fact_type.says)
    described = (Paragraph(prose(fact_type.describe)),) if fact_type.describe else ()
    table = Table(f"Fields of {fact_type.title}", headers, rows)
    return Section(f"facts-{fact_type.id}", fact_type.title, (*described, Listing(tuple(items)), table))


def _field(field: Field) -> tuple[Text, ...]:
    kind = f"{field.type} in {field.unit}" if field.unit else field.type.value
    values: Text = tuple(listed(map(Code, field.values)))
    if field.valid is not None:
        values = (*values, *((", ",) if values else ()), Code(field.valid.text))
    better = BETTER[field.better] if field.better is not None else "-"
    remarks: list[Inline] = []
    if field.key:
        remarks.append("key field: says what the fact is about")
    if field.optional:
        remarks.append("optional")
    if field.digits:
        remarks.append(f"at most {places_in_words(field.digits)}")
    return (
        (Code(field.id),),
        (field.title or "-",),
        (kind,),
        values or ("-",),
        (better,),
        tuple(listed(remarks)) or ("-",),
    )


def _places(derivation: Derivation) -> str:
    if derivation.digits is None:
        return "the decimal places of their field; an integer must be whole without rounding"
    return places_in_words(derivation.digits)


def _derivation(derivation: Derivation) -> Section:
    items: list[Text] = [("Derives a fact of type ", Code(derivation.fact))]
    items.extend((Code(name), " passes ", Code(str(condition))) for name, condition in derivation.inputs)
    if derivation.join:
        items.append(("Equal in all input facts: ", *listed(map(Code, derivation.join))))
    items.extend((Code(a.field), " is set to ", Code(a.text)) for a in derivation.assignments)
    if any(a.is_formula for a in derivation.assignments):
        items.append((f"Results are {ROUNDED[derivation.mode]} to {_places(derivation)}",))
    if derivation.valid is not None:
        items.append(("Derived only if the result passes ", Code(derivation.valid.text)))
    return Section(f"derivation-{derivation.id}", derivation.id.replace("_", " "), (Listing(tuple(items)),))
