"""Webhooks go to the public internet, to the address that was looked at, under the name that was given."""

import datetime
import ssl
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path

import pytest

from service.connectors.targets import Targets, is_public
from service.connectors.webhooks import Poster, new_webhook_secret
from service.domain.webhook import Parcel
from service.errors import RefusedError
from tests.receiver import OK, receiving, status, verified

NOW = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
PRIVATE = tuple(
    """
127.0.0.1 127.9.9.9 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 240.0.0.1
255.255.255.255 198.18.0.1 ::1 :: fe80::1 fc00::1 fd12::1 ff02::1 ff0e::1 fec0::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1
::127.0.0.1 64:ff9b::7f00:1 64:ff9b::a00:1 2002:7f00:1:: 2002:a00:1:: 2001:db8::1 2001:0:4136:e378:8000:63bf:3fff:fdd2
""".split()  # noqa: SIM905 - a list of thirty lines tells less
)
PUBLIC = "93.184.215.14 8.8.8.8 2606:2800:21f:cb07:6820:80da:af6b:8b2c 64:ff9b::808:808 ::ffff:8.8.8.8".split()  # noqa: SIM905


class Names:
    """A resolver that gives each of its answers once, as a name that is rebound does; then the last one."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked += 1
        return self.answers[min(self.asked, len(self.answers)) - 1]


def a_parcel(url: str) -> Parcel:
    return Parcel(id="d-1", webhook_id="w-1", url=url, secret=new_webhook_secret(), payload='{"é": 1}')


@pytest.mark.parametrize("address", PRIVATE)
async def test_private_addresses_are_refused_written_and_resolved(address: str) -> None:
    assert not is_public(ip_address(address))
    written = f"[{address}]" if ":" in address else address
    with pytest.raises(RefusedError):
        Targets().check(f"https://{written}/hooks")
    targets = Targets(resolve=Names([PUBLIC[0], address]))
    with pytest.raises(RefusedError):
        await targets.addresses(targets.check("https://crm.example.com/hooks"))


@pytest.mark.parametrize("address", PUBLIC)
async def test_public_addresses_are_not(address: str) -> None:
    targets = Targets(resolve=Names([address]))
    assert await targets.addresses(targets.check("https://crm.example.com/")) == [str(ip_address(address))]


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example.com/",
        "ftp://crm.example.com/",
        "file:///etc/passwd",
        "https://user:secret@crm.example.com/",
        "https://crm.example.com@127.0.0.1/",
        "https://crm.example.com\\@127.0.0.1/",
        "https://crm.example.com#@127.0.0.1/",
        "https://127.0.0.1:99999/",
        "https://crm.example.com:0/",
        "https://crm.example.com/a b",
        "https://crm.example.com/\r\nHost: x",
        "https://[::1",
        "https://[1.2.3.4]/",
        "https://[fe80::1%25eth0]/",
        "https:///hooks",
        "https://é.example.com/",
        "https://crm.example.com/" + "a" * 2_000,
        "",
    ],
)
def test_addresses_that_two_readers_could_read_in_two_ways_are_refused(url: str) -> None:
    with pytest.raises(RefusedError):
        Targets().check(url)


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost", "localhost."])
async def test_other_spellings_of_this_machine_are_refused_once_resolved(host: str) -> None:
    answer = await Poster(Targets())(a_parcel(f"https://{host}/"), NOW)
    assert answer.error in {"refused_target", "unknown_host"}


async def test_a_setting_allows_hosts_and_networks() -> None:
    targets = Targets("crm.internal, 10.1.0.0/16", resolve=Names(["192.168.0.7"]))
    assert targets.check("https://10.1.2.3/").host == "10.1.2.3"
    assert await targets.addresses(targets.check("https://CRM.internal:8443/x?y=1")) == ["192.168.0.7"]
    with pytest.raises(RefusedError):
        targets.check("https://10.2.0.1/")
    with pytest.raises(RefusedError):
        await targets.addresses(targets.check("https://other.internal/"))
    with pytest.raises(RefusedError):
        Targets("10.0.0.0/99")


async def test_a_name_that_is_rebound_wins_nothing() -> None:
    """It is asked once, and what was asked is what is connected to."""
    async with receiving() as inside:
        names = Names(["127.0.0.2"], ["127.0.0.1"])
        poster = Poster(Targets("127.0.0.2", plain_http=True, resolve=names), timeout_s=3)
        answer = await poster(a_parcel(inside.url(host="crm.example.com")), NOW)
        assert (answer.error, names.asked, inside.heard) == ("no_connection", 1, [])
        assert (await poster(a_parcel(inside.url(host="crm.example.com")), NOW)).error == "refused_target"
        assert inside.heard == []


async def test_no_redirect_is_followed() -> None:
    async with receiving() as inside:
        inside.answer = lambda _: status(307, Location=inside.url("/inside"))
        answer = await Poster(Targets("127.0.0.1", plain_http=True))(a_parcel(inside.url()), NOW)
        assert (answer.status, answer.error, len(inside.heard)) == (307, "redirected", 1)


async def test_the_name_is_kept_in_the_handshake_the_certificate_and_the_host_header(tmp_path: Path) -> None:
    certificate, key = written_certificate(tmp_path, "crm.example.com")
    served = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    served.load_cert_chain(certificate, key)
    trust = ssl.create_default_context(cafile=str(certificate))
    async with receiving(served) as inside:
        poster = Poster(Targets("127.0.0.1", resolve=Names(["127.0.0.1"])), trust=trust)
        parcel = a_parcel(inside.url("/a?b=c", "crm.example.com", "https"))
        assert (await poster(parcel, NOW)).status == 204
        (heard,) = inside.heard
        assert (heard.path, heard.headers["host"]) == ("/a?b=c", f"crm.example.com:{inside.port}")
        assert heard.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
        assert verified(heard, parcel.secret)
        other = await poster(a_parcel(inside.url("/", "other.example.com", "https")), NOW)
        assert (other.error, len(inside.heard)) == ("no_connection", 1)


async def test_what_is_slow_ends_in_time_and_an_endless_answer_is_not_read() -> None:
    async with receiving() as inside:
        poster = Poster(Targets("127.0.0.1", plain_http=True), timeout_s=0.3)
        inside.answer = lambda _: None
        assert (await poster(a_parcel(inside.url()), NOW)).error == "timeout"
        inside.answer = lambda _: OK.replace(b"204 No Content", b"200 OK") + b"x" * 5_000_000
        assert (await poster(a_parcel(inside.url()), NOW)).status == 200


@pytest.mark.parametrize(
    ("given", "seconds"), [("120", 120), ("999999999", 14_400), ("-3", None), ("soon", None), ("", None)]
)
async def test_retry_after_is_read_within_reason(given: str, seconds: float | None) -> None:
    async with receiving() as inside:
        inside.answer = lambda _: status(503, Retry_After=given)
        answer = await Poster(Targets("127.0.0.1", plain_http=True))(a_parcel(inside.url()), NOW)
    assert answer.retry_after_s == seconds


def written_certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """Its own authority, for that name alone."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    called = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    built = x509.CertificateBuilder().subject_name(called).issuer_name(called).public_key(key.public_key())
    built = built.serial_number(1).not_valid_before(now - datetime.timedelta(days=1))
    built = built.not_valid_after(now + datetime.timedelta(days=1))
    built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    built = built.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    secret.write_bytes(key.private_bytes(*plain))
    return certificate, secret
