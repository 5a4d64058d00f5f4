-- Looking back: what decisions rested on, so that they can be taken again exactly; and back-tests.

-- What many decisions share, named by its content.
CREATE TABLE decision_ground (
    ground_digest bytea PRIMARY KEY,
    ministries    text[] NOT NULL,           -- that existed on the day of receipt
    holidays      date[] NOT NULL
);

-- No word of a complaint: the commitment is salted, and its salt goes with the record's key.
CREATE TABLE decision_basis (
    decision_id           uuid PRIMARY KEY REFERENCES decision,
    facts                 jsonb NOT NULL,
    asked_at              timestamptz NOT NULL,
    text_commitment       text NOT NULL,
    addressed_ministry_id text NOT NULL,
    wilaya_label          text NOT NULL,
    policy                text NOT NULL,     -- that gave the deadline
    ground_digest         bytea NOT NULL REFERENCES decision_ground
);

-- What is looked back at never changes.
CREATE TRIGGER decision_stays BEFORE UPDATE ON decision EXECUTE FUNCTION refuse_change();
CREATE TRIGGER decision_basis_stays BEFORE UPDATE ON decision_basis EXECUTE FUNCTION refuse_change();
CREATE TRIGGER decision_ground_stays BEFORE UPDATE ON decision_ground EXECUTE FUNCTION refuse_change();
CREATE TRIGGER precedence_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON precedence EXECUTE FUNCTION refuse_change();

-- One ministry's rules tried on the decisions of a period; a row that runs is held by whoever takes it a step further.
CREATE TABLE backtest (
    backtest_id        uuid PRIMARY KEY,
    ministry_id        text NOT NULL,
    slot               text NOT NULL,
    plugin_version     text NOT NULL,
    plugin_digest      text NOT NULL,
    from_day           date NOT NULL,
    to_day             date NOT NULL,
    precedence         text NOT NULL,        -- then, now
    precedence_revision bigint NOT NULL,     -- the one that applied at the start
    state              text NOT NULL,
    total              bigint NOT NULL,
    done               bigint NOT NULL,
    answered_otherwise bigint NOT NULL,
    changed            bigint NOT NULL,
    failed             bigint NOT NULL,
    left_out           bigint NOT NULL,
    shifts             jsonb NOT NULL,
    reached_at         timestamptz NOT NULL, -- the last decision that was tried, from the latest to the earliest
    reached_id         uuid NOT NULL,
    held_until         timestamptz NOT NULL,
    started_by         text NOT NULL,
    started_at         timestamptz NOT NULL,
    ended_at           timestamptz
);
CREATE INDEX backtest_order ON backtest (started_at DESC, backtest_id DESC);
CREATE INDEX backtest_running ON backtest (started_at) WHERE state = 'running';
