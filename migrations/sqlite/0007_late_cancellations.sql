-- Cancellations that come too late: the consequence that a question showed, documents and their
-- reviews, how cancellations count, and sanctions.

ALTER TABLE challenges ADD COLUMN shown TEXT; -- JSON: the consequence to which consent was asked

-- Files that came with requests, as the mail described them; never their contents.
CREATE TABLE received_documents (
    letter_id  INTEGER NOT NULL REFERENCES letters (id), -- the letter that brought it
    position   INTEGER NOT NULL, -- its place in the letter, from 0
    name       TEXT,             -- file name; emptied by retention
    media_type TEXT NOT NULL,    -- as declared
    size       INTEGER NOT NULL, -- octets, decoded
    sha256     BLOB,             -- of the decoded part; none where it was not fetched whole
    PRIMARY KEY (letter_id, position)
) STRICT;

-- Documents that staff look at.
CREATE TABLE reviews (
    letter_id     INTEGER PRIMARY KEY REFERENCES letters (id), -- the letter that brought them
    booking_id    INTEGER NOT NULL REFERENCES bookings (id), -- the booking
    received_at   INTEGER NOT NULL, -- the receipt by which the request is judged
    slot_released INTEGER NOT NULL CHECK (slot_released IN (0, 1)), -- others may have the time
    follow_up     INTEGER NOT NULL CHECK (follow_up IN (0, 1)), -- came after the cancellation
    state         TEXT NOT NULL,    -- open, approved, rejected
    opened_at     INTEGER NOT NULL, -- when it was opened
    decided_at    INTEGER           -- when staff decided
) STRICT;
CREATE INDEX reviews_by_booking ON reviews (booking_id);

-- How cancellations count. The citizen is a hash: retention may keep the row while it counts.
CREATE TABLE counted_cancellations (
    id              INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again
    booking_id      INTEGER NOT NULL REFERENCES bookings (id), -- the booking
    document        TEXT NOT NULL,    -- number of the confirmation document
    citizen         BLOB,             -- SHA-256 of organisation and its id of the person
    service_code    TEXT NOT NULL,    -- the service
    received_at     INTEGER NOT NULL, -- when the request was received
    cancelled_at    INTEGER NOT NULL, -- when it was cancelled
    timeliness      TEXT NOT NULL,    -- in_time, untimely, excused, taken_back
    reason_code     TEXT,             -- the reason of the policy's list
    documents_until INTEGER,          -- until when documents may follow
    policy          TEXT NOT NULL,    -- version of the rules
    UNIQUE (booking_id, document)
) STRICT;
CREATE INDEX counted_by_citizen ON counted_cancellations (citizen, received_at)
    WHERE citizen IS NOT NULL;

-- Consequences of late cancellations.
CREATE TABLE sanctions (
    id           INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again
    booking_id   INTEGER NOT NULL REFERENCES bookings (id), -- the booking that was cancelled
    document     TEXT NOT NULL,    -- number of that cancellation's document
    citizen      BLOB NOT NULL,    -- SHA-256 of organisation and its id of the person
    service_code TEXT NOT NULL,    -- the service
    kind         TEXT NOT NULL,    -- fine, self_booking, same_service, waiting_list
    amount       INTEGER NOT NULL, -- roubles or days
    state        TEXT NOT NULL,    -- proposed, imposed, lifted
    policy       TEXT NOT NULL,    -- version of the rules that brought it
    proposed_at  INTEGER NOT NULL, -- when
    decided_at   INTEGER,          -- when it was imposed or lifted
    until        INTEGER,          -- until when it holds
    UNIQUE (booking_id, document, kind)
) STRICT;
CREATE INDEX sanctions_by_citizen ON sanctions (citizen) WHERE state <> 'lifted';
