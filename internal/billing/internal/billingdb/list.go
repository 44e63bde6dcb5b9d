package billingdb

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// ListParams choose invoices of a company, or with SellerID those that a seller
// has issued. Zero values choose nothing.
type ListParams struct {
	CompanyID, SellerID int64
	Text                string // a part of the number, or the whole id; of a seller's, a part of the buyer's name or its whole number too
	Kind, State         string
	Unpaid              bool      // issued or partly paid
	From, To            time.Time // To not included
	ByTotal, Ascending  bool
	After               *Place
	MaxRows             int
}

// Place is where a page ended: what it is sorted by, then the id.
type Place struct {
	Time  time.Time
	Total int64
	ID    uuid.UUID
}

// List returns a page of invoices.
func (q *Queries) List(ctx context.Context, db DBTX, p ListParams) ([]Invoice, error) {
	var where []string
	var args []any
	add := func(condition string, values ...any) {
		for _, v := range values {
			args = append(args, v)
			condition = strings.Replace(condition, "?", fmt.Sprintf("$%d", len(args)), 1)
		}
		where = append(where, condition)
	}
	if p.CompanyID != 0 {
		add("company_id = ?", p.CompanyID)
	}
	if p.SellerID != 0 {
		add("seller_id = ?", p.SellerID)
	}
	if p.Text != "" {
		pattern := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(p.Text) + "%"
		if p.SellerID == 0 {
			add("(number ILIKE ? OR id::text = lower(?))", pattern, p.Text)
		} else {
			add("(number ILIKE ? OR id::text = lower(?) OR company_id::text = ? OR concat_ws(' ', buyer->>'name', buyer->'requisites'->>'short_name') ILIKE ?)",
				pattern, p.Text, p.Text, pattern)
		}
	}
	if p.Kind != "" {
		add("kind = ?", p.Kind)
	}
	if p.State != "" {
		add("state = ?", p.State)
	}
	if p.Unpaid {
		add("state IN ('issued', 'partly_paid')")
	}
	if !p.From.IsZero() {
		add("issued_at >= ?", p.From)
	}
	if !p.To.IsZero() {
		add("issued_at < ?", p.To)
	}
	column, than, order := "issued_at", "<", "DESC"
	if p.ByTotal {
		column = "total"
	}
	if p.Ascending {
		than, order = ">", "ASC"
	}
	if p.After != nil {
		key := any(p.After.Time)
		if p.ByTotal {
			key = p.After.Total
		}
		add(fmt.Sprintf("(%s, id) %s (?, ?)", column, than), key, p.After.ID)
	}
	args = append(args, p.MaxRows)
	sql := fmt.Sprintf("SELECT * FROM invoice WHERE %s ORDER BY %s %s, id %[3]s LIMIT $%d", strings.Join(where, " AND "), column, order, len(args))
	rows, err := db.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Invoice])
}
