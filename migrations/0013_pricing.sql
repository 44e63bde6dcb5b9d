-- +goose Up

-- A version may end without a successor: afterwards the list has no prices.
ALTER TABLE price_version ADD COLUMN valid_until timestamptz CHECK (valid_until > valid_from);

-- A price may be for one destination: a country, a network in it, a category of
-- template. An empty text stands for any. It may begin at a number of units
-- used in the month, and the first units of the month may be free: the number
-- stands with the price from 0.
ALTER TABLE price_item
    ADD COLUMN country       text   NOT NULL DEFAULT '', -- ISO 3166-1 alpha-2
    ADD COLUMN network       text   NOT NULL DEFAULT '', -- MCC and MNC, such as 25001
    ADD COLUMN category      text   NOT NULL DEFAULT '', -- of a WhatsApp template
    ADD COLUMN from_quantity bigint NOT NULL DEFAULT 0 CHECK (from_quantity >= 0),
    ADD COLUMN free_quantity bigint NOT NULL DEFAULT 0 CHECK (free_quantity >= 0),
    ADD CHECK (network = '' OR country <> ''),
    ADD CHECK (free_quantity = 0 OR from_quantity = 0),
    DROP CONSTRAINT price_item_pkey,
    ADD PRIMARY KEY (company_id, version_id, item, country, network, category, from_quantity);

-- What a price was chosen by, frozen with it. position is how many units of
-- the item the company had used before in the month counted_in; both are null
-- where the price does not depend on it.
ALTER TABLE usage
    ADD COLUMN country    text NOT NULL DEFAULT '',
    ADD COLUMN network    text NOT NULL DEFAULT '',
    ADD COLUMN category   text NOT NULL DEFAULT '',
    ADD COLUMN position   bigint CHECK (position >= 0),
    ADD COLUMN counted_in date,
    ADD CHECK ((position IS NULL) = (counted_in IS NULL));

-- Units used in a billing month of the items whose price depends on it: all
-- that was accepted less what was released. Changed under the wallet's lock.
CREATE TABLE usage_counter (
    company_id bigint NOT NULL,
    item       text   NOT NULL,
    period     date   NOT NULL,
    quantity   bigint NOT NULL CHECK (quantity >= 0),
    PRIMARY KEY (company_id, item, period)
) WITH (fillfactor = 50);
CALL secure_tenant('usage_counter');

-- Numbering plans say which country and network a telephone number belongs to.
-- They are the installation's: numbers are the same for every company.
CREATE TABLE number_plan (
    country     text        NOT NULL PRIMARY KEY, -- ISO 3166-1 alpha-2
    source      text        NOT NULL, -- where it comes from, for people
    ranges      int         NOT NULL,
    imported_by bigint,
    imported_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON number_plan TO parley_worker;

-- Ranges of a plan. Numbers are filled up to the 15 digits of E.164: a prefix
-- 7912 is the range from 791200000000000 to 791299999999999. Of ranges that
-- contain each other the narrowest counts.
CREATE TABLE number_range (
    country      text   NOT NULL REFERENCES number_plan,
    first_number bigint NOT NULL,
    last_number  bigint NOT NULL CHECK (last_number >= first_number),
    network      text   NOT NULL, -- MCC and MNC; empty where only the country is known
    name         text   NOT NULL, -- of the network, for people
    PRIMARY KEY (country, first_number, last_number)
);
GRANT SELECT, INSERT, DELETE ON number_range TO parley_worker;

-- A node that remembers the plans asks with the number of the last change.
ALTER TABLE price_change ADD COLUMN plans bigint NOT NULL DEFAULT 0;

-- +goose Down
SELECT 1;
