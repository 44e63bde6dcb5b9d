-- Entries of a company's own book, the newest first, of one kind or of all.
-- name: Entries :many
SELECT * FROM entry
WHERE company_id = @company_id AND number IS NOT NULL
  AND at >= @since AND at < @until
  AND (at, number) < (@before_at::timestamptz, @before_number::bigint)
ORDER BY at DESC, number DESC
LIMIT @max_rows;

-- name: EntriesOfKind :many
SELECT * FROM entry
WHERE company_id = @company_id AND kind = @kind AND number IS NOT NULL
  AND at >= @since AND at < @until
  AND (at, number) < (@before_at::timestamptz, @before_number::bigint)
ORDER BY at DESC, number DESC
LIMIT @max_rows;

-- name: EntryTotals :many
SELECT kind, count(*) AS entries,
    sum(CASE WHEN debit IN ('wallet', 'bonus') THEN amount ELSE -amount END)::bigint AS amount
FROM entry
WHERE company_id = @company_id AND number IS NOT NULL AND at >= @since AND at < @until
GROUP BY kind;
