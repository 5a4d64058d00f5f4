-- What the competent ministry's rules say of a letter, sealed with the letter's key.

CREATE TABLE letter_advice (
    letter_id uuid PRIMARY KEY REFERENCES letter,
    sealed    bytea NOT NULL
);
