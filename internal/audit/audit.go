package audit

import (
	"context"
	"fmt"
	"strconv"

	"parley/internal/audit/internal/auditdb"
	"parley/internal/money"
	"parley/internal/platform/db"
)

// Difference is something that does not add up.
type Difference struct {
	Check     string // which comparison found it
	CompanyID int64
	Subject   string // what differs
	Expected  string
	Found     string
}

// String writes the difference on one line.
func (d Difference) String() string {
	return fmt.Sprintf("company %d: %s: %s: expected %s, found %s", d.CompanyID, d.Check, d.Subject, d.Expected, d.Found)
}

// Checks lists what is compared.
func Checks() []string {
	var out []string
	for _, c := range auditdb.Checks() {
		out = append(out, c.Name)
	}
	return out
}

// Run makes all comparisons on one state of the database, calls found for each
// difference and returns how many there are.
func Run(ctx context.Context, d *db.DB, found func(Difference)) (int, error) {
	differences := 0
	err := d.ViewAll(ctx, func(tx *db.Tx) error {
		for _, check := range auditdb.Checks() {
			err := check.Run(ctx, tx, func(r auditdb.Row) {
				differences++
				found(Difference{
					Check: check.Name, CompanyID: r.CompanyID, Subject: r.Subject,
					Expected: written(check, r.Expected), Found: written(check, r.Found),
				})
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return differences, err
}

func written(c auditdb.Check, n int64) string {
	if c.Money {
		return money.Amount(n).String()
	}
	return strconv.FormatInt(n, 10)
}
