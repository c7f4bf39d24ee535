-- Times that are offered, the waiting list for them, and bookings that come back.

-- A slot that is free, kept for nobody and not taken back can be had.
ALTER TABLE slots ADD COLUMN held_until INTEGER; -- kept for an offer until then
ALTER TABLE slots ADD COLUMN closed_at INTEGER;  -- when the organisation took it back
CREATE INDEX slots_by_time ON slots (service_code, organisation, starts_at);

-- Whoever gives slots away holds this row until the commit.
INSERT INTO meta (name, value) VALUES ('slots', 0);

-- Bookings that were made here.
ALTER TABLE bookings ADD COLUMN follows INTEGER REFERENCES bookings (id); -- the cancelled booking in whose place it stands
CREATE INDEX bookings_by_follows ON bookings (follows) WHERE follows IS NOT NULL;
CREATE INDEX bookings_by_service ON bookings (service_code, organisation, id);

-- Who waits for which times, without the persons.
CREATE TABLE waiting_list (
    id           INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again
    person       BLOB NOT NULL,    -- SHA-256 of the citizen id, else of the address
    service_code TEXT NOT NULL,    -- for which service
    organisation TEXT NOT NULL,    -- at which organisation
    wanted_from  TEXT NOT NULL,    -- earliest start on the clocks of the place; empty for any
    wanted_until TEXT NOT NULL,    -- latest start there; 9999 for any
    joined_at    INTEGER NOT NULL, -- seniority
    priority     INTEGER NOT NULL, -- above 0 before the others, below 0 behind them
    state        TEXT NOT NULL,    -- waiting, offered, served, removed
    slot_id      INTEGER REFERENCES slots (id),    -- the one slot that is waited for
    restores     INTEGER REFERENCES bookings (id), -- the cancelled booking that is to come back
    CHECK (state IN ('waiting', 'offered', 'served', 'removed')),
    CHECK ((slot_id IS NULL) = (restores IS NULL)),
    UNIQUE (person, service_code, organisation, joined_at)
) STRICT;
CREATE INDEX waiting_list_in_order ON waiting_list (service_code, organisation, priority, joined_at, id)
    WHERE state = 'waiting';
CREATE INDEX waiting_list_by_slot ON waiting_list (slot_id) WHERE slot_id IS NOT NULL;

-- Who they are; emptied by retention.
CREATE TABLE waiting_persons (
    waiting_id INTEGER PRIMARY KEY REFERENCES waiting_list (id), -- the entry
    full_name  TEXT NOT NULL, -- surname, name, patronymic
    email      TEXT NOT NULL, -- where offers go
    phone      TEXT,          -- E.164
    citizen_id TEXT           -- the organisation's own id of the person
) STRICT;

-- Slots that were offered: each to one person at a time, and to nobody twice.
CREATE TABLE offers (
    id         INTEGER PRIMARY KEY NOT NULL, -- derived from slot and person
    slot_id    INTEGER NOT NULL REFERENCES slots (id),        -- the slot
    waiting_id INTEGER NOT NULL REFERENCES waiting_list (id), -- the person
    offered_at INTEGER NOT NULL, -- when it was made
    expires_at INTEGER NOT NULL, -- last minute in which an answer counts
    state      TEXT NOT NULL,    -- open, accepted, declined, expired, withdrawn
    closed_at  INTEGER,          -- when it ended
    CHECK ((state = 'open') = (closed_at IS NULL)),
    UNIQUE (slot_id, waiting_id)
) STRICT;
CREATE UNIQUE INDEX offers_one_at_a_time ON offers (slot_id) WHERE state = 'open';
CREATE INDEX offers_that_run_out ON offers (expires_at) WHERE state = 'open';

-- What a question is about.
ALTER TABLE challenges ADD COLUMN purpose TEXT NOT NULL DEFAULT 'cancel'; -- cancel, restore, rebook, join
ALTER TABLE challenges ADD COLUMN wished_at INTEGER; -- the new time that was asked for

-- Wrong restoration codes that a sender typed for a cancellation.
CREATE TABLE restoration_tries (
    booking_id   INTEGER NOT NULL REFERENCES bookings (id), -- the booking
    cancellation INTEGER NOT NULL, -- which cancellation of it, from 1
    sender       BLOB NOT NULL,    -- SHA-256 of the address in From
    wrong        INTEGER NOT NULL, -- how many
    PRIMARY KEY (booking_id, cancellation, sender)
) STRICT;
