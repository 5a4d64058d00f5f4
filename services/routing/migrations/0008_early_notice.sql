-- A ministry may have its units reminded before an answer is due.

ALTER TABLE review ADD COLUMN early_notice int NOT NULL DEFAULT 0;
ALTER TABLE referral
    ADD COLUMN early_notice int NOT NULL DEFAULT 0,
    ADD COLUMN notice_on date;
