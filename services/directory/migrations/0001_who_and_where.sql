-- Who and where: the map, bodies, topics; officers, their appointments and sign-ins; tokens of client services.

-- One row; counts the events in which the directory told of changes. A row's revision is the last that told of it.
CREATE TABLE revision (value bigint NOT NULL);
INSERT INTO revision VALUES (0);

CREATE TABLE territory (
    territory_id text NOT NULL,
    valid_from   date NOT NULL,
    valid_to     date,
    kind         text NOT NULL,
    label        text NOT NULL,
    name_ar      text NOT NULL,
    name_fr      text NOT NULL,
    other_names  text NOT NULL,
    parent_id    text NOT NULL,
    wilaya_id    text NOT NULL,
    search_text  text NOT NULL,               -- normalised names
    revision     bigint NOT NULL,
    PRIMARY KEY (territory_id, valid_from)
);
CREATE INDEX territory_parent ON territory (parent_id);

CREATE TABLE body (
    body_id        text PRIMARY KEY,
    kind           text NOT NULL,
    ministry_id    text NOT NULL,
    parent_id      text NOT NULL,
    territory_id   text NOT NULL,
    wilaya_id      text NOT NULL,
    wilaya_label   text NOT NULL,
    service_code   text NOT NULL,
    name_ar        text NOT NULL,
    name_fr        text NOT NULL,
    keeps_register boolean NOT NULL,
    valid_from     date,
    valid_to       date,
    successor_ids  text[] NOT NULL,
    search_text    text NOT NULL,
    revision       bigint NOT NULL
);
CREATE INDEX body_wilaya ON body (wilaya_id, service_code);
CREATE INDEX body_territory ON body (territory_id);
CREATE INDEX body_ministry ON body (ministry_id);

CREATE TABLE topic (
    topic_code   text PRIMARY KEY,
    name_ar      text NOT NULL,
    name_fr      text NOT NULL,
    ministry_ids text[] NOT NULL,
    revision     bigint NOT NULL
);

CREATE TABLE officer (
    officer_id    uuid PRIMARY KEY,
    username      text NOT NULL UNIQUE,
    display_name  text NOT NULL,
    password_hash text NOT NULL,              -- argon2id
    active        boolean NOT NULL DEFAULT true,
    created_at    timestamptz NOT NULL,
    password_at   timestamptz NOT NULL
);

CREATE TABLE appointment (
    officer_id uuid NOT NULL REFERENCES officer,
    role       text NOT NULL,
    scope      text NOT NULL,
    begins_at  timestamptz NOT NULL,
    ends_at    timestamptz
);
CREATE UNIQUE INDEX appointment_now ON appointment (officer_id, role, scope) WHERE ends_at IS NULL;
CREATE INDEX appointment_scope ON appointment (scope) WHERE ends_at IS NULL;

-- Passwords tried for a name within a window; the name is condensed, because what is typed there may be a password.
CREATE TABLE tries (
    name_digest    bytea PRIMARY KEY,
    count          int NOT NULL,
    window_ends_at timestamptz NOT NULL
);
CREATE INDEX tries_ended ON tries (window_ends_at);

-- Which client services hold a token; the token itself is not kept.
CREATE TABLE client_token (
    token_id     uuid PRIMARY KEY,
    client       text NOT NULL,
    appointments jsonb NOT NULL,
    issued_at    timestamptz NOT NULL,
    ends_at      timestamptz NOT NULL
);
CREATE INDEX client_token_client ON client_token (client, issued_at);
