package accountapi

import (
	"context"
	"net/http"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/platform/httpx"
)

const tagMe = "Own account"

func (e *Entry) registerMe(api *httpx.API) {
	httpx.Handle(api, httpx.Op{
		ID: "me", Method: http.MethodGet, Path: "/api/v1/me", Tag: tagMe,
		Summary: "Who is signed in, and which companies they may enter", Permission: access.Self,
	}, e.showMe)
	httpx.Handle(api, httpx.Op{
		ID: "change-me", Method: http.MethodPatch, Path: "/api/v1/me", Tag: tagMe,
		Summary: "Change own settings", Permission: access.Self, Errors: []int{http.StatusUnprocessableEntity},
	}, e.changeMe)
	httpx.Handle(api, httpx.Op{
		ID: "remember-company", Method: http.MethodPut, Path: "/api/v1/me/last-company", Tag: tagMe,
		Summary: "Remember the company to open after the next sign-in", Permission: access.Self,
		Errors: []int{http.StatusNotFound, http.StatusForbidden},
	}, e.rememberCompany)
}

// Me is who is signed in.
type Me struct {
	User        User         `json:"user"`
	Memberships []Membership `json:"memberships"`
	LastCompany *int64       `json:"last_company"`
	// ConsentRequired are the texts to agree to before going on.
	ConsentRequired []Consent `json:"consent_required" doc:"Texts in force that the user has not agreed to"`
}

// Consent is a version of a text to agree to.
type Consent struct {
	Kind    string `json:"kind" enum:"terms,privacy"`
	Version int    `json:"version" minimum:"1"`
}

// User is a person with their settings.
type User struct {
	ID             int64  `json:"id"`
	Name           string `json:"name"`
	Email          string `json:"email"`
	EmailConfirmed bool   `json:"email_confirmed" doc:"Until it is, only the confirming link and recovery go there"`
	Phone          string `json:"phone" doc:"E.164, or empty"`
	PhoneConfirmed bool   `json:"phone_confirmed"`
	RefToken       string `json:"ref_token" doc:"Stands in the link /signup?ref=… by which the user brings others"`
	Language       string `json:"language" enum:"ru,en"`
	Theme          string `json:"theme" enum:"system,light,dark"`
	DialogOrder    string `json:"dialog_order" enum:"newest,unanswered_oldest,waiting_longest"`
}

// Membership is a company that the user may enter.
type Membership struct {
	Company     MembershipCompany   `json:"company"`
	Roles       []access.Role       `json:"roles"`
	Permissions []access.Permission `json:"permissions"`
	Unread      int                 `json:"unread" doc:"Dialogs with something unread for the user"`
}

// MembershipCompany is what the company switcher shows.
type MembershipCompany struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Kind     string `json:"kind" enum:"platform,reseller,company"`
	Currency string `json:"currency"`
	TimeZone string `json:"time_zone"`
}

type meOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         Me
}

func (e *Entry) me(ctx context.Context, actor access.Actor) (Me, error) {
	me, err := e.accounts.Me(ctx, actor)
	if err != nil {
		return Me{}, err
	}
	return e.withUnread(ctx, me)
}

func (e *Entry) withUnread(ctx context.Context, me account.Me) (Me, error) {
	var unread map[int64]int
	if e.options.Unread != nil {
		var err error
		if unread, err = e.options.Unread(ctx, me.ID); err != nil {
			return Me{}, err
		}
	}
	out := Me{
		User: User{
			ID: me.ID, Name: me.Name, Email: me.Email, EmailConfirmed: me.EmailConfirmed, Phone: text(me.Phone), PhoneConfirmed: me.PhoneConfirmed,
			RefToken: me.RefToken, Language: me.Language, Theme: me.Theme, DialogOrder: me.DialogOrder,
		},
		Memberships: []Membership{}, LastCompany: me.LastCompany, ConsentRequired: []Consent{},
	}
	for _, c := range me.ConsentRequired {
		out.ConsentRequired = append(out.ConsentRequired, Consent(c))
	}
	for _, m := range me.Memberships {
		out.Memberships = append(out.Memberships, Membership{
			Company: MembershipCompany{ID: m.CompanyID, Name: m.Name, Kind: string(m.Kind), Currency: m.Currency, TimeZone: m.TimeZone},
			Roles:   m.Roles, Permissions: m.Permissions, Unread: unread[m.CompanyID],
		})
	}
	return out, nil
}

func (e *Entry) showMe(ctx context.Context, actor access.Actor, _ *struct{}) (*meOutput, error) {
	me, err := e.me(ctx, actor)
	return &meOutput{"no-store", me}, err
}

type changeMeInput struct {
	Body struct {
		Language    *string `json:"language,omitempty" enum:"ru,en"`
		Theme       *string `json:"theme,omitempty" enum:"system,light,dark"`
		DialogOrder *string `json:"dialog_order,omitempty" enum:"newest,unanswered_oldest,waiting_longest"`
	}
}

func (e *Entry) changeMe(ctx context.Context, actor access.Actor, in *changeMeInput) (*meOutput, error) {
	changed, err := e.accounts.ChangeMe(ctx, actor, account.MyChange(in.Body))
	if err != nil {
		return nil, err
	}
	me, err := e.withUnread(ctx, changed)
	return &meOutput{"no-store", me}, err
}

type rememberInput struct {
	Body struct {
		Company int64 `json:"company" minimum:"1"`
	}
}

func (e *Entry) rememberCompany(ctx context.Context, actor access.Actor, in *rememberInput) (*struct{}, error) {
	return nil, e.accounts.RememberCompany(ctx, actor, in.Body.Company)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
