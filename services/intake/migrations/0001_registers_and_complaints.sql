-- Registers, their entries, the complaints that grow from them, and a read copy of who and where.

-- Read copies of the directory, fed by its events; the row of the highest revision stays.
CREATE TABLE body (
    body_id        text PRIMARY KEY,
    kind           text NOT NULL,
    ministry_id    text NOT NULL,
    wilaya_id      text NOT NULL,
    wilaya_label   text NOT NULL,
    keeps_register boolean NOT NULL,
    valid_to       date,
    successor_ids  text[] NOT NULL,
    revision       bigint NOT NULL
);
CREATE TABLE territory (
    territory_id text PRIMARY KEY,
    is_commune   boolean NOT NULL,
    wilaya_id    text NOT NULL,
    revision     bigint NOT NULL
);
CREATE TABLE topic (
    topic_code text PRIMARY KEY,
    revision   bigint NOT NULL
);

-- The permanent code of a body among the registers of its wilaya's label; never given twice.
CREATE TABLE series (
    body_id text PRIMARY KEY,
    label   text NOT NULL,
    code    int NOT NULL CHECK (code BETWEEN 1 AND 9999),
    UNIQUE (label, code)
);

-- One book for one year; last_line and head_hash are the head that a writer locks.
CREATE TABLE register (
    register_id text PRIMARY KEY,               -- 16/0412/2026
    series      text NOT NULL,                  -- 16/0412
    body_id     text NOT NULL,
    wilaya_id   text NOT NULL,
    kind        text NOT NULL,
    year        int NOT NULL,
    state       text NOT NULL,
    last_line   bigint NOT NULL,
    head_hash   bytea NOT NULL,
    opened_at   timestamptz NOT NULL,
    version     bigint NOT NULL,
    UNIQUE (body_id, year)
) WITH (fillfactor = 50);

-- Codes and dates of a complaint, as they stand now; no citizen's words.
CREATE TABLE complaint (
    complaint_id      uuid PRIMARY KEY,
    register_id       text NOT NULL,
    line              int NOT NULL,
    series            text NOT NULL,
    keeping_body_id   text NOT NULL,
    kind              text NOT NULL,
    channel           text NOT NULL,
    identity          text NOT NULL,
    consent           boolean NOT NULL,
    addressed_body_id text NOT NULL,
    commune_id        text NOT NULL,
    wilaya_id         text NOT NULL,
    topic_code        text NOT NULL,
    language          text NOT NULL,
    paper_page        int,
    paper_line        int,
    received_on       date NOT NULL,
    registered_at     timestamptz NOT NULL,
    registered_by     text NOT NULL,
    sample            boolean NOT NULL,
    state             text NOT NULL,
    version           bigint NOT NULL,
    due_on            date,
    due_version       bigint NOT NULL DEFAULT 0, -- of routing's case, that set due_on
    holder_body_id    text NOT NULL,
    closure_reason    text,
    duplicate_of      text NOT NULL DEFAULT '',
    request_id        uuid NOT NULL UNIQUE,
    request_digest    bytea NOT NULL, -- HMAC under the record's key: once that is gone, it confirms no guess of the words
    UNIQUE (register_id, line)
) WITH (fillfactor = 85);
CREATE INDEX complaint_of_wilaya ON complaint (wilaya_id, complaint_id);
CREATE INDEX complaint_of_keeper ON complaint (keeping_body_id, complaint_id);

-- The immutable line of a register: its leaf, and what the citizen said, sealed under the record's key.
CREATE TABLE entry (
    complaint_id  uuid PRIMARY KEY,
    leaf          bytea NOT NULL,               -- canonical form, see services/README.md
    leaf_hash     bytea NOT NULL,
    secret_mac    bytea NOT NULL,               -- HMAC-SHA256 of complaint_id and secret
    text_sealed   bytea NOT NULL,
    person_sealed bytea,                        -- null for an anonymous complainant
    proof_sealed  bytea NOT NULL                -- salt of the text, salt of the person, secret
);
CREATE FUNCTION entry_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an entry of a register is never changed or deleted';
END $$;
CREATE TRIGGER entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION entry_is_immutable();

-- The record's key, wrapped by a key outside the database, and the keyed search tokens: deleting the row erases both.
CREATE TABLE record_key (
    complaint_id uuid PRIMARY KEY,
    wrapped      bytea NOT NULL,
    tokens       bigint[] NOT NULL
);
CREATE INDEX record_key_tokens ON record_key USING gin (tokens) WITH (fastupdate = on, gin_pending_list_limit = 32768);

-- What was done on a complaint after its entry, one row a version.
CREATE TABLE act (
    complaint_id uuid NOT NULL,
    version      bigint NOT NULL,
    state        text NOT NULL,
    acted_at     timestamptz NOT NULL,
    actor        text NOT NULL,
    body_id      text NOT NULL,
    note_sealed  bytea,
    PRIMARY KEY (complaint_id, version)
);

-- Answers; letter_id is empty for one in the register itself.
CREATE TABLE reply (
    reply_id      uuid PRIMARY KEY,
    complaint_id  uuid NOT NULL,
    body_id       text NOT NULL,
    letter_id     text NOT NULL,
    text_sealed   bytea NOT NULL,
    grade         text,
    grade_version bigint NOT NULL DEFAULT 0,
    interim       boolean NOT NULL,
    replied_at    timestamptz NOT NULL
);
CREATE INDEX reply_of_complaint ON reply (complaint_id);
CREATE UNIQUE INDEX reply_of_letter ON reply (letter_id) WHERE letter_id <> '';

-- Questions to the complainant and the answers.
CREATE TABLE question (
    question_id     uuid PRIMARY KEY,
    complaint_id    uuid NOT NULL,
    question_sealed bytea NOT NULL,
    asked_at        timestamptz NOT NULL,
    answer_sealed   bytea,
    answered_at     timestamptz
);
CREATE INDEX question_of_complaint ON question (complaint_id);

-- Read copy of routing's referrals: bodies that may read a complaint because it was sent to them.
CREATE TABLE referral (
    referral_id  uuid PRIMARY KEY,
    complaint_id uuid NOT NULL,
    unit_body_id text NOT NULL,
    ministry_id  text NOT NULL,
    state        text NOT NULL,
    version      bigint NOT NULL,                -- 0 while only its answer is known
    answered     boolean NOT NULL                -- its final reply is here and was not sent back
);
CREATE INDEX referral_of_complaint ON referral (complaint_id);
CREATE INDEX referral_of_unit ON referral (unit_body_id, complaint_id);
CREATE INDEX referral_of_ministry ON referral (ministry_id, complaint_id);

-- Who was shown a complainant's identity, when and for what purpose.
CREATE TABLE disclosure (
    disclosure_id uuid PRIMARY KEY,
    complaint_id  uuid NOT NULL,
    actor         text NOT NULL,
    body_ids      text[] NOT NULL,
    purpose       text NOT NULL,
    disclosed_at  timestamptz NOT NULL
);
CREATE INDEX disclosure_of_complaint ON disclosure (complaint_id);

-- Tells whether the key file is the one that these records were sealed with.
CREATE TABLE key_check (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    mac      bytea NOT NULL
);

-- Rows as the writer of entries hands them over, many at once; apart from the tables, so that these may gain columns.
CREATE TYPE complaint_row AS (
    complaint_id uuid, register_id text, line int, series text, keeping_body_id text, kind text, channel text, identity text,
    consent boolean, addressed_body_id text, commune_id text, wilaya_id text, topic_code text, language text, paper_page int,
    paper_line int, received_on date, registered_at timestamptz, registered_by text, sample boolean, state text, version bigint,
    holder_body_id text, request_id uuid, request_digest bytea
);
CREATE TYPE entry_row AS (
    complaint_id uuid, leaf bytea, leaf_hash bytea, secret_mac bytea, text_sealed bytea, person_sealed bytea, proof_sealed bytea
);
CREATE TYPE key_row AS (complaint_id uuid, wrapped bytea, tokens bigint[]);
CREATE TYPE head_row AS (register_id text, last_line bigint, head_hash bytea);

-- Locks the registers of bodies and years, always in the same order, and then looks which requests were entered before.
-- By index even in a new database: a plan made while the tables were empty would read them whole for as long as it is kept.
CREATE FUNCTION hold_books(body_ids text[], years int[], request_ids uuid[])
RETURNS TABLE (book register, seen uuid) LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    RETURN QUERY SELECT held, NULL::uuid FROM register AS held
        WHERE (held.body_id, held.year) IN (SELECT * FROM unnest(body_ids, years)) ORDER BY held.register_id FOR UPDATE;
    RETURN QUERY SELECT NULL::register, complaint.request_id FROM complaint WHERE complaint.request_id = ANY (request_ids);
END $$;
