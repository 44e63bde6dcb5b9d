package app

import (
	"context"
	"net/http"
	"strings"

	"parley/internal/account/accountapi"
	"parley/internal/billing/billingapi"
	"parley/internal/chat/chatapi"
	"parley/internal/chat/widgetapi"
	"parley/internal/connection/connectionapi"
	"parley/internal/contact/contactapi"
	"parley/internal/ledger/ledgerapi"
	"parley/internal/messaging/messagingapi"
	"parley/internal/metering/meteringapi"
	"parley/internal/money"
	"parley/internal/notify/notifyapi"
	"parley/internal/platform/httpx"
	"parley/internal/pricing/pricingapi"
	"parley/web"
)

// operations lists the API. Without services it can only be described.
func (a *App) operations() (*accountapi.Entry, *widgetapi.Widget) {
	entry := accountapi.New(a.Accounts, accountapi.Options{
		Proxies: a.options.Proxies, Secure: strings.HasPrefix(a.options.PublicURL, "https://"), PlatformName: a.options.PlatformName,
		Address: a.options.PublicURL, SMS: a.smsReady, Mail: a.mailReady,
		Unread: a.unread, States: a.states, CreditLimit: a.creditLimit, Prices: a.publishedPrices,
	})
	a.API = httpx.New(entry, a.keys)
	entry.Register(a.API)
	contactapi.Register(a.API, a.Contacts, a.Importer)
	pricingapi.Register(a.API, a.Pricing)
	ledgerapi.Register(a.API, a.Ledger)
	meteringapi.Register(a.API, meteringapi.Services{Accounts: a.Accounts, Ledger: a.Ledger, Metering: a.Metering, Clock: a.Clock})
	notifyapi.Register(a.API, a.Notify)
	connectionapi.Register(a.API, a.Gateways)
	messagingapi.Register(a.API, a.Messaging)
	billingapi.Register(a.API, a.Billing)
	chatapi.Register(a.API, a.Chats)
	visitors := widgetapi.New(widgetapi.Deps{
		Chats: a.Chats, Accounts: a.Accounts, Connections: a.Connections, Passes: a.passes, Clock: a.Clock,
		Proxies: a.options.Proxies, Rate: a.options.RequestRate,
	})
	visitors.Register(a.API)
	return entry, visitors
}

// unread, states and creditLimit tell the API of accounts what others know: the
// way to the right is a function handed over here.
func (a *App) unread(ctx context.Context, userID int64) (map[int64]int, error) {
	return a.Chats.Unread(ctx, userID)
}

func (a *App) states(ctx context.Context, companyID int64) (map[int64]string, error) {
	return a.Chats.States(ctx, companyID)
}

func (a *App) creditLimit(ctx context.Context, companyID int64) (money.Amount, error) {
	b, err := a.Ledger.Balance(ctx, companyID)
	return b.CreditLimit, err
}

// publishedPrices are those on a seller's home page.
func (a *App) publishedPrices(ctx context.Context, sellerID int64) (accountapi.Prices, error) {
	published, err := a.Pricing.Published(ctx, sellerID)
	out := accountapi.Prices{Currency: published.Currency, Items: []accountapi.Price{}}
	for _, p := range published.Prices {
		out.Items = append(out.Items, accountapi.Price{Item: string(p.Item), UnitPrice: p.UnitPrice, Lowest: p.Lowest})
	}
	return out, err
}

func (a *App) smsReady(ctx context.Context) (bool, error) { return a.Notify.SMSReady(ctx) }

func (a *App) mailReady(ctx context.Context) (bool, error) { return a.Notify.MailReady(ctx) }

// Document returns the description of the API as YAML.
func Document() ([]byte, error) {
	a := &App{}
	a.operations()
	return a.API.OpenAPI()
}

// routes lists everything that answers.
func (a *App) routes() error {
	entry, visitors := a.operations()
	mux := a.API.Mux()
	for path, h := range a.Live.Handlers("/realtime", a.acceptOperator) {
		mux.Handle(path, a.signedIn(h))
	}
	for path, h := range a.Live.Handlers("/widget/realtime", visitors.Accept) {
		mux.Handle(path, h)
	}
	if err := visitors.Serve(mux, web.Widget()); err != nil {
		return err
	}
	mux.HandleFunc("GET /readyz", a.Health)
	mux.Handle("/", newPages(web.App()))

	limit := httpx.NewLimiter(a.options.RequestRate)
	around := []func(http.Handler) http.Handler{
		httpx.Identify, httpx.Harden, httpx.Remember,
		httpx.SameOrigin("/widget/v1/"),
		a.setupFirst,
		only("/api/", limit.Middleware(entry.Principal)),
	}
	if strings.HasPrefix(a.options.PublicURL, "https://") {
		around = append(around, httpx.StayOnTLS)
	}
	a.Handler = httpx.Chain(mux, around...)
	return nil
}

// only applies a middleware below a path.
func only(prefix string, with func(http.Handler) http.Handler) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		inside := with(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, prefix) {
				inside.ServeHTTP(w, r)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}
