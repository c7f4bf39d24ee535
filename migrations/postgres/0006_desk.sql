-- The staff's desk: dead letters that were seen in «Разбор», their notes, and orders by command.

-- Dead letters as the desk saw them.
CREATE TABLE desk (
    letter_id      BIGINT PRIMARY KEY REFERENCES letters (id), -- the dead letter
    seen_at        BIGINT, -- when it was first seen in «Разбор»; only then act folders obey
    place_validity BIGINT, -- UIDVALIDITY of «Разбор» when it was seen there last; 0 for Maildir
    place_key      TEXT,    -- UID or file name there; none when it does not lie there
    missing_since  BIGINT, -- since when it is in no folder of ours
    reported_at    BIGINT, -- when the digest told that it is missing
    deadline       BIGINT, -- last minute in which the nearest booking can be cancelled
    act            TEXT,    -- last act of staff: retry, cancel, refuse, close
    outcome        TEXT,    -- what became of it; a code
    actor          TEXT,    -- who did it
    acted_at       BIGINT, -- when it was recorded
    act_folder     TEXT,    -- the folder it was dragged to; none for a command
    act_validity   BIGINT, -- UIDVALIDITY there
    act_key        TEXT     -- UID or file name there
);

-- Notes that lie, or are to lie, beside dead letters.
CREATE TABLE desk_notes (
    message_id     TEXT PRIMARY KEY NOT NULL, -- by which it is known
    letter_id      BIGINT NOT NULL REFERENCES letters (id), -- what it is about
    size           BIGINT, -- octets, once it was seen
    place_validity BIGINT, -- UIDVALIDITY of «Разбор» when it was seen there; 0 for Maildir
    place_key      TEXT,    -- UID or file name there
    obsolete       BOOLEAN NOT NULL -- to be removed
);
CREATE INDEX desk_notes_by_letter ON desk_notes (letter_id);

-- Orders given by command, until the daemon has carried them out.
CREATE TABLE desk_orders (
    letter_id  BIGINT PRIMARY KEY REFERENCES letters (id), -- the dead letter
    act        TEXT NOT NULL,    -- retry, cancel, refuse, close
    booking    TEXT,             -- number of the booking named outright
    reason     TEXT,             -- a word for the journal
    words      TEXT,             -- what the citizen is told; gone with the order
    actor      TEXT NOT NULL,    -- who ordered it
    ordered_at BIGINT NOT NULL  -- when
);

-- Likely bookings are looked up by name and telephone.
CREATE INDEX citizens_by_name ON citizens (full_name COLLATE "C");
CREATE INDEX citizens_by_phone ON citizens (phone) WHERE phone IS NOT NULL;

-- The digest asks what was done at the desk.
CREATE INDEX journal_of_desk ON journal (at) WHERE kind IN
    ('staff_acted', 'staff_act_impossible', 'letter_released', 'letter_missing');
