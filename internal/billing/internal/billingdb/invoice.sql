-- TakeNumbers takes the next numbers of a seller's series and returns the last
-- of them. The row stays locked until the transaction ends: no gaps.
-- name: TakeNumbers :one
INSERT INTO invoice_series AS s (company_id, kind, year, last) VALUES (@company_id, @kind, @year, @how_many::bigint)
ON CONFLICT (company_id, kind, year) DO UPDATE SET last = s.last + @how_many::bigint
RETURNING last;

-- name: InvoiceByID :one
SELECT * FROM invoice WHERE company_id = @company_id AND id = @id;

-- name: LockInvoice :one
SELECT * FROM invoice WHERE company_id = @company_id AND id = @id FOR UPDATE;

-- name: Lines :many
SELECT * FROM invoice_line WHERE company_id = @company_id AND invoice_id = ANY (@invoice_ids::uuid[]) ORDER BY invoice_id, n;

-- name: Line :one
SELECT * FROM invoice_line WHERE company_id = @company_id AND invoice_id = @invoice_id AND n = @n;

-- name: Cancel :exec
UPDATE invoice SET state = 'cancelled', cancelled_at = @at WHERE company_id = @company_id AND id = @id;

-- FileStored notes the paper; the first to store it wins, and all make the same.
-- name: FileStored :exec
UPDATE invoice SET file_size = @size::int, file_hash = @hash WHERE company_id = @company_id AND id = @id AND file_size IS NULL;

-- Paperless are invoices that no paper was made of yet.
-- name: Paperless :many
-- any company: papers are made for all
SELECT company_id, id FROM invoice WHERE file_size IS NULL ORDER BY issued_at LIMIT @max_rows;
