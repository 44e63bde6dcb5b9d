package main

import (
	"fmt"

	"parley/internal/platform/config"
	"parley/internal/platform/db"
	"parley/internal/platform/secret"
	"parley/internal/platform/secret/keycheck"
)

type rotateKeys struct{}

// Run puts a new key on top of the key file.
func (rotateKeys) Run(c *config.Config, e *environment) error {
	number, err := secret.Rotate(c.KeyFile)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.out, "Key %d seals from the next start of the server on; keep the older ones in %s, and copy the file to its safe place.\n", number, c.KeyFile)
	return err
}

type acceptKeys struct{}

// Run is the way on when a key file is lost for ever.
func (acceptKeys) Run(c *config.Config, e *environment) error {
	keys, err := secret.Load(c.KeyFile)
	if err != nil {
		return err
	}
	database, err := openDatabase(e.ctx, c, e.log)
	if err != nil {
		return err
	}
	defer database.close()
	d, err := database.open(e.ctx, c, db.Options{AppConns: 1, WorkerConns: 1, SearchConns: 1})
	if err != nil {
		return err
	}
	defer d.Close()
	if err := keycheck.Accept(e.ctx, d, keys); err != nil {
		return err
	}
	_, err = fmt.Fprintln(e.out, "Accepted. Enter the credentials of networks and mail servers anew; links in letters that wait do not work.")
	return err
}
