-- +goose Up

-- A list with a buyer holds that company's own prices: they stand over those
-- of the list that the company is assigned to.
ALTER TABLE price_list ADD COLUMN buyer_id bigint REFERENCES company;
CREATE UNIQUE INDEX price_list_buyer ON price_list (company_id, buyer_id) WHERE buyer_id IS NOT NULL;

-- What a call's price has beside its unit. A call of at most free_seconds costs
-- nothing; a longer one counts as at least minimum_seconds.
ALTER TABLE price_item
    ADD COLUMN minimum_seconds int NOT NULL DEFAULT 0 CHECK (minimum_seconds BETWEEN 0 AND 3600),
    ADD COLUMN free_seconds    int NOT NULL DEFAULT 0 CHECK (free_seconds BETWEEN 0 AND 3600);

-- Billing switches a connection off and on again; what it has stays.
ALTER TABLE connection DROP CONSTRAINT connection_state_check;
ALTER TABLE connection ADD CONSTRAINT connection_state_check CHECK (state IN ('active', 'disabled', 'paused'));

-- A member whose monthly fee is not paid is given no dialogs.
ALTER TABLE membership ADD COLUMN paused_at timestamptz;

-- Monthly fees, once per thing and month.
--   free     nothing was to be paid then
--   charged  reference is the usage
--   unpaid   refused for want of money; tried again with each run
--   lapsed   its month ended while the thing was paused
CREATE TABLE fee (
    company_id bigint      NOT NULL REFERENCES company,
    item       text        NOT NULL, -- such as fee.user
    thing      text        NOT NULL, -- the user's number, the connection's id
    month      date        NOT NULL, -- its first day, in the company's zone
    days       smallint    NOT NULL CHECK (days BETWEEN 1 AND of_days),
    of_days    smallint    NOT NULL CHECK (of_days BETWEEN 28 AND 31),
    due_at     timestamptz NOT NULL, -- its price is of that instant
    state      text        NOT NULL CHECK (state IN ('free', 'charged', 'unpaid', 'lapsed')),
    reference  uuid,
    pause_at   timestamptz, -- when the thing pauses unless it is paid
    paused     boolean     NOT NULL DEFAULT false, -- it has paused for this
    PRIMARY KEY (company_id, item, thing, month),
    CHECK ((state = 'charged') = (reference IS NOT NULL)),
    CHECK ((state = 'unpaid') <= (pause_at IS NOT NULL))
);
CREATE INDEX fee_unpaid ON fee (company_id) WHERE state = 'unpaid';
CALL secure_tenant('fee');

-- +goose Down
SELECT 1;
