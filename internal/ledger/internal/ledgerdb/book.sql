-- name: OpenBook :exec
INSERT INTO book (company_id, suspended) VALUES (@company_id, @suspended) ON CONFLICT DO NOTHING;

-- LockBooks locks in the order of companies.
-- name: LockBooks :many
SELECT company_id, balance, bonus, wholesale_bonus, entries, last_at, suspended, credit, filled, warned
FROM book
WHERE company_id = ANY (@company_ids::bigint[])
ORDER BY company_id
FOR UPDATE;

-- ShareBook keeps the reseller's state while a dependent's wallet is made.
-- name: ShareBook :one
SELECT suspended FROM book WHERE company_id = @company_id FOR SHARE;

-- name: SaveBooks :exec
UPDATE book AS b SET
    balance = x.balance, bonus = x.bonus, wholesale_bonus = x.wholesale_bonus,
    entries = x.entries, last_at = x.last_at, suspended = x.suspended,
    credit = x.credit, filled = x.filled, warned = x.warned
FROM (
    SELECT unnest(@company_ids::bigint[]) AS company_id, unnest(@balances::bigint[]) AS balance, unnest(@bonuses::bigint[]) AS bonus,
        unnest(@wholesale_bonuses::bigint[]) AS wholesale_bonus, unnest(@entries::bigint[]) AS entries,
        unnest(@last_ats::timestamptz[]) AS last_at, unnest(@suspended::boolean[]) AS suspended,
        unnest(@credits::bigint[]) AS credit, unnest(@filled::bigint[]) AS filled, unnest(@warned::smallint[]) AS warned
) AS x
WHERE b.company_id = x.company_id;

-- Zero values stand for what an entry does not have.
-- name: InsertEntries :exec
INSERT INTO entry (company_id, id, batch_id, kind, debit, credit, amount, currency, at, period, item, quantity,
    counterparty_id, origin_id, reason, reference, created_by, number, balance_after)
SELECT x.company_id, x.id, x.batch_id, x.kind, x.debit, x.credit, x.amount, x.currency, x.at, nullif(x.period, '0001-01-01'),
    nullif(x.item, ''), nullif(x.quantity, 0), x.counterparty_id, nullif(x.origin_id, 0), x.reason,
    nullif(x.reference, ''), nullif(x.created_by, 0), nullif(x.number, 0), CASE WHEN x.number > 0 THEN x.balance_after END
FROM (
    SELECT unnest(@company_ids::bigint[]) AS company_id, unnest(@ids::uuid[]) AS id, unnest(@batch_ids::uuid[]) AS batch_id,
        unnest(@kinds::text[]) AS kind, unnest(@debits::text[]) AS debit, unnest(@credits::text[]) AS credit,
        unnest(@amounts::bigint[]) AS amount, unnest(@currencies::text[]) AS currency, unnest(@ats::timestamptz[]) AS at,
        unnest(@periods::date[]) AS period, unnest(@items::text[]) AS item, unnest(@quantities::bigint[]) AS quantity,
        unnest(@counterparty_ids::bigint[]) AS counterparty_id, unnest(@origin_ids::bigint[]) AS origin_id,
        unnest(@reasons::text[]) AS reason, unnest(@refs::text[]) AS reference, unnest(@created_bys::bigint[]) AS created_by,
        unnest(@numbers::bigint[]) AS number, unnest(@balances_after::bigint[]) AS balance_after
) AS x;

-- name: EntryByReference :one
SELECT * FROM entry
WHERE company_id = @company_id AND kind = @kind AND reference = @reference::text AND number IS NOT NULL;

-- name: EntryByID :one
SELECT * FROM entry WHERE company_id = @company_id AND id = @id AND number IS NOT NULL;

-- name: HasEntries :one
SELECT EXISTS (SELECT FROM entry WHERE company_id = @company_id);

-- EntriesOfBatch are what a company's own book says of a batch.
-- name: EntriesOfBatch :many
SELECT * FROM entry
WHERE company_id = @company_id AND batch_id = @batch_id AND number IS NOT NULL
ORDER BY number;
