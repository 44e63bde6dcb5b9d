package main

import (
	"github.com/alecthomas/kong"

	"parley/internal/platform/config"
)

type listSettings struct{}

func (listSettings) Run(e *environment, app *kong.Application) error { return config.List(e.out, app) }
