-- LockUnpaid locks what may take money, the oldest first. An unpaid top-up whose
-- time has passed takes money only when it is named.
-- name: LockUnpaid :many
SELECT * FROM invoice
WHERE company_id = @company_id AND seller_id = @seller_id AND state IN ('issued', 'partly_paid')
  AND (kind = 'monthly' OR state = 'partly_paid' OR due_at > @now)
ORDER BY issued_at, id
FOR UPDATE;

-- name: InsertPayment :exec
INSERT INTO payment (company_id, id, seller_id, invoice_id, entry_id, amount, currency, received_on, document, reference, created_by, created_at)
VALUES (@company_id, @id, @seller_id, @invoice_id, @entry_id, @amount, @currency, @received_on, @document, @reference, @created_by, @created_at);

-- name: PaymentByReference :one
SELECT * FROM payment WHERE company_id = @company_id AND reference = @reference;

-- name: PaymentByDocument :one
SELECT * FROM payment WHERE company_id = @company_id AND document = @document AND received_on = @received_on AND amount = @amount AND document <> '';

-- name: PaymentByEntry :one
SELECT * FROM payment WHERE company_id = @company_id AND entry_id = @entry_id;

-- name: PaymentByID :one
SELECT * FROM payment WHERE company_id = @company_id AND id = @id;

-- name: Allocate :exec
INSERT INTO payment_allocation (company_id, payment_id, invoice_id, amount, at)
VALUES (@company_id, @payment_id, @invoice_id, @amount, @at);

-- name: Pay :exec
UPDATE invoice SET paid = paid + @amount,
    state = CASE WHEN paid + @amount = to_pay THEN 'paid' ELSE 'partly_paid' END,
    paid_at = CASE WHEN paid + @amount = to_pay THEN @at::timestamptz END
WHERE company_id = @company_id AND id = @id;

-- name: Allocations :many
SELECT a.payment_id, a.invoice_id, i.number, a.amount
FROM payment_allocation a
JOIN invoice i ON i.company_id = a.company_id AND i.id = a.invoice_id
WHERE a.company_id = @company_id AND a.payment_id = @payment_id
ORDER BY i.issued_at, i.id;

-- PaymentsOf are the payments that went to an invoice, each with its part.
-- name: PaymentsOf :many
SELECT p.id, p.received_on, p.document, p.created_at, a.amount
FROM payment_allocation a
JOIN payment p ON p.company_id = a.company_id AND p.id = a.payment_id
WHERE a.company_id = @company_id AND a.invoice_id = @invoice_id
ORDER BY p.created_at, p.id;

-- Rests are what is left of payments that came after an instant.
-- name: Rests :many
SELECT p.id, (p.amount - coalesce(a.amount, 0))::bigint AS rest
FROM payment p
LEFT JOIN LATERAL (
    SELECT sum(x.amount) AS amount FROM payment_allocation x WHERE x.company_id = p.company_id AND x.payment_id = p.id
) AS a ON true
WHERE p.company_id = @company_id AND p.seller_id = @seller_id AND p.created_at >= @since AND p.amount > coalesce(a.amount, 0)
ORDER BY p.created_at, p.id;
