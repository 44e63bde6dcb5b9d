-- name: ListByID :one
SELECT * FROM contact_list WHERE company_id = @company_id AND id = @id AND deleted_at IS NULL;

-- name: Entries :many
-- What a campaign reads: pages by the primary key.
SELECT e.n, e.contact_id, c.name, e.phone, e.email, e.variables
FROM contact_list_entry e
JOIN contact c ON c.company_id = e.company_id AND c.id = e.contact_id
WHERE e.company_id = @company_id AND e.list_id = @list_id AND e.n > @after::int
ORDER BY e.n
LIMIT @most;
