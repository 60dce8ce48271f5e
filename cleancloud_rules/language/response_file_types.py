"""attrs classes of the responses of companies, as company files have them."""

from datetime import date

from attrs import frozen

from cleancloud_rules.language.file_types import OfferedFacts
from cleancloud_rules.model.facts import ResponseStatus
from cleancloud_rules.model.values import Id, Name


@frozen(kw_only=True)
class ResponseEntry(OfferedFacts):
    """A response of a company to its score."""

    id: Name
    received: date
    by: str
    reason: str
    about: tuple[Id, ...] = ()
    disputes: tuple[str, ...] = ()
    status: ResponseStatus = ResponseStatus.OPEN
    decision: str | None = None
