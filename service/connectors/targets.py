"""Where webhooks may go: never, unless a setting says so, to this machine or the networks behind it (OWASP's cheat
sheet on server-side request forgery)."""

import ipaddress
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from service.connectors.lookups import Lookups
from service.errors import FieldProblem, RefusedError

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

PORTS = {"https": 443, "http": 80}
MOST_CHARS = 2_000
_URL = re.compile(
    r"(?P<scheme>https?)://(?:(?P<host>[A-Za-z0-9._-]+)|\[(?P<six>[0-9A-Fa-f:.]+)\])(?::(?P<port>\d{1,5}))?"
    r"(?P<path>/[!-\[\]-~]*)?(?P<query>\?[!-\[\]-~]*)?",
    re.ASCII,
)
"""Narrower than the standard, so that no two readers of an address can differ about whose it is."""
_GLOBAL = IPv6Network("2000::/3")
_TRANSLATED = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart. `path` begins with a slash and holds the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """As the Host header has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


class Targets:
    """`allowed`: hosts by name, addresses and networks that may be private. Raises RefusedError for a network that is
    none."""

    def __init__(self, allowed: str = "", plain_http: bool = False, resolve: Resolve | None = None) -> None:
        entries = [one.strip().lower() for one in allowed.split(",") if one.strip()]
        self._networks = [network for network in map(_network, entries) if network is not None]
        self._names = frozenset(one for one in entries if _network(one) is None)
        self._plain_http = plain_http
        self._resolve = resolve or Lookups()

    def check(self, url: str) -> Target:
        """What can be told without asking the network. Raises RefusedError that names the cure."""
        found = _URL.fullmatch(url) if len(url) <= MOST_CHARS else None
        if found is None:
            raise _refused("give an address such as https://crm.example.com/hooks, without user, password or fragment")
        if found["scheme"] == "http" and not self._plain_http:
            raise _refused("give an https address, or set AIGUILLEUR_WEBHOOK_HTTP")
        port = int(found["port"] or PORTS[found["scheme"]])
        if not 1 <= port <= 65_535:
            raise _refused("give a port from 1 to 65535, or none")
        target = Target(
            found["scheme"],
            (found["host"] or found["six"]).lower(),
            port,
            (found["path"] or "/") + (found["query"] or ""),
        )
        literal = _address(target.host)
        if (found["six"] and not isinstance(literal, IPv6Address)) or (
            literal is not None and not self._may(target.host, literal)
        ):
            raise _refused("is not an address on the public internet; AIGUILLEUR_WEBHOOK_ALLOW names those that may be")
        return target

    async def addresses(self, target: Target) -> list[str]:
        """What the name stands for, asked once: the caller connects to one of these and to nothing else, so that an
        answer that changes afterwards (DNS rebinding) wins nothing. One that may not be refuses all.

        Raises RefusedError, OSError where the name is not known.
        """
        found = [_address(one) for one in await self._resolve(target.host, target.port)]
        if not found or not all(one is not None and self._may(target.host, one) for one in found):
            raise _refused("stands for an address that is not on the public internet")
        return list(dict.fromkeys(str(one) for one in found))

    def _may(self, host: str, address: Address) -> bool:
        shown = _shown(address)
        return host in self._names or any(shown in network for network in self._networks) or is_public(address)


def is_public(address: Address) -> bool:
    """On the public internet, also where it wraps an IPv4 address (mapped, 6to4, Teredo, NAT64)."""
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast and not address.is_reserved
    wrapped = [one for one in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())) if one is not None]
    if address in _TRANSLATED:
        wrapped.append(IPv4Address(int(address) & 0xFFFF_FFFF))
    if wrapped:
        return all(map(is_public, wrapped))
    return address in _GLOBAL and address.is_global


def _shown(address: Address) -> Address:
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


def _address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None


def _network(entry: str) -> IPv4Network | IPv6Network | None:
    try:
        return ipaddress.ip_network(entry, strict=False)
    except ValueError as error:
        if "/" in entry:
            problem = FieldProblem("AIGUILLEUR_WEBHOOK_ALLOW", "give host names, addresses or networks like 10.0.0.0/8")
            raise RefusedError(f"{entry!r} is no network.", (problem,)) from error
        return None


def _refused(cure: str) -> RefusedError:
    return RefusedError("The address cannot be a webhook's.", (FieldProblem("url", cure),))
