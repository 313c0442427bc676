"""Which digits are numbers that identify someone, by the standards that define them."""

import re
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_CREDIT_HEAD = re.compile(r"(?:1[1239]|[2-46-8][19]|5[1239]|9[123]|[ANY][1-9])(?:10|[1-68]\d)\d{4}")
_PROVINCES = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[123]|91")
_MOBILE = re.compile(r"(?:0086|86|0)?1[3-9]\d{9}")
_AREA = r"(?:10|2\d|[3-9]\d\d)"
_LANDLINE = re.compile(rf"(?:0|(?:0086|86)0?){_AREA}[2-8]\d{{6,7}}")
_CARD = re.compile(r"3[4-7]\d{13}|(?:4|5[1-5]|6[0289]|955[89])\d+")


def shape(number: str) -> str | None:
    """What a number of its own is by its shape: identity, card, landline, mobile, or nothing."""
    if len(number) == 18 and is_mistyped_identity(number):
        return "identity"
    if not number.isdecimal():
        return None
    if is_card(number):
        return "card"
    if len(number) == 15 and is_old_identity(number):
        return "identity"
    if _LANDLINE.fullmatch(number):
        return "landline"
    return "mobile" if _MOBILE.fullmatch(number) else None


def is_card(number: str) -> bool:
    """Whether 15 to 19 digits are a bank card: a known issuer, Luhn; UnionPay (62) mistyped too."""
    if not 15 <= len(number) <= 19 or not _CARD.fullmatch(number):
        return False
    if len(number) == 15 and not number.startswith("3"):
        return False
    return luhn(number) or number.startswith("62")


def is_identity(number: str) -> bool:
    """Whether 18 characters are surely an identity number: place, birthday, checksum (GB 11643)."""
    return _has_place(number) and birthday(number[6:14]) and has_checksum(number)


def is_mistyped_identity(number: str) -> bool:
    """Whether 18 characters are an identity number but for one wrong key: it still shows who."""
    if not number[:17].isdecimal():
        return False
    placed, born = _has_place(number), birthday(number[6:14])
    if born:
        return True
    dated = number[6:8] in {"19", "20"} or birthday("2000" + number[10:14])
    return placed and (dated or has_checksum(number)) and not is_credit_code(number)


def is_identity_head(digits: str) -> bool:
    """Whether 14 digits are place and birthday: an identity number without its end."""
    return _has_place(digits) and birthday(digits[6:14]) and digits[6:8] in {"19", "20"}


def _has_place(number: str) -> bool:
    return _PROVINCES.match(number) is not None


def has_checksum(number: str) -> bool:
    """Whether the 18th character is that of ISO 7064 MOD 11-2 (GB 11643-1999)."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17].upper()


def is_old_identity(number: str) -> bool:
    """Whether 15 digits are an identity number of before 1999: place, birthday of six digits."""
    return _has_place(number) and birthday("19" + number[6:12])


def birthday(digits: str) -> bool:
    """Whether eight digits are a day on which somebody who lives may be born."""
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return 1900 <= day.year <= 2100


def luhn(number: str) -> bool:
    """Whether the last digit is that of ISO/IEC 7812 (bank cards)."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def is_credit_code(code: str) -> bool:
    """Whether 18 characters are a 统一社会信用代码 (GB 32100-2015), which is public."""
    if any(sign not in _CREDIT for sign in code) or not _CREDIT_HEAD.match(code):
        return False
    values = [_CREDIT.index(sign) for sign in code]
    total = sum(v * weight for v, weight in zip(values[:17], _CREDIT_WEIGHTS, strict=True))
    return (31 - total % 31) % 31 == values[17]
