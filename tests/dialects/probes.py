"""Probes: how programs that mean something else begin when they knock here.

Each is all that the program sends before it hears anything.  Those marked with a
star were taken from the real program on loopback: OpenSSL 3.0, curl 7.88 and
OpenSSH 9.2.
"""

from dataclasses import dataclass
from typing import Final

from chat.dialects.sniff import Language


@dataclass(frozen=True, slots=True)
class Probe:
    """Somebody's first bytes, and what they are in."""

    program: str
    sends: bytes
    language: Language

    @property
    def pieces(self) -> list[bytes]:
        """What is sent, byte by byte."""
        return [bytes((byte,)) for byte in self.sends]


# openssl s_client -tls1_3.  There is a 10 among the numbers of its extensions and
# its algorithms, and so it comes as lines.
HELLO_13: Final = bytes.fromhex(
    "16030100dc010000d803031e489f3cd69d12f70504a8fecffdc28cca2fe2495b46378f342661c8a1"
    "c2ef0620f9345c8f308b29b2aaffb19e3bed4a9a594ea6ba6e20d45a3137ca9899bc7dc900081302"
    "1303130100ff01000087000b000403000102000a00160014001d0017001e00190018010001010102"
    "01030104002300000016000000170000000d001e001c040305030603080708080809080a080b0804"
    "08050806040105010601002b0003020304002d00020101003300260024001d00206d9618e22f3309"
    "0c1fa43ec74303843df6eeba83fd51bcd2d95a75aba89e997e"
)
# openssl s_client -tls1_2 -cipher AES128-SHA:AES256-SHA -sigalgs RSA+SHA256: it has
# no such number, and comes as no line at all.
HELLO_12: Final = bytes.fromhex(
    "1603010047010000430303fb416a8328a6186f8d6cb7fb4225f7e12a11636e46495c0f6799cf217c"
    "9ca013000006002f003500ff01000014002300000016000000170000000d000400020401"
)

# A web page has its visitor's browser send this to whatever address it likes.
EVIL_POST: Final = (
    b"POST / HTTP/1.1\r\nHost: 127.0.0.1:2428\r\nConnection: keep-alive\r\n"
    b"Content-Length: 68\r\nContent-Type: text/plain;charset=UTF-8\r\n"
    b"Origin: https://evil.example\r\nReferer: https://evil.example/\r\n\r\n"
    b"NICK evil\r\nUSER e e e e\r\nJOIN #lobby\r\nPRIVMSG #lobby :hi\r\nevil\r\nhi\r\n"
)

PROXY_V2: Final = (
    b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\x7f\0\0\x01\x7f\0\0\x01\xd5\xe6\x09\x7c"
)

_HEAD: Final = b"Host: 127.0.0.1:2428\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n"

_HTTP, _TLS, _PLAIN, _NONE = (
    Language.HTTP,
    Language.TLS,
    Language.PLAIN,
    Language.NONE,
)

PROBES: Final = (
    Probe("openssl s_client -tls1_3 *", HELLO_13, _TLS),
    Probe("openssl s_client -tls1_2 *", HELLO_12, _TLS),
    Probe("SSL 2 of old", b"\x80\x2e\x01\x03\x01\0\x15\0\0\0\x10\x07\0\xc0", _NONE),
    Probe("curl *", b"GET / HTTP/1.1\r\n" + _HEAD, _HTTP),
    Probe("curl -x *", b"CONNECT 10.0.0.5:443 HTTP/1.1\r\n" + _HEAD, _HTTP),
    Probe(
        "curl --http2-prior-knowledge *",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0d\0\x04",
        _HTTP,
    ),
    Probe("a browser", b"GET /favicon.ico HTTP/1.1\r\n" + _HEAD, _HTTP),
    Probe("a browser's POST", EVIL_POST, _HTTP),
    Probe("a request behind an empty line", b"\r\n" + EVIL_POST, _HTTP),
    Probe(
        "curl --haproxy-protocol *",
        b"PROXY TCP4 127.0.0.1 127.0.0.1 54758 2428\r\nGET /x HTTP/1.1\r\n" + _HEAD,
        _NONE,
    ),
    Probe("PROXY for chat", b"PROXY UNKNOWN\r\nNICK evil\r\nUSER e e e e\r\n", _NONE),
    Probe("PROXY, version 2", PROXY_V2 + b"NICK evil\r\nUSER e e e e\r\n", _NONE),
    Probe("ssh *", b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u6\r\n", _NONE),
    Probe("curl rtsp:// *", b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n", _NONE),
    Probe(
        "a SIP scanner",
        b"OPTIONS sip:nm SIP/2.0\r\nVia: SIP/2.0/TCP nm;branch=foo\r\n\r\n",
        _NONE,
    ),
    Probe("a mail server", b"EHLO scanner.example\r\nQUIT\r\n", _NONE),
    Probe("redis-cli", b"*2\r\n$7\r\nCOMMAND\r\n$4\r\nDOCS\r\n", _NONE),
    Probe("PostgreSQL", b"\0\0\0\x08\x04\xd2\x16\x2f", _NONE),
    Probe(
        "a remote desktop",
        b"\x03\0\0\x13\x0e\xe0\0\0\0\0\0\x01\0\x08\0\x03\0\0\0",
        _NONE,
    ),
    Probe("curl smb:// *", b"\0\0\0\x2f\xffSMBr\0\0\0\0\x18\x41\0\0\0\0\0", _NONE),
    Probe("curl ldap:// *", b"0\x0c\x02\x01\x01`\x07\x02\x01\x03\x04\0\x80\0", _NONE),
    Probe("curl mqtt:// *", b"\x10\x18\0\x04MQTT\x04\x02\0<\0\x0ccurl9f2029b6", _NONE),
    Probe(
        "MongoDB",
        b"\x3f\0\0\0\x01\0\0\0\0\0\0\0\xd4\x07\0\0\0\0\0\0admin.$cmd\0",
        _NONE,
    ),
    Probe(
        "DNS over TCP",
        b"\0\x1e\0\x06\x01\0\0\x01\0\0\0\0\0\0\x07version\x04bind\0\0\x10\0\x03",
        _NONE,
    ),
    Probe("Minecraft", b"\x10\0\xf2\x05\x09localhost\x63\xdd\x01\x01\0", _NONE),
    Probe("Minecraft of old", b"\xfe\x01\xfa\0\x0b\0M\0C\0|\0P\0i\0n\0g", _NONE),
    Probe("BitTorrent", b"\x13BitTorrent protocol" + bytes(8), _NONE),
    Probe(
        "a miner",
        b'{"id":1,"method":"mining.subscribe","params":["x/1.0"]}\n',
        _PLAIN,
    ),
    Probe("a screen viewer", b"RFB 003.008\n", _PLAIN),
    Probe("FTP", b"USER anonymous\r\nPASS x@example.org\r\n", _PLAIN),
)
