package main

import (
	"parley/internal/app"
)

type openAPI struct{}

// Run prints the document as YAML; it needs no database.
func (openAPI) Run(e *environment) error {
	document, err := app.Document()
	if err != nil {
		return err
	}
	_, err = e.out.Write(document)
	return err
}
