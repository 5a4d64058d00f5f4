-- One fact a complaint, without text and identity; rollups by month hold what the facts add up to.

CREATE TABLE fact (
    complaint_id      uuid PRIMARY KEY,
    kind              text NOT NULL,            -- ENTRY | PETITION
    channel           text NOT NULL,
    wilaya_id         text NOT NULL,
    commune_id        text NOT NULL,
    keeping_body_id   text NOT NULL,
    ministry_id       text NOT NULL DEFAULT '', -- competent by the last decision; empty while undecided
    topic_code        text NOT NULL DEFAULT '',
    received_on       date NOT NULL,
    sample            boolean NOT NULL,
    state             text NOT NULL,
    closure_reason    text NOT NULL DEFAULT '',
    awaiting_triage   boolean NOT NULL DEFAULT false,
    due_on            date,
    answered_on       date,
    working_days      int,
    late              boolean NOT NULL DEFAULT false,
    grade             text NOT NULL DEFAULT '',
    graded_at         timestamptz,
    complaint_version bigint NOT NULL,          -- of intake's aggregate
    case_version      bigint NOT NULL DEFAULT 0, -- of routing's aggregate
    counted           jsonb,                    -- what the rollups hold of it
    stale             boolean NOT NULL DEFAULT true
);
CREATE INDEX fact_stale ON fact (complaint_id) WHERE stale;
CREATE INDEX fact_received ON fact (received_on);

CREATE TABLE rollup (
    wilaya_id text NOT NULL,                    -- empty: the whole country
    axis      text NOT NULL,                    -- total | sector | channel | commune | wilaya
    key       text NOT NULL,
    kind      text NOT NULL,
    sample    boolean NOT NULL,
    month     date NOT NULL,
    tally     bigint[] NOT NULL,                -- in the order of services.reporting.domain.tally.COUNTS
    days      bigint[] NOT NULL,                -- answers by working days: days[1] counts those of 0 days
    due       bigint[] NOT NULL,                -- open ones by due day: due[1] counts those due on the first of the month
    PRIMARY KEY (wilaya_id, axis, month, key, kind, sample)
);

CREATE FUNCTION add_up(bigint[], bigint[]) RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    ARRAY(SELECT coalesce(a, 0) + coalesce(b, 0) FROM unnest($1, $2) WITH ORDINALITY AS pair (a, b, place) ORDER BY place);

CREATE TABLE register (
    register_id text PRIMARY KEY,
    body_id     text NOT NULL,
    kind        text NOT NULL,
    year        int NOT NULL
);

-- Read copies of the directory.
CREATE TABLE body (
    body_id   text PRIMARY KEY,
    wilaya_id text NOT NULL,
    name_ar   text NOT NULL,
    name_fr   text NOT NULL,
    revision  bigint NOT NULL
);
CREATE TABLE territory (
    territory_id text PRIMARY KEY,
    name_ar      text NOT NULL,
    name_fr      text NOT NULL,
    revision     bigint NOT NULL
);
