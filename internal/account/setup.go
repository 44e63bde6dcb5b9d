package account

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"parley/internal/access"
	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// MailRoute is the way of letters; the URL, such as
// smtp://user:password@host:587, holds a password.
type MailRoute struct {
	URL  string
	From string
}

// SMSRoute is the way of codes; the URL, such as
// smpp://user:password@host:2775, holds a password.
type SMSRoute struct {
	URL    string
	Sender string
}

// RouteSettings are the ways out that a page sets; nil keeps what is.
type RouteSettings struct {
	Mail *MailRoute
	SMS  *SMSRoute
}

// Routes keeps the ways out for whoever sends, and tries them. Faults name the
// fields mail_url, mail_from and sms_url.
type Routes interface {
	SaveRoutesTx(ctx context.Context, tx *db.Tx, r RouteSettings) error
	// TryMail and TrySMS send a test at once, by a route that need not be
	// stored, and pass on what the network says.
	TryMail(ctx context.Context, r MailRoute, to, language string) error
	TrySMS(ctx context.Context, r SMSRoute, to, language string) error
}

// SetupLink makes a link to the page that sets up an empty installation, once
// and within a day; "" when it is set up already.
func (s *Service) SetupLink(ctx context.Context) (string, error) {
	installed, err := s.Installed(ctx)
	if err != nil || installed {
		return "", err
	}
	var link string
	err = s.db.AsWorker(ctx, func(tx *db.Tx) error {
		token, err := s.linkTx(ctx, tx, newLink{purpose: setupLink, lives: setupLinkFor})
		if err != nil {
			return err
		}
		link, err = s.linkTo(ctx, tx, nil, setupLink, token)
		return err
	})
	return link, err
}

// MaySetUp says whether the token still opens the set-up.
func (s *Service) MaySetUp(ctx context.Context, token string) error {
	installed, err := s.Installed(ctx)
	if err != nil {
		return err
	}
	if installed {
		return errInstalled
	}
	_, err = s.openLink(ctx, token, s.peek(setupLink))
	return err
}

// Setup is what the first page of an installation asks for.
type Setup struct {
	Installation
	Requisites Requisites // the seller's
	Email      string     // of the company
	Phone      string
	Routes     RouteSettings
	Origin     Origin
}

// SetUp makes the platform's company, its administrator and the ways out, by
// the token of the link that the program printed.
func (s *Service) SetUp(ctx context.Context, token string, n Setup) error {
	if err := s.MaySetUp(ctx, token); err != nil {
		return err
	}
	info, err := s.checkSetup(&n)
	if err != nil {
		return err
	}
	owner, err := s.prepareInstallation(ctx, n.Installation)
	if err != nil {
		return within("admin.", err)
	}
	return s.db.AsWorker(ctx, func(tx *db.Tx) error {
		link, err := s.openLink(ctx, token, hold(tx, setupLink))
		if err != nil {
			return err
		}
		if err := s.useLinkTx(ctx, tx, link); err != nil {
			return err
		}
		company, userID, err := s.installTx(ctx, tx, n.Installation, owner)
		if err != nil {
			return err
		}
		if err := accountdb.New(tx).PutCompanyDetails(ctx, accountdb.PutCompanyDetailsParams{
			CompanyID: company.ID, Email: info.Email, Phone: info.Phone, Requisites: info.requisites,
		}); err != nil {
			return fmt.Errorf("store company's details: %w", err)
		}
		if err := s.setRoutesTx(ctx, tx, n.Routes); err != nil {
			return err
		}
		return s.RecordTx(ctx, tx, access.Actor{UserID: userID, CompanyID: company.ID, IP: n.Origin.Address.String()}, Change{
			Action: "installation.set_up", Subject: fmt.Sprintf("company:%d", company.ID),
			New: map[string]any{"name": company.Name, "mail": n.Routes.Mail != nil, "sms": n.Routes.SMS != nil},
		})
	})
}

// sellerInfo is what the platform says of itself, cleaned.
type sellerInfo struct {
	Email, Phone string
	requisites   json.RawMessage
}

// checkSetup says all at once what is wrong besides the administrator.
func (s *Service) checkSetup(n *Setup) (sellerInfo, error) {
	var p problems
	n.PlatformName = p.text("company.name", n.PlatformName, true, MaxName)
	p.currency("company.currency", n.Currency)
	p.timeZone("company.time_zone", n.TimeZone)
	if n.Email != "" {
		n.Email = p.email("company.email", n.Email)
	}
	n.Phone = textOf(p.phone("company.phone", n.Phone))
	n.Requisites.check(&p)
	if err := p.err(); err != nil {
		return sellerInfo{}, err
	}
	data, err := json.Marshal(n.Requisites)
	return sellerInfo{n.Email, n.Phone, data}, err
}

func (s *Service) setRoutesTx(ctx context.Context, tx *db.Tx, r RouteSettings) error {
	switch {
	case r == RouteSettings{}:
		return nil
	case s.options.Routes == nil:
		return errNowhere
	}
	return s.options.Routes.SaveRoutesTx(ctx, tx, r)
}

// within puts the fields of a fault below a part of a form.
func within(part string, err error) error {
	var f *fault.Error
	if !errors.As(err, &f) || len(f.Fields) == 0 {
		return err
	}
	moved := fault.New(f.Code, "%s", f.Message)
	for field, problem := range f.Fields {
		moved = moved.And(part+field, problem.Code, problem.Message)
	}
	return moved
}

// TrySetupMail sends a test letter by a route of the set-up page.
func (s *Service) TrySetupMail(ctx context.Context, token string, r MailRoute, to, language string) error {
	var p problems
	to = p.email("to", to)
	p.language("language", language)
	if err := s.maySend(ctx, token, p); err != nil {
		return err
	}
	return s.options.Routes.TryMail(ctx, r, to, language)
}

// TrySetupSMS sends a test message by a route of the set-up page.
func (s *Service) TrySetupSMS(ctx context.Context, token string, r SMSRoute, to, language string) error {
	var p problems
	number := textOf(p.phone("to", to))
	if to == "" {
		p.add("to", fault.Required, "Enter this.")
	}
	p.language("language", language)
	if err := s.maySend(ctx, token, p); err != nil {
		return err
	}
	return s.options.Routes.TrySMS(ctx, r, number, language)
}

func (s *Service) maySend(ctx context.Context, token string, p problems) error {
	if err := s.MaySetUp(ctx, token); err != nil {
		return err
	}
	if err := p.err(); err != nil {
		return err
	}
	if s.options.Routes == nil {
		return errNowhere
	}
	return nil
}
