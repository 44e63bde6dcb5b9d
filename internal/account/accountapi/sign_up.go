package accountapi

import (
	"context"
	"net/http"
	"net/netip"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/platform/httpx"
)

const tagSignUp = "Sign-up"

func (e *Entry) registerSignUp(api *httpx.API) {
	e.registerPrices(api)
	httpx.Handle(api, httpx.Op{
		ID: "site", Method: http.MethodGet, Path: "/api/v1/site", Tag: tagSignUp,
		Summary: "In whose name the pages for strangers stand", Permission: access.Public,
	}, e.site)
	httpx.Handle(api, httpx.Op{
		ID: "legal-texts", Method: http.MethodGet, Path: "/api/v1/legal-texts", Tag: tagSignUp,
		Summary: "The texts that people agree to", Permission: access.Public, Errors: []int{http.StatusUnprocessableEntity},
	}, e.legalTexts)
	httpx.Handle(api, httpx.Op{
		ID: "request-sign-up-code", Method: http.MethodPost, Path: "/api/v1/sign-up/codes", Tag: tagSignUp,
		Summary: "Send a code that confirms a telephone; to the email while there is no route for SMS", Permission: access.Public,
		Errors: []int{http.StatusUnprocessableEntity, http.StatusTooManyRequests},
	}, e.requestCode)
	httpx.Handle(api, httpx.Op{
		ID: "check-sign-up-code", Method: http.MethodPost, Path: "/api/v1/sign-up/codes/{code}/check", Tag: tagSignUp,
		Summary: "Confirm a telephone by the code that came there; field codes of code: wrong (with tries_left), expired, used", Permission: access.Public,
		Errors: []int{http.StatusUnprocessableEntity},
	}, e.checkCode)
	httpx.Handle(api, httpx.Op{
		ID: "sign-up", Method: http.MethodPost, Path: "/api/v1/sign-up", Tag: tagSignUp,
		Summary: "Register: makes a company and its owner. A known email or number gets the same answer, and its owner a letter", Permission: access.Public,
		Errors: []int{http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, e.signUp)
}

// Site is in whose name the pages for strangers stand.
type Site struct {
	Name            string `json:"name"`
	CompanyID       *int64 `json:"company_id" doc:"The reseller whose host this is; null: the platform"`
	PricesPublished bool   `json:"prices_published"`
	SMS             bool   `json:"sms" doc:"Codes go by SMS; else they go to the email"`
	Open            bool   `json:"open" doc:"People may register here"`
	Language        string `json:"language" enum:"ru,en"`
}

type siteOutput struct{ Body Site }

type hostInput struct{ browser }

func (b *browser) origin(actor access.Actor) account.Origin {
	address, _ := netip.ParseAddr(actor.IP)
	return account.Origin{Address: address, Host: b.request.Host}
}

func (e *Entry) site(ctx context.Context, _ access.Actor, in *hostInput) (*siteOutput, error) {
	site, err := e.accounts.Site(ctx, in.request.Host)
	if err != nil {
		return nil, err
	}
	out := &siteOutput{Site{Name: site.Name, Open: true, Language: site.Language}}
	if site.Reseller {
		out.Body.CompanyID = &site.SellerID
	}
	if out.Body.PricesPublished, err = e.pricesPublished(ctx, site.SellerID); err != nil {
		return nil, err
	}
	if e.options.SMS != nil {
		out.Body.SMS, err = e.options.SMS(ctx)
	}
	return out, err
}

// LegalText is a text that people agree to.
type LegalText struct {
	Version int    `json:"version"`
	Title   string `json:"title"`
	Body    string `json:"body" doc:"Plain text; paragraphs with an empty line between them"`
}

type legalTextsInput struct {
	Language string `query:"language" enum:"ru,en" default:"ru"`
}

type legalTextsOutput struct {
	Body struct {
		Terms   LegalText `json:"terms"`
		Privacy LegalText `json:"privacy"`
	}
}

func (e *Entry) legalTexts(ctx context.Context, _ access.Actor, in *legalTextsInput) (*legalTextsOutput, error) {
	texts, err := e.accounts.LegalTexts(ctx, in.Language)
	if err != nil {
		return nil, err
	}
	out := &legalTextsOutput{}
	out.Body.Terms, out.Body.Privacy = showText(texts[account.Terms]), showText(texts[account.Privacy])
	return out, nil
}

func showText(t account.LegalText) LegalText { return LegalText{t.Version, t.Title, t.Body} }

type requestCodeInput struct {
	browser
	Body struct {
		Phone    string `json:"phone" maxLength:"40" doc:"In any usual form"`
		Email    string `json:"email,omitempty" maxLength:"254" doc:"Where the code goes while there is no route for SMS; needed then"`
		Language string `json:"language" enum:"ru,en"`
	}
}

// CodeSent says where a code went.
type CodeSent struct {
	ID          uuid.UUID `json:"id"`
	By          string    `json:"by" enum:"phone,email"`
	ExpiresAt   time.Time `json:"expires_at"`
	ResendAfter int       `json:"resend_after_s"`
}

type codeSentOutput struct{ Body CodeSent }

func (e *Entry) requestCode(ctx context.Context, actor access.Actor, in *requestCodeInput) (*codeSentOutput, error) {
	sent, err := e.accounts.RequestSignUpCode(ctx, account.CodeRequest{
		Phone: in.Body.Phone, Email: in.Body.Email, Language: in.Body.Language, Origin: in.origin(actor),
	})
	if err != nil {
		return nil, err
	}
	return &codeSentOutput{CodeSent{sent.ID, string(sent.By), sent.ExpiresAt, int(sent.ResendAfter.Seconds())}}, nil
}

type checkCodeInput struct {
	Code uuid.UUID `path:"code" doc:"The id that the request for the code was given"`
	Body struct {
		Code string `json:"code" maxLength:"20" doc:"Six digits"`
	}
}

type checkedOutput struct {
	Body struct {
		AccountExists bool `json:"account_exists" doc:"Whoever proved to have the number has an account already: sign in or recover it"`
	}
}

func (e *Entry) checkCode(ctx context.Context, _ access.Actor, in *checkCodeInput) (*checkedOutput, error) {
	exists, err := e.accounts.CheckSignUpCode(ctx, in.Code, in.Body.Code)
	if err != nil {
		return nil, err
	}
	out := &checkedOutput{}
	out.Body.AccountExists = exists
	return out, nil
}

type signUpInput struct {
	browser
	Body struct {
		Name           string    `json:"name" maxLength:"400"`
		Email          string    `json:"email" maxLength:"254"`
		Password       string    `json:"password" maxLength:"200"`
		Phone          string    `json:"phone" maxLength:"40"`
		TimeZone       string    `json:"time_zone" maxLength:"64" doc:"IANA name"`
		Language       string    `json:"language" enum:"ru,en"`
		CodeID         uuid.UUID `json:"code_id" doc:"Of the code that confirmed the telephone, within an hour"`
		TermsVersion   int       `json:"terms_version" doc:"The version that was agreed to"`
		PrivacyVersion int       `json:"privacy_version" doc:"The version that was agreed to"`
		Ref            string    `json:"ref,omitempty" maxLength:"200" doc:"Of the link they came by; an unknown one is ignored"`
	}
}

func (e *Entry) signUp(ctx context.Context, actor access.Actor, in *signUpInput) (*struct{}, error) {
	b := in.Body
	return nil, e.accounts.SignUp(ctx, account.NewSignUp{
		Name: b.Name, Email: b.Email, Password: b.Password, Phone: b.Phone, TimeZone: b.TimeZone, Language: b.Language,
		CodeID: b.CodeID, TermsVersion: b.TermsVersion, PrivacyVersion: b.PrivacyVersion, Ref: b.Ref, Origin: in.origin(actor),
	})
}
