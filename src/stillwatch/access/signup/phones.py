"""Telephone numbers as the numbering plans of the world have them: which country, and what kind of line."""

from typing import TYPE_CHECKING

import msgspec

from stillwatch.records import InvalidConfiguration

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

MISSING = "telephone numbers are read with the packages of `access`: pip install 'stillwatch[access]'"
LONGEST = 64  # characters that are read at all


class Number(msgspec.Struct, frozen=True):
    """A number that can exist; `kind` is fixed, mobile, virtual or service."""

    e164: str
    country: str | None
    kind: str | None


def read_number(text: str, country: str | None) -> Number | None:
    """The number, or None where the text is none; `country` is where one without its prefix is dialled from."""
    try:
        import phonenumbers  # noqa: PLC0415 - an extra, and 10 MB of numbering plans
    except ModuleNotFoundError as error:
        raise InvalidConfiguration(MISSING) from error
    try:
        number = phonenumbers.parse(text[:LONGEST], country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return Number(
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        phonenumbers.region_code_for_number(number),
        _kind(number),
    )


def _kind(number: "PhoneNumber") -> str | None:
    from phonenumbers import PhoneNumberType as Type  # noqa: PLC0415 - as above
    from phonenumbers import number_type  # noqa: PLC0415 - as above

    kinds = {
        Type.FIXED_LINE: "fixed",
        Type.MOBILE: "mobile",
        Type.FIXED_LINE_OR_MOBILE: "mobile",
        Type.VOIP: "virtual",
        Type.PERSONAL_NUMBER: "virtual",
        Type.PAGER: "virtual",
        Type.UAN: "virtual",
        Type.VOICEMAIL: "virtual",
        Type.TOLL_FREE: "service",
        Type.PREMIUM_RATE: "service",
        Type.SHARED_COST: "service",
    }
    return kinds.get(number_type(number))
