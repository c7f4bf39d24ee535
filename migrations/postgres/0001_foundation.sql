-- The first schema. Instants are microseconds since 1970-01-01T00:00:00Z. Words such as states and
-- reasons are the codes of the program. What names or describes a person stands in tables of its
-- own, which retention empties: citizens, booking_addresses, letter_words, outbox, challenges.reason.

-- Numbers that the whole ledger shares.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY NOT NULL, -- what is counted
    value BIGINT NOT NULL           -- change_seq: number of the last change
);
INSERT INTO meta (name, value) VALUES ('change_seq', 0);

-- The one mailbox whose letters and filing orders this ledger holds.
CREATE TABLE mailbox (
    id       BIGINT PRIMARY KEY NOT NULL CHECK (id = 1), -- there is only one
    identity BYTEA NOT NULL -- SHA-256 of its host, user and folder
);

-- Appointments, without the persons.
CREATE TABLE bookings (
    id                 BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- never used again
    number             TEXT NOT NULL,        -- as people read it
    number_key         TEXT NOT NULL UNIQUE, -- the number with look-alike letters folded
    service_code       TEXT NOT NULL,        -- the organisation's code of the service
    service_name       TEXT NOT NULL,        -- its name as citizens read it
    category           TEXT NOT NULL,        -- general, prepared, special
    organisation       TEXT NOT NULL,        -- its name as citizens read it
    address            TEXT NOT NULL,        -- where the appointment takes place
    zone               TEXT NOT NULL,        -- IANA zone of that place
    resource           TEXT NOT NULL,        -- doctor, room, window; may be empty
    starts_at          BIGINT NOT NULL,     -- start of the appointment
    state              TEXT NOT NULL,        -- scheduled, awaiting_confirmation, cancelled, ...
    cancel_received_at BIGINT,              -- when the request was received
    cancelled_at       BIGINT,              -- when it was cancelled
    document           TEXT,                 -- number of the confirmation document
    cancel_letter      BIGINT,              -- the letter that asked for it
    cancel_channel     TEXT,                 -- mail, command
    cancellations      BIGINT NOT NULL,     -- how often it was cancelled so far
    revision           BIGINT NOT NULL,     -- raised by every change
    CHECK ((state = 'cancelled') = (cancelled_at IS NOT NULL)),
    CHECK (state <> 'cancelled' OR (cancel_received_at IS NOT NULL AND document IS NOT NULL
        AND cancel_channel IS NOT NULL))
);
CREATE INDEX bookings_by_start ON bookings (starts_at, id);

-- Who booked; emptied by retention.
CREATE TABLE citizens (
    booking_id BIGINT PRIMARY KEY REFERENCES bookings (id), -- the booking
    full_name  TEXT NOT NULL, -- surname, name, patronymic as the office wrote them
    phone      TEXT,          -- E.164
    citizen_id TEXT           -- the organisation's own id of the person
);

-- The addresses on file; emptied by retention.
CREATE TABLE booking_addresses (
    booking_id BIGINT NOT NULL REFERENCES bookings (id), -- the booking
    position   BIGINT NOT NULL, -- order in the file, from 0
    address    TEXT NOT NULL,    -- lower case
    person     BYTEA NOT NULL,    -- SHA-256 of the citizen id, else of the full name
    PRIMARY KEY (booking_id, position)
);
CREATE INDEX booking_addresses_by_person ON booking_addresses (address, person);
CREATE INDEX booking_addresses_by_booking ON booking_addresses (address, booking_id);

-- Times that somebody can have.
CREATE TABLE slots (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- never used again
    organisation TEXT NOT NULL,    -- who gives it
    resource     TEXT NOT NULL,    -- doctor, room, window; may be empty
    service_code TEXT NOT NULL,    -- for which service
    starts_at    BIGINT NOT NULL, -- its start
    zone         TEXT NOT NULL,    -- IANA zone of the place
    state        TEXT NOT NULL,    -- free, booked
    booking_id   BIGINT UNIQUE REFERENCES bookings (id), -- whose it is while it is booked
    CHECK (state IN ('free', 'booked')),
    CHECK ((state = 'booked') = (booking_id IS NOT NULL))
);

-- Letters that arrived.
CREATE TABLE letters (
    id             BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- never used again
    raw_hash       BYTEA NOT NULL UNIQUE, -- SHA-256 of the bytes: its identity
    content_hash   BYTEA,             -- Message-ID, From and decoded body, once decided
    received_at    BIGINT NOT NULL, -- when the server first received it; never changed
    size           BIGINT NOT NULL, -- octets
    state          TEXT NOT NULL,    -- taken_in, decided, answered, filed, held, resolved, failed
    attempts       BIGINT NOT NULL, -- how often it was taken in without a decision
    decision       TEXT,             -- code of the decision
    reason         TEXT,             -- code of the reason with which it is held
    booking_id     BIGINT REFERENCES bookings (id), -- what it was about
    gates          TEXT,             -- JSON: the gates and their verdicts; codes only
    place_folder   TEXT NOT NULL,    -- where it was seen last
    place_validity BIGINT NOT NULL, -- UIDVALIDITY there; 0 for Maildir
    place_key      TEXT NOT NULL,    -- UID or file name
    taken_in_at    BIGINT NOT NULL, -- when the ledger first heard of it
    decided_at     BIGINT,          -- when it was decided
    CHECK ((decision IS NULL) = (state = 'taken_in'))
);
CREATE INDEX letters_by_content ON letters (content_hash) WHERE content_hash IS NOT NULL;
CREATE INDEX letters_by_state ON letters (state, id);

-- What letters said; emptied by retention.
CREATE TABLE letter_words (
    letter_id BIGINT PRIMARY KEY REFERENCES letters (id), -- the letter
    sender    TEXT,          -- From
    subject   TEXT NOT NULL, -- decoded
    reading   TEXT NOT NULL  -- JSON: what was read
);

-- Confirmation letters to addresses on file.
CREATE TABLE challenges (
    id          BIGINT PRIMARY KEY NOT NULL, -- derived from the letter and the booking
    booking_id  BIGINT NOT NULL REFERENCES bookings (id), -- what is to be confirmed
    letter_id   BIGINT NOT NULL REFERENCES letters (id),  -- the letter that made it necessary
    received_at BIGINT NOT NULL, -- when that letter was received
    opened_at   BIGINT NOT NULL, -- when it was opened
    expires_at  BIGINT NOT NULL, -- until when an answer counts
    state       TEXT NOT NULL,    -- open, confirmed, declined
    reason      TEXT              -- reason that the citizen gave; emptied by retention
);
CREATE INDEX challenges_by_booking ON challenges (booking_id, opened_at);

-- Letters of ours: facts, not bytes. Emptied by retention.
CREATE TABLE outbox (
    id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- never used again
    kind          TEXT NOT NULL,        -- kind of letter
    answers       BIGINT REFERENCES letters (id),  -- the letter that it answers
    booking_id    BIGINT REFERENCES bookings (id), -- the booking that it is about
    recipient     TEXT NOT NULL,        -- the one recipient
    message_id    TEXT NOT NULL UNIQUE, -- the same at every attempt
    thread        TEXT NOT NULL,        -- JSON: Message-IDs of the thread
    reply_to      TEXT,                 -- plus-address for answers
    date          BIGINT NOT NULL,     -- Date header
    verified      BOOLEAN NOT NULL, -- whose budget it is
    data          TEXT NOT NULL,        -- JSON: what the wording is filled with
    state         TEXT NOT NULL,        -- due, sent, undeliverable, given_up
    attempts      BIGINT NOT NULL,     -- counted before each try
    created_at    BIGINT NOT NULL,     -- when it was decided
    not_before    BIGINT NOT NULL,     -- the time that the budget gave it
    due_at        BIGINT NOT NULL,     -- not to be tried before
    leased_until  BIGINT NOT NULL,     -- in somebody's hands until then
    sent_at       BIGINT,              -- when the mail server took it
    last_error    TEXT,                 -- code of the last failure
    document_hash BYTEA                  -- SHA-256 of the document that was sent with it
);
CREATE INDEX outbox_due ON outbox (due_at, id) WHERE state = 'due';
CREATE INDEX outbox_by_answered ON outbox (answers) WHERE answers IS NOT NULL;
CREATE INDEX outbox_budget ON outbox (recipient, verified, not_before) WHERE answers IS NOT NULL;

-- Where letters are to be moved.
CREATE TABLE filings (
    letter_id      BIGINT PRIMARY KEY REFERENCES letters (id), -- the letter
    place_folder   TEXT NOT NULL,    -- where it lies
    place_validity BIGINT NOT NULL, -- UIDVALIDITY there; 0 for Maildir
    place_key      TEXT NOT NULL,    -- UID or file name
    target         TEXT NOT NULL,    -- where it belongs
    keywords       TEXT NOT NULL,    -- JSON: keywords on it
    note           TEXT,             -- JSON: facts of the note beside it; emptied by retention
    attempts       BIGINT NOT NULL, -- counted before each try
    due_at         BIGINT NOT NULL, -- not to be tried before
    leased_until   BIGINT NOT NULL DEFAULT 0, -- in somebody's hands until then
    done           BOOLEAN NOT NULL -- whether it lies there
);
CREATE INDEX filings_due ON filings (due_at, letter_id) WHERE NOT done;

-- What happened: only ever appended to; ids, codes and hashes, never names.
CREATE TABLE journal (
    id       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- order of recording
    chain    TEXT NOT NULL,    -- booking:<id> or letter:<id>
    position BIGINT NOT NULL, -- place in the chain, from 1
    kind     TEXT NOT NULL,    -- what happened
    actor    TEXT NOT NULL,    -- who did it
    at       BIGINT NOT NULL, -- when it was recorded
    data     TEXT NOT NULL,    -- the JSON text that was hashed
    previous BYTEA NOT NULL,    -- hash of the entry before; zeros at position 1
    hash     BYTEA NOT NULL,    -- hash of this entry
    UNIQUE (chain, position)
);

-- The change feed for the organisation's own schedule.
CREATE TABLE changes (
    seq        BIGINT PRIMARY KEY NOT NULL, -- from 1, without gaps
    at         BIGINT NOT NULL, -- when it was recorded
    booking_id BIGINT NOT NULL REFERENCES bookings (id), -- the booking
    number     TEXT NOT NULL,    -- its number then
    kind       TEXT NOT NULL,    -- imported, changed, rescheduled, cancelled
    state      TEXT NOT NULL,    -- its state afterwards
    starts_at  BIGINT NOT NULL, -- its start afterwards
    channel    TEXT NOT NULL     -- mail, command
);

-- Documents as they were sent: one row for each different rendering.
CREATE TABLE documents (
    number        TEXT NOT NULL,    -- number of the document
    hash          BYTEA NOT NULL,    -- SHA-256 of the bytes that were sent
    booking_id    BIGINT NOT NULL REFERENCES bookings (id), -- what it proves something about
    first_sent_at BIGINT NOT NULL, -- when these bytes were first sent
    PRIMARY KEY (number, hash)
);
