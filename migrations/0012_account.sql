-- +goose Up

-- How the ways out of the installation fare: whether the bind stands, and what
-- went wrong last.
CREATE TABLE delivery_state (
    kind       text        NOT NULL PRIMARY KEY CHECK (kind IN ('mail', 'sms')),
    up         boolean     NOT NULL, -- sms: there is a bind; mail: the last letter was taken
    node       text        NOT NULL, -- the machine that says so
    error      text        NOT NULL DEFAULT '', -- the last one; it stays when all is well again
    error_at   timestamptz,
    changed_at timestamptz NOT NULL, -- when up became what it is
    seen_at    timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON delivery_state TO parley_worker;

-- A test message takes the same way as codes, over the one bind.
ALTER TABLE sms_code ADD COLUMN kind text NOT NULL DEFAULT 'code' CHECK (kind IN ('code', 'test'));

-- The price list that a seller shows on its home page, to everybody.
CREATE TABLE published_prices (
    company_id bigint NOT NULL PRIMARY KEY,
    list_id    uuid   NOT NULL,
    FOREIGN KEY (company_id, list_id) REFERENCES price_list
);
CALL secure_tenant('published_prices');

-- +goose Down
SELECT 1;
