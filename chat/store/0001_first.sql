-- What the house remembers.  Ids are those of the one order; times are milliseconds.

-- "Swbd": so that nobody else's database is taken for ours.
PRAGMA application_id = 0x53776264;

-- One row: no id up to last_id is free, nothing happens before last_at any more, 32
-- bytes that nobody else knows, and up to which place all messages are in `places`.
CREATE TABLE meta (
    last_id INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    secret BLOB NOT NULL,
    filed INTEGER NOT NULL DEFAULT 0
);

-- What happened, room by room.  What concerns several rooms, as somebody's leaving
-- does, is one message with one id and a row for each, so the key is both.  `room`
-- is a room's id, or, below zero, a conversation's.  `redacted_by` is the id of the
-- message that took this one back, or 0.  An `event` only happened; what was said, and
-- where some of it is missing, is none; the numbers are those of `Deed`.
--
-- The `place` of a row is nobody else's, also when it is gone: what is derived from
-- messages knows them by it.
CREATE TABLE messages (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    room INTEGER NOT NULL,
    id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    account INTEGER NOT NULL,
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    text TEXT NOT NULL,
    tags TEXT NOT NULL,
    reply_to INTEGER NOT NULL,
    redacted_by INTEGER NOT NULL DEFAULT 0,
    event INTEGER NOT NULL AS (kind > 3 AND kind <> 12)
);

-- Where the messages of a room are.  The newest may not be in it yet (see `filed`): in
-- a busy house they are filed by the thousand, which costs much less.  What was said
-- comes before the events, so that a page of it is found however much happened in
-- between.
CREATE TABLE places (
    room INTEGER NOT NULL,
    event INTEGER NOT NULL,
    id INTEGER NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (room, event, id)
) WITHOUT ROWID;

CREATE TRIGGER unfiled AFTER DELETE ON messages BEGIN
    DELETE FROM places
    WHERE (room, event, id, place) = (OLD.room, OLD.event, OLD.id, OLD.place);
END;

-- Two accounts who talk with one another, a being the lower one.  Ids go down
-- from -1: no room has them.  `last` is the id of what was said last, or 0.
CREATE TABLE conversations (
    id INTEGER PRIMARY KEY,
    a INTEGER NOT NULL,
    b INTEGER NOT NULL,
    last INTEGER NOT NULL,
    UNIQUE (a, b)
);

-- Somebody may have more of them than he is told of: those are the latest.
CREATE INDEX conversations_of_a ON conversations (a, last);
CREATE INDEX conversations_of_b ON conversations (b, last);

-- A name may be that of many rooms, of which all but one are sealed.  That is for
-- the house to see to: what broke a rule here could never be written at all.
CREATE TABLE rooms (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    fold TEXT NOT NULL,
    state TEXT NOT NULL,
    sealed INTEGER NOT NULL
);

-- A house begins with these, however many there have been.
CREATE INDEX open_rooms ON rooms (id) WHERE NOT sealed;

CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    fold TEXT NOT NULL,
    since INTEGER NOT NULL,
    credential TEXT NOT NULL,
    seen INTEGER NOT NULL,
    suspended INTEGER NOT NULL,
    always_on INTEGER NOT NULL,
    code TEXT NOT NULL,
    rooms TEXT NOT NULL
);

CREATE TABLE links (
    id INTEGER PRIMARY KEY,
    room INTEGER NOT NULL,
    digest TEXT NOT NULL,
    by TEXT NOT NULL,
    until INTEGER NOT NULL,
    uses INTEGER NOT NULL
);

-- What an account remembers of a room: since when, between which ids it was away last,
-- and up to which time it has read.
CREATE TABLE visits (
    account INTEGER NOT NULL,
    room INTEGER NOT NULL,
    id INTEGER NOT NULL,
    since INTEGER NOT NULL,
    went INTEGER NOT NULL,
    back INTEGER NOT NULL,
    read INTEGER NOT NULL,
    PRIMARY KEY (account, room)
) WITHOUT ROWID;

CREATE INDEX visits_of_room ON visits (room);

-- Up to which time an account has read what somebody said to it alone.
CREATE TABLE reads (
    account INTEGER NOT NULL,
    peer TEXT NOT NULL,
    id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (account, peer)
) WITHOUT ROWID;

CREATE INDEX reads_of_peer ON reads (peer);

-- Up to which id an account was told all, on each of its devices.
CREATE TABLE delivered (
    account INTEGER NOT NULL,
    device TEXT NOT NULL,
    id INTEGER NOT NULL,
    PRIMARY KEY (account, device)
) WITHOUT ROWID;

-- One command can be several deeds, with one id.
CREATE TABLE audit (
    id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    act TEXT NOT NULL,
    who TEXT NOT NULL,
    about TEXT NOT NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (id, act, who, about)
) WITHOUT ROWID;

-- What is old goes, also when the clock ran ahead for a while.
CREATE INDEX audit_at ON audit (at);

-- Accounts whose words are being deleted, and how far (a place of messages).
CREATE TABLE forgetting (
    account INTEGER PRIMARY KEY,
    reached INTEGER NOT NULL
);

-- The messages that anybody may still read: none that was taken back, and none of
-- whoever is being forgotten.  CROSS keeps the order of the two: hardly ever is
-- anybody being forgotten.
CREATE VIEW readable AS
SELECT * FROM messages
WHERE redacted_by = 0
AND account NOT IN (SELECT account FROM forgetting)
AND room NOT IN (
    SELECT conversations.id FROM forgetting
    CROSS JOIN conversations ON a = forgetting.account
    UNION ALL
    SELECT conversations.id FROM forgetting
    CROSS JOIN conversations ON b = forgetting.account
);
