package accountapi

import (
	"context"
	"net/http"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/platform/httpx"
)

const tagSetup = "Set-up"

// registerSetup registers what an empty installation answers, and nothing
// else; the token of the link that the program printed is the permission.
func (e *Entry) registerSetup(api *httpx.API) {
	refused := []int{http.StatusConflict, http.StatusUnprocessableEntity}
	httpx.Handle(api, httpx.Op{
		ID: "show-setup", Method: http.MethodGet, Path: "/api/v1/setup/{token}", Tag: tagSetup,
		Summary: "Whether the link still opens the set-up; field codes of token: wrong, expired, used", Permission: access.Public, Errors: refused,
	}, e.showSetup)
	httpx.Handle(api, httpx.Op{
		ID: "set-up", Method: http.MethodPost, Path: "/api/v1/setup/{token}", Tag: tagSetup,
		Summary: "Make the platform's company, its administrator and the ways out, once", Permission: access.Public, Errors: refused,
	}, e.setUp)
	tried := append([]int{http.StatusServiceUnavailable}, refused...)
	httpx.Handle(api, httpx.Op{
		ID: "try-setup-mail", Method: http.MethodPost, Path: "/api/v1/setup/{token}/test-letter", Tag: tagSetup,
		Summary: "Send a test letter at once; detail says what the mail server answered", Permission: access.Public, Errors: tried,
	}, e.trySetupMail)
	httpx.Handle(api, httpx.Op{
		ID: "try-setup-sms", Method: http.MethodPost, Path: "/api/v1/setup/{token}/test-sms", Tag: tagSetup,
		Summary: "Send a test message at once; detail says what the network answered", Permission: access.Public, Errors: tried,
	}, e.trySetupSMS)
}

// SetupToken is embedded in inputs of paths with {token}.
type SetupToken struct {
	Token string `path:"token" maxLength:"100" doc:"What stands behind the # of the printed link"`
}

type showSetupOutput struct {
	Body struct {
		Name    string `json:"name" doc:"Of the installation, by its settings"`
		Address string `json:"address" doc:"By which people reach it, by its settings (PARLEY_PUBLIC_URL)"`
		Mail    bool   `json:"mail" doc:"The settings name a mail server, which stays in force"`
		SMS     bool   `json:"sms" doc:"The settings name a route for SMS, which stays in force"`
	}
}

func (e *Entry) showSetup(ctx context.Context, _ access.Actor, in *struct{ SetupToken }) (*showSetupOutput, error) {
	if err := e.accounts.MaySetUp(ctx, in.Token); err != nil {
		return nil, err
	}
	out := &showSetupOutput{}
	out.Body.Name, out.Body.Address = e.options.PlatformName, e.options.Address
	var err error
	if e.options.SMS != nil {
		if out.Body.SMS, err = e.options.SMS(ctx); err != nil {
			return nil, err
		}
	}
	if e.options.Mail != nil {
		out.Body.Mail, err = e.options.Mail(ctx)
	}
	return out, err
}

// MailRoute is the way of letters.
type MailRoute struct {
	URL  string `json:"url" maxLength:"1000" doc:"smtp://user:password@host:587 (STARTTLS), smtps://host:465 or smtp+plain://host:25"`
	From string `json:"from" maxLength:"320" doc:"Such as Parley <no-reply@example.com>"`
}

// SMSRoute is the way of codes by SMS.
type SMSRoute struct {
	URL    string `json:"url" maxLength:"1000" doc:"smpp://user:password@host:2775"`
	Sender string `json:"sender" maxLength:"20" doc:"What messages come from; empty is the route's own"`
}

type setupInput struct {
	SetupToken
	browser
	Body struct {
		Admin struct {
			Name     string `json:"name"`
			Email    string `json:"email" doc:"A login"`
			Phone    string `json:"phone,omitempty" doc:"A login"`
			Password string `json:"password" maxLength:"200"`
			Language string `json:"language" enum:"ru,en"`
		} `json:"admin"`
		Company struct {
			Name     string `json:"name" doc:"Of the platform"`
			Email    string `json:"email,omitempty"`
			Phone    string `json:"phone,omitempty"`
			Currency string `json:"currency" doc:"ISO 4217"`
			TimeZone string `json:"time_zone" doc:"IANA name"`
			Language string `json:"language" enum:"ru,en" doc:"Of pages for strangers"`
		} `json:"company"`
		Requisites *account.Requisites `json:"requisites,omitempty" doc:"The seller's; may be completed later"`
		Mail       *MailRoute          `json:"mail,omitempty"`
		SMS        *SMSRoute           `json:"sms,omitempty" doc:"Without it phones are confirmed by email"`
	}
}

func (e *Entry) setUp(ctx context.Context, actor access.Actor, in *setupInput) (*struct{}, error) {
	admin, company := in.Body.Admin, in.Body.Company
	setup := account.Setup{
		Installation: account.Installation{
			PlatformName: company.Name, Currency: company.Currency, TimeZone: company.TimeZone, Language: company.Language,
			Owner: account.NewUser{
				Name: admin.Name, Email: admin.Email, EmailConfirmed: true, Phone: admin.Phone, Password: admin.Password, Language: admin.Language,
			},
		},
		Email: company.Email, Phone: company.Phone, Origin: in.origin(actor),
	}
	if in.Body.Requisites != nil {
		setup.Requisites = *in.Body.Requisites
	}
	if in.Body.Mail != nil {
		setup.Routes.Mail = &account.MailRoute{URL: in.Body.Mail.URL, From: in.Body.Mail.From}
	}
	if in.Body.SMS != nil {
		setup.Routes.SMS = &account.SMSRoute{URL: in.Body.SMS.URL, Sender: in.Body.SMS.Sender}
	}
	return nil, e.accounts.SetUp(ctx, in.Token, setup)
}

type trySetupMailInput struct {
	SetupToken
	Body struct {
		MailRoute
		To       string `json:"to" maxLength:"254"`
		Language string `json:"language" enum:"ru,en"`
	}
}

func (e *Entry) trySetupMail(ctx context.Context, _ access.Actor, in *trySetupMailInput) (*struct{}, error) {
	return nil, e.accounts.TrySetupMail(ctx, in.Token, account.MailRoute(in.Body.MailRoute), in.Body.To, in.Body.Language)
}

type trySetupSMSInput struct {
	SetupToken
	Body struct {
		SMSRoute
		To       string `json:"to" maxLength:"40"`
		Language string `json:"language" enum:"ru,en"`
	}
}

func (e *Entry) trySetupSMS(ctx context.Context, _ access.Actor, in *trySetupSMSInput) (*struct{}, error) {
	return nil, e.accounts.TrySetupSMS(ctx, in.Token, account.SMSRoute(in.Body.SMSRoute), in.Body.To, in.Body.Language)
}
