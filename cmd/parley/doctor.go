package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"parley/internal/doctor"
	"parley/internal/platform/config"
)

type doctorCommand struct {
	JSON  bool `name:"json" help:"Print findings as JSON, one a line."`
	Bind  bool `help:"Try a bind with the SMSC. Some allow a login one, and end the server's for it."`
	Audit bool `help:"Recompute all money, too; takes a while."`
}

// Run examines the installation and fails when it finds a problem.
func (d doctorCommand) Run(c *config.Config, e *environment) error {
	database, trouble := databaseThatIs(c, e)
	defer database.close()
	tell := func(f doctor.Finding) { printFinding(e, f) }
	if d.JSON {
		lines := json.NewEncoder(e.out)
		tell = func(f doctor.Finding) { _ = lines.Encode(f) }
	}
	healthy := doctor.Examine(e.ctx, doctor.Patient{
		Config: c, Limits: doctor.Usual(), Database: database.url, Trouble: trouble, Bind: d.Bind, Books: d.Audit,
	}, tell)
	if !healthy {
		return errors.New("something is wrong with the installation")
	}
	return nil
}

// databaseThatIs is openDatabase that makes no database.
func databaseThatIs(c *config.Config, e *environment) (database, error) {
	if _, err := os.Stat(filepath.Join(c.Folder("postgres"), "data")); c.DatabaseURL == "" && errors.Is(err, os.ErrNotExist) {
		return database{}, nil
	}
	return openDatabase(e.ctx, c, e.log)
}

func printFinding(e *environment, f doctor.Finding) {
	line := fmt.Sprintf("%-8s %-14s %s", f.State, f.Check, f.Says)
	if f.Do != "" && f.State != doctor.OK {
		line += "\n" + strings.Repeat(" ", 24) + "→ " + f.Do
	}
	fmt.Fprintln(e.out, line)
}
