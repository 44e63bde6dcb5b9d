-- name: InsertCompany :one
WITH made AS (
    INSERT INTO company (parent_id, kind, name, currency, time_zone, max_dialogs, operators_see_prices, language, referred_by, created_at)
    VALUES (@parent_id, @kind, @name, @currency, @time_zone, @max_dialogs, @operators_see_prices, @language, @referred_by, @created_at)
    RETURNING id, parent_id, time_zone, created_at
), past AS (
    INSERT INTO company_history (company_id, valid_from, parent_id, time_zone)
    SELECT id, created_at, parent_id, time_zone FROM made
)
SELECT id FROM made;

-- name: CompanyByID :one
SELECT * FROM company WHERE id = @company_id;

-- LockCompany also puts changes of the company's people in a row, so that two
-- owners cannot take the role from each other at once.
-- name: LockCompany :one
SELECT * FROM company WHERE id = @company_id FOR NO KEY UPDATE;

-- name: UpdateCompany :exec
UPDATE company
SET name = @name, currency = @currency, time_zone = @time_zone, max_dialogs = @max_dialogs,
    operators_see_prices = @operators_see_prices, version = version + 1
WHERE id = @company_id;

-- name: SetCompanyStatus :exec
UPDATE company SET status = @status, version = version + 1 WHERE id = @company_id;

-- The past begins with the company, so what was before shows its first row.
-- name: InsertCompanyHistory :exec
INSERT INTO company_history (company_id, valid_from, parent_id, time_zone)
VALUES (@company_id, @valid_from, @parent_id, @time_zone)
ON CONFLICT (company_id, valid_from) DO NOTHING;

-- name: CompanyHistory :many
SELECT valid_from, parent_id, time_zone FROM company_history WHERE company_id = @company_id ORDER BY valid_from;

-- name: PlatformCompany :one
-- any company: there is one of this kind
SELECT id FROM company WHERE kind = 'platform';

-- name: ListCompanies :many
-- any company: the back office and a reseller's list of dependents
SELECT c.id, c.parent_id, p.name AS parent_name, c.kind, c.name, c.currency, c.time_zone, c.status, c.created_at
FROM company c
LEFT JOIN company p ON p.id = c.parent_id
WHERE (sqlc.narg(reseller_id)::bigint IS NULL OR c.parent_id = sqlc.narg(reseller_id) OR c.id = sqlc.narg(reseller_id))
  AND (@q::text = '' OR c.id::text = @q OR c.name ILIKE @pattern::text)
  AND (@status::text = '' OR c.status = @status)
  AND c.id > @after_id
ORDER BY c.id
LIMIT @max_rows;

-- name: NextNumber :one
INSERT INTO company_counter AS c (company_id, name, value) VALUES (@company_id, @name, 1)
ON CONFLICT (company_id, name) DO UPDATE SET value = c.value + 1
RETURNING value;

-- name: NextNumbers :one
INSERT INTO company_counter AS c (company_id, name, value) VALUES (@company_id, @name, @numbers)
ON CONFLICT (company_id, name) DO UPDATE SET value = c.value + @numbers
RETURNING value;

-- Counters are locked in the order of their names.
-- name: NextOfEach :many
INSERT INTO company_counter AS c (company_id, name, value)
SELECT @company_id::bigint, n.name, 1 FROM unnest(@names::text[]) AS n (name) ORDER BY n.name
ON CONFLICT (company_id, name) DO UPDATE SET value = c.value + 1
RETURNING c.name, c.value;

-- name: CompanyByHost :one
-- any company: the host decides which
SELECT c.id, c.parent_id, c.kind, c.name, c.currency, c.status, c.language
FROM company c
WHERE c.id = coalesce((SELECT d.company_id FROM company_domain d JOIN company r ON r.id = d.company_id
        WHERE d.host = @host AND r.kind = 'reseller' AND r.status = 'active'),
    (SELECT p.id FROM company p WHERE p.kind = 'platform'));

-- name: DomainOfCompany :one
SELECT host FROM company_domain WHERE company_id = @company_id ORDER BY host LIMIT 1;

-- name: DomainsOfCompany :many
SELECT host FROM company_domain WHERE company_id = @company_id ORDER BY host;

-- name: DeleteDomains :exec
DELETE FROM company_domain WHERE company_id = @company_id;

-- name: InsertDomains :exec
INSERT INTO company_domain (company_id, host) SELECT @company_id, unnest(@hosts::text[]);
