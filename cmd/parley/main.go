// Command parley is the whole program: the server and everything done beside it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"parley/internal/platform/config"
	"parley/internal/platform/httpx"
	"parley/internal/platform/telemetry"
)

// commands are what the program can do. The settings are flags of all of them.
type commands struct {
	File kong.ConfigFlag `name:"config" env:"PARLEY_CONFIG" placeholder:"FILE" help:"Settings file, lines of NAME=value."`
	config.Config

	Serve   serve          `cmd:"" help:"Run the server."`
	Migrate migrate        `cmd:"" help:"Bring the database's schema to this version and stop."`
	Admin   admin          `cmd:"" help:"First steps of an installation without a browser."`
	Seed    seedCommand    `cmd:"" help:"Fill an empty database."`
	Audit   auditCommand   `cmd:"" help:"Recompute everything from messages to balances and print each difference."`
	Health  probe          `cmd:"" help:"Ask the server on this machine whether it is well; fails when it is not."`
	Doctor  doctorCommand  `cmd:"" help:"Say in words what is wrong with this installation and what to do."`
	Backup  backupCommand  `cmd:"" help:"Copy the installation into a file while it works."`
	Restore restoreCommand `cmd:"" help:"Bring an installation back from such a file."`
	Bench   benchCommand   `cmd:"" help:"Measure this machine with a database and a server of its own."`
	OpenAPI openAPI        `cmd:"" name:"openapi" help:"Print the description of the HTTP API."`
	List    listSettings   `cmd:"" name:"config" help:"List all settings with meaning, default and the value in force, as a settings file."`
	Version printVersion   `cmd:"" help:"Print the version."`
}

// environment is what a command works with besides its settings.
type environment struct {
	ctx context.Context
	out io.Writer
	log *slog.Logger
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	// Whoever asks a second time does not want to wait any longer.
	context.AfterFunc(ctx, stop)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "parley:", err)
		os.Exit(1)
	}
}

// errAsked says that the program printed what it was asked for and is done.
var errAsked = errors.New("asked for help")

func run(ctx context.Context, args []string, out, errOut io.Writer) (err error) {
	var c commands
	defer func() {
		if v := recover(); v == errAsked {
			err = nil
		} else if v != nil {
			panic(v)
		}
	}()
	parser, err := kong.New(&c,
		kong.Name("parley"), kong.Description("Customer communication with the bill attached."),
		kong.Writers(out, errOut), kong.Exit(func(int) { panic(errAsked) }),
		config.Vars(), kong.ExplicitGroups(config.Groups()), kong.Configuration(config.LoadFile),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true, NoExpandSubcommands: true}),
	)
	if err != nil {
		return fmt.Errorf("read commands: %w", err)
	}
	command, err := parser.Parse(args)
	if err != nil {
		return fmt.Errorf("%w (parley --help lists commands)", err)
	}
	log, err := telemetry.NewLogger(errOut, c.LogLevel, c.LogFormat, requestID)
	if err != nil {
		return err
	}
	slog.SetDefault(log)
	return command.Run(&c.Config, &environment{ctx, out, log}, parser.Model)
}

func requestID(ctx context.Context) slog.Attr {
	if id := httpx.RequestID(ctx); id != "" {
		return slog.String("request_id", id)
	}
	return slog.Attr{}
}
