package main

import (
	"fmt"

	"parley/internal/account"
	"parley/internal/audit"
	"parley/internal/platform/clock"
	"parley/internal/platform/config"
	"parley/internal/platform/db"
)

type auditCommand struct {
	Trail bool `help:"Check the sealed chains of the audit trails instead."`
}

// Run prints each difference and fails when there is one.
func (a auditCommand) Run(c *config.Config, e *environment) error {
	database, err := openDatabase(e.ctx, c, e.log)
	if err != nil {
		return err
	}
	defer database.close()
	d, err := database.open(e.ctx, c, db.Options{AppConns: 1, WorkerConns: 2, SearchConns: 1})
	if err != nil {
		return err
	}
	defer d.Close()
	if a.Trail {
		return checkTrails(e, account.New(d, clock.Real{}, account.Options{Log: e.log}))
	}
	differences, err := audit.Run(e.ctx, d, func(difference audit.Difference) { fmt.Fprintln(e.out, difference) })
	if err != nil {
		return err
	}
	fmt.Fprintf(e.out, "%d differences in %d comparisons\n", differences, len(audit.Checks()))
	if differences > 0 {
		return fmt.Errorf("the books do not add up")
	}
	return nil
}

func checkTrails(e *environment, accounts *account.Service) error {
	trails, err := accounts.VerifyTrails(e.ctx)
	if err != nil {
		return err
	}
	broken := 0
	for _, t := range trails {
		fmt.Fprintf(e.out, "company %d: %d records sealed, %d waiting, head %x\n", t.CompanyID, t.Sealed, t.Pending, t.Head)
		for _, problem := range t.Problems {
			fmt.Fprintf(e.out, "company %d: seal %d, record %s: %s\n", t.CompanyID, problem.Number, problem.RecordID, problem.What)
		}
		if len(t.Problems) > 0 {
			broken++
		}
	}
	if broken > 0 {
		return fmt.Errorf("%d audit trails are broken", broken)
	}
	return nil
}
