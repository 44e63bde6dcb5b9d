package billingdb

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"parley/internal/platform/db"
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

// conditions collects what a list is chosen by, with the values in their order.
type conditions struct {
	all  []string
	args []any
}

// add takes a condition in which each ? stands for a value.
func (c *conditions) add(condition string, values ...any) {
	for _, v := range values {
		c.args = append(c.args, v)
		condition = strings.Replace(condition, "?", fmt.Sprintf("$%d", len(c.args)), 1)
	}
	c.all = append(c.all, condition)
}

func (p ListParams) conditions() *conditions {
	c := &conditions{}
	if p.CompanyID != 0 {
		c.add("company_id = ?", p.CompanyID)
	}
	if p.SellerID != 0 {
		c.add("seller_id = ?", p.SellerID)
	}
	if p.Text != "" {
		pattern := db.Containing(p.Text)
		if p.SellerID == 0 {
			c.add("(number ILIKE ? OR id::text = lower(?))", pattern, p.Text)
		} else {
			c.add("(number ILIKE ? OR id::text = lower(?) OR company_id::text = ? OR concat_ws(' ', buyer->>'name', buyer->'requisites'->>'short_name') ILIKE ?)",
				pattern, p.Text, p.Text, pattern)
		}
	}
	if p.Kind != "" {
		c.add("kind = ?", p.Kind)
	}
	if p.State != "" {
		c.add("state = ?", p.State)
	}
	if p.Unpaid {
		c.add("state IN ('issued', 'partly_paid')")
	}
	if !p.From.IsZero() {
		c.add("issued_at >= ?", p.From)
	}
	if !p.To.IsZero() {
		c.add("issued_at < ?", p.To)
	}
	return c
}

// List returns a page of invoices.
func (q *Queries) List(ctx context.Context, db DBTX, p ListParams) ([]Invoice, error) {
	column, than, order := "issued_at", "<", "DESC"
	if p.ByTotal {
		column = "total"
	}
	if p.Ascending {
		than, order = ">", "ASC"
	}
	c := p.conditions()
	if p.After != nil {
		key := any(p.After.Time)
		if p.ByTotal {
			key = p.After.Total
		}
		c.add(fmt.Sprintf("(%s, id) %s (?, ?)", column, than), key, p.After.ID)
	}
	sql := fmt.Sprintf("SELECT * FROM invoice WHERE %s ORDER BY %s %s, id %[3]s LIMIT $%d", strings.Join(c.all, " AND "), column, order, len(c.args)+1)
	rows, err := db.Query(ctx, sql, append(c.args, p.MaxRows)...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Invoice])
}
