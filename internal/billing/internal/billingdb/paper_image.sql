-- name: PaperImages :many
SELECT * FROM paper_image WHERE company_id = @company_id AND retired_at IS NULL ORDER BY kind DESC;

-- name: PaperImageByID :one
SELECT * FROM paper_image WHERE company_id = @company_id AND id = @id;

-- name: RetirePaperImage :one
UPDATE paper_image SET retired_at = @at::timestamptz WHERE company_id = @company_id AND id = @id AND retired_at IS NULL RETURNING *;

-- name: RetirePaperImages :exec
UPDATE paper_image SET retired_at = @at::timestamptz WHERE company_id = @company_id AND kind = @kind AND retired_at IS NULL;

-- name: InsertPaperImage :exec
INSERT INTO paper_image (company_id, id, kind, width, height, created_at) VALUES (@company_id, @id, @kind, @width, @height, @created_at);
