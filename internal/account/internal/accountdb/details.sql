-- name: CompanyDetails :one
SELECT * FROM company_details WHERE company_id = @company_id;

-- name: PutCompanyDetails :exec
INSERT INTO company_details (company_id, email, phone, requisites)
VALUES (@company_id, @email, @phone, @requisites)
ON CONFLICT (company_id) DO UPDATE SET email = @email, phone = @phone, requisites = @requisites;
