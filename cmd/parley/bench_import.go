package main

import "parley/internal/bench"

// benchImport brings a file of contacts into a list.
type benchImport struct {
	Contacts int    `default:"1000000" help:"Rows of the file, each about somebody new."`
	XLSX     bool   `name:"xlsx" help:"An XLSX file instead of CSV."`
	Results  string `placeholder:"FOLDER" help:"Keep the figure in this folder."`
}

// Run measures and prints one JSON line.
func (b benchImport) Run(e *environment) error {
	r, err := bench.Import{Contacts: b.Contacts, XLSX: b.XLSX}.Run(e.ctx, progress)
	if err != nil {
		return err
	}
	return r.Emit(e.out, b.Results)
}
