package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"

	"parley/internal/app"
	"parley/internal/chat"
	"parley/internal/money"
	"parley/internal/notify"
	"parley/internal/platform/blob"
	"parley/internal/platform/clientip"
	"parley/internal/platform/clock"
	"parley/internal/platform/config"
	"parley/internal/platform/db"
	"parley/internal/platform/secret"
	"parley/internal/platform/secret/keycheck"
	"parley/internal/platform/telemetry"
	"parley/internal/provider/smpp"
	"parley/internal/provider/smtp"
)

// running is the program at work.
type running struct {
	handler http.Handler
	metrics *prometheus.Registry
	setup   func(ctx context.Context) (string, error) // link to set up an empty installation, else ""
	leave   func()                                    // tells open sockets to go, so that the web server can stop
	stop    func(ctx context.Context) error           // ends background work and closes the database
}

// begin opens the database and puts the program together.
func begin(ctx context.Context, c *config.Config, e *environment, server database) (*running, error) {
	metrics := telemetry.NewRegistry(version())
	traces, err := telemetry.NewTraces(ctx, c.TracesURL, c.TraceShare, version())
	if err != nil {
		return nil, err
	}
	a, closeAll, err := assemble(ctx, c, e, server, assembly{metrics: metrics, health: server.health})
	if err != nil {
		return nil, err
	}
	if err := a.Start(ctx, c.Does("worker")); err != nil {
		closeAll()
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", a.Health)
	if c.Does("web") {
		mux.Handle("/", a.Handler)
	}
	return &running{
		handler: traces.Middleware(telemetry.Requests(metrics)(mux)),
		metrics: metrics,
		setup:   a.Accounts.SetupLink,
		leave:   func() { a.Leave(context.WithoutCancel(ctx)) },
		stop: func(ctx context.Context) error {
			defer closeAll()
			return errors.Join(a.Stop(ctx), traces.Stop(ctx))
		},
	}, nil
}

// noteKeys refuses to seal with keys that are not this database's.
func noteKeys(ctx context.Context, d *db.DB, keys *secret.Box, file string) error {
	err := keycheck.Note(ctx, d, keys)
	if errors.Is(err, keycheck.ErrOtherKeys) {
		return fmt.Errorf("%w than those of %s; put back the file that belongs to it, or lose what they sealed by parley admin accept-keys", err, file)
	}
	return err
}

// assembly is what commands decide about the program besides the settings.
type assembly struct {
	metrics *prometheus.Registry
	clock   clock.Clock
	welcome money.Amount // 0 is the setting
	hasty   bool         // see db.Options
	health  func() error // of a private Postgres
}

// assemble puts the program together on an open database; nothing runs yet.
// The function it returns closes what was opened.
func assemble(ctx context.Context, c *config.Config, e *environment, server database, o assembly) (*app.App, func(), error) {
	proxies, err := c.Proxies()
	if err != nil {
		return nil, nil, err
	}
	if c.SMTPURL != "" {
		if _, err := smtp.Parse(c.SMTPURL); err != nil {
			return nil, nil, fmt.Errorf("PARLEY_SMTP_URL: %w", err)
		}
	}
	if c.SMSURL != "" {
		if _, err := smpp.Parse(c.SMSURL); err != nil {
			return nil, nil, fmt.Errorf("PARLEY_SMS_URL: %w", err)
		}
	}
	if o.welcome == 0 {
		o.welcome = c.WelcomeCredit
	}
	files, err := blob.Open(c.Folder("files"))
	if err != nil {
		return nil, nil, err
	}
	keys, err := secret.Load(c.KeyFile)
	if err != nil {
		_ = files.Close()
		return nil, nil, err
	}
	d, err := server.open(ctx, c, db.Options{
		AppConns: c.DatabaseConns, WorkerConns: max(4, c.DatabaseConns/2), SearchConns: max(2, c.DatabaseConns/6), Hasty: o.hasty,
	})
	if err != nil {
		_ = files.Close()
		return nil, nil, err
	}
	closeAll := func() {
		d.Close()
		_ = files.Close()
	}
	if err := noteKeys(ctx, d, keys, c.KeyFile); err != nil {
		closeAll()
		return nil, nil, err
	}
	a, err := app.New(app.Options{
		DB: d, Files: files, Secrets: keys, Clock: o.clock, Metrics: o.metrics, Log: e.log, PostgresHealth: o.health,
		PublicURL: c.PublicURL, PlatformName: c.PlatformName, Proxies: clientip.Proxies(proxies), ManyNodes: c.ManyNodes,
		MailURL: c.SMTPURL, MailFrom: c.MailFrom, SMSURL: c.SMSURL, CodePrice: c.CodePrice,
		CodeCaps:      notify.Caps{PerNumber: c.CodesPerNumber, PerOrigin: c.CodesPerOrigin, PerPrefix: c.CodesPerPrefix, PerDay: c.CodesPerDay},
		WelcomeCredit: o.welcome, LowBalance: c.LowBalance, Uploads: uploadLimits(c), ImportSize: int64(c.ImportMB) << 20, TopUps: c.TopUps, DaysOff: c.DaysOff, RequestRate: c.RequestRate,
	})
	if err != nil {
		closeAll()
		return nil, nil, err
	}
	return a, closeAll, nil
}

func uploadLimits(c *config.Config) chat.UploadLimits {
	return chat.UploadLimits{
		AddressFiles: c.UploadsPerAddress, AddressBytes: int64(c.UploadMBPerAddress) << 20,
		CompanyFiles: c.UploadsPerCompany, CompanyBytes: int64(c.UploadMBPerCompany) << 20,
	}
}
