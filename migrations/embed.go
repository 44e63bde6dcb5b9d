// Package migrations holds the schema's history, one ordered list for the
// whole program. Files are applied in order by name and never changed once
// released.
//
// What every tenant table has: company_id first in its primary key, foreign
// keys and unique constraints; forced row-level security by [secure_tenant],
// so that a forgotten WHERE finds nothing of another company.
package migrations

import "embed"

// FS holds the SQL files in goose's form.
//
//go:embed *.sql
var FS embed.FS
