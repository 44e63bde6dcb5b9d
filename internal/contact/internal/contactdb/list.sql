-- name: ListByID :one
SELECT * FROM contact_list WHERE company_id = @company_id AND id = @id AND deleted_at IS NULL;

-- name: Lists :many
-- The newest first, after a number when one is given.
SELECT * FROM contact_list
WHERE company_id = @company_id AND deleted_at IS NULL
    AND (@typed::text = '' OR name ILIKE '%' || @typed || '%' OR number::text = @typed)
    AND (sqlc.narg(before)::bigint IS NULL OR number < sqlc.narg(before))
ORDER BY number DESC
LIMIT @most;

-- name: InsertList :one
INSERT INTO contact_list (company_id, id, number, name, created_by, created_at)
VALUES (@company_id, @id, @number, @name, @created_by, @created_at)
RETURNING *;

-- name: LockList :one
SELECT * FROM contact_list WHERE company_id = @company_id AND id = @id AND deleted_at IS NULL FOR UPDATE;

-- name: RenameList :one
UPDATE contact_list SET name = @name
WHERE company_id = @company_id AND id = @id
RETURNING *;

-- name: SetListColumns :exec
UPDATE contact_list SET columns = @columns WHERE company_id = @company_id AND id = @id;

-- name: DeleteList :exec
UPDATE contact_list SET deleted_at = @deleted_at WHERE company_id = @company_id AND id = @id;

-- name: DeletedLists :many
-- any company: what was deleted is cleared away for all
SELECT company_id, id FROM contact_list WHERE deleted_at IS NOT NULL ORDER BY deleted_at LIMIT 100;

-- name: ClearList :execrows
-- Some entries of a deleted list.
DELETE FROM contact_list_entry e
WHERE e.company_id = @company_id AND e.list_id = @list_id AND e.n IN (
    SELECT o.n FROM contact_list_entry o WHERE o.company_id = @company_id AND o.list_id = @list_id LIMIT @most);

-- name: ForgetImportsOfList :exec
UPDATE contact_import SET list_id = NULL WHERE company_id = @company_id AND list_id = @list_id;

-- name: ForgetList :exec
DELETE FROM contact_list WHERE company_id = @company_id AND id = @id AND deleted_at IS NOT NULL;

-- name: Entries :many
-- What a campaign reads: a range of the primary key.
SELECT n, contact_id, name, phone, email, variables
FROM contact_list_entry
WHERE company_id = @company_id AND list_id = @list_id AND n > @after::int
ORDER BY n
LIMIT @most;

-- name: EntriesShown :many
-- The same with the contact's own name where the list has none.
SELECT e.n, e.contact_id, (CASE WHEN e.name = '' THEN c.name ELSE e.name END)::text AS name, e.phone, e.email, e.variables
FROM contact_list_entry e
JOIN contact c ON c.company_id = e.company_id AND c.id = e.contact_id
WHERE e.company_id = @company_id AND e.list_id = @list_id AND e.n > @after::int
ORDER BY e.n
LIMIT @most;

-- name: SearchEntries :many
-- By the role that reads past the policies: they would keep the index from being used.
SELECT e.n, e.contact_id, (CASE WHEN e.name = '' THEN c.name ELSE e.name END)::text AS name, e.phone, e.email, e.variables
FROM contact c
JOIN contact_list_entry e ON e.company_id = c.company_id AND e.contact_id = c.id AND e.list_id = @list_id
WHERE c.company_id = @company_id AND words_of_contact(c.company_id, c.name, c.phone, c.email) @@ words_asked(@company_id, @typed)
    AND e.n > @after::int
ORDER BY e.n
LIMIT @most;

-- name: RemoveEntries :one
WITH gone AS (
    DELETE FROM contact_list_entry e
    WHERE e.company_id = @company_id AND e.list_id = @list_id AND e.contact_id = ANY (@contacts::uuid[])
    RETURNING 1)
UPDATE contact_list l SET contacts = l.contacts - (SELECT count(*) FROM gone)
WHERE l.company_id = @company_id AND l.id = @list_id
RETURNING l.*;
