"""A stream over TLS: into a real server behind a tunnel, and what staff read where it fails."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from assistant.push.flv import Tag
from tests.push.conftest import described, listening, until
from tests.push.test_rtmp import pushed, pushing

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate of 127.0.0.1, with its key in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    signed = made.add_extension(names, critical=False).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = tmp_path_factory.mktemp("tls") / "one.pem"
    file.write_bytes(secret + signed.public_bytes(pem))
    return file


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the operating system's store of certificates would trust it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


@asynccontextmanager
async def tunnel(certificate: Path, port: int) -> AsyncIterator[int]:
    """TLS in front of a port; gives its own."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(carry(reader, behind[1]), carry(behind[0], writer))

    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context) as server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.usefixtures("trusted")
async def test_a_server_behind_tls_receives_the_stream(
    tmp_path: Path, card: list[Tag], certificate: Path
) -> None:
    async with listening(tmp_path) as (url, file):
        port = int(url.split(":")[2].split("/")[0])
        async with tunnel(certificate, port) as secure:
            one = await pushed(f"rtmps://127.0.0.1:{secure}/live", card, 60)
    assert one.reading().connections == 1
    assert "1280x720" in await described(file)


async def test_a_certificate_that_nobody_vouches_for_is_named(
    certificate: Path, card: list[Tag]
) -> None:
    async with (
        tunnel(certificate, 9) as secure,
        pushing(f"rtmps://127.0.0.1:{secure}/live", card) as one,
    ):
        await until(lambda: one.reading().why)
    assert one.reading().why == "服务器的证书不可信，核对地址，或请管理员安装它的根证书"


async def test_a_server_without_tls_is_named(card: list[Tag]) -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"\x03" + bytes(3000))
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(plain, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with pushing(f"rtmps://127.0.0.1:{port}/live", card) as one:
            await until(lambda: one.reading().why)
    assert one.reading().why == "服务器不支持加密推流，核对地址是 rtmp 还是 rtmps"
