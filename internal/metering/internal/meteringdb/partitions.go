// Package meteringdb is the SQL of metering.
package meteringdb

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// MakePartitions makes the partitions of usage for this month and the next
// three.
func (q *Queries) MakePartitions(ctx context.Context, db DBTX) error {
	_, err := db.Exec(ctx, "CALL ensure_partitions('usage', now()::date, 4)")
	return err
}

// Duplicate says that a row of usage is there already. The constraint that
// says so is the partition's, whose name depends on the month.
func Duplicate(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == "23505" && strings.HasPrefix(e.TableName, "usage_")
}
