package app

import (
	"context"
	"net/http"
	"strings"

	"parley/internal/account"
	"parley/internal/notify"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/httpx"
)

// routes lets the set-up page of accounts choose the ways of letters and codes,
// which notify keeps.
type routes struct{ app *App }

func (r routes) SaveRoutesTx(ctx context.Context, tx *db.Tx, s account.RouteSettings) error {
	var out notify.Routes
	if s.Mail != nil {
		out.Mail = &notify.MailRoute{URL: s.Mail.URL, From: s.Mail.From}
	}
	if s.SMS != nil {
		out.SMS = &notify.SMSRoute{URL: s.SMS.URL, Sender: s.SMS.Sender}
	}
	return r.app.Notify.SaveRoutesTx(ctx, tx, out)
}

func (r routes) TryMail(ctx context.Context, m account.MailRoute, to, language string) error {
	return r.app.Notify.TryMail(ctx, notify.MailRoute{URL: m.URL, From: m.From}, to, language)
}

func (r routes) TrySMS(ctx context.Context, m account.SMSRoute, to, language string) error {
	return r.app.Notify.TrySMS(ctx, notify.SMSRoute{URL: m.URL, Sender: m.Sender}, to, language)
}

// setupFirst lets nothing through to what works with companies before there is
// one: only the set-up page and what it asks for.
func (a *App) setupFirst(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !needsCompanies(r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		installed, err := a.Accounts.Installed(r.Context())
		if err == nil && !installed {
			err = fault.New(fault.SetupRequired, "This installation is not set up yet. Open the link that the program printed when it started.")
		}
		if err != nil {
			httpx.WriteProblem(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func needsCompanies(path string) bool {
	if strings.HasPrefix(path, "/api/v1/setup/") || strings.HasPrefix(path, "/api/openapi") {
		return false
	}
	for _, prefix := range []string{"/api/", "/realtime", "/widget/v1/", "/widget/realtime"} {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}
