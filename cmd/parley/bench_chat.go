package main

import (
	"fmt"
	"os"
	"time"

	"parley/internal/bench"
)

// benchChat measures messages from visitors' sockets to operators' screens.
type benchChat struct {
	Widgets   int           `default:"5000" help:"Widgets connected at once."`
	Companies int           `default:"10" help:"Companies that share them."`
	Operators int           `default:"5" help:"Operators of each company."`
	Rate      int           `default:"1000" help:"Messages a second."`
	Time      time.Duration `default:"30s" help:"Length of the measured part."`
	Name      string        `default:"chat" help:"Name of the figure, such as chat-one-company."`
	Results   string        `placeholder:"FOLDER" help:"Keep the figure in this folder."`
}

// Run measures and prints one JSON line.
func (b benchChat) Run(e *environment) error {
	r, err := bench.Chat{
		Widgets: b.Widgets, Companies: b.Companies, Operators: b.Operators, Rate: b.Rate, Time: b.Time,
	}.Run(e.ctx, progress)
	if err != nil {
		return err
	}
	r.Name = b.Name
	return r.Emit(e.out, b.Results)
}

// benchKill kills the server under load.
type benchKill struct {
	Times   int    `default:"20" help:"How often the server is killed."`
	Widgets int    `default:"600" help:"Visitors who write meanwhile."`
	Results string `placeholder:"FOLDER" help:"Keep the figure in this folder."`
}

// Run fails when anything was lost or doubled.
func (b benchKill) Run(e *environment) error {
	r, err := bench.Kill{Times: b.Times, Widgets: b.Widgets}.Run(e.ctx, progress)
	if emitted := r.Emit(e.out, b.Results); err == nil {
		err = emitted
	}
	return err
}

func progress(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
