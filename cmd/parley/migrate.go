package main

import (
	"fmt"

	"parley/internal/platform/config"
	"parley/internal/platform/db"
)

type migrate struct{}

func (migrate) Run(c *config.Config, e *environment) error {
	database, err := openDatabase(e.ctx, c, e.log)
	if err != nil {
		return err
	}
	defer database.close()
	if err := db.Migrate(e.ctx, database.url); err != nil {
		return err
	}
	_, err = fmt.Fprintln(e.out, "The schema is up to date.")
	return err
}
