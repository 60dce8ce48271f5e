"""Facts are equal if they say the same, whichever class holds their values."""

from decimal import Decimal
from typing import Any

from cleancloud_rules.model import facts
from cleancloud_rules.model.facts import FactType, FactValues, Field
from cleancloud_rules.model.values import FieldType


def fact_type(title: str = "Share of renewable energy") -> FactType:
    return FactType("share", title, "now", (Field("percent", FieldType.PERCENT), Field("whole", FieldType.BOOLEAN)))


def values(of: FactType, **held: Any) -> FactValues:
    model: Any = of.model
    made: FactValues = model(**held)
    return made


def test_values_of_equal_fact_types_are_equal_although_each_has_a_class_of_its_own() -> None:
    first = values(fact_type(), percent=Decimal(38))
    facts._model.cache_clear()  # as after 4,096 other fact types, or in a second thread
    second = values(fact_type(), percent=Decimal(38))
    assert type(first) is not type(second)
    assert first == second
    assert hash(first) == hash(second)
    assert len({first, second}) == 1


def test_values_differ_by_their_fields_and_by_their_fact_types() -> None:
    first = values(fact_type(), percent=Decimal(38))
    assert first != values(fact_type(), percent=Decimal(39))
    assert first != values(fact_type(), percent=Decimal(38), whole=True)
    assert first != values(fact_type("Share of green power"), percent=Decimal(38))
    assert first != {"percent": Decimal(38)}
