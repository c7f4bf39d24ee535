-- Papers: seals over the journal, the key that signs documents, what the organisation's own schedule
-- was told, and what retention has emptied.

-- The chain of seals: each binds the heads of all chains that grew since the one before.
CREATE TABLE seals (
    position BIGINT PRIMARY KEY NOT NULL, -- from 1, without gaps
    at       BIGINT NOT NULL, -- when it was made
    last_id  BIGINT NOT NULL, -- the newest entry of the journal that was seen then
    heads    BIGINT NOT NULL, -- how many heads it binds
    digest   BYTEA NOT NULL,    -- hash over these heads
    previous BYTEA NOT NULL,    -- hash of the seal before; zeros at position 1
    hash     BYTEA NOT NULL     -- hash of this seal
);

-- The heads that a seal binds: entries that must be in the journal for ever.
CREATE TABLE sealed_heads (
    seal     BIGINT NOT NULL, -- the seal
    chain    TEXT NOT NULL,    -- booking:<id> or letter:<id>
    position BIGINT NOT NULL, -- the last entry of the chain then
    hash     BYTEA NOT NULL,    -- its hash
    PRIMARY KEY (chain, position)
);
CREATE INDEX sealed_heads_by_seal ON sealed_heads (seal);

-- The key pair that signs documents, made at the first start.
CREATE TABLE document_key (
    id         BIGINT PRIMARY KEY NOT NULL CHECK (id = 1), -- there is only one
    seed       BYTEA NOT NULL,    -- the private half, 32 octets (RFC 8032); never shown
    created_at BIGINT NOT NULL  -- when it was made
);

-- How far the organisation's own schedule was told of changes.
CREATE TABLE registry (
    id            BIGINT PRIMARY KEY NOT NULL CHECK (id = 1), -- there is only one
    told          BIGINT NOT NULL, -- changes up to this number were told, or wait below
    holder        BIGINT NOT NULL, -- the daemon that tells, a number drawn at its start
    leased_until  BIGINT NOT NULL, -- in its hands until then
    last_told_at  BIGINT,          -- when the command last ended with 0
    failing_since BIGINT,          -- since when every run has failed
    last_error    TEXT              -- code of the last failure
);
INSERT INTO registry (id, told, holder, leased_until) VALUES (1, 0, 0, 0);

-- Changes whose telling failed, and later ones of the same bookings behind them.
CREATE TABLE registry_backlog (
    seq        BIGINT PRIMARY KEY NOT NULL REFERENCES changes (seq), -- the change
    booking_id BIGINT NOT NULL, -- its booking
    attempts   BIGINT NOT NULL, -- how often it was tried
    due_at     BIGINT NOT NULL  -- not to be tried before
);
CREATE INDEX registry_backlog_by_booking ON registry_backlog (booking_id, seq);

-- When retention emptied what names a person; the rest stays.
ALTER TABLE bookings ADD COLUMN purged_at BIGINT;
ALTER TABLE letters ADD COLUMN purged_at BIGINT;
CREATE INDEX bookings_to_purge ON bookings (starts_at) WHERE purged_at IS NULL;
CREATE INDEX letters_to_purge ON letters (received_at) WHERE purged_at IS NULL;
CREATE INDEX outbox_by_booking ON outbox (booking_id) WHERE booking_id IS NOT NULL;
