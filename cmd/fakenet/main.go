// Command fakenet is the outside world for development and browser tests: networks that
// speak the real wire, deliver nothing, show what they received on a page and misbehave on
// request. It keeps everything in memory and listens on this machine only.
//
// For tests there is JSON beside the page:
//
//	GET    /api/smtp/letters?to=&subject=&after=              letters, newest first
//	GET    /api/smtp/letters/wait?to=&subject=&after=&seconds= the newest that fits, or 404 after a wait
//	DELETE /api/smtp/letters                                  forget them
//	GET    /api/smtp/knobs, PUT /api/smtp/knobs               how it misbehaves
//	GET    /api/sms/messages?to=&after=                       short messages, newest first
//	GET    /api/sms/messages/wait?to=&after=&seconds=         the newest whole one that fits, or 404 after a wait
//	DELETE /api/sms/messages                                  forget them
//	GET    /api/sms/knobs, PUT /api/sms/knobs                 how it misbehaves
//	POST   /api/sms/drop                                      break the connections
//	POST   /api/reset                                         forget everything, behave again
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"parley/internal/provider/smppfake"
	"parley/internal/provider/smtpfake"
)

type settings struct {
	Address string `env:"FAKENET_ADDRESS" default:"127.0.0.1:8025" help:"Where the page is."`
	SMTP    string `name:"smtp" env:"FAKENET_SMTP" default:"127.0.0.1:2525" help:"Where the mail server listens."`
	SMPP    string `name:"smpp" env:"FAKENET_SMPP" default:"127.0.0.1:2775" help:"Where the SMSC listens."`
}

const closeWithin = 3 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	var s settings
	kong.Parse(&s, kong.Name("fakenet"), kong.Description("Fake networks for development and tests."))
	if err := run(ctx, s); err != nil {
		fmt.Fprintln(os.Stderr, "fakenet:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, s settings) error {
	mail, err := smtpfake.Listen(s.SMTP)
	if err != nil {
		return err
	}
	defer mail.Close() //nolint:errcheck // nothing depends on it any more
	sms, err := smppfake.Listen(s.SMPP)
	if err != nil {
		return err
	}
	defer sms.Close() //nolint:errcheck // nothing depends on it any more

	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.Address)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	server := &http.Server{Handler: handler(networks{mail, sms}), ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	fmt.Printf("Fake networks: http://%s (mail to %s, SMS to %s)\n", listener.Addr(), mail.Address(), sms.Address())

	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeWithin)
	defer cancel()
	if err := server.Shutdown(closing); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return server.Close()
}
