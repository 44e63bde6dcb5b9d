-- OpenWallet makes a company's first stripe. A wallet that is there stays as
-- it is.
-- name: OpenWallet :exec
INSERT INTO wallet (company_id, stripe, currency, period, reseller_id, seller_suspended)
VALUES (@company_id, 0, @currency, @period, @reseller_id, @seller_suspended)
ON CONFLICT DO NOTHING;

-- Take charges one stripe, or sets money aside in it, if the stripe alone can
-- bear it. No row means that it cannot, not that the company cannot.
-- Of several stripes either none is below zero or none above, because a stripe
-- that can bear a charge must prove that the company can. So a charge that
-- cannot be refused may push a stripe below zero only when it is there already.
-- Only stripe 0 has welcome credit, which is spent first: the others wait until
-- it is gone.
-- name: Take :one
UPDATE wallet AS w SET
    last_bonus = least(w.bonus, a.amount),
    bonus      = w.bonus - least(w.bonus, a.amount),
    available  = w.available - (a.amount - least(w.bonus, a.amount)),
    held       = w.held + CASE WHEN a.hold THEN a.amount - least(w.bonus, a.amount) ELSE 0 END,
    bonus_held = w.bonus_held + CASE WHEN a.hold THEN least(w.bonus, a.amount) ELSE 0 END,
    period     = greatest(w.period, a.month),
    batch_id   = CASE WHEN a.hold THEN w.batch_id ELSE coalesce(w.batch_id, a.batch_id) END,
    charges    = w.charges + 1
FROM (
    SELECT @amount::bigint AS amount, @hold::boolean AS hold, @refusable::boolean AS refusable,
        @month::date AS month, @batch_id::uuid AS batch_id
) AS a
WHERE w.company_id = @company_id AND w.stripe = @stripe
  AND NOT (a.refusable AND w.seller_suspended)
  AND (a.amount = 0 OR w.available + w.credit + w.bonus >= a.amount
       OR (NOT a.refusable AND (w.stripes = 1 OR w.available + w.credit + w.bonus < 0)))
  AND (w.stripe = 0 OR NOT EXISTS (SELECT FROM wallet z WHERE z.company_id = @company_id AND z.stripe = 0 AND z.bonus > 0))
RETURNING w.stripe, w.stripes, w.period, w.batch_id, w.last_bonus;

-- Move changes a stripe by differences: what was held is spent or comes back,
-- what was spent is given back. No row means that money would come to a stripe
-- that is not above zero and may not get there alone.
-- name: Move :one
UPDATE wallet SET
    available  = available + @available,
    held       = held + @held,
    bonus      = bonus + @bonus,
    bonus_held = bonus_held + @bonus_held,
    period     = greatest(period, @month::date),
    batch_id   = coalesce(batch_id, sqlc.narg(batch_id)::uuid)
WHERE company_id = @company_id AND stripe = @stripe
  AND (stripes = 1 OR available + credit + bonus > 0 OR NOT @raising::boolean)
RETURNING period, batch_id;

-- LockWallet locks all stripes in order, so that what they say together is
-- true until the transaction ends.
-- name: LockWallet :many
SELECT stripe, stripes, currency, available, held, credit, bonus, bonus_held, period, batch_id, seller_suspended, reseller_id
FROM wallet
WHERE company_id = @company_id
ORDER BY stripe
FOR UPDATE;

-- SaveWallet writes stripes that LockWallet has locked.
-- name: SaveWallet :exec
UPDATE wallet AS w SET
    available = x.available, held = x.held, credit = x.credit, bonus = x.bonus, bonus_held = x.bonus_held,
    stripes = @stripes, period = greatest(w.period, @period::date), batch_id = nullif(x.batch_id, '00000000-0000-0000-0000-000000000000')
FROM (
    SELECT unnest(@stripe::smallint[]) AS stripe, unnest(@available::bigint[]) AS available, unnest(@held::bigint[]) AS held,
        unnest(@credit::bigint[]) AS credit, unnest(@bonus::bigint[]) AS bonus, unnest(@bonus_held::bigint[]) AS bonus_held,
        unnest(@batch_ids::uuid[]) AS batch_id
) AS x
WHERE w.company_id = @company_id AND w.stripe = x.stripe;

-- name: AddStripes :exec
INSERT INTO wallet (company_id, stripe, stripes, currency, period, reseller_id, seller_suspended)
SELECT w.company_id, n::smallint, w.stripes, w.currency, w.period, w.reseller_id, w.seller_suspended
FROM wallet w, generate_series(@first::int, @last::int) AS n
WHERE w.company_id = @company_id AND w.stripe = 0;

-- name: SetWalletCurrency :exec
UPDATE wallet SET currency = @currency WHERE company_id = @company_id;

-- SuspendDependents locks in the order in which everybody locks stripes.
-- name: SuspendDependents :many
WITH dependent AS (
    SELECT w.company_id, w.stripe FROM wallet w
    WHERE w.reseller_id = @company_id
    ORDER BY w.company_id, w.stripe
    FOR UPDATE
)
UPDATE wallet AS w SET seller_suspended = @suspended
FROM dependent d
WHERE w.company_id = d.company_id AND w.stripe = d.stripe
RETURNING w.company_id;

-- name: Balances :many
SELECT company_id, min(currency)::text AS currency,
    sum(available)::bigint AS available, sum(held)::bigint AS held, sum(credit)::bigint AS credit,
    sum(bonus)::bigint AS bonus, sum(bonus_held)::bigint AS bonus_held, bool_or(seller_suspended)::boolean AS seller_suspended
FROM wallet
WHERE company_id = ANY (@company_ids::bigint[])
GROUP BY company_id;
