-- Rows of what answers and bounces need.
INSERT INTO code_tries (challenge_id, sender, wrong)
    VALUES (4862526699521167827, X'27acb33cdf6d8a84a08eddc776793aa41aa7f77aaa20646eb11651d4c190a30a', 2);
INSERT INTO bounced_addresses (booking_id, address, outbox_id, bounced_at)
    VALUES (1, 'citizen@example.org', 1, 1800000060000000);
UPDATE outbox SET budget_address = 'citizen@example.org', budget_domain = 'example.org' WHERE id = 2;
INSERT INTO waiting_letters (letter_id, booking_id, domain, since, released_at)
    VALUES (2, 2, 'example.org', 1800000060000000, 1800000120000000);
