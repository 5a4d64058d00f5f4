-- What every service keeps beside its own tables: events to send, events seen, answers to repeat.

CREATE TABLE outbox (
    position          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id          uuid NOT NULL UNIQUE,
    type              text NOT NULL,
    aggregate_id      text NOT NULL,
    aggregate_version bigint NOT NULL,
    event_time        timestamptz NOT NULL,
    event             bytea NOT NULL,           -- diwan.common.v1.Event, serialized
    headers           jsonb NOT NULL,           -- trace context of the transaction that saved it
    published_at      timestamptz               -- handed to the broker, or fanned out into delivery
);
CREATE INDEX outbox_pending ON outbox (position) WHERE published_at IS NULL;
CREATE INDEX outbox_published ON outbox (published_at) WHERE published_at IS NOT NULL;

-- Straight delivery, without a broker: one row per event and subscriber, deleted once delivered.
CREATE TABLE delivery (
    position        bigint NOT NULL REFERENCES outbox ON DELETE CASCADE,
    subscriber      text NOT NULL,
    attempts        int NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    last_error      text NOT NULL DEFAULT '',   -- status and reason, never a message with content
    PRIMARY KEY (position, subscriber)
);
CREATE INDEX delivery_due ON delivery (next_attempt_at, position);

-- What could not be delivered, for an operator to read and replay.
CREATE TABLE dead_letter (
    dead_letter_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    position       bigint NOT NULL REFERENCES outbox ON DELETE CASCADE,
    subscriber     text NOT NULL,
    attempts       int NOT NULL,
    last_error     text NOT NULL,
    died_at        timestamptz NOT NULL DEFAULT now(),
    replayed_at    timestamptz
);
CREATE INDEX dead_letter_waiting ON dead_letter (dead_letter_id) WHERE replayed_at IS NULL;

CREATE FUNCTION notify_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('outbox', '');
    RETURN NULL;
END $$;
CREATE TRIGGER outbox_saved AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION notify_outbox();

-- Events whose effect is in this database.
CREATE TABLE inbox (
    event_id    uuid PRIMARY KEY,
    type        text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX inbox_age ON inbox (received_at);

-- Answers given, so that the same request_id gets the same answer.
CREATE TABLE request (
    request_id  uuid PRIMARY KEY,
    digest      bytea NOT NULL,                 -- HMAC of the method's message, its content and the actor
    response    bytea NOT NULL,                 -- sealed under the process's own key
    answered_at timestamptz NOT NULL
);
CREATE INDEX request_age ON request (answered_at);

-- The carrier of events sees these tables and no other. Roles belong to the server, not to the database.
DO $$
BEGIN
    CREATE ROLE diwan_bus LOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN NULL;
END $$;
DO $$
BEGIN
    GRANT SELECT, UPDATE (published_at), DELETE ON outbox TO diwan_bus;
    GRANT SELECT, INSERT, UPDATE, DELETE ON delivery, dead_letter TO diwan_bus;
EXCEPTION WHEN undefined_object THEN
    RAISE NOTICE 'role diwan_bus does not exist: grant it the outbox tables when it is made';
END $$;
