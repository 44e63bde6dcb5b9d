package accountapi

import (
	"context"
	"net/http"
	"net/netip"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/platform/httpx"
)

const tagSignIn = "Sign-in"

func (e *Entry) registerSignIn(api *httpx.API) {
	httpx.Handle(api, httpx.Op{
		ID: "platform", Method: http.MethodGet, Path: "/api/v1/platform", Tag: tagSignIn,
		Summary: "What this installation is", Permission: access.Public,
	}, e.platform)
	httpx.Handle(api, httpx.Op{
		ID: "sign-in", Method: http.MethodPost, Path: "/api/v1/sign-in", Tag: tagSignIn,
		Summary: "Sign in by email or phone and password; sets the cookie", Permission: access.Public,
		Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusTooManyRequests},
	}, e.signIn)
	httpx.Handle(api, httpx.Op{
		ID: "sign-out", Method: http.MethodPost, Path: "/api/v1/sign-out", Tag: tagSignIn,
		Summary: "End this browser's sign-in; nobody signed in is fine", Permission: access.Public,
	}, e.signOut)
}

// Platform is what everybody may know.
type Platform struct {
	Name            string `json:"name"`
	Status          string `json:"status" enum:"ok"`
	PricesPublished bool   `json:"prices_published"`
}

type platformOutput struct{ Body Platform }

func (e *Entry) platform(context.Context, access.Actor, *struct{}) (*platformOutput, error) {
	return &platformOutput{Platform{Name: e.options.PlatformName, Status: "ok"}}, nil
}

// browser is the request itself, of which a cookie depends.
type browser struct{ request *http.Request }

// Resolve lets huma fill in the request.
func (b *browser) Resolve(ctx huma.Context) []error {
	b.request, _ = humago.Unwrap(ctx)
	return nil
}

func (b *browser) token() string {
	cookie, err := b.request.Cookie(Cookie)
	if err != nil {
		return ""
	}
	return cookie.Value
}

type signInInput struct {
	browser
	Body struct {
		Login    string `json:"login" maxLength:"320" doc:"Email, or phone in any usual form"`
		Password string `json:"password" maxLength:"200"`
		Remember bool   `json:"remember,omitempty" doc:"Stay signed in for 30 days instead of until the browser is closed"`
	}
}

type signedOutput struct {
	SetCookie    http.Cookie `header:"Set-Cookie"`
	CacheControl string      `header:"Cache-Control"`
	Body         Me
}

func (e *Entry) signIn(ctx context.Context, actor access.Actor, in *signInInput) (*signedOutput, error) {
	address, _ := netip.ParseAddr(actor.IP)
	signed, err := e.accounts.SignIn(ctx, account.Credentials{
		Login: in.Body.Login, Password: in.Body.Password, Remember: in.Body.Remember,
		Address: address, UserAgent: in.request.UserAgent(), Replaces: in.token(),
	})
	if err != nil {
		return nil, err
	}
	me, err := e.me(ctx, access.Actor{UserID: signed.UserID})
	if err != nil {
		return nil, err
	}
	cookie := e.cookie(in.request, signed.Token)
	cookie.MaxAge = int(signed.MaxAge.Seconds())
	return &signedOutput{SetCookie: cookie, CacheControl: "no-store", Body: me}, nil
}

type signOutInput struct{ browser }

type endedOutput struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}

func (e *Entry) signOut(ctx context.Context, actor access.Actor, in *signOutInput) (*endedOutput, error) {
	if actor.UserID != 0 {
		if err := e.accounts.SignOut(ctx, actor.SignInID); err != nil {
			return nil, err
		}
	}
	cookie := e.cookie(in.request, "")
	cookie.MaxAge = -1
	return &endedOutput{cookie}, nil
}

func (e *Entry) cookie(r *http.Request, token string) http.Cookie {
	return http.Cookie{
		Name: Cookie, Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: e.options.Secure || e.options.Proxies.Secure(r),
	}
}
