package main

import (
	"fmt"
	"text/tabwriter"
	"time"

	"parley/internal/money"
	"parley/internal/platform/clock"
	"parley/internal/platform/config"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/seed"
)

type seedCommand struct {
	Demo seedDemo `cmd:"" help:"Make a living demo: companies, logins of every role, prices, a month of dialogs, campaigns."`
}

type seedDemo struct {
	IfEmpty bool `help:"Do nothing, and succeed, when there is something already."`
}

// demoCredit is what each demo company is given to try the service.
const demoCredit = 1000 * money.Unit

// Run makes the demo and prints the logins.
func (s seedDemo) Run(c *config.Config, e *environment) error {
	database, err := openDatabase(e.ctx, c, e.log)
	if err != nil {
		return err
	}
	defer database.close()
	if err := db.Migrate(e.ctx, database.url); err != nil {
		return err
	}
	steps := clock.At(time.Now().UTC().Truncate(time.Second))
	a, closeAll, err := assemble(e.ctx, c, e, database, assembly{clock: steps, welcome: demoCredit, hasty: true})
	if err != nil {
		return err
	}
	defer closeAll()
	defer a.Leave(e.ctx)
	demo, err := seed.Run(e.ctx, a, steps, seed.Networks{SMS: c.SMSURL, Mail: c.SMTPURL, MailFrom: c.MailFrom})
	if fault.Is(err, fault.Conflict) && s.IfEmpty {
		return nil
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(e.out, "Made %d sessions with %d messages. Every password is %s.\n\n", demo.Sessions, demo.Messages, seed.Password)
	table := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	for _, l := range demo.Logins {
		fmt.Fprintf(table, "%s\t%s\t%s\n", l.Company, l.Role, l.Email)
	}
	return table.Flush()
}
