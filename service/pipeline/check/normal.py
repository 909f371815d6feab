"""Normal forms: two ways to write the same fact have the same one."""

import re
from decimal import Decimal

from service.pipeline.check.lexicon import NUMBER, Lexicon
from service.pipeline.redact.known import national

_NUMBER = re.compile(NUMBER)
_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_DIGITS = re.compile(r"\d+")


def form(kind: str, found: re.Match[str], words: Lexicon) -> str:
    """The normal form of a match of that kind of pattern; "" where it is none after all."""
    return _FORMS[kind](found, words)


def value(written: str, words: Lexicon) -> Decimal | None:
    """The number at the start of what was written, in digits or in words."""
    digits = _NUMBER.match(written)
    if digits:
        return _decimal(digits[0])
    total = 0
    for word in re.split(r" |(?<!quatre)-", written):
        if word in words.numbers:
            total = total * 100 if words.numbers[word] == 100 and total else total + words.numbers[word]
        elif word != "et":
            break
    return Decimal(total) if total else None


def _decimal(digits: str) -> Decimal:
    """Both `1 234,50` and `1,234.50`: the last mark is a decimal one where one or two digits follow."""
    compact = digits.replace(" ", "")
    cents = re.search(r"[.,](\d{1,2})$", compact)
    whole = compact[: cents.start()] if cents else compact
    return Decimal("".join(_DIGITS.findall(whole)) + (f".{cents[1]}" if cents else ""))


def plain(number: Decimal) -> str:
    return format(number.normalize(), "f")


def _amount(found: re.Match[str], words: Lexicon) -> str:
    number = value(found["after"] or found[0], words)
    unit = words.currencies.get(found["money"] or found[0][0], "")
    if number is None:
        return ""
    number += Decimal(found["cents"] or 0) / 100
    return f"{plain(number / 100)} eur" if unit == "cent" else f"{plain(number)} {unit}"


def _percentage(found: re.Match[str], words: Lexicon) -> str:
    number = value(found[0], words)
    return plain(number) if number is not None else ""


def _delay(found: re.Match[str], words: Lexicon) -> str:
    if found[0] in words.periods:
        unit, times = words.periods[found[0]]
        return f"{times} {unit}"
    number = value(found[0], words)
    if number is None:
        return ""
    sort = next((words.working_days[word] for word in found[0].split() if word in words.working_days), "")
    if sort:
        return f"{plain(number)} {sort} day"
    unit, times = words.durations[found["unit"]]
    return f"{plain(number * times)} {unit}"


def _date(found: re.Match[str], words: Lexicon) -> str:
    numbers = [int(digits) for digits in _DIGITS.findall(found[0])]
    month = next((words.months[word] for word in _WORDS.findall(found[0]) if word in words.months), None)
    if month is None:
        if numbers[0] > 31:
            return _day(numbers[0], numbers[1], numbers[2])
        year = numbers[2] if len(numbers) > 2 else None
        return _day(2000 + year if year is not None and year < 100 else year, numbers[1], numbers[0])
    year = next((number for number in numbers if number > 31), None)
    spelt = value(found[0], words)
    day = next((number for number in numbers if number <= 31), int(spelt) if spelt and spelt <= 31 else None)
    return _day(year, month, day)


def _day(year: int | None, month: int, day: int | None) -> str:
    return f"{year or '*'}-{month:02d}-{f'{day:02d}' if day else '*'}"


def _hours(found: re.Match[str], words: Lexicon) -> str:
    written = found[0]
    if written in words.noons:
        return words.noons[written]
    days = [words.weekdays[word] for word in _WORDS.findall(written.replace("-", " ")) if word in words.weekdays]
    if days:
        return "days " + "-".join(str(day) for day in days)
    if "/" in written or "sur" in written:
        return "always " + "-".join(_DIGITS.findall(written))
    return hour(written)


def hour(written: str) -> str:
    """Hours and minutes of the day, `08:30`."""
    numbers = [int(digits) for digits in _DIGITS.findall(written)]
    hours = numbers[0] % 12 + 12 if written.endswith("pm") else numbers[0]
    return f"{hours:02d}:{numbers[1] if len(numbers) > 1 else 0:02d}"


def _article(found: re.Match[str], _: Lexicon) -> str:
    number = re.sub(r"[. ]", "", found["article"])
    law = _WORDS.findall(found["law"])
    return number if number[0].isalpha() or not law else f"{number} {law[-1]}"


def _phone(found: re.Match[str], _: Lexicon) -> str:
    return national(found[0])


def link(written: str) -> str:
    """Without scheme, `www.` and trailing slash."""
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", written).rstrip("/.")


def _compact(found: re.Match[str], _: Lexicon) -> str:
    return found[0].replace(" ", "")


def _number(found: re.Match[str], words: Lexicon) -> str:
    """A number by its value; a code, or a number with a leading zero, by its letters and digits."""
    if "spelt" in found.re.groupindex:
        return _percentage(found, words)
    compact = re.sub(r"[\s-]", "", found[0])
    if "-" in found[0] or any(c.isalpha() for c in compact) or re.match(r"0\d", compact):
        return compact
    return _percentage(found, words)


_FORMS = {
    "article": _article,
    "phone": _phone,
    "date": _date,
    "amount": _amount,
    "percentage": _percentage,
    "hours": _hours,
    "delay": _delay,
    "address": _compact,
    "number": _number,
}
