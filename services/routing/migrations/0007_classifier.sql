-- The classifier: its models, its trainings, what it said of a complaint.

-- Models are kept whether used or not; a file holds weights of numbered pieces, no word of a text.
CREATE TABLE classifier_model (
    version      bigint PRIMARY KEY,
    kind         text NOT NULL,
    made_at      timestamptz NOT NULL,
    digest       text NOT NULL,              -- of the file; empty where too few examples made none
    data_digest  text NOT NULL,              -- of ids, classes and their order
    learned_from int NOT NULL,               -- examples there were
    with_samples boolean NOT NULL,
    report       jsonb NOT NULL,             -- examples of each class, accuracy on the newest, confusions
    in_use       boolean NOT NULL,
    because_ar   text NOT NULL,
    because_fr   text NOT NULL,
    file         bytea NOT NULL
);
CREATE UNIQUE INDEX classifier_in_use ON classifier_model (kind) WHERE in_use;

-- Whose turn it is to train, and how far it is; one row a kind.
CREATE TABLE classifier_training (
    kind          text PRIMARY KEY,
    stage         text NOT NULL,
    began_at      timestamptz NOT NULL,
    alive_at      timestamptz NOT NULL,      -- a turn that shows no life for two minutes is taken over
    done          int NOT NULL DEFAULT 0,
    total         int NOT NULL DEFAULT 0,
    error         text NOT NULL DEFAULT '',
    model_version bigint NOT NULL DEFAULT 0
);

-- What the classifier said of a complaint: its proposal, null without one, and the variety of language, empty if not known.
ALTER TABLE decision ADD COLUMN proposal jsonb, ADD COLUMN variety text NOT NULL DEFAULT '';
ALTER TABLE complaint_case ADD COLUMN variety text NOT NULL DEFAULT '';
