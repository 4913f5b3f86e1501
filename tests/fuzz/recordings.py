"""Recordings: what real programs sent to a server of ours, byte for byte.

PuTTY's is put together from its opening and what was typed; the rest was taken
off the wire between the program and the server.
"""

from typing import Final

# netkit telnet: two lines, Ctrl-C in the middle of a third, then "mode character"
# and "send ayt" at its own prompt.
TELNET: Final = (
    b"telly\r\nhello there\r\n\xff\xf4\xff\xfd\x06\xff\xfb\x1f\xff\xfa\x1f\x00P\x00"
    b"\x18\xff\xf0\xff\xfb\x18\xff\xfa\x18\x00XTERM\xff\xf0\xff\xfa\x18\x00XTERM\xff"
    b"\xf0again\r\n\xff\xfd\x03\xff\xfd\x01by k\x7fkeys\r\x00\xff\xf6/who\r\x00"
)
# On port 23 it opens with all it has.
TELNET_OPENING: Final = bytes.fromhex(
    "fffd03 fffb18 fffb1f fffb20 fffb21 fffb22 fffb27 fffd05 fffb23"
    "fffa1f00500018fff0 fffa1800787465726d2d323536636f6c6f72fff0"
)
# WILL NAWS, TSPEED, TTYPE, NEW-ENVIRON; DO ECHO; WILL SGA; DO SGA; its window.
PUTTY_OPENING: Final = bytes.fromhex(
    "fffb1f fffb20 fffb18 fffb27 fffd01 fffb03 fffd03 fffa1f00500018fff0"
)
PUTTY: Final = (
    PUTTY_OPENING + b"putty\r\0hello \xc3\xa4\x7f\x7fthere\r\0\x1b[A\x1b[D"
    b"\x1bOP\x1b[15~typed\x15and erased\x17\x17/who\r\0\x03half\x04\r\0\x04"
)
WEECHAT: Final = (
    b"CAP LS 302\r\nNICK weeuser\r\nUSER root 0 * :root\r\n"
    b"CAP REQ :message-tags server-time\r\nCAP END\r\nJOIN #lobby\r\n"
    b"@+typing=active TAGMSG #lobby\r\nPRIVMSG #lobby :hello there\r\nQUIT :bye\r\n"
)
IRSSI: Final = (
    b"CAP LS 302\r\nJOIN :\r\nCAP REQ :server-time\r\nCAP END\r\nNICK irsuser\r\n"
    b"USER root root 127.0.0.1 :root\r\nMODE irsuser +i\r\nPING switchboard.local\r\n"
)
CURL: Final = (
    b"POST /index HTTP/1.1\r\nHost: 127.0.0.1:2428\r\nUser-Agent: curl/7.88.1\r\n"
    b"Accept: */*\r\nContent-Length: 9\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nNICK evil"
)
SSH: Final = b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u6\r\n"
# The beginning of curl's ClientHello; the rest is padding.
TLS: Final = bytes.fromhex(
    "160301020001 0001fc0303 1bc65193f6b5739d802cb0ebec997062bc6a91653f769062909"
    "1b75a4af8774e7b20c0dfde0adeb23456c3ade5a8f645279ebaac0248857aec8b3a51382a39"
    "47282600 3e 130213031301c02cc030009fcca9cca8ccaac02bc02f009ec024c028006bc023"
    "c0270067c00ac0140039c009c0130033009d009c003d003c0035002f00ff"
) + bytes(255)
REDIS: Final = b"*2\r\n$4\r\nAUTH\r\n$6\r\nsecret\r\n*1\r\n$4\r\nPING\r\n"

EVERYTHING: Final = (
    *(TELNET, TELNET_OPENING + TELNET, PUTTY, WEECHAT, IRSSI),
    *(CURL, SSH, TLS, REDIS),
)
