-- What answers and bounces need: codes that people type, budgets of answers, addresses that bounce.

-- Wrong codes that a sender typed for a challenge.
CREATE TABLE code_tries (
    challenge_id INTEGER NOT NULL REFERENCES challenges (id), -- the challenge
    sender       BLOB NOT NULL,    -- SHA-256 of the address in From
    wrong        INTEGER NOT NULL, -- how many
    PRIMARY KEY (challenge_id, sender)
) STRICT;

-- Addresses on file to which a letter of ours could not be delivered; emptied by retention.
CREATE TABLE bounced_addresses (
    booking_id INTEGER NOT NULL REFERENCES bookings (id), -- the booking
    address    TEXT NOT NULL,    -- lower case
    outbox_id  INTEGER NOT NULL, -- the letter of ours that came back last
    bounced_at INTEGER NOT NULL, -- when our server received the bounce
    PRIMARY KEY (booking_id, address)
) STRICT;

-- Who pays for an answer: the mailbox behind the recipient and its domain; NULL where no budget
-- limits it. Emptied by retention with the row.
ALTER TABLE outbox ADD COLUMN budget_address TEXT;
ALTER TABLE outbox ADD COLUMN budget_domain TEXT;
DROP INDEX outbox_budget;
CREATE INDEX outbox_budget_address ON outbox (budget_address, verified, not_before)
    WHERE budget_address IS NOT NULL;
CREATE INDEX outbox_budget_domain ON outbox (budget_domain, verified, not_before)
    WHERE budget_domain IS NOT NULL;
CREATE INDEX outbox_budget_total ON outbox (verified, not_before)
    WHERE budget_domain IS NOT NULL;

-- Letters that stay in the inbox undecided because too many cancellations came at once.
CREATE TABLE waiting_letters (
    letter_id   INTEGER PRIMARY KEY REFERENCES letters (id), -- the letter
    booking_id  INTEGER NOT NULL REFERENCES bookings (id), -- what it would cancel
    domain      TEXT,             -- domain of its sender, unless a public mail provider
    since       INTEGER NOT NULL, -- when it was stopped
    released_at INTEGER           -- when an operator let it pass
) STRICT;
CREATE INDEX waiting_letters_unreleased ON waiting_letters (letter_id) WHERE released_at IS NULL;

-- For the rate of cancellations by the receipt of their letters.
CREATE INDEX letters_by_receipt ON letters (received_at) WHERE booking_id IS NOT NULL;
