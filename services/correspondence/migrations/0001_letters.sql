-- Letters, the books in which senders number them, and read copies of the directory.

CREATE TABLE letter (
    letter_id        uuid PRIMARY KEY,
    kind             text NOT NULL,
    state            text NOT NULL,
    version          bigint NOT NULL,             -- of the letter, for etags
    told             bigint NOT NULL,             -- events about it so far
    sender_id        text NOT NULL,
    recipient_id     text NOT NULL,
    copy_ids         text[] NOT NULL,
    complaint_id     text NOT NULL,
    complaint_number text NOT NULL,
    referral_id      text NOT NULL,
    decision_id      text NOT NULL,
    refers_to        text NOT NULL,               -- the letter that it answers or recalls
    language         text NOT NULL,
    deadline_days    int NOT NULL,
    due_on           date,
    number           text NOT NULL,               -- empty until signed
    signed_by        text NOT NULL,
    signatory_name   text NOT NULL,
    signed_at        timestamptz,
    drafted_at       timestamptz NOT NULL,
    dispatched_at    timestamptz,
    acknowledged_at  timestamptz,
    grade            text NOT NULL,
    pdf_sha256       text NOT NULL,
    sample           boolean NOT NULL,
    words            bytea NOT NULL,              -- subject, text and note, sealed with the letter's key
    CHECK ((number = '') = (signed_at IS NULL))
);
CREATE UNIQUE INDEX letter_number ON letter (number) WHERE number <> '';
CREATE INDEX letter_outbox ON letter (sender_id, letter_id);
CREATE INDEX letter_inbox ON letter (recipient_id, letter_id);
CREATE INDEX letter_copies ON letter USING gin (copy_ids);
CREATE INDEX letter_complaint ON letter (complaint_id, letter_id);
CREATE INDEX letter_referral ON letter (referral_id) WHERE referral_id <> '';

-- Destroying a row here erases the letter's words and its prints; the book keeps its line.
CREATE TABLE letter_key (
    letter_id uuid PRIMARY KEY REFERENCES letter,
    wrapped   bytea NOT NULL
);

-- What is printed, line by line, as it was at the moment of signing; sealed.
CREATE TABLE letter_sheet (
    letter_id uuid PRIMARY KEY REFERENCES letter,
    sealed    bytea NOT NULL
);

-- Each sender's letter register: label and code are permanent, lines start anew every year.
CREATE TABLE letter_register (
    body_id text PRIMARY KEY,
    label   text NOT NULL,
    code    int NOT NULL,
    UNIQUE (label, code)
);
CREATE TABLE letter_book (
    body_id   text NOT NULL REFERENCES letter_register,
    year      int NOT NULL,
    last_line bigint NOT NULL,
    PRIMARY KEY (body_id, year)
);

-- How far a complaint's matter is known here: its latest decision, and whether it has ended.
CREATE TABLE matter (
    complaint_id    text PRIMARY KEY,
    decided_version bigint NOT NULL DEFAULT 0,
    decision_id     text NOT NULL DEFAULT '',
    state_version   bigint NOT NULL DEFAULT 0,
    ended           boolean NOT NULL DEFAULT false
);

CREATE TABLE body (
    body_id     text PRIMARY KEY,
    kind        text NOT NULL,
    ministry_id text NOT NULL,
    wilaya_id   text NOT NULL,
    label       text NOT NULL,
    name_ar     text NOT NULL,
    name_fr     text NOT NULL,
    revision    bigint NOT NULL
);
CREATE INDEX body_delegations ON body (wilaya_id) WHERE kind = 'DELEGATION';

-- Names of territories and topics.
CREATE TABLE name (
    of       text NOT NULL,                       -- territory or topic
    id       text NOT NULL,
    ar       text NOT NULL,
    fr       text NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (of, id)
);
