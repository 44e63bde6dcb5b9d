-- CloseFree closes the open batches of all stripes that nobody holds at the
-- moment.
-- name: CloseFree :many
-- any company: the settler works for all
WITH open AS (
    SELECT w.company_id, w.stripe, w.batch_id, w.charges FROM wallet w
    WHERE w.batch_id IS NOT NULL
    ORDER BY w.company_id, w.stripe
    FOR UPDATE SKIP LOCKED
), closed AS (
    UPDATE wallet AS w SET batch_id = NULL, charges = 0
    FROM open o
    WHERE w.company_id = o.company_id AND w.stripe = o.stripe
    RETURNING w.company_id, o.batch_id, o.charges, w.stripes
), pending AS (
    INSERT INTO pending_batch (company_id, batch_id) SELECT company_id, batch_id FROM closed
)
SELECT company_id, batch_id::uuid AS batch_id, charges, stripes FROM closed;

-- CloseBusy waits for the stripes of one company.
-- name: CloseBusy :many
WITH open AS (
    SELECT w.company_id, w.stripe, w.batch_id, w.charges FROM wallet w
    WHERE w.company_id = @company_id AND w.batch_id IS NOT NULL
    ORDER BY w.stripe
    FOR UPDATE
), closed AS (
    UPDATE wallet AS w SET batch_id = NULL, charges = 0
    FROM open o
    WHERE w.company_id = o.company_id AND w.stripe = o.stripe
    RETURNING w.company_id, o.batch_id, o.charges, w.stripes
), pending AS (
    INSERT INTO pending_batch (company_id, batch_id) SELECT company_id, batch_id FROM closed
)
SELECT company_id, batch_id::uuid AS batch_id, charges, stripes FROM closed;

-- name: OpenBatches :many
-- any company: the settler works for all
SELECT DISTINCT company_id FROM wallet WHERE batch_id IS NOT NULL ORDER BY company_id;

-- name: PendingCompanies :many
-- any company: the settler works for all
SELECT DISTINCT company_id FROM pending_batch ORDER BY company_id;

-- TakePending takes the closed batches of companies that no other settler has
-- taken; they are gone once the transaction commits.
-- name: TakePending :many
DELETE FROM pending_batch p
USING (
    SELECT b.company_id, b.batch_id FROM pending_batch b
    WHERE b.company_id = ANY (@company_ids::bigint[])
    ORDER BY b.company_id, b.batch_id
    FOR UPDATE SKIP LOCKED
) AS t
WHERE p.company_id = t.company_id AND p.batch_id = t.batch_id
RETURNING p.company_id, p.batch_id;
