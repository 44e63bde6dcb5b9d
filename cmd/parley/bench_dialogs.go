package main

import (
	"fmt"
	"os"
	"time"

	"parley/internal/bench"
)

// benchDialogs measures the operator panel's list on a database and a server of its own.
type benchDialogs struct {
	Dialogs     int           `default:"1000000" help:"Dialogs of the largest company."`
	Companies   int           `default:"5" help:"Companies; the others have a twentieth each."`
	Operators   int           `default:"40" help:"Operators of each company."`
	Connections int           `default:"16" help:"Connections that ask again as soon as they have their answer."`
	Rate        int           `default:"1000" help:"Requests a second in the part that keeps to a rate."`
	Time        time.Duration `default:"20s" help:"Length of each measured part."`
	Results     string        `placeholder:"FOLDER" help:"Keep the figure in this folder."`
}

// Run measures and prints one JSON line.
func (b benchDialogs) Run(e *environment) error {
	r, err := bench.Dialogs{
		Dialogs: b.Dialogs, Companies: b.Companies, Operators: b.Operators, Connections: b.Connections, Rate: b.Rate, Time: b.Time,
	}.Run(e.ctx, func(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) })
	if err != nil {
		return err
	}
	return r.Emit(e.out, b.Results)
}
