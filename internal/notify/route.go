package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"parley/internal/channel"
	"parley/internal/notify/internal/notifydb"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/secret"
)

// MailRoute is the way of letters. The URL holds a password.
type MailRoute struct {
	URL  string `json:"url"` // such as smtp://user:password@host:587
	From string `json:"from"`
}

// SMSRoute is the way of codes. The URL holds a password.
type SMSRoute struct {
	URL    string `json:"url"`    // such as smpp://user:password@host:2775
	Sender string `json:"sender"` // what codes come from; empty is the route's own
}

// Routes are the ways out that a page may set; nil keeps what is.
type Routes struct {
	Mail *MailRoute
	SMS  *SMSRoute
}

const routesFor = 2 * time.Second // how long routes are remembered

// routes is what was read of the ways out, and when.
type routes struct {
	mail     MailRoute
	sms      SMSRoute
	mailer   Mailer
	readAt   time.Time
	readOnce bool
}

var errNoMail = fault.New(fault.Unavailable, "No mail server is set.")

// SaveRoutes checks and stores ways out, sealed. Where the program's settings
// name a way, that one stays in force. All nodes follow within seconds.
func (s *Service) SaveRoutes(ctx context.Context, r Routes) error {
	if err := s.checkRoutes(r); err != nil {
		return err
	}
	return s.db.AsWorker(ctx, func(tx *db.Tx) error { return s.SaveRoutesTx(ctx, tx, r) })
}

// SaveRoutesTx is SaveRoutes in a transaction of trusted work.
func (s *Service) SaveRoutesTx(ctx context.Context, tx *db.Tx, r Routes) error {
	if err := s.checkRoutes(r); err != nil {
		return err
	}
	if r.Mail != nil {
		if err := s.saveTx(ctx, tx, "mail", r.Mail); err != nil {
			return err
		}
	}
	if r.SMS != nil {
		if err := s.saveTx(ctx, tx, "sms", r.SMS); err != nil {
			return err
		}
	}
	tx.AfterCommit(s.forgetRoutes)
	return nil
}

// checkRoutes says which field of a form is wrong: mail_url, mail_from or sms_url.
func (s *Service) checkRoutes(r Routes) error {
	if r.Mail != nil {
		if _, err := s.options.OpenMail(r.Mail.URL); err != nil {
			return fault.Field("mail_url", fault.BadFormat, err.Error())
		}
		if channel.Domain(r.Mail.From) == "" {
			return fault.Field("mail_from", fault.BadFormat, "The sender is no address.")
		}
	}
	if r.SMS != nil {
		if _, _, err := s.options.OpenSMS(r.SMS.URL); err != nil {
			return fault.Field("sms_url", fault.BadFormat, err.Error())
		}
	}
	return nil
}

func routePlace(kind string) secret.Place { return secret.Place{Table: "delivery_route", Row: kind} }

func (s *Service) saveTx(ctx context.Context, tx *db.Tx, kind string, route any) error {
	plain, err := json.Marshal(route)
	if err != nil {
		return err
	}
	sealed, err := s.options.Secrets.Seal(plain, routePlace(kind))
	if err != nil {
		return err
	}
	err = notifydb.New(tx).SaveRoute(ctx, notifydb.SaveRouteParams{Kind: kind, Sealed: sealed, UpdatedAt: s.clock.Now()})
	if err != nil {
		return fmt.Errorf("save route: %w", err)
	}
	return nil
}

func (s *Service) forgetRoutes() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.routes.readOnce = false
}

// current returns the ways out as they were at most two seconds ago. Within a
// transaction q is the transaction's: whoever holds a connection must not wait
// for another.
func (s *Service) current(ctx context.Context, q *notifydb.Queries) (routes, error) {
	s.mu.Lock()
	r := s.routes
	s.mu.Unlock()
	now := time.Now()
	if r.readOnce && now.Sub(r.readAt) < routesFor {
		return r, nil
	}
	fresh := routes{mail: s.options.Mail, sms: s.options.SMS, readAt: now, readOnce: true}
	rows, err := q.Routes(ctx)
	if err != nil {
		return r, fmt.Errorf("read routes: %w", err)
	}
	for _, row := range rows {
		if err := s.open(row, &fresh); err != nil {
			return r, err
		}
	}
	fresh.mailer = r.mailer
	if fresh.mail.URL != "" && (fresh.mail != r.mail || r.mailer == nil) {
		if fresh.mailer, err = s.options.OpenMail(fresh.mail.URL); err != nil {
			return r, fmt.Errorf("open mail route: %w", err)
		}
	}
	s.mu.Lock()
	s.routes = fresh
	s.mu.Unlock()
	return fresh, nil
}

// open reads a stored way out, unless the settings name one.
func (s *Service) open(row notifydb.DeliveryRoute, into *routes) error {
	var target any = &into.mail
	fixed := s.options.Mail.URL != ""
	if row.Kind == "sms" {
		target, fixed = &into.sms, s.options.SMS.URL != ""
	}
	if fixed {
		return nil
	}
	plain, err := s.options.Secrets.Open(row.Sealed, routePlace(row.Kind))
	if err == nil {
		err = json.Unmarshal(plain, target)
	}
	if err != nil {
		return fmt.Errorf("open route %s: %w", row.Kind, err)
	}
	return nil
}

func (s *Service) mailer(ctx context.Context) (Mailer, string, error) {
	r, err := s.current(ctx, s.q)
	if err != nil {
		return nil, "", err
	}
	if r.mail.URL == "" {
		return nil, "", errNoMail
	}
	return r.mailer, r.mail.From, nil
}

// SMSReady says whether there is a way for codes.
func (s *Service) SMSReady(ctx context.Context) (bool, error) {
	r, err := s.current(ctx, s.q)
	return r.sms.URL != "", err
}

// MailReady says whether there is a way for letters.
func (s *Service) MailReady(ctx context.Context) (bool, error) {
	r, err := s.current(ctx, s.q)
	return r.mail.URL != "", err
}

const tryWithin = 20 * time.Second

// TryMail sends a test letter by a route that need not be stored, and waits
// for the mail server's answer, which a fault passes on.
func (s *Service) TryMail(ctx context.Context, r MailRoute, to, language string) error {
	if err := s.checkRoutes(Routes{Mail: &r}); err != nil {
		return err
	}
	mailer, err := s.options.OpenMail(r.URL)
	if err != nil {
		return fault.Field("mail_url", fault.BadFormat, err.Error())
	}
	text, err := s.letters.render("test", language, map[string]string{
		"Name": "", "Platform": s.options.Platform, "Address": s.options.Address, "Cabinet": s.options.Address,
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, tryWithin)
	defer cancel()
	err = mailer.Send(ctx, channel.Letter{
		ID: "test-" + s.clock.Now().UTC().Format("20060102150405.000000") + "@" + channel.Domain(r.From), From: named(r.From, s.options.Platform), To: to,
		Subject: text.Subject, Text: text.Text, HTML: text.HTML, Language: language,
	})
	if err != nil {
		return fault.New(fault.Unavailable, "The letter did not go out: %v", err)
	}
	return nil
}

// TrySMS sends a test message by a route that need not be stored, and waits
// for the network's answer.
func (s *Service) TrySMS(ctx context.Context, r SMSRoute, to, language string) error {
	adapter, _, err := s.options.OpenSMS(r.URL)
	if err != nil {
		return fault.Field("sms_url", fault.BadFormat, err.Error())
	}
	ctx, cancel := context.WithTimeout(ctx, tryWithin)
	done := make(chan struct{})
	go func() {
		defer close(done)
		adapter.Run(ctx, func(context.Context, []channel.Receipt) error { return nil })
	}()
	_, err = adapter.Send(ctx, channel.Message{ID: "test", To: to, From: r.Sender, Text: s.letters.short("test", language, s.options.Platform, "")})
	cancel()
	<-done
	if err != nil {
		return fault.New(fault.Unavailable, "The message did not go out: %v", err)
	}
	return nil
}
