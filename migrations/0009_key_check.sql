-- +goose Up

-- A word that each key of the installation has sealed, so that a key file
-- which is not this database's is noticed before anything is sealed with it.
CREATE TABLE key_check (
    fingerprint text  NOT NULL PRIMARY KEY, -- of the key
    sealed      bytea NOT NULL
);
GRANT SELECT, INSERT, DELETE ON key_check TO parley_worker;

-- +goose Down
SELECT 1;
