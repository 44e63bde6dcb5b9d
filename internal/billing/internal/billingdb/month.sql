-- name: OpenMonth :exec
INSERT INTO billing_month (company_id, open) VALUES (@company_id, @open) ON CONFLICT DO NOTHING;

-- Due are companies whose open month lies before another one.
-- name: Due :many
-- any company: the run bills all
SELECT company_id, open FROM billing_month WHERE open < @before::date ORDER BY open, company_id;

-- LockMonths locks the companies that are still to be billed for a month.
-- Another node that bills them has them locked, and they are left to it.
-- name: LockMonths :many
SELECT company_id FROM billing_month
WHERE company_id = ANY (@company_ids::bigint[]) AND open = @open
ORDER BY company_id
FOR UPDATE SKIP LOCKED;

-- name: MonthsBilled :exec
UPDATE billing_month SET open = @next::date WHERE company_id = ANY (@company_ids::bigint[]);

-- Behind are those of the companies whose open month is not after another one.
-- name: Behind :many
SELECT company_id FROM billing_month WHERE company_id = ANY (@company_ids::bigint[]) AND open <= @month::date;

-- OwedAtEnds is what was unpaid of earlier monthly invoices at an instant.
-- name: OwedAtEnds :many
SELECT i.company_id, i.seller_id, sum(i.to_pay - coalesce(a.amount, 0))::bigint AS amount
FROM (SELECT unnest(@company_ids::bigint[]) AS company_id, unnest(@ends::timestamptz[]) AS ended) AS x
JOIN invoice i ON i.company_id = x.company_id AND i.kind = 'monthly' AND i.period < @period::date
LEFT JOIN LATERAL (
    SELECT sum(p.amount) AS amount FROM payment_allocation p
    WHERE p.company_id = i.company_id AND p.invoice_id = i.id AND p.at < x.ended
) AS a ON true
WHERE i.to_pay > coalesce(a.amount, 0)
GROUP BY i.company_id, i.seller_id;

-- LockCompany keeps payments and the monthly run of a company apart.
-- name: LockCompany :exec
SELECT FROM billing_month WHERE company_id = @company_id FOR UPDATE;
