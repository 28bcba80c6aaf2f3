"""Which machines may be reached: host name → addresses, all of them checked, whatever way they are spelt.

A name is resolved once, here, and the connection goes to an address that was checked, so that a name which answers
differently the second time (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Sequence[str]]

# Public by the registries, yet no place to read news from. Source: RFC 6890 and 7526; the last is a cloud's own service.
_REFUSED = [
    ipaddress.ip_network(n)
    for n in (
        "0.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4",
        "168.63.129.16/32", "::/128", "fec0::/10", "fe80::/10", "100::/64", "2001::/23", "fd00:ec2::/32",
    )
]  # fmt: skip
_PRIVATE = [
    ipaddress.ip_network(n)
    for n in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
]
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]*|\d+")


class ForbiddenAddress(Exception):
    """A host whose address may not be reached."""


class Unresolved(Exception):
    """A host name that has no address."""


def find_literal(host: str) -> Address | None:
    """Return the address that a host spells, None for a name; decimal, hexadecimal and octal spellings count.

    Source: WHATWG URL standard, "IPv4 parser".

    Example:
        >>> [str(find_literal(h)) for h in ("127.1", "0x7f000001", "2130706433", "0177.0.0.1", "keld.example")]
        ['127.0.0.1', '127.0.0.1', '127.0.0.1', '127.0.0.1', 'None']
    """
    if ":" in host:
        try:
            return ipaddress.IPv6Address(host.partition("%")[0])
        except ValueError:
            return None
    parts = host.removesuffix(".").split(".")
    if not 1 <= len(parts) <= 4 or not all(_NUMBER.fullmatch(p) for p in parts):
        return None
    numbers = [_number(p) for p in parts]
    last = numbers.pop()
    if any(n > 255 for n in numbers) or last >= 256 ** (4 - len(numbers)):
        return None
    return ipaddress.IPv4Address(sum(n << 8 * (3 - k) for k, n in enumerate(numbers)) + last)


def _number(words: str) -> int:
    if words[:2].lower() == "0x":
        return int(words[2:] or "0", 16)
    return (
        int(words, 8)
        if words.startswith("0") and words.isdigit() and not set(words) & {"8", "9"}
        else int(words)
    )


def inner_address(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address stands for (mapped, compatible, 6to4, NAT64, Teredo), or itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    number = int(address)
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64 or (number >> 32 == 0 and number > 1):
        return ipaddress.IPv4Address(number & 0xFFFFFFFF)
    return address


def refusal_of(address: Address, *, allow_private: bool = False) -> str | None:
    """Return why an address may not be reached, None when it may.

    Args:
        address: Any address.
        allow_private: Whether loopback and private networks may be reached; link-local and metadata addresses never may.
    """
    inner = inner_address(address)
    if inner.is_multicast or address.is_multicast:
        return "a multicast address"
    if any(inner.version == n.version and inner in n for n in _REFUSED):
        return "a link-local or metadata address" if inner.is_link_local else "a reserved address"
    if any(inner.version == n.version and inner in n for n in _PRIVATE):
        return None if allow_private else ("this machine" if inner.is_loopback else "a private address")
    if not inner.is_global or inner.is_reserved or inner.is_unspecified:
        return "a reserved address"
    return None


def system_resolver(host: str, port: int) -> list[str]:
    """Return the addresses that the system gives for a name.

    Raises:
        OSError: It has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


def resolve(
    host: str, port: int, *, resolver: Resolver = system_resolver, allow_private: bool = False
) -> list[str]:
    """Return the addresses of a host, each of which may be reached.

    Args:
        host: A name or an address in any spelling.
        port: The port to be reached.
        resolver: What gives the addresses of a name.
        allow_private: As for ``refusal_of``.

    Raises:
        ForbiddenAddress: One of them may not be reached.
        Unresolved: It has no address.
    """
    literal = find_literal(host)
    if literal is not None:
        found: list[Address] = [literal]
    else:
        try:
            found = [ipaddress.ip_address(a.partition("%")[0]) for a in resolver(host, port)]
        except (OSError, ValueError, UnicodeError) as error:
            raise Unresolved(f'the host "{host}" has no address ({error})') from error
    if not found:
        raise Unresolved(f'the host "{host}" has no address')
    # One bad address among good ones is an attempt, not an accident.
    for address in found:
        why = refusal_of(address, allow_private=allow_private)
        if why is not None:
            shown = f"{address}" if str(address) == host else f"{address} ({host})"
            raise ForbiddenAddress(f"{shown} is {why}; allow private addresses with --allow-private" if why in
                                   ("this machine", "a private address") else f"{shown} is {why}")  # fmt: skip
    return [str(address) for address in found]
