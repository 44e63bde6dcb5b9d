package main

import (
	"fmt"
	"os"
	"time"

	"parley/internal/bench"
)

// benchLedger measures charging on a durable database of its own.
type benchLedger struct {
	Companies int           `default:"10" help:"Companies that charge side by side."`
	Workers   int           `default:"4" help:"Workers that charge chunks."`
	Chunk     int           `default:"200" help:"Charges of one chunk."`
	Clients   int           `default:"16" help:"Clients that charge one by one, and of pgbench."`
	Race      int           `default:"1000" help:"Parallel sends on a balance for a tenth of them."`
	Races     int           `default:"20" help:"How often."`
	Time      time.Duration `default:"10s" help:"Length of each measured part."`
	Results   string        `placeholder:"FOLDER" help:"Keep the figure in this folder."`
}

// Run measures and prints one JSON line.
func (b benchLedger) Run(e *environment) error {
	r, err := bench.Ledger{
		Companies: b.Companies, Workers: b.Workers, Chunk: b.Chunk, Clients: b.Clients, Race: b.Race, Races: b.Races, Time: b.Time,
	}.Run(e.ctx, func(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) })
	if err != nil {
		return err
	}
	return r.Emit(e.out, b.Results)
}
