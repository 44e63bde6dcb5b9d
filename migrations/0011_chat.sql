-- +goose Up

-- What visitors have uploaded on a day (UTC) from an address of the network, and
-- at '' from all of them together. Rows of past days are cleaned up.
CREATE TABLE upload_count (
    company_id bigint NOT NULL REFERENCES company,
    day        date   NOT NULL,
    address    text   NOT NULL,
    files      int    NOT NULL,
    bytes      bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (company_id, day, address)
) WITH (fillfactor = 70);
CREATE INDEX upload_count_day ON upload_count (day);
CALL secure_tenant('upload_count');

-- The greeting is stored, and charged, when a visitor opens the widget, and not
-- only with their first message.
ALTER TABLE chat ADD COLUMN greet_on_open boolean NOT NULL DEFAULT false;

-- +goose Down
SELECT 1;
