"""Hard messages for redaction, made from `cases.yaml` with a seed: each with the personal data that it holds."""

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from stdnum import iban, luhn
from stdnum.fr import nir

from service.domain.message import Message, Sender
from service.pipeline.redact.words import fold
from service.yaml_file import read_yaml

EACH = 60
"""Messages of each kind and shape."""

_LETTERS = "ABCDEFGHJKLMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Made:
    """`personal`: each datum with its kind, as it stands in subject or body. `shape` names what is hard about it."""

    message: Message
    personal: tuple[tuple[str, str], ...]
    shape: str
    language: str = "fr"


def made(seed: int = 7) -> list[Made]:
    """Every kind and shape, in an order of its own; the same for the same seed."""
    random = Random(seed)  # noqa: S311 - made-up data, no secrets
    cases = _cases()
    found = [one for kind, write in _KINDS.items() for one in _of_kind(kind, write, cases[kind], random)]
    return [*found, *_persons(cases["PERSONNE"], random), *_near_misses(cases["near_misses"])]


@lru_cache(maxsize=1)
def _cases() -> dict[str, Any]:
    found: dict[str, Any] = read_yaml(Path(__file__).parent / "cases.yaml")
    return found


def _of_kind(kind: str, write: Any, case: dict[str, Any], random: Random) -> Iterator[Made]:
    shapes = {"usual": case.get("masks") or case["dates"]}
    shapes |= {shape: case[shape] for shape in ("foreign", "old") if shape in case}
    for shape, masks in shapes.items():
        for at in range(EACH):
            yield _one(kind, write(masks[at % len(masks)], random), random.choice(case["said"]), shape, random)
    if case.get("spoken"):
        for _ in range(EACH // 3):
            yield _one(kind, _spoken(random), random.choice(case["said"][:7]), "spoken", random)


def _one(kind: str, value: str, said: str, shape: str, random: Random) -> Made:
    name = f"{_given(random)} {_family(random)}"
    mother = _given(random)
    personal = [(kind, value)]
    if "{given}" in said:
        personal.append(("PERSONNE", mother))
    text = said.replace("{x}", value).replace("{given}", mother)
    return Made(_message(f"Bonjour,\n{text}", name), tuple(personal), shape, _language(said))


def _persons(case: dict[str, Any], random: Random) -> Iterator[Made]:
    for shape in ("signed", "others", "quoted", "subjects", "slipped", "small"):
        for at in range(EACH):
            given, family = _given(random), _family(random)
            said = case[shape][at % len(case[shape])]
            mask = case["masks"][random.randrange(5)]
            own = shape in ("signed", "slipped", "small")
            value = _named("{given} {family}" if shape in ("slipped", "small") else mask, given, family)
            value = _slipped(value, random) if shape == "slipped" else value.lower() if shape == "small" else value
            sender = f"{given} {family}" if own else f"{_given(random)} {_family(random)}"
            mail = f"{_plain(given)}@{random.choice(_cases()['domains'])}"
            text = said.replace("{x}", value).replace("{mail}", mail)
            personal = [("PERSONNE", value), *([("EMAIL", mail)] if mail in text else [])]
            subject, body = (text, "Voir l'objet, merci.") if shape == "subjects" else ("", f"Bonjour,\n{text}")
            yield Made(_message(body, sender, subject), tuple(personal), shape, _language(said))


def _near_misses(given: dict[str, list[str]]) -> Iterator[Made]:
    for language, texts in given.items():
        for text in texts:
            yield Made(Message(body=text), (), "near miss", language)


def _message(body: str, name: str, subject: str = "") -> Message:
    address = f"{_plain(name.split(maxsplit=1)[0])[:1]}{_plain(name.rsplit(maxsplit=1)[-1])}@example.org"
    return Message(body=body, subject=subject, sender=Sender(name=name, address=address))


def _language(said: str) -> str:
    english = re.search(r"\b(?:my|you|please|regards|live|number \{x)\b", said, re.I)
    return "en" if english and "ma " not in said else "fr"


def _digits(mask: str, random: Random, digits: str = "") -> str:
    """`mask` with A to T for the digits in their order, made up where none are given."""
    digits = digits or "".join(random.choices(string.digits, k=20))
    return re.sub(r"(?<![a-zé])[A-T](?![a-zé])", lambda found: digits[ord(found[0]) - ord("A")], mask).replace("|", "")


def _phone(mask: str, random: Random) -> str:
    return _digits(mask, random, f"0{random.choice('12345679')}{''.join(random.choices(string.digits, k=8))}9999")


def _spoken(random: Random) -> str:
    said = _cases()["spoken"]
    return str(random.choice((", ", " ", " - ")).join([said["mobile"], *random.choices(said["numbers"], k=4)]))


def _iban(mask: str, random: Random) -> str:
    country, length = random.choice((("FR", 23), ("FR", 23), ("BE", 12), ("DE", 18), ("LU", 16), ("CH", 17)))
    body = "".join(random.choices(string.digits, k=length))
    full = country + iban.calc_check_digits(f"{country}00{body}") + body
    four = " ".join(full[at : at + 4] for at in range(0, len(full), 4))
    return {
        "{iban4}": four,
        "{iban}": full,
        "{iban-}": four.replace(" ", "-"),
        "{iban.}": four.replace(" ", "."),
        "{ibanlow}": full.lower(),
        "{ibanocr}": f"{full[:8]}O{full[9:14]}l{full[15:]}",
        "{ibancut}": four[:-3],
        "{iban2}": f"{full[:2]} {full[2:4]} {full[4:]}",
    }[mask]


def _card(mask: str, random: Random) -> str:
    body = random.choice(("4970", "5131", "4539")) + "".join(random.choices(string.digits, k=11))
    return _digits(mask, random, body + luhn.calc_check_digit(body))


def _plate(mask: str, random: Random) -> str:
    """The letters are kept apart from the digits' letters by a zero character around them."""
    for name, size in (("l2", 2), ("l3", 3), ("low2", 2)):
        while f"{{{name}}}" in mask:
            letters = "".join(random.choices(_LETTERS, k=size))
            mask = mask.replace(f"{{{name}}}", f"\0{letters.lower() if name == 'low2' else letters}\0", 1)
    digits = f"{random.randrange(1000, 10000)}0"
    parts = mask.split("\0")
    return "".join(part if at % 2 else _digits(part, random, digits) for at, part in enumerate(parts))


def _social(mask: str, random: Random) -> str:
    body = f"{random.choice('12')}{random.randrange(40, 99)}{random.randrange(1, 13):02d}{random.randrange(1, 95):02d}"
    body += f"{random.randrange(1, 990):03d}{random.randrange(1, 990):03d}"
    key = nir.calc_check_digits(body)
    cut = [body[0], body[1:3], body[3:5], body[5:7], body[7:10], body[10:13]]
    return {
        "{nir}": " ".join([*cut, key]),
        "{nir_}": body + key,
        "{nir.}": ".".join([*cut, key]),
        "{nirshort}": " ".join(cut),
        "{nirkey}": f"{body} {key}",
        "{nir-}": "-".join([*cut, key]),
    }[mask]


def _birth(mask: str, random: Random) -> str:
    day, month, year = random.randrange(2, 29), random.randrange(1, 13), random.randrange(1935, 2005)
    said = _cases()["spoken"]
    return mask.format(
        d=f"{day:02d}",
        m=f"{month:02d}",
        y=year,
        yy=f"{year % 100:02d}",
        day=day,
        month=said["months"][month - 1],
        MONTH=said["months"][month - 1].upper(),
        mon=said["short"][month - 1],
        dayword=random.choice(said["days"]),
        yearword=random.choice(said["years"]),
    )


def _email(mask: str, random: Random) -> str:
    a, b = _plain(_given(random)), _plain(_family(random))
    return mask.format(a=a, b=b, A=a.upper(), B=b.upper(), domain=random.choice(_cases()["domains"]))


def _address(mask: str, random: Random) -> str:
    code, town = random.choice(_cases()["towns"])
    street, number = random.choice(_cases()["streets"]), random.randrange(1, 180)
    return mask.format(
        n=number,
        N=number,
        street=street,
        STREET=street.upper(),
        lowstreet=fold(street),
        zip=code,
        town=town,
        TOWN=town.upper(),
        lowtown=fold(town),
    )


def _number(mask: str, random: Random) -> str:
    """Letters at the beginning, and AUT within, are a file's own."""
    head = re.match(r"(?:HA|PF|PM|SA|CHA|AS|RC|DOS|Z)(?=[ -]|\d)", mask)
    lead = head[0] if head else ""
    return lead + _digits(mask[len(lead) :].replace("AUT", "\1"), random).replace("\1", "AUT")


def _given(random: Random) -> str:
    return str(random.choice(_cases()["given"]))


def _family(random: Random) -> str:
    return str(random.choice(_cases()["family"]))


def _named(mask: str, given: str, family: str) -> str:
    return mask.format(given=given, family=family, GIVEN=given.upper(), FAMILY=family.upper(), g=given[0])


def _slipped(name: str, random: Random) -> str:
    """With one slip of the pen in its longest word: a letter doubled, lost, changed or swapped with the next."""
    longest = max(re.findall(r"[^\W\d_]+", name), key=len)
    at = random.randrange(1, len(longest) - 1)
    wrong = random.choice(
        (
            longest[:at] + longest[at] + longest[at:],
            longest[:at] + longest[at + 1 :],
            longest[:at] + random.choice("aeinrst") + longest[at + 1 :],
            longest[:at] + longest[at + 1] + longest[at] + longest[at + 2 :],
        )
    )
    return name.replace(longest, wrong, 1)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", fold(name))


_KINDS = {
    "TELEPHONE": _phone,
    "IBAN": _iban,
    "CARTE": _card,
    "PLAQUE": _plate,
    "NIR": _social,
    "NAISSANCE": _birth,
    "EMAIL": _email,
    "ADRESSE": _address,
    "NUMERO": _number,
}
