"""Lookups of numbers that come from a request."""

from typing import Any

from django.db.models.lookups import In


class IntegerIn(In):
    """`in` of an integer field, without the numbers that are too large or too small for the field.

    SQLite raises OverflowError for them, which ends in an error page. Django leaves them out of
    `exact` and of the comparisons, but not of `in`, by which forms look up several choices.
    """

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        if self.rhs_is_direct_value():
            kind = self.lhs.output_field.get_internal_type()
            low, high = connection.ops.integer_field_range(kind)
            self.rhs = [each for each in self.rhs if _fits(each, low, high)]
        return super().process_rhs(compiler, connection)


def _fits(value: Any, low: int | None, high: int | None) -> bool:
    if not isinstance(value, int):
        return True
    return (low is None or low <= value) and (high is None or value <= high)
