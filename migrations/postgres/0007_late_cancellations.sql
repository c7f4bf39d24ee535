-- Cancellations that come too late: the consequence that a question showed, documents and their
-- reviews, how cancellations count, and sanctions.

ALTER TABLE challenges ADD COLUMN shown TEXT; -- JSON: the consequence to which consent was asked

-- Files that came with requests, as the mail described them; never their contents.
CREATE TABLE received_documents (
    letter_id  BIGINT NOT NULL REFERENCES letters (id), -- the letter that brought it
    position   BIGINT NOT NULL, -- its place in the letter, from 0
    name       TEXT,             -- file name; emptied by retention
    media_type TEXT NOT NULL,    -- as declared
    size       BIGINT NOT NULL, -- octets, decoded
    sha256     BYTEA,             -- of the decoded part; none where it was not fetched whole
    PRIMARY KEY (letter_id, position)
);

-- Documents that staff look at.
CREATE TABLE reviews (
    letter_id     BIGINT PRIMARY KEY REFERENCES letters (id), -- the letter that brought them
    booking_id    BIGINT NOT NULL REFERENCES bookings (id), -- the booking
    received_at   BIGINT NOT NULL, -- the receipt by which the request is judged
    slot_released BOOLEAN NOT NULL, -- others may have the time
    follow_up     BOOLEAN NOT NULL, -- came after the cancellation
    state         TEXT NOT NULL,    -- open, approved, rejected
    opened_at     BIGINT NOT NULL, -- when it was opened
    decided_at    BIGINT           -- when staff decided
);
CREATE INDEX reviews_by_booking ON reviews (booking_id);

-- How cancellations count. The citizen is a hash: retention may keep the row while it counts.
CREATE TABLE counted_cancellations (
    id              BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- never used again
    booking_id      BIGINT NOT NULL REFERENCES bookings (id), -- the booking
    document        TEXT NOT NULL,    -- number of the confirmation document
    citizen         BYTEA,             -- SHA-256 of organisation and its id of the person
    service_code    TEXT NOT NULL,    -- the service
    received_at     BIGINT NOT NULL, -- when the request was received
    cancelled_at    BIGINT NOT NULL, -- when it was cancelled
    timeliness      TEXT NOT NULL,    -- in_time, untimely, excused, taken_back
    reason_code     TEXT,             -- the reason of the policy's list
    documents_until BIGINT,          -- until when documents may follow
    policy          TEXT NOT NULL,    -- version of the rules
    UNIQUE (booking_id, document)
);
CREATE INDEX counted_by_citizen ON counted_cancellations (citizen, received_at)
    WHERE citizen IS NOT NULL;

-- Consequences of late cancellations.
CREATE TABLE sanctions (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- never used again
    booking_id   BIGINT NOT NULL REFERENCES bookings (id), -- the booking that was cancelled
    document     TEXT NOT NULL,    -- number of that cancellation's document
    citizen      BYTEA NOT NULL,    -- SHA-256 of organisation and its id of the person
    service_code TEXT NOT NULL,    -- the service
    kind         TEXT NOT NULL,    -- fine, self_booking, same_service, waiting_list
    amount       BIGINT NOT NULL, -- roubles or days
    state        TEXT NOT NULL,    -- proposed, imposed, lifted
    policy       TEXT NOT NULL,    -- version of the rules that brought it
    proposed_at  BIGINT NOT NULL, -- when
    decided_at   BIGINT,          -- when it was imposed or lifted
    until        BIGINT,          -- until when it holds
    UNIQUE (booking_id, document, kind)
);
CREATE INDEX sanctions_by_citizen ON sanctions (citizen) WHERE state <> 'lifted';
