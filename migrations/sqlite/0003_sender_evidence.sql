-- What spoke for the sender, letters that wait for DNS, and signed letters that were decided.

-- Kept with the words of the letter and emptied with them: DNS forgets a key sooner than staff
-- take up a letter again.
ALTER TABLE letter_words ADD COLUMN evidence TEXT; -- JSON: what spoke for the sender

-- Letters without a decision because DNS gave no answer about their sender, and later ones of the
-- same sender behind them. A row of a letter that was decided means nothing any more.
CREATE TABLE dns_waits (
    letter_id  INTEGER PRIMARY KEY NOT NULL REFERENCES letters (id), -- the letter
    since      INTEGER NOT NULL, -- when it was put off for the first time
    due_at     INTEGER NOT NULL, -- not to be tried before
    attempts   INTEGER NOT NULL, -- how often it was put off
    sender     BLOB NOT NULL, -- SHA-256 of From
    number_key TEXT           -- the number that it names, look-alike letters folded
) STRICT;

-- Authenticated letters that were decided about a booking: each acts once, however often and by
-- whichever way it is delivered again.
CREATE TABLE signed_letters (
    content    BLOB NOT NULL, -- SHA-256 of signing organisation, From, Date and canonical body
    booking_id INTEGER NOT NULL REFERENCES bookings (id), -- what it was decided about
    letter_id  INTEGER NOT NULL REFERENCES letters (id),  -- the first letter with this content
    decided_at INTEGER NOT NULL, -- when it was decided
    PRIMARY KEY (content, booking_id)
) STRICT;
