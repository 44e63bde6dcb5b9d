-- +goose Up

-- What the people of a company are told in their notice centre: facts of the
-- company, one of a kind for each, seen by everybody whose permissions allow
-- that kind. They are forgotten after a while.
CREATE TABLE notice (
    company_id bigint      NOT NULL REFERENCES company,
    id         uuid        NOT NULL,
    kind       text        NOT NULL,
    fact       uuid        NOT NULL, -- what it speaks of
    args       jsonb       NOT NULL, -- names and amounts as they were then
    at         timestamptz NOT NULL,
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, fact, kind)
);
CREATE INDEX notice_age ON notice (at);
CALL secure_tenant('notice');

-- Who has read what; a mark goes with its notice.
CREATE TABLE notice_read (
    company_id bigint NOT NULL,
    user_id    bigint NOT NULL REFERENCES users,
    notice_id  uuid   NOT NULL,
    PRIMARY KEY (company_id, user_id, notice_id),
    FOREIGN KEY (company_id, notice_id) REFERENCES notice ON DELETE CASCADE
);
CREATE INDEX notice_read_notice ON notice_read (company_id, notice_id);
CALL secure_tenant('notice_read');

-- +goose Down
SELECT 1;
