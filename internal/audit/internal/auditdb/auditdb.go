// Package auditdb holds the statements of the audit.
package auditdb

import (
	"context"
	_ "embed" // the statements
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

//go:embed checks.sql
var money string

//go:embed chats.sql
var chats string

//go:embed texts.sql
var texts string

// Check is a statement that finds differences of one kind.
type Check struct {
	Name  string
	Money bool // what it compares are amounts, not counts
	sql   string
}

// Checks lists the checks in their order.
func Checks() []Check {
	var out []Check
	for _, part := range strings.Split(money+chats+texts, "-- name: ")[1:] {
		head, body, _ := strings.Cut(part, "\n")
		name, unit, _ := strings.Cut(head, " ")
		body, _, _ = strings.Cut(body, ";\n")
		out = append(out, Check{Name: name, Money: unit == "amount", sql: body})
	}
	return out
}

// Row is one difference.
type Row struct {
	CompanyID       int64
	Subject         string
	Expected, Found int64
}

// Querier is a transaction.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// Run calls found for each difference.
func (c Check) Run(ctx context.Context, tx Querier, found func(Row)) error {
	rows, err := tx.Query(ctx, c.sql)
	if err != nil {
		return fmt.Errorf("check %s: %w", c.Name, err)
	}
	defer rows.Close()
	for rows.Next() {
		var r Row
		if err := rows.Scan(&r.CompanyID, &r.Subject, &r.Expected, &r.Found); err != nil {
			return fmt.Errorf("check %s: %w", c.Name, err)
		}
		found(r)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("check %s: %w", c.Name, err)
	}
	return nil
}
