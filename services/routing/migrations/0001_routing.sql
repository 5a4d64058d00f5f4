-- Competence: reference tables, the cases, decisions, the triage queue, referrals.

-- Bumped with every change of the tables below, so that a process knows when its copy is old.
CREATE TABLE reference_revision (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    revision bigint NOT NULL
);
INSERT INTO reference_revision (revision) VALUES (1);

-- Read copies, fed by the directory's events; the row of the highest revision stays.
CREATE TABLE territory (
    territory_id text PRIMARY KEY,
    kind         text NOT NULL,
    label        text NOT NULL,
    wilaya_id    text NOT NULL,
    revision     bigint NOT NULL
);
CREATE TABLE body (
    body_id      text PRIMARY KEY,
    kind         text NOT NULL,
    ministry_id  text NOT NULL,
    territory_id text NOT NULL,
    wilaya_id    text NOT NULL,
    service_code text NOT NULL,
    name_ar      text NOT NULL,
    name_fr      text NOT NULL,
    valid_from   date,
    valid_to     date,
    revision     bigint NOT NULL
);
CREATE TABLE topic (
    topic_code text PRIMARY KEY,
    revision   bigint NOT NULL
);

-- Own reference tables, loaded from services/routing/reference.
CREATE TABLE holiday (
    day       date PRIMARY KEY,
    name_ar   text NOT NULL,
    name_fr   text NOT NULL,
    basis     text NOT NULL CHECK (basis IN ('fixed', 'estimated', 'announced')),
    seen_in   text NOT NULL
);
CREATE TABLE deadline_policy (
    policy_code  text PRIMARY KEY,
    working_days int NOT NULL CHECK (working_days > 0),
    wilaya_id    text NOT NULL,
    channel      text NOT NULL,
    ministry_id  text NOT NULL,
    topic_code   text NOT NULL,
    valid_from   date,
    valid_to     date,
    seen_in      text NOT NULL
);
CREATE TABLE default_service (
    ministry_id  text NOT NULL,
    topic_code   text NOT NULL,
    service_code text NOT NULL,
    PRIMARY KEY (ministry_id, topic_code)
);

-- The Mediator's table of weights, caps and order; the highest revision applies, older ones explain older decisions.
CREATE TABLE precedence (
    revision    bigint PRIMARY KEY,
    margin      int NOT NULL,
    minimum     int NOT NULL,
    weights     jsonb NOT NULL,              -- ministry: per mille
    caps        jsonb NOT NULL,              -- ministry: highest effective score
    ordering    text[] NOT NULL,             -- among equals
    statutory   text[] NOT NULL,             -- ministries that may claim by statute
    edited_by   text NOT NULL,
    edited_at   timestamptz NOT NULL DEFAULT now()
);
INSERT INTO precedence VALUES (1, 50, 300, '{}', '{}', '{}', '{}', 'installation');

-- One row a complaint; the version counts the events that routing tells of it.
CREATE TABLE complaint_case (
    complaint_id      uuid PRIMARY KEY,
    number            text NOT NULL,
    keeping_body_id   text NOT NULL,
    wilaya_id         text NOT NULL,
    received_on       date NOT NULL,
    petitions         boolean NOT NULL,
    kind              text NOT NULL,
    channel           text NOT NULL,
    addressed_body_id text NOT NULL,
    commune_id        text NOT NULL,
    topic_code        text NOT NULL,         -- chosen at filing
    declined_by       text[] NOT NULL,
    sample            boolean NOT NULL,
    decided_topic     text NOT NULL,         -- chosen at filing, or the leading rule's
    version           bigint NOT NULL,
    state_version     bigint NOT NULL,       -- of the complaint in intake, as last seen
    declines          int NOT NULL,
    decision_id       uuid NOT NULL,
    due_on            date,
    working_days      int NOT NULL,
    policy            text NOT NULL,
    paused_on         date,
    paused_days       int NOT NULL,
    stopped_on        date,
    ended             boolean NOT NULL
);

-- The audit of stopped clocks.
CREATE TABLE pause (
    complaint_id uuid NOT NULL REFERENCES complaint_case,
    paused_on    date NOT NULL,
    resumed_on   date,
    event_id     uuid PRIMARY KEY            -- the event that began it
);
CREATE INDEX pause_of_complaint ON pause (complaint_id);

-- What the rules were asked and answered, verbatim; no word of the complaint but the declared terms found in it.
CREATE TABLE decision (
    decision_id         uuid PRIMARY KEY,
    complaint_id        uuid NOT NULL,
    number              text NOT NULL,
    outcome             text NOT NULL,
    disposition         text NOT NULL,
    ministry_id         text NOT NULL,
    unit_body_id        text NOT NULL,
    because_ar          text NOT NULL,
    because_fr          text NOT NULL,
    decided_by          text NOT NULL,
    decided_at          timestamptz NOT NULL,
    referral_id         uuid,
    deadline_days       int NOT NULL,
    trace_id            text NOT NULL,
    facts_digest        text NOT NULL,
    term_hits           text[] NOT NULL,
    candidates          text[] NOT NULL,     -- ministries, the leading one first
    precedence_revision bigint NOT NULL,
    resolver_version    text NOT NULL,
    verdicts            jsonb NOT NULL,
    owner_answers       jsonb NOT NULL
);
CREATE INDEX decision_of_complaint ON decision (complaint_id, decided_at DESC, decision_id DESC);
CREATE UNIQUE INDEX decision_of_referral ON decision (referral_id);

-- What waits for a person; at most one open item a complaint.
CREATE TABLE triage_item (
    triage_id         uuid PRIMARY KEY,
    complaint_id      uuid NOT NULL REFERENCES complaint_case,
    number            text NOT NULL,
    kind              text NOT NULL,
    wilaya_id         text NOT NULL,
    decision_id       uuid NOT NULL REFERENCES decision,
    created_at        timestamptz NOT NULL,
    suggested_body_id text NOT NULL,
    candidates        text[] NOT NULL,
    open              boolean NOT NULL,
    version           bigint NOT NULL,
    heard_at          timestamptz NOT NULL   -- when the rules were last asked; for items that a failed rule set holds
);
CREATE UNIQUE INDEX triage_open ON triage_item (complaint_id) WHERE open;
CREATE INDEX triage_queue ON triage_item (wilaya_id, created_at, triage_id) WHERE open;
CREATE INDEX triage_held ON triage_item (heard_at) WHERE open AND kind = 'provisional';

CREATE TABLE referral (
    referral_id       uuid PRIMARY KEY,
    complaint_id      uuid NOT NULL REFERENCES complaint_case,
    number            text NOT NULL,
    decision_id       uuid NOT NULL REFERENCES decision,
    letter_id         uuid NOT NULL,
    ministry_id       text NOT NULL,
    unit_body_id      text NOT NULL,
    from_body_id      text NOT NULL,
    wilaya_id         text NOT NULL,
    state             text NOT NULL,
    sent_on           date NOT NULL,
    clock_from        date NOT NULL,
    due_on            date NOT NULL,
    deadline_days     int NOT NULL,
    next_step_on      date,
    escalation        int NOT NULL,
    working_days      int NOT NULL,
    competent_body_id text NOT NULL,
    decline_because   text NOT NULL,
    declined_at       timestamptz,
    updated_at        timestamptz NOT NULL,
    version           bigint NOT NULL
);
CREATE INDEX referral_of_complaint ON referral (complaint_id);
CREATE INDEX referral_of_unit ON referral (unit_body_id, due_on, referral_id);
CREATE INDEX referral_of_ministry ON referral (ministry_id, due_on, referral_id);
CREATE INDEX referral_of_wilaya ON referral (wilaya_id, due_on, referral_id);
CREATE INDEX referral_ladder ON referral (next_step_on) WHERE next_step_on IS NOT NULL;
