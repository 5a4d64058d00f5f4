-- The life of ministries' rules: releases, where they stand, who did what, and what was heard from the shadow.

CREATE TABLE rules_release (
    release_id   text PRIMARY KEY,           -- SHA-256 of the wheel
    ministry_id  text NOT NULL,
    package      text NOT NULL,
    version      text NOT NULL,
    wheel        bytea NOT NULL,
    signature    bytea NOT NULL,
    signed_by    text NOT NULL,              -- the key; empty when a development setting let it in unsigned
    installed_by text NOT NULL,
    installed_at timestamptz NOT NULL,
    UNIQUE (package, version)
);
CREATE INDEX release_of_ministry ON rules_release (ministry_id);

-- A ministry without a row runs what lies in its rule host's folder.
CREATE TABLE rules_slots (
    ministry_id text PRIMARY KEY,
    stable      text NOT NULL,               -- release, `folder`, or empty
    candidate   text NOT NULL,
    previous    text NOT NULL,               -- what rolling back makes stable
    version     bigint NOT NULL
);

-- Who did what and why; rows are added and nothing else.
CREATE TABLE rules_act (
    act_id      uuid PRIMARY KEY,
    kind        text NOT NULL,
    ministry_id text NOT NULL,               -- empty for the precedence
    release_id  text NOT NULL,
    replaced    text NOT NULL,
    revision    bigint NOT NULL,
    actor       text NOT NULL,
    because     text NOT NULL,
    acted_at    timestamptz NOT NULL
);
CREATE INDEX rules_act_order ON rules_act (acted_at DESC, act_id DESC);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % only grows', TG_TABLE_NAME;
END $$;
CREATE TRIGGER rules_act_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON rules_act EXECUTE FUNCTION refuse_change();

-- What a release in the shadow answered beside the active rules; it had no part in the decision.
CREATE TABLE shadow_verdict (
    decision_id   uuid NOT NULL REFERENCES decision,
    ministry_id   text NOT NULL,
    release_id    text NOT NULL,
    answer        text NOT NULL,
    stable_claims boolean NOT NULL,          -- whether the active release claimed the complaint
    outcome       text NOT NULL,             -- what there would have been with it
    lead          text NOT NULL,
    same_decision boolean NOT NULL,
    verdict       jsonb NOT NULL,
    PRIMARY KEY (decision_id, ministry_id)
);
CREATE INDEX shadow_of_release ON shadow_verdict (ministry_id, release_id);

-- Previews of another precedence read the decisions of rules, the latest first.
CREATE INDEX decision_by_rules ON decision (decided_at DESC, decision_id DESC) WHERE outcome <> 'by_hand';
