-- Papers: seals over the journal, the key that signs documents, what the organisation's own schedule
-- was told, and what retention has emptied.

-- The chain of seals: each binds the heads of all chains that grew since the one before.
CREATE TABLE seals (
    position INTEGER PRIMARY KEY NOT NULL, -- from 1, without gaps
    at       INTEGER NOT NULL, -- when it was made
    last_id  INTEGER NOT NULL, -- the newest entry of the journal that was seen then
    heads    INTEGER NOT NULL, -- how many heads it binds
    digest   BLOB NOT NULL,    -- hash over these heads
    previous BLOB NOT NULL,    -- hash of the seal before; zeros at position 1
    hash     BLOB NOT NULL     -- hash of this seal
) STRICT;

-- The heads that a seal binds: entries that must be in the journal for ever.
CREATE TABLE sealed_heads (
    seal     INTEGER NOT NULL, -- the seal
    chain    TEXT NOT NULL,    -- booking:<id> or letter:<id>
    position INTEGER NOT NULL, -- the last entry of the chain then
    hash     BLOB NOT NULL,    -- its hash
    PRIMARY KEY (chain, position)
) STRICT;
CREATE INDEX sealed_heads_by_seal ON sealed_heads (seal);

-- The key pair that signs documents, made at the first start.
CREATE TABLE document_key (
    id         INTEGER PRIMARY KEY NOT NULL CHECK (id = 1), -- there is only one
    seed       BLOB NOT NULL,    -- the private half, 32 octets (RFC 8032); never shown
    created_at INTEGER NOT NULL  -- when it was made
) STRICT;

-- How far the organisation's own schedule was told of changes.
CREATE TABLE registry (
    id            INTEGER PRIMARY KEY NOT NULL CHECK (id = 1), -- there is only one
    told          INTEGER NOT NULL, -- changes up to this number were told, or wait below
    holder        INTEGER NOT NULL, -- the daemon that tells, a number drawn at its start
    leased_until  INTEGER NOT NULL, -- in its hands until then
    last_told_at  INTEGER,          -- when the command last ended with 0
    failing_since INTEGER,          -- since when every run has failed
    last_error    TEXT              -- code of the last failure
) STRICT;
INSERT INTO registry (id, told, holder, leased_until) VALUES (1, 0, 0, 0);

-- Changes whose telling failed, and later ones of the same bookings behind them.
CREATE TABLE registry_backlog (
    seq        INTEGER PRIMARY KEY NOT NULL REFERENCES changes (seq), -- the change
    booking_id INTEGER NOT NULL, -- its booking
    attempts   INTEGER NOT NULL, -- how often it was tried
    due_at     INTEGER NOT NULL  -- not to be tried before
) STRICT;
CREATE INDEX registry_backlog_by_booking ON registry_backlog (booking_id, seq);

-- When retention emptied what names a person; the rest stays.
ALTER TABLE bookings ADD COLUMN purged_at INTEGER;
ALTER TABLE letters ADD COLUMN purged_at INTEGER;
CREATE INDEX bookings_to_purge ON bookings (starts_at) WHERE purged_at IS NULL;
CREATE INDEX letters_to_purge ON letters (received_at) WHERE purged_at IS NULL;
CREATE INDEX outbox_by_booking ON outbox (booking_id) WHERE booking_id IS NOT NULL;
