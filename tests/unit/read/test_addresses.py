"""Which machines may be reached: every spelling of a forbidden address is seen through."""

from __future__ import annotations

import ipaddress

import pytest

from dragoman.read.web.addresses import ForbiddenAddress, Unresolved, find_literal, refusal_of, resolve

FORBIDDEN = """
127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0x7F.0.0.1 0177.0.0.1 017700000001 0x7f.1 127.255.255.254 0 0.0.0.0 10.0.0.1
10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 0xc0a80001 3232235521 169.254.169.254 0xa9fea9fe 2852039166
0251.0376.0251.0376 169.254.0.1 100.64.0.1 100.100.100.200 168.63.129.16 192.0.0.192 192.0.2.1 198.18.0.1 198.51.100.7
203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 ::1 :: ::ffff:127.0.0.1 ::ffff:10.0.0.1
::ffff:169.254.169.254 ::ffff:7f00:1 0:0:0:0:0:ffff:7f00:1 ::127.0.0.1 fe80::1 fe80::1%eth0 fec0::1 fc00::1 fd00:ec2::254
fd12:3456::1 ff02::1 2002:7f00:1:: 2002:a9fe:a9fe:: 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 2001:db8::1 100::1
""".split()
PUBLIC = ["93.184.215.14", "1.1.1.1", "172.32.0.1", "192.169.0.1", "11.0.0.1", "2606:4700:4700::1111", "2a00:1450:4001:800::200e",
          "64:ff9b::808:808", "::ffff:8.8.8.8"]  # fmt: skip


@pytest.mark.parametrize("host", FORBIDDEN)
def test_an_address_is_refused_in_any_spelling(host: str) -> None:
    """Loopback, private, link-local, metadata, reserved and multicast addresses are refused however they are written."""
    with pytest.raises(ForbiddenAddress):
        resolve(host, 80)


@pytest.mark.parametrize("host", FORBIDDEN)
def test_a_name_that_leads_there_is_refused(host: str) -> None:
    """The same where a name resolves to the address."""
    literal = find_literal(host)
    assert literal is not None
    with pytest.raises(ForbiddenAddress, match=r"keld\.example"):
        resolve("keld.example", 80, resolver=lambda *_: [str(literal)])


@pytest.mark.parametrize("host", PUBLIC)
def test_a_public_address_is_taken(host: str) -> None:
    """What is public is reached, and nothing else than what was checked."""
    assert resolve("keld.example", 443, resolver=lambda *_: [host]) == [str(ipaddress.ip_address(host))]


def test_one_bad_address_among_good_ones_refuses_the_host() -> None:
    """A name that also leads to this machine is an attempt."""
    with pytest.raises(ForbiddenAddress):
        resolve("keld.example", 80, resolver=lambda *_: ["93.184.215.14", "127.0.0.1"])


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.1.2.3", "192.168.1.1", "::1", "fd12::1", "::ffff:10.0.0.1"]
)
def test_private_addresses_can_be_allowed(host: str) -> None:
    """With the flag this machine and private networks are reached."""
    assert resolve(host, 80, allow_private=True)


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "fe80::1", "fd00:ec2::254", "224.0.0.1", "0.0.0.0", "168.63.129.16"]
)
def test_metadata_and_multicast_never_are(host: str) -> None:
    """The flag does not open link-local, metadata, unspecified and multicast addresses."""
    address = find_literal(host)
    assert address is not None
    assert refusal_of(address, allow_private=True) is not None


@pytest.mark.parametrize(
    "host", ["keld.example", "1.2.3.4.5", "256.1.1.1", "1.2.3.999", "0xg", "beef", "08.example"]
)
def test_what_is_no_address_is_a_name(host: str) -> None:
    """Only what a resolver would take for an address is one."""
    assert find_literal(host) is None


def test_a_name_without_address_is_told() -> None:
    """No answer, an error and nonsense from the resolver are all "unresolved"."""

    def failing(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    for resolver in (failing, lambda *_: [], lambda *_: ["nonsense"]):
        with pytest.raises(Unresolved, match=r"keld\.example"):
            resolve("keld.example", 80, resolver=resolver)
