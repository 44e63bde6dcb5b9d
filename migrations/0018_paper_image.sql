-- +goose Up

-- Pictures that a seller's invoices bear. An invoice names the ones that were
-- current when it was issued, so a row and its file stay when another takes
-- their place.
CREATE TABLE paper_image (
    company_id bigint      NOT NULL REFERENCES company,
    id         uuid        NOT NULL, -- the file's key, too
    kind       text        NOT NULL CHECK (kind IN ('stamp', 'signature')),
    width      int         NOT NULL CHECK (width > 0), -- pixels
    height     int         NOT NULL CHECK (height > 0),
    created_at timestamptz NOT NULL,
    retired_at timestamptz, -- when it was replaced or removed
    PRIMARY KEY (company_id, id)
);
CREATE UNIQUE INDEX paper_image_current ON paper_image (company_id, kind) WHERE retired_at IS NULL;
CALL secure_tenant('paper_image');

-- +goose Down
SELECT 1;
