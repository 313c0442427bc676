"""Numbers and addresses that everybody may know: service lines and the knowledge base's."""

import re
from collections.abc import Collection, Iterable, Iterator

from assistant.domain.source import Faq, PolicyDocument, ServiceGuide, Source
from assistant.safety.digits import fold

_PHONE = re.compile(
    r"(?<![\d.])(?:(?:\(?0\d{2,3}\)?[\s-]{0,2})?[2-8]\d{2,3}[\s-]?\d{4}|1[3-9]\d{9}|[48]00[\s-]?\d{3}"
    r"[\s-]?\d{4}|(?:0\d{2,3}-)?(?:1[12]\d{1,4}|9[56]\d{3,4}))(?!\d)"
)
_AREA = re.compile(r"^(?:0086|86)?(010|02\d|0[3-9]\d{2}|10|2\d)(?=\d{7,8}$)")
_SERVICE = re.compile(
    r"(?:0(?:10|2\d|[3-9]\d{2}))?(?:12\d{3}|9[56]\d{3,6})|11\d|12[0-2]|100\d\d|11[68]114|[48]00\d{7}"
)
_NO_WORD = re.compile(r"[\W_]+")


class Official:
    """Public numbers and addresses. Numbers are compared without area code and extension."""

    def __init__(self, numbers: Collection[str] = (), addresses: Collection[str] = ()) -> None:
        self._numbers = frozenset(form for each in numbers for form in _forms(each))
        self._addresses = "\n".join(_plain(each) for each in addresses)

    def is_number(self, digits: str) -> bool:
        """Whether these digits are a service line or stand in the knowledge base."""
        return _SERVICE.fullmatch(digits) is not None or not self._numbers.isdisjoint(
            {digits, _AREA.sub("", digits)}
        )

    def is_address(self, text: str) -> bool:
        """Whether this address stands in the knowledge base."""
        return bool(self._addresses) and _plain(text) in self._addresses


def phones_in(text: str) -> set[str]:
    """Phone numbers that stand in a text, as plain digits: for policies, guides and FAQs."""
    return {re.sub(r"\D", "", match[0]) for match in _PHONE.finditer(fold(text))}


def official_of(sources: Iterable[Source]) -> Official:
    """What the sources of the knowledge base make public: build anew when they change."""
    numbers: set[str] = set()
    addresses: set[str] = set()
    for source in sources:
        numbers.update(*map(phones_in, texts_with_phones(source)))
        if isinstance(source, ServiceGuide):
            places = source.locations or ()
            addresses.update(each for place in places for each in (place.address,) if each)
    return Official(numbers, addresses)


def texts_with_phones(source: Source) -> Iterator[str]:
    """The texts of a source in which an official number may stand."""
    match source:
        case PolicyDocument():
            yield source.text
        case Faq():
            yield source.answer
        case ServiceGuide():
            yield from filter(None, (source.consult_phone, source.complaint_phone))
            for place in source.locations or ():
                yield from filter(None, (place.phone, place.address, place.name, place.window))
            yield from (step.text for step in source.steps or ())
            yield from (each.answer for each in source.faqs or ())


def _forms(number: str) -> Iterator[str]:
    """The digits of a number: as it stands, and without its area code or extension."""
    for phone in phones_in(number) or {re.sub(r"\D", "", fold(number))}:
        yield phone
        yield _AREA.sub("", phone)


def _plain(address: str) -> str:
    return _NO_WORD.sub("", fold(address))
