-- What ministries' rules say of a complaint after each decision; rows are added and nothing else.

CREATE TABLE review (
    decision_id  uuid PRIMARY KEY REFERENCES decision,
    complaint_id uuid NOT NULL REFERENCES complaint_case,
    case_version bigint NOT NULL,
    priority     int NOT NULL,
    steps        int[] NOT NULL,             -- of the ladder, in working days after the answer was due
    reviewed_at  timestamptz NOT NULL,
    wrapped      bytea NOT NULL,             -- destroying it erases what the rules read out of the complaint's words
    sealed       bytea NOT NULL
);
CREATE INDEX review_of_complaint ON review (complaint_id, case_version DESC);

-- A referral follows the ladder and the priority of its complaint's review.
ALTER TABLE referral
    ADD COLUMN steps int[] NOT NULL DEFAULT '{1, 6, 11}',
    ADD COLUMN priority int NOT NULL DEFAULT 1;
