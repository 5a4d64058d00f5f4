-- The values that ministries' rules work with; the highest revision applies, older ones explain older decisions.
CREATE TABLE rules_configuration (
    ministry_id text NOT NULL,
    revision    bigint NOT NULL CHECK (revision > 0),
    values_json text NOT NULL,               -- as the rules accepted it
    PRIMARY KEY (ministry_id, revision)
);
CREATE TRIGGER rules_configuration_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON rules_configuration
    EXECUTE FUNCTION refuse_change();
