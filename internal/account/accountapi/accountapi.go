package accountapi

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/money"
	"parley/internal/platform/clientip"
	"parley/internal/platform/httpx"
)

// Cookie is the name of the cookie that holds a sign-in's token.
const Cookie = "parley_sign_in"

// Options are what the API needs from outside of its feature.
type Options struct {
	Proxies      clientip.Proxies
	Secure       bool // people reach the installation over TLS, whatever this node sees
	PlatformName string
	Address      string // by which people reach the installation

	// Unread tells how many dialogs wait for a user in each company; nil: none.
	Unread func(ctx context.Context, userID int64) (map[int64]int, error)
	// States tells operators' states ("online", "pause"); nil: all are offline.
	States func(ctx context.Context, companyID int64) (map[int64]string, error)
	// CreditLimit tells how far below zero a company may spend; nil: nothing.
	CreditLimit func(ctx context.Context, companyID int64) (money.Amount, error)
	// SMS and Mail tell whether there is a route for codes by SMS and one for
	// letters; nil: there is none.
	SMS, Mail func(ctx context.Context) (bool, error)
	// Prices are those that a seller has published, or not_found; nil: nobody has.
	Prices func(ctx context.Context, sellerID int64) (Prices, error)
}

// Entry is the door: it finds out who asks and registers the operations.
type Entry struct {
	accounts *account.Service
	options  Options
}

// New returns the door to the service.
func New(accounts *account.Service, o Options) *Entry { return &Entry{accounts, o} }

// Authenticate implements httpx.Authenticator. The address is known even of
// those who are not signed in.
func (e *Entry) Authenticate(r *http.Request) (access.Actor, error) {
	ip := e.options.Proxies.Of(r).String()
	token := ""
	if cookie, err := r.Cookie(Cookie); err == nil {
		token = cookie.Value
	}
	actor, err := e.accounts.BySignIn(r.Context(), token)
	actor.IP = ip
	return actor, err
}

// InCompany implements httpx.Authenticator.
func (e *Entry) InCompany(ctx context.Context, user access.Actor, companyID int64) (access.Actor, error) {
	return e.accounts.InCompany(ctx, user, companyID)
}

// InPlatform implements httpx.Authenticator.
func (e *Entry) InPlatform(ctx context.Context, user access.Actor) (access.Actor, error) {
	return e.accounts.InPlatform(ctx, user)
}

// Principal names whoever a request is counted for: "user:7" when the company
// in the path, if any, lets that user in, else "ip:" and the network.
func (e *Entry) Principal(r *http.Request) string {
	actor, err := e.Authenticate(r)
	if companyID, named := companyOf(r.URL.Path); err == nil && named {
		_, err = e.InCompany(r.Context(), actor, companyID)
	}
	if err != nil {
		return "ip:" + clientip.Network(e.options.Proxies.Of(r))
	}
	return "user:" + strconv.FormatInt(actor.UserID, 10)
}

func companyOf(path string) (int64, bool) {
	_, rest, ok := strings.Cut(path, "/api/v1/companies/")
	if !ok {
		return 0, false
	}
	number, _, _ := strings.Cut(rest, "/")
	companyID, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0, true
	}
	return companyID, true
}

// Register adds the operations of accounts to the API.
func (e *Entry) Register(api *httpx.API) {
	e.registerSignIn(api)
	e.registerSignUp(api)
	e.registerRecovery(api)
	e.registerLegal(api)
	e.registerSetup(api)
	e.registerMe(api)
	e.registerCompany(api)
	e.registerInformation(api)
	e.registerUsers(api)
	e.registerInvitations(api)
	e.registerTrail(api)
}
