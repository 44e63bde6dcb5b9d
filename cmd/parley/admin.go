package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"parley/internal/account"
	"parley/internal/platform/clock"
	"parley/internal/platform/config"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// admin is for the person who runs the machine.
type admin struct {
	Create     createAdmin `cmd:"" help:"Make the platform's company and its administrator on an empty database, without a browser."`
	RotateKeys rotateKeys  `cmd:"" help:"Put a new key on top of the key file, to seal with from the next start on."`
	AcceptKeys acceptKeys  `cmd:"" help:"Go on with the key file as it is although other keys have sealed for the database: what they sealed is lost."`
}

type createAdmin struct {
	Email        string `required:"" help:"The administrator's email, which is a login."`
	Name         string `required:"" help:"The administrator's name."`
	Phone        string `help:"The administrator's phone, a login too."`
	Language     string `default:"en" enum:"en,ru" help:"Of letters and pages: en or ru."`
	Company      string `help:"Name of the platform's company. Default: the installation's name."`
	Currency     string `default:"RUB" help:"Its currency, ISO 4217."`
	TimeZone     string `default:"UTC" help:"Its time zone, such as Europe/Moscow."`
	PasswordFile string `placeholder:"FILE" help:"File whose first line is the password; - is standard input. Without it one is made and printed."`
}

// Run makes both and prints how to sign in.
func (a createAdmin) Run(c *config.Config, e *environment) error {
	password, made, err := a.password()
	if err != nil {
		return err
	}
	database, err := openDatabase(e.ctx, c, e.log)
	if err != nil {
		return err
	}
	defer database.close()
	if err := db.Migrate(e.ctx, database.url); err != nil {
		return err
	}
	d, err := database.open(e.ctx, c, db.Options{AppConns: 1, WorkerConns: 1, SearchConns: 1})
	if err != nil {
		return err
	}
	defer d.Close()
	name := a.Company
	if name == "" {
		name = c.PlatformName
	}
	company, _, err := account.New(d, clock.Real{}, account.Options{Log: e.log}).Install(e.ctx, account.Installation{
		PlatformName: name, Currency: a.Currency, TimeZone: a.TimeZone,
		Owner: account.NewUser{
			Name: a.Name, Email: a.Email, EmailConfirmed: true, Phone: a.Phone, Password: password, Language: a.Language,
		},
	})
	if err != nil {
		return explained(err)
	}
	fmt.Fprintf(e.out, "%s is company %d. Sign in at %s as %s.\n", company.Name, company.ID, c.PublicURL, a.Email)
	if made {
		fmt.Fprintf(e.out, "Password: %s\nIt is shown this once.\n", password)
	}
	return nil
}

func (a createAdmin) password() (password string, made bool, err error) {
	var data []byte
	switch a.PasswordFile {
	case "":
		return rand.Text(), true, nil
	case "-":
		data, err = io.ReadAll(io.LimitReader(os.Stdin, 4096))
	default:
		data, err = os.ReadFile(a.PasswordFile)
	}
	if err != nil {
		return "", false, fmt.Errorf("read password: %w", err)
	}
	password, _, _ = strings.Cut(string(data), "\n")
	return strings.TrimSuffix(password, "\r"), false, nil
}

// explained writes a fault's fields for somebody at a terminal.
func explained(err error) error {
	var f *fault.Error
	if !errors.As(err, &f) {
		return err
	}
	lines := []string{f.Message}
	for field, problem := range f.Fields {
		lines = append(lines, fmt.Sprintf("  --%s: %s", strings.ReplaceAll(field, "_", "-"), problem.Message))
	}
	return errors.New(strings.Join(lines, "\n"))
}
