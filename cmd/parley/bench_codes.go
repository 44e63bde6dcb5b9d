package main

import "parley/internal/bench"

// benchCodes measures codes by SMS from the asking to the receipt.
type benchCodes struct {
	Codes   int    `default:"20000" help:"How many codes."`
	Askers  int    `default:"16" help:"Transactions that ask at once."`
	Results string `placeholder:"FOLDER" help:"Keep the figure in this folder."`
}

// Run measures and prints one JSON line.
func (b benchCodes) Run(e *environment) error {
	r, err := bench.Codes{Codes: b.Codes, Askers: b.Askers}.Run(e.ctx, progress)
	if err != nil {
		return err
	}
	return r.Emit(e.out, b.Results)
}
