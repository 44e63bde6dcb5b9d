package main

import (
	"time"

	"parley/internal/bench"
)

// benchInvoices measures drawing papers.
type benchInvoices struct {
	Lines   int           `default:"6" help:"Lines of an invoice."`
	Time    time.Duration `default:"10s" help:"Length of the measured part."`
	Results string        `placeholder:"FOLDER" help:"Keep the figure in this folder."`
}

// Run measures and prints one JSON line.
func (b benchInvoices) Run(e *environment) error {
	r, err := bench.Invoices{Lines: b.Lines, Time: b.Time}.Run(e.ctx, progress)
	if err != nil {
		return err
	}
	return r.Emit(e.out, b.Results)
}

// benchMonthEnd bills a month on a durable database of its own.
type benchMonthEnd struct {
	Companies int    `default:"10000" help:"Companies whose month ends at the same moment."`
	Charges   int    `default:"50" help:"Charges of each in the month."`
	Results   string `placeholder:"FOLDER" help:"Keep the figure in this folder."`
}

// Run measures and prints one JSON line.
func (b benchMonthEnd) Run(e *environment) error {
	r, err := bench.MonthEnd{Companies: b.Companies, Charges: b.Charges}.Run(e.ctx, progress)
	if err != nil {
		return err
	}
	return r.Emit(e.out, b.Results)
}
