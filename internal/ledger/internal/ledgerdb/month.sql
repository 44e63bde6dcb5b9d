-- EndMonth moves wallets on to a later month and closes their batches. Charges
-- of the month before that are under way are waited for; none comes after.
-- name: EndMonth :exec
WITH locked AS (
    SELECT company_id, stripe, batch_id FROM wallet
    WHERE company_id = ANY (@company_ids::bigint[])
    ORDER BY company_id, stripe
    FOR UPDATE
), closed AS (
    UPDATE wallet AS w SET period = greatest(w.period, @next::date), batch_id = NULL, charges = 0
    FROM locked l
    WHERE w.company_id = l.company_id AND w.stripe = l.stripe
)
INSERT INTO pending_batch (company_id, batch_id) SELECT company_id, batch_id FROM locked WHERE batch_id IS NOT NULL;

-- name: PendingOf :many
SELECT company_id, batch_id FROM pending_batch WHERE company_id = ANY (@company_ids::bigint[]);

-- StillPending are those of the batches that are not posted yet.
-- name: StillPending :many
SELECT p.company_id, p.batch_id
FROM (SELECT unnest(@company_ids::bigint[]) AS company_id, unnest(@batch_ids::uuid[]) AS batch_id) AS b
JOIN pending_batch p ON p.company_id = b.company_id AND p.batch_id = b.batch_id;

-- WelcomeOfMonth is the part of a month's charges less refunds that was welcome
-- credit.
-- name: WelcomeOfMonth :many
SELECT company_id, item, sum(CASE kind WHEN 'charge' THEN amount ELSE -amount END)::bigint AS amount
FROM entry
WHERE company_id = ANY (@company_ids::bigint[]) AND period = @period::date AND number IS NOT NULL
  AND 'bonus' IN (debit, credit) AND item IS NOT NULL
GROUP BY company_id, item;

-- BalancesAtEnd are the own money of companies when their month ended: what the
-- books say now less what belongs to later. Another company's month may have
-- begun up to 26 hours before.
-- name: BalancesAtEnd :many
SELECT b.company_id, (b.balance - coalesce(later.amount, 0))::bigint AS balance
FROM (SELECT unnest(@company_ids::bigint[]) AS company_id, unnest(@ends::timestamptz[]) AS ended) AS x
JOIN book b ON b.company_id = x.company_id
LEFT JOIN LATERAL (
    SELECT sum(CASE WHEN e.debit = 'wallet' THEN e.amount WHEN e.credit = 'wallet' THEN -e.amount ELSE 0 END) AS amount
    FROM entry e
    WHERE e.company_id = x.company_id AND e.number IS NOT NULL AND e.at >= x.ended - interval '27 hours'
      AND (e.period > @period::date OR (e.period IS NULL AND e.at >= x.ended))
) AS later ON true;

-- EntriesOfItem are the charges and refunds of a month and item that moved own
-- money, the oldest first, from a place in the book on.
-- name: EntriesOfItem :many
SELECT at, number::bigint AS number, batch_id, kind, origin_id::bigint AS origin_id
FROM entry
WHERE company_id = @company_id AND number IS NOT NULL AND at >= @since AND at <= @until
  AND (at, number) >= (@from_at::timestamptz, @from_number::bigint)
  AND period = @period::date AND item = @item::text AND 'wallet' IN (debit, credit) AND origin_id IS NOT NULL
ORDER BY at, number
LIMIT @max_rows;

-- name: DependentsOf :many
SELECT company_id FROM wallet WHERE reseller_id = @company_id AND stripe = 0 ORDER BY company_id;
