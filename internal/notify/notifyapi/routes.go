package notifyapi

import (
	"context"
	"net/http"
	"time"

	"parley/internal/access"
	"parley/internal/notify"
	"parley/internal/platform/httpx"
)

const (
	routesTag = "Back office"
	routes    = "/api/v1/back-office/routes"
)

// registerRoutes adds the ways out of the installation: seen, changed and tried
// by the platform's administrators. Passwords only go in.
func (h handler) registerRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Op{
		ID: "routes", Method: http.MethodGet, Path: routes, Tag: routesTag,
		Summary: "How letters and SMS leave the installation, and how that goes", Permission: access.PlatformCompanies,
	}, h.routes)
	httpx.Handle(api, httpx.Op{
		ID: "change-routes", Method: http.MethodPatch, Path: routes, Tag: routesTag,
		Summary: "Set the way of letters, of SMS, or both; what is left out stays", Permission: access.PlatformCompanies,
		Errors: []int{http.StatusConflict, http.StatusUnprocessableEntity},
	}, h.changeRoutes)
	httpx.Handle(api, httpx.Op{
		ID: "remove-route", Method: http.MethodDelete, Path: routes + "/{kind}", Tag: routesTag,
		Summary: "Take a way back; without one for SMS telephones are confirmed by email", Permission: access.PlatformCompanies,
		Errors: []int{http.StatusNotFound, http.StatusUnprocessableEntity},
	}, h.removeRoute)
	tried := []int{http.StatusUnprocessableEntity, http.StatusServiceUnavailable}
	httpx.Handle(api, httpx.Op{
		ID: "try-mail-route", Method: http.MethodPost, Path: routes + "/test-letter", Tag: routesTag,
		Summary: "Send a test letter at once; detail says what the mail server answered", Permission: access.PlatformCompanies, Errors: tried,
	}, h.tryMail)
	httpx.Handle(api, httpx.Op{
		ID: "try-sms-route", Method: http.MethodPost, Path: routes + "/test-sms", Tag: routesTag,
		Summary: "Send a test message at once; detail says what the network answered", Permission: access.PlatformCompanies, Errors: tried,
	}, h.trySMS)
}

// Route is a way out of the installation, without its password.
type Route struct {
	Set     bool        `json:"set"`
	Fixed   bool        `json:"fixed" doc:"The settings of the program name it; it cannot be changed here"`
	Address string      `json:"address" doc:"Without the password" example:"smpp://parley@smsc.example.com:2775"`
	From    string      `json:"from" doc:"What letters or messages come from"`
	State   *RouteState `json:"state" doc:"null: nothing is known yet"`
}

// RouteState is how a way out fares.
type RouteState struct {
	Up        bool       `json:"up" doc:"SMS: a bind stands; mail: the last letter was taken"`
	Node      string     `json:"node" doc:"The machine that says so"`
	Error     string     `json:"error" doc:"The last one; it stays when all is well again"`
	ErrorAt   *time.Time `json:"error_at"`
	ChangedAt time.Time  `json:"changed_at" doc:"Since when it is up or not"`
	SeenAt    time.Time  `json:"seen_at"`
}

type routesOutput struct {
	Body struct {
		Mail Route `json:"mail"`
		SMS  Route `json:"sms"`
	}
}

func showRoute(w notify.Way) Route {
	r := Route{Set: w.Set, Fixed: w.Fixed, Address: w.Address, From: w.From}
	if w.State != nil {
		state := RouteState(*w.State)
		r.State = &state
	}
	return r
}

func (h handler) routes(ctx context.Context, actor access.Actor, _ *struct{}) (*routesOutput, error) {
	w, err := h.letters.Ways(ctx, actor)
	if err != nil {
		return nil, err
	}
	out := &routesOutput{}
	out.Body.Mail, out.Body.SMS = showRoute(w.Mail), showRoute(w.SMS)
	return out, nil
}

// MailRouteInput is the way of letters.
type MailRouteInput struct {
	URL  string `json:"url,omitempty" maxLength:"1000" doc:"smtp://user:password@host:587 (STARTTLS), smtps://host:465 or smtp+plain://host:25; empty keeps the stored one"`
	From string `json:"from,omitempty" maxLength:"320" doc:"Such as Parley <no-reply@example.com>"`
}

// SMSRouteInput is the way of SMS.
type SMSRouteInput struct {
	URL    string `json:"url,omitempty" maxLength:"1000" doc:"smpp://user:password@host:2775; empty keeps the stored one"`
	Sender string `json:"sender,omitempty" maxLength:"20" doc:"What messages come from; empty is the route's own"`
}

type changeRoutesInput struct {
	Body struct {
		Mail *MailRouteInput `json:"mail,omitempty"`
		SMS  *SMSRouteInput  `json:"sms,omitempty"`
	}
}

func (h handler) changeRoutes(ctx context.Context, actor access.Actor, in *changeRoutesInput) (*routesOutput, error) {
	var r notify.Routes
	if in.Body.Mail != nil {
		r.Mail = &notify.MailRoute{URL: in.Body.Mail.URL, From: in.Body.Mail.From}
	}
	if in.Body.SMS != nil {
		r.SMS = &notify.SMSRoute{URL: in.Body.SMS.URL, Sender: in.Body.SMS.Sender}
	}
	if err := h.letters.ChangeRoutes(ctx, actor, r); err != nil {
		return nil, err
	}
	return h.routes(ctx, actor, nil)
}

type removeRouteInput struct {
	Kind string `path:"kind" enum:"mail,sms"`
}

func (h handler) removeRoute(ctx context.Context, actor access.Actor, in *removeRouteInput) (*struct{}, error) {
	return nil, h.letters.ForgetRoute(ctx, actor, in.Kind)
}

type tryMailInput struct {
	Body struct {
		MailRouteInput
		To       string `json:"to" maxLength:"254"`
		Language string `json:"language" enum:"ru,en"`
	}
}

func (h handler) tryMail(ctx context.Context, actor access.Actor, in *tryMailInput) (*struct{}, error) {
	return nil, h.letters.TestMail(ctx, actor, notify.MailRoute{URL: in.Body.URL, From: in.Body.From}, in.Body.To, in.Body.Language)
}

type trySMSInput struct {
	Body struct {
		SMSRouteInput
		To       string `json:"to" maxLength:"40"`
		Language string `json:"language" enum:"ru,en"`
	}
}

func (h handler) trySMS(ctx context.Context, actor access.Actor, in *trySMSInput) (*struct{}, error) {
	return nil, h.letters.TestSMS(ctx, actor, notify.SMSRoute{URL: in.Body.URL, Sender: in.Body.Sender}, in.Body.To, in.Body.Language)
}
