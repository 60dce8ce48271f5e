"""What a table can hold: a methodology whose numbers are too large for it is refused, at their places."""

from collections.abc import Iterator

from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.documents.limits import MAX_DIGITS
from cleancloud_rules.errors import CriteriaError
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.tables.backends import MAX_WHOLE
from cleancloud_rules.tables.scoring.evidence import places_of


def refuse_too_large(methodology: Methodology) -> None:
    """Refuse a methodology whose facts may have numbers with more digits than a column can hold.

    Raises:
        CriteriaError: if there are such numbers, with the place of each field.
    """
    found = list(_too_large(methodology))
    if found:
        raise CriteriaError(found)


def _too_large(methodology: Methodology) -> Iterator[Diagnostic]:
    # The columns count in units of the last decimal place: a number of MAX_DIGITS digits has so many more there.
    vocabulary = methodology.vocabulary
    for fact_type in vocabulary.fact_types:
        for field in fact_type.fields:
            digits = MAX_DIGITS + places_of(fact_type, field, vocabulary.derivations)
            if digits > MAX_WHOLE:
                assert field.node is not None
                message = (
                    f"values of `{field.id}` may have {digits} digits in a table, at most {MAX_WHOLE} are possible"
                )
                yield Diagnostic("too-complex", message, field.node.location, "declare fewer decimal places")
