-- name: NamesOfUsers :many
-- any company: whom a company's own records name may have left it
SELECT id, name FROM users WHERE id = ANY (@ids::bigint[]);
