"""Every command and every number, by its name, as somebody meets it in a real house.

Root runs the house.  Alice runs #tea, and bob is in it.  Eve has only connected.  A
step is who types, and what.
"""

import re

import pytest

from chat.config import Config
from chat.sections import Operator
from tests.conftest import SetTable
from tests.journeys.table import Person, Table

# "milk", at hardly any cost.
MILK = (
    "scrypt$2$1$1$c2FsdA==$KXV6VSdrIRTDo5/x1puK9154QkOvyGZLXBmG3FizGev/xWE2gw"
    "GWuiwl1pcsZ7q9DwUTN5/8p3piIlTtpPfMJA=="
)
BASE = Config(operator=(Operator("root", MILK),))
HOUSE = (
    "limits.enabled=false",
    "server.name=irc.x",
    "accounts.plaintext=true",
    "server.network=Tea House",
    "server.motd=Welcome.",
    "admin.location=Here",
    "admin.organization=Us",
    "admin.email=us@example.org",
)
BOB_HAS_AN_ACCOUNT = ["bob> NS REGISTER milkmilk"]
EVE_LOGS_IN = [*BOB_HAS_AN_ACCOUNT, "eve> CAP REQ sasl", "eve> AUTHENTICATE PLAIN"]
EVE_REGISTERS = ["eve> NICK eve", "eve> USER eve 0 * :Eve"]


class Tea:
    """The four of them."""

    def __init__(self, table: Table) -> None:
        (root,) = table.seat_irc("root")
        root.types("OPER root milk", "PART #lobby")
        alice, bob = table.seat_irc("alice", "bob")
        alice.types("JOIN #tea", "PART #lobby")
        bob.types("JOIN #tea", "PART #lobby")
        eve = table.connect("eve")
        self.people: dict[str, Person] = {
            person.name: person for person in (alice, bob, root, eve)
        }
        self._table = table

    def plays(self, steps: list[str]) -> dict[str, list[str]]:
        """What each of them reads after the last of *steps*, if anything."""
        for step in steps:
            who, _, line = step.partition("> ")
            self._table.clear()
            self.people[who].types(line)
        seen = {name: reads(person) for name, person in self.people.items()}
        return {name: lines for name, lines in seen.items() if lines}


def reads(person: Person) -> list[str]:
    """What *person* has read, with words for what differs from house to house."""
    return [
        re.sub(
            r"msgid=[0-9a-f]+",
            "msgid=ID",
            re.sub(
                r"[0-9a-f]{12}\.cloak",
                "HOST",
                re.sub(r"switchboard-[0-9.]+[0-9]", "VERSION", line),
            ),
        )
        for line in person.sees()
    ]


@pytest.fixture
def tea(set_table: SetTable) -> Tea:
    return Tea(set_table(*HOUSE, base=BASE))


def told_005(nick: str) -> list[str]:
    return [
        f":irc.x 005 {nick} {tokens} :are supported by this server" for tokens in TOKENS
    ]


TOKENS = [
    (
        "ACCOUNTEXTBAN=a AWAYLEN=200 BOT=B CASEMAPPING=ascii CHANLIMIT=#: "
        "CHANMODES=beI,k,l,PXimnst CHANTYPES=# CHANNELLEN=64 CHATHISTORY=100 "
        "ELIST=CMNTU EXCEPTS=e EXTBAN=,am HOSTLEN=64"
    ),
    (
        "INVEX=I KEYLEN=23 KICKLEN=300 MAXLIST=b:100,e:100,I:100 MODES=12 MONITOR=100 "
        "MSGREFTYPES=msgid,timestamp NAMELEN=150 NETWORK=Tea\\x20House NICKLEN=32 "
        "PREFIX=(ov)@+ SAFELIST STATUSMSG=@+"
    ),
    (
        "TARGMAX=JOIN:,KICK:4,LIST:,MONITOR:,NAMES:4,NOTICE:4,PART:,PRIVMSG:4,"
        "TAGMSG:4,WHOIS:1 "
        "TOPICLEN=390 USERLEN=10 UTF8ONLY WHOX"
    ),
]
COMMANDS = [
    pytest.param(
        ["eve> CAP REQ sasl", "eve> AUTHENTICATE PLAIN"],
        {"eve": ["AUTHENTICATE +"]},
        id="AUTHENTICATE",
    ),
    *(
        pytest.param(
            [f"alice> {command} IDENTIFY milkmilk"],
            {"alice": [":NickServ!NickServ@irc.x NOTICE alice :Password incorrect."]},
            id=command,
        )
        for command in ("NICKSERV", "NS")
    ),
    pytest.param(
        ["alice> REGISTER bob * milkmilk"],
        {
            "alice": [
                (
                    ":irc.x FAIL REGISTER ACCOUNT_NAME_MUST_BE_NICK bob"
                    " :An account has the name that you go by."
                )
            ]
        },
        id="REGISTER",
    ),
    pytest.param(
        ["alice> VERIFY alice 1234"],
        {
            "alice": [
                ":irc.x FAIL VERIFY INVALID_CODE alice :No account waits for a code."
            ]
        },
        id="VERIFY",
    ),
    pytest.param(
        ["alice> ADMIN"],
        {
            "alice": [
                ":irc.x 256 alice irc.x :Administrative info",
                ":irc.x 257 alice :Here",
                ":irc.x 258 alice :Us",
                ":irc.x 259 alice :us@example.org",
            ]
        },
        id="ADMIN",
    ),
    pytest.param(
        ["alice> AWAY :milk"],
        {"alice": [":irc.x 306 alice :You have been marked as being away."]},
        id="AWAY",
    ),
    pytest.param(
        ["eve> CAP LS 302"],
        {
            "eve": [
                (
                    ":irc.x CAP * LS :account-notify account-tag away-notify batch "
                    "cap-notify chghost echo-message extended-join invite-notify "
                    "labeled-response message-tags multi-prefix "
                    "sasl=PLAIN,SCRAM-SHA-256 server-time setname userhost-in-names "
                    "draft/read-marker draft/chathistory draft/event-playback "
                    "soju.im/search "
                    "draft/account-registration=before-connect"
                )
            ]
        },
        id="CAP",
    ),
    pytest.param(
        ["alice> HELP KICK"],
        {
            "alice": [
                ":irc.x 704 alice KICK :KICK <room> <nick>{,<nick>} [<reason>]",
                ":irc.x 705 alice KICK :",
                ":irc.x 706 alice KICK :one person or several, out of one room.",
            ]
        },
        id="HELP",
    ),
    pytest.param(
        ["alice> INFO"],
        {
            "alice": [
                ":irc.x 371 alice :Tea House runs on Switchboard.",
                ":irc.x 371 alice :Version VERSION",
                ":irc.x 371 alice :Running since 2023-11-14 22:13:20 UTC",
                ":irc.x 374 alice :End of /INFO list.",
            ]
        },
        id="INFO",
    ),
    pytest.param(
        ["alice> INVITE root #tea"],
        {
            "alice": [":irc.x 341 alice root :#tea"],
            "root": [":alice!alice@HOST INVITE root #tea"],
        },
        id="INVITE",
    ),
    pytest.param(
        ["alice> ISON bob zoe ALICE"],
        {"alice": [":irc.x 303 alice :bob alice"]},
        id="ISON",
    ),
    pytest.param(
        ["root> JOIN #tea,#sea"],
        {
            "alice": [":root!root@HOST JOIN #tea"],
            "bob": [":root!root@HOST JOIN #tea"],
            "root": [
                ":root!root@HOST JOIN #tea",
                ":irc.x 353 root = #tea :@alice bob root",
                ":irc.x 366 root #tea :End of /NAMES list.",
                ":root!root@HOST JOIN #sea",
                ":irc.x 353 root = #sea :@root",
                ":irc.x 366 root #sea :End of /NAMES list.",
            ],
        },
        id="JOIN",
    ),
    pytest.param(
        ["alice> KICK #tea bob :too loud"],
        {
            "alice": [":alice!alice@HOST KICK #tea bob :too loud"],
            "bob": [":alice!alice@HOST KICK #tea bob :too loud"],
        },
        id="KICK",
    ),
    pytest.param(
        ["root> KILL bob :enough"],
        {
            "alice": [":bob!bob@HOST QUIT :Put out by root: enough"],
            "bob": ["ERROR :Closing link: Put out by root: enough"],
            "root": [":bob!bob@HOST QUIT :Put out by root: enough"],
        },
        id="KILL",
    ),
    pytest.param(
        ["alice> LIST >1"],
        {
            "alice": [
                ":irc.x 321 alice Channel :Users  Name",
                ":irc.x 322 alice #tea 2 :",
                ":irc.x 323 alice :End of /LIST",
            ]
        },
        id="LIST",
    ),
    pytest.param(
        ["alice> LUSERS"],
        {
            "alice": [
                ":irc.x 251 alice :There are 3 users and 0 invisible on 1 servers",
                ":irc.x 252 alice 1 :operator(s) online",
                ":irc.x 253 alice 1 :unknown connection(s)",
                ":irc.x 254 alice 2 :channels formed",
                ":irc.x 255 alice :I have 3 clients and 0 servers",
                ":irc.x 265 alice 3 3 :Current local users 3, max 3",
                ":irc.x 266 alice 3 3 :Current global users 3, max 3",
            ]
        },
        id="LUSERS",
    ),
    pytest.param(
        ["alice> MODE #tea +mv bob"],
        {
            "alice": [":alice!alice@HOST MODE #tea +mv bob"],
            "bob": [":alice!alice@HOST MODE #tea +mv bob"],
        },
        id="MODE",
    ),
    pytest.param(
        ["alice> MONITOR + bob,zoe"],
        {"alice": [":irc.x 730 alice :bob!bob@HOST", ":irc.x 731 alice :zoe"]},
        id="MONITOR",
    ),
    pytest.param(
        ["alice> MOTD"],
        {
            "alice": [
                ":irc.x 375 alice :- irc.x Message of the day -",
                ":irc.x 372 alice :- Welcome.",
                ":irc.x 376 alice :End of /MOTD command.",
            ]
        },
        id="MOTD",
    ),
    pytest.param(
        ["alice> NAMES #tea"],
        {
            "alice": [
                ":irc.x 353 alice = #tea :@alice bob",
                ":irc.x 366 alice #tea :End of /NAMES list.",
            ]
        },
        id="NAMES",
    ),
    pytest.param(
        ["bob> NICK rob"],
        {"alice": [":bob!bob@HOST NICK rob"], "bob": [":bob!bob@HOST NICK rob"]},
        id="NICK",
    ),
    pytest.param(
        ["alice> NOTICE #tea :mind the gap"],
        {"bob": [":alice!alice@HOST NOTICE #tea :mind the gap"]},
        id="NOTICE",
    ),
    pytest.param(
        ["alice> OPER root milk"],
        {
            "alice": [
                ":irc.x 381 alice :You are now an IRC operator.",
                ":alice!alice@HOST MODE alice +o",
            ]
        },
        id="OPER",
    ),
    pytest.param(
        ["bob> PART #tea :bye"],
        {
            "alice": [":bob!bob@HOST PART #tea :bye"],
            "bob": [":bob!bob@HOST PART #tea :bye"],
        },
        id="PART",
    ),
    pytest.param(
        ["alice> PASS milk"],
        {"alice": [":irc.x 462 alice :You may not reregister."]},
        id="PASS",
    ),
    pytest.param(["alice> PING now"], {"alice": [":irc.x PONG irc.x :now"]}, id="PING"),
    pytest.param(["alice> PONG now"], {}, id="PONG"),
    pytest.param(
        ["alice> PRIVMSG bob :psst"],
        {"bob": [":alice!alice@HOST PRIVMSG bob :psst"]},
        id="PRIVMSG",
    ),
    pytest.param(
        ["bob> QUIT :bye"],
        {
            "alice": [":bob!bob@HOST QUIT :Quit: bye"],
            "bob": ["ERROR :Closing link: Quit: bye"],
        },
        id="QUIT",
    ),
    pytest.param(
        ["alice> SETNAME :Alice L.", "bob> WHOIS alice"],
        {
            "bob": [
                ":irc.x 311 bob alice alice HOST * :Alice L.",
                ":irc.x 319 bob alice :@#tea",
                ":irc.x 312 bob alice irc.x :Tea House",
                ":irc.x 317 bob alice 0 1700000000 :seconds idle, signon time",
                ":irc.x 318 bob alice :End of /WHOIS list.",
            ]
        },
        id="SETNAME",
    ),
    pytest.param(
        ["alice> STATS u"],
        {
            "alice": [
                ":irc.x 242 alice :Server Up 0 days 0:00:00",
                ":irc.x 219 alice u :End of /STATS report.",
            ]
        },
        id="STATS",
    ),
    pytest.param(
        [
            "alice> CAP REQ message-tags",
            "bob> CAP REQ message-tags",
            "alice> @+typing=active TAGMSG #tea",
        ],
        {"bob": ["@msgid=ID;+typing=active :alice!alice@HOST TAGMSG #tea"]},
        id="TAGMSG",
    ),
    pytest.param(
        ["alice> TIME"],
        {"alice": [":irc.x 391 alice irc.x 1700000000 :2023-11-14 22:13:20 UTC"]},
        id="TIME",
    ),
    pytest.param(
        ["alice> TOPIC #tea :leaves: two"],
        {
            "alice": [":alice!alice@HOST TOPIC #tea :leaves: two"],
            "bob": [":alice!alice@HOST TOPIC #tea :leaves: two"],
        },
        id="TOPIC",
    ),
    pytest.param(
        ["eve> NICK eve", "eve> USER e%v-e 0 * :Eve", "eve> WHO eve"],
        {
            "eve": [
                ":irc.x 352 eve * ev-e HOST irc.x eve H :0 Eve",
                ":irc.x 315 eve eve :End of /WHO list.",
            ]
        },
        id="USER",
    ),
    pytest.param(
        ["alice> USERHOST bob zoe root"],
        {"alice": [":irc.x 302 alice :bob=+bob@HOST root*=+root@HOST"]},
        id="USERHOST",
    ),
    pytest.param(
        ["alice> VERSION"],
        {"alice": [":irc.x 351 alice VERSION irc.x :Switchboard", *told_005("alice")]},
        id="VERSION",
    ),
    pytest.param(
        ["root> WALLOPS :tea"], {"root": [":root!root@HOST WALLOPS :tea"]}, id="WALLOPS"
    ),
    pytest.param(
        ["alice> WHO #tea"],
        {
            "alice": [
                ":irc.x 352 alice #tea alice HOST irc.x alice H@ :0 alice",
                ":irc.x 352 alice #tea bob HOST irc.x bob H :0 bob",
                ":irc.x 315 alice #tea :End of /WHO list.",
            ]
        },
        id="WHO",
    ),
    pytest.param(
        ["alice> WHOIS bob"],
        {
            "alice": [
                ":irc.x 311 alice bob bob HOST * :bob",
                ":irc.x 319 alice bob :#tea",
                ":irc.x 312 alice bob irc.x :Tea House",
                ":irc.x 317 alice bob 0 1700000000 :seconds idle, signon time",
                ":irc.x 318 alice bob :End of /WHOIS list.",
            ]
        },
        id="WHOIS",
    ),
    pytest.param(
        ["bob> NICK rob", "alice> WHOWAS bob"],
        {
            "alice": [
                ":irc.x 314 alice bob bob HOST * :bob",
                ":irc.x 312 alice bob irc.x :2023-11-14 22:13:20 UTC",
                ":irc.x 369 alice bob :End of WHOWAS.",
            ]
        },
        id="WHOWAS",
    ),
]
NUMERICS = [
    pytest.param(
        EVE_REGISTERS, [":irc.x 001 eve :Welcome to Tea House, eve!eve@HOST"], id="001"
    ),
    pytest.param(
        EVE_REGISTERS, [":irc.x 002 eve :Your host is irc.x, version VERSION"], id="002"
    ),
    pytest.param(
        EVE_REGISTERS,
        [":irc.x 003 eve :This server began 2023-11-14 22:13:20 UTC"],
        id="003",
    ),
    pytest.param(
        EVE_REGISTERS,
        [":irc.x 004 eve irc.x VERSION Bio IPXbeiklmnostv Ibeklov"],
        id="004",
    ),
    pytest.param(EVE_REGISTERS, told_005("eve"), id="005"),
    pytest.param(
        ["alice> STATS x"], [":irc.x 219 alice x :End of /STATS report."], id="219"
    ),
    pytest.param(["alice> MODE alice"], [":irc.x 221 alice :+"], id="221"),
    pytest.param(
        ["alice> STATS u"], [":irc.x 242 alice :Server Up 0 days 0:00:00"], id="242"
    ),
    pytest.param(["root> STATS o"], [":irc.x 243 root O * * :root"], id="243"),
    pytest.param(
        [*BOB_HAS_AN_ACCOUNT, "alice> WHOIS bob"],
        [":irc.x 330 alice bob bob :is logged in as"],
        id="330",
    ),
    pytest.param(
        [*BOB_HAS_AN_ACCOUNT, "bob> NICK rob"],
        [":irc.x 447 bob :Who is logged in as bob goes by that name."],
        id="447",
    ),
    pytest.param(
        BOB_HAS_AN_ACCOUNT,
        [":irc.x 900 bob bob!bob@HOST bob :You are logged in as bob."],
        id="900",
    ),
    pytest.param(
        [*EVE_LOGS_IN, "eve> AUTHENTICATE AGJvYgBtaWxrbWlsaw=="],
        [":irc.x 903 * :SASL authentication successful."],
        id="903",
    ),
    pytest.param(
        [*EVE_LOGS_IN, "eve> AUTHENTICATE AGJvYgBzaWxrc2lsaw=="],
        [":irc.x 904 * :SASL authentication failed. Password incorrect."],
        id="904",
    ),
    pytest.param(
        [*EVE_LOGS_IN, "eve> AUTHENTICATE " + "A" * 401],
        [":irc.x 905 * :SASL message too long."],
        id="905",
    ),
    pytest.param(
        [*EVE_LOGS_IN, "eve> AUTHENTICATE *"],
        [":irc.x 906 * :SASL authentication aborted."],
        id="906",
    ),
    pytest.param(
        [
            *EVE_LOGS_IN,
            "eve> AUTHENTICATE AGJvYgBtaWxrbWlsaw==",
            "eve> AUTHENTICATE PLAIN",
        ],
        [":irc.x 907 * :You are logged in as bob."],
        id="907",
    ),
    pytest.param(
        ["eve> CAP REQ sasl", "eve> AUTHENTICATE EXTERNAL"],
        [":irc.x 908 * PLAIN,SCRAM-SHA-256 :are the mechanisms there are."],
        id="908",
    ),
    pytest.param(
        EVE_REGISTERS,
        [":irc.x 251 eve :There are 4 users and 0 invisible on 1 servers"],
        id="251",
    ),
    pytest.param(
        ["alice> LUSERS"], [":irc.x 252 alice 1 :operator(s) online"], id="252"
    ),
    pytest.param(
        ["alice> LUSERS"], [":irc.x 253 alice 1 :unknown connection(s)"], id="253"
    ),
    pytest.param(["alice> LUSERS"], [":irc.x 254 alice 2 :channels formed"], id="254"),
    pytest.param(
        EVE_REGISTERS, [":irc.x 255 eve :I have 4 clients and 0 servers"], id="255"
    ),
    pytest.param(
        ["alice> ADMIN"], [":irc.x 256 alice irc.x :Administrative info"], id="256"
    ),
    pytest.param(["alice> ADMIN"], [":irc.x 257 alice :Here"], id="257"),
    pytest.param(["alice> ADMIN"], [":irc.x 258 alice :Us"], id="258"),
    pytest.param(["alice> ADMIN"], [":irc.x 259 alice :us@example.org"], id="259"),
    pytest.param(
        ["alice> LUSERS"],
        [":irc.x 265 alice 3 3 :Current local users 3, max 3"],
        id="265",
    ),
    pytest.param(
        ["alice> LUSERS"],
        [":irc.x 266 alice 3 3 :Current global users 3, max 3"],
        id="266",
    ),
    pytest.param(
        ["bob> AWAY :milk", "alice> PRIVMSG bob :hi"],
        [":irc.x 301 alice bob :milk"],
        id="301",
    ),
    pytest.param(
        ["alice> USERHOST bob zoe root"],
        [":irc.x 302 alice :bob=+bob@HOST root*=+root@HOST"],
        id="302",
    ),
    pytest.param(["alice> ISON bob zoe"], [":irc.x 303 alice :bob"], id="303"),
    pytest.param(
        ["alice> AWAY :tea", "alice> AWAY"],
        [":irc.x 305 alice :You are no longer marked as being away."],
        id="305",
    ),
    pytest.param(
        ["alice> AWAY :tea"],
        [":irc.x 306 alice :You have been marked as being away."],
        id="306",
    ),
    pytest.param(
        ["alice> WHOIS bob"], [":irc.x 311 alice bob bob HOST * :bob"], id="311"
    ),
    pytest.param(
        ["alice> WHOIS bob"], [":irc.x 312 alice bob irc.x :Tea House"], id="312"
    ),
    pytest.param(
        ["alice> WHOIS root"], [":irc.x 313 alice root :is an IRC operator."], id="313"
    ),
    pytest.param(
        ["bob> NICK rob", "alice> WHOWAS bob"],
        [":irc.x 314 alice bob bob HOST * :bob"],
        id="314",
    ),
    pytest.param(
        ["alice> WHO #tea"], [":irc.x 315 alice #tea :End of /WHO list."], id="315"
    ),
    pytest.param(
        ["alice> WHOIS bob"],
        [":irc.x 317 alice bob 0 1700000000 :seconds idle, signon time"],
        id="317",
    ),
    pytest.param(
        ["alice> WHOIS bob"], [":irc.x 318 alice bob :End of /WHOIS list."], id="318"
    ),
    pytest.param(["alice> WHOIS bob"], [":irc.x 319 alice bob :#tea"], id="319"),
    pytest.param(["alice> LIST"], [":irc.x 321 alice Channel :Users  Name"], id="321"),
    pytest.param(
        ["alice> LIST"],
        [":irc.x 322 alice #lobby 0 :", ":irc.x 322 alice #tea 2 :"],
        id="322",
    ),
    pytest.param(["alice> LIST"], [":irc.x 323 alice :End of /LIST"], id="323"),
    pytest.param(
        ["alice> MODE #tea +kl milk 9", "bob> MODE #tea"],
        [":irc.x 324 bob #tea +klnt milk :9"],
        id="324",
    ),
    pytest.param(["bob> MODE #tea"], [":irc.x 329 bob #tea :1700000000"], id="329"),
    pytest.param(
        ["alice> TOPIC #tea"], [":irc.x 331 alice #tea :No topic is set."], id="331"
    ),
    pytest.param(
        ["alice> TOPIC #tea :leaves: two", "bob> TOPIC #tea"],
        [":irc.x 332 bob #tea :leaves: two"],
        id="332",
    ),
    pytest.param(
        ["alice> TOPIC #tea :leaves", "bob> TOPIC #tea"],
        [":irc.x 333 bob #tea alice :1700000000"],
        id="333",
    ),
    pytest.param(
        ["bob> MODE bob +B", "alice> WHOIS bob"],
        [":irc.x 335 alice bob :is a bot on Tea House."],
        id="335",
    ),
    pytest.param(
        ["root> WHOIS bob"],
        [":irc.x 338 root bob hostofbob :Is actually using host."],
        id="338",
    ),
    pytest.param(
        ["alice> INVITE root #tea"], [":irc.x 341 alice root :#tea"], id="341"
    ),
    pytest.param(
        ["alice> MODE #tea +I zoe", "alice> MODE #tea I"],
        [":irc.x 346 alice #tea zoe!*@* alice :1700000000"],
        id="346",
    ),
    pytest.param(
        ["alice> MODE #tea I"],
        [":irc.x 347 alice #tea :End of channel invite exception list."],
        id="347",
    ),
    pytest.param(
        ["alice> MODE #tea +e zoe", "alice> MODE #tea e"],
        [":irc.x 348 alice #tea zoe!*@* alice :1700000000"],
        id="348",
    ),
    pytest.param(
        ["alice> MODE #tea e"],
        [":irc.x 349 alice #tea :End of channel exception list."],
        id="349",
    ),
    pytest.param(
        ["alice> VERSION"], [":irc.x 351 alice VERSION irc.x :Switchboard"], id="351"
    ),
    pytest.param(
        ["alice> WHO #tea"],
        [
            ":irc.x 352 alice #tea alice HOST irc.x alice H@ :0 alice",
            ":irc.x 352 alice #tea bob HOST irc.x bob H :0 bob",
        ],
        id="352",
    ),
    pytest.param(
        ["alice> NAMES #tea"], [":irc.x 353 alice = #tea :@alice bob"], id="353"
    ),
    pytest.param(
        ["alice> WHO #tea %tcuhnfar,7"],
        [
            ":irc.x 354 alice 7 #tea alice HOST alice H@ 0 :alice",
            ":irc.x 354 alice 7 #tea bob HOST bob H 0 :bob",
        ],
        id="354",
    ),
    pytest.param(
        ["alice> NAMES #tea"], [":irc.x 366 alice #tea :End of /NAMES list."], id="366"
    ),
    pytest.param(
        ["alice> MODE #tea +b zoe", "alice> MODE #tea b"],
        [":irc.x 367 alice #tea zoe!*@* alice :1700000000"],
        id="367",
    ),
    pytest.param(
        ["alice> MODE #tea b"],
        [":irc.x 368 alice #tea :End of channel ban list."],
        id="368",
    ),
    pytest.param(
        ["bob> NICK rob", "alice> WHOWAS bob"],
        [":irc.x 369 alice bob :End of WHOWAS."],
        id="369",
    ),
    pytest.param(
        ["alice> INFO"],
        [
            ":irc.x 371 alice :Tea House runs on Switchboard.",
            ":irc.x 371 alice :Version VERSION",
            ":irc.x 371 alice :Running since 2023-11-14 22:13:20 UTC",
        ],
        id="371",
    ),
    pytest.param(EVE_REGISTERS, [":irc.x 372 eve :- Welcome."], id="372"),
    pytest.param(["alice> INFO"], [":irc.x 374 alice :End of /INFO list."], id="374"),
    pytest.param(
        EVE_REGISTERS, [":irc.x 375 eve :- irc.x Message of the day -"], id="375"
    ),
    pytest.param(EVE_REGISTERS, [":irc.x 376 eve :End of /MOTD command."], id="376"),
    pytest.param(
        ["root> WHOIS bob"], [":irc.x 379 root bob :is using modes +"], id="379"
    ),
    pytest.param(
        ["alice> OPER root milk"],
        [":irc.x 381 alice :You are now an IRC operator."],
        id="381",
    ),
    pytest.param(
        ["alice> TIME"],
        [":irc.x 391 alice irc.x 1700000000 :2023-11-14 22:13:20 UTC"],
        id="391",
    ),
    pytest.param(
        ["alice> PRIVMSG zoe :hi"], [":irc.x 401 alice zoe :No such nick."], id="401"
    ),
    pytest.param(
        ["alice> MODE #none"], [":irc.x 403 alice #none :No such channel."], id="403"
    ),
    pytest.param(
        ["root> PRIVMSG #tea :hi"],
        [":irc.x 404 root #tea :Cannot send to channel: you are not in it."],
        id="404",
    ),
    pytest.param(
        ["alice> WHOWAS zoe"],
        [":irc.x 406 alice zoe :There was no such nickname."],
        id="406",
    ),
    pytest.param(
        ["alice> PRIVMSG a,b,c,d,e :hi"],
        [":irc.x 407 alice a,b,c,d,e :Too many targets."],
        id="407",
    ),
    pytest.param(
        ["alice> PING :"], [":irc.x 409 alice :No origin specified."], id="409"
    ),
    pytest.param(
        ["alice> CAP WHAT"], [":irc.x 410 alice WHAT :Invalid CAP command."], id="410"
    ),
    pytest.param(
        ["alice> PRIVMSG"],
        [":irc.x 411 alice :No recipient given (PRIVMSG)."],
        id="411",
    ),
    pytest.param(
        ["alice> PRIVMSG bob"], [":irc.x 412 alice :No text to send."], id="412"
    ),
    pytest.param(
        ["alice> PRIVMSG bob :" + "a" * 600],
        [":irc.x 417 alice :Input line was too long."],
        id="417",
    ),
    pytest.param(
        ["alice> BREW tea"], [":irc.x 421 alice BREW :Unknown command."], id="421"
    ),
    pytest.param(["alice> NICK"], [":irc.x 431 alice :No nickname given."], id="431"),
    pytest.param(
        ["alice> NICK #tea"],
        [":irc.x 432 alice #tea :Erroneous nickname: it may not hold #."],
        id="432",
    ),
    pytest.param(
        ["alice> NICK bob"],
        [":irc.x 433 alice bob :Nickname is already in use."],
        id="433",
    ),
    pytest.param(
        ["alice> MODE #tea +b bob", "bob> NICK rob"],
        [(":irc.x 435 bob bob #tea :Cannot change nickname while banned there.")],
        id="435",
    ),
    pytest.param(
        ["alice> KICK #tea root"],
        [":irc.x 441 alice root #tea :They aren't on that channel."],
        id="441",
    ),
    pytest.param(
        ["root> PART #tea"],
        [":irc.x 442 root #tea :You're not on that channel."],
        id="442",
    ),
    pytest.param(
        ["alice> INVITE bob #tea"],
        [":irc.x 443 alice bob #tea :is already on channel."],
        id="443",
    ),
    pytest.param(
        ["eve> NICK eve", "eve> JOIN #tea"],
        [":irc.x 451 * :You have not registered."],
        id="451",
    ),
    pytest.param(
        ["alice> JOIN"], [":irc.x 461 alice JOIN :Not enough parameters."], id="461"
    ),
    pytest.param(
        ["alice> USER a 0 * a"], [":irc.x 462 alice :You may not reregister."], id="462"
    ),
    pytest.param(
        ["alice> OPER root tea"], [":irc.x 464 alice :Password incorrect."], id="464"
    ),
    pytest.param(
        ["alice> MODE #tea +l 2", "root> JOIN #tea"],
        [":irc.x 471 root #tea :Cannot join channel (+l): it is full."],
        id="471",
    ),
    pytest.param(
        ["alice> MODE #tea +z"],
        [":irc.x 472 alice z :is unknown mode char to me."],
        id="472",
    ),
    pytest.param(
        ["alice> MODE #tea +i", "root> JOIN #tea"],
        [(":irc.x 473 root #tea :Cannot join channel (+i): you must be invited.")],
        id="473",
    ),
    pytest.param(
        ["alice> MODE #tea +b root", "root> JOIN #tea"],
        [":irc.x 474 root #tea :Cannot join channel (+b): you are banned."],
        id="474",
    ),
    pytest.param(
        ["alice> MODE #tea +k milk", "root> JOIN #tea"],
        [(":irc.x 475 root #tea :Cannot join channel (+k): you need its key.")],
        id="475",
    ),
    pytest.param(
        ["alice> JOIN tea"],
        [":irc.x 476 alice tea :Bad channel name: it begins with #."],
        id="476",
    ),
    pytest.param(
        ["alice> WALLOPS :hi"],
        [":irc.x 481 alice :Permission denied: you do not run this house."],
        id="481",
    ),
    pytest.param(
        ["bob> MODE #tea +m"],
        [":irc.x 482 bob #tea :You're not channel operator."],
        id="482",
    ),
    pytest.param(
        ["alice> MODE alice +z"], [":irc.x 501 alice :Unknown MODE flag."], id="501"
    ),
    pytest.param(
        ["alice> MODE bob +i"],
        [":irc.x 502 alice :Cannot change mode for other users."],
        id="502",
    ),
    pytest.param(
        ["alice> HELP brew"],
        [":irc.x 524 alice brew :I do not know anything about this."],
        id="524",
    ),
    pytest.param(
        ["alice> MODE #tea +l none"],
        [":irc.x 696 alice #tea * none :a limit is a number from 1 on."],
        id="696",
    ),
    pytest.param(["alice> HELP TIME"], [":irc.x 704 alice TIME :TIME"], id="704"),
    pytest.param(["alice> HELP TIME"], [":irc.x 705 alice TIME :"], id="705"),
    pytest.param(
        ["alice> HELP TIME"], [":irc.x 706 alice TIME :what time it is here."], id="706"
    ),
    pytest.param(
        ["alice> MONITOR + bob"], [":irc.x 730 alice :bob!bob@HOST"], id="730"
    ),
    pytest.param(["alice> MONITOR + zoe"], [":irc.x 731 alice :zoe"], id="731"),
    pytest.param(
        ["alice> MONITOR + zoe,bob", "alice> MONITOR L"],
        [":irc.x 732 alice :bob,zoe"],
        id="732",
    ),
    pytest.param(
        ["alice> MONITOR L"], [":irc.x 733 alice :End of MONITOR list."], id="733"
    ),
]


@pytest.mark.parametrize(("steps", "read"), COMMANDS)
def test_command(tea: Tea, steps: list[str], read: dict[str, list[str]]) -> None:
    assert tea.plays(steps) == read


@pytest.mark.parametrize(("steps", "told"), NUMERICS)
def test_numeric(tea: Tea, steps: list[str], told: list[str]) -> None:
    speaker, number = steps[-1].partition("> ")[0], told[0].split(" ")[1]
    read = tea.plays(steps)[speaker]
    assert [line for line in read if line.split(" ")[1] == number] == told


@pytest.mark.parametrize(
    ("setting", "line", "told"),
    [
        pytest.param(
            "limits.rooms_per_user=1",
            "JOIN #sea",
            ":irc.x 405 alice #sea :You have joined too many channels.",
            id="405",
        ),
        pytest.param(
            "server.motd=",
            "MOTD",
            ":irc.x 422 alice :No message of the day",
            id="422",
        ),
        pytest.param(
            "server.network=Nobody's",
            "ADMIN",
            ":irc.x 423 alice irc.x :No administrative info available.",
            id="423",
        ),
    ],
)
def test_numeric_of_a_house_that_is_set_up_otherwise(
    set_table: SetTable, setting: str, line: str, told: str
) -> None:
    table = set_table("server.name=irc.x", setting)
    (alice,) = table.seat_irc("alice")
    alice.types(line)
    assert reads(alice) == [told]


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        pytest.param(
            [f"alice> MODE #tea +b a{number}" for number in range(101)],
            ":irc.x 478 alice #tea a100!*@* :Channel list is full.",
            id="478",
        ),
        pytest.param(
            [f"alice> MONITOR + a{number}" for number in range(101)],
            ":irc.x 734 alice 100 a100 :Monitor list is full.",
            id="734",
        ),
    ],
)
def test_numeric_of_what_has_an_end(tea: Tea, steps: list[str], told: str) -> None:
    assert tea.plays(steps) == {"alice": [told]}
