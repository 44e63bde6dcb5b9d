-- +goose Up

ALTER TABLE link
    DROP CONSTRAINT link_purpose_check,
    ADD CONSTRAINT link_purpose_check CHECK (purpose IN ('email', 'recovery', 'setup', 'invitation'));

-- Who is asked to join a company and has not answered. The link of the same
-- hash lets them in; whether the address has an account is looked up only when
-- it is opened.
CREATE TABLE invitation (
    company_id bigint      NOT NULL REFERENCES company,
    email      text        NOT NULL CHECK (email = lower(email)),
    name       text        NOT NULL,
    roles      text[]      NOT NULL CHECK (cardinality(roles) > 0),
    token_hash bytea       NOT NULL,
    invited_by bigint      NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (company_id, email)
);
CREATE INDEX invitation_token ON invitation (token_hash);
CREATE INDEX invitation_expiry ON invitation (expires_at);
CALL secure_tenant('invitation');

-- +goose Down
SELECT 1;
