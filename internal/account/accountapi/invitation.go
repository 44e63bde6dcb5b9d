package accountapi

import (
	"context"
	"net/http"
	"time"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/platform/httpx"
)

func (e *Entry) registerInvitations(api *httpx.API) {
	httpx.Handle(api, httpx.Op{
		ID: "invite-administrator", Method: http.MethodPost, Path: "/api/v1/companies/{company}/invitations", Tag: tagUsers,
		Summary:    "Register a new user with the rights of an administrator: they set their password through the letter",
		Permission: access.UsersManage, Errors: []int{http.StatusUnprocessableEntity, http.StatusTooManyRequests},
	}, e.invite)
	httpx.Handle(api, httpx.Op{
		ID: "invitations", Method: http.MethodGet, Path: "/api/v1/companies/{company}/invitations", Tag: tagUsers,
		Summary: "Who was asked to join and has not answered", Permission: access.UsersManage,
	}, e.invitations)
	httpx.Handle(api, httpx.Op{
		ID: "open-invitation", Method: http.MethodPost, Path: "/api/v1/invitations", Tag: tagSignUp,
		Summary: "What an invitation's token is for; field codes of token: wrong, expired, used", Permission: access.Public,
		Errors: []int{http.StatusUnprocessableEntity},
	}, e.openInvitation)
	httpx.Handle(api, httpx.Op{
		ID: "accept-invitation-anew", Method: http.MethodPost, Path: "/api/v1/invitations/account", Tag: tagSignUp,
		Summary: "Accept an invitation with a new account", Permission: access.Public,
		Errors: []int{http.StatusConflict, http.StatusUnprocessableEntity},
	}, e.acceptAnew)
	httpx.Handle(api, httpx.Op{
		ID: "accept-invitation", Method: http.MethodPost, Path: "/api/v1/me/invitations", Tag: tagMe,
		Summary: "Accept an invitation to one's own address", Permission: access.Self,
		Errors: []int{http.StatusConflict, http.StatusUnprocessableEntity},
	}, e.accept)
}

type inviteInput struct {
	httpx.InCompany
	browser
	Body struct {
		Name  string `json:"name" maxLength:"200"`
		Email string `json:"email" maxLength:"320"`
	}
}

func (e *Entry) invite(ctx context.Context, actor access.Actor, in *inviteInput) (*struct{}, error) {
	return nil, e.accounts.Invite(ctx, actor, account.NewInvitation{
		Name: in.Body.Name, Email: in.Body.Email, Roles: []access.Role{access.Administrator}, Host: in.request.Host,
	})
}

// Invitation is somebody who was asked to join.
type Invitation struct {
	Email     string        `json:"email"`
	Name      string        `json:"name"`
	Roles     []access.Role `json:"roles"`
	CreatedAt time.Time     `json:"created_at"`
	ExpiresAt time.Time     `json:"expires_at"`
}

type invitationsOutput struct {
	Body struct {
		Items []Invitation `json:"items"`
	}
}

func (e *Entry) invitations(ctx context.Context, actor access.Actor, _ *struct{ httpx.InCompany }) (*invitationsOutput, error) {
	open, err := e.accounts.Invitations(ctx, actor)
	if err != nil {
		return nil, err
	}
	out := &invitationsOutput{}
	out.Body.Items = []Invitation{}
	for _, i := range open {
		out.Body.Items = append(out.Body.Items, Invitation(i))
	}
	return out, nil
}

type openInvitationInput struct {
	Body struct {
		Token string `json:"token" maxLength:"200" doc:"What stands behind the # of the link"`
	}
}

type openInvitationOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Company string `json:"company"`
		Name    string `json:"name"`
		Email   string `json:"email"`
		Account bool   `json:"account" doc:"The address has an account: its owner signs in and accepts"`
	}
}

func (e *Entry) openInvitation(ctx context.Context, _ access.Actor, in *openInvitationInput) (*openInvitationOutput, error) {
	asked, err := e.accounts.AskedTo(ctx, in.Body.Token)
	if err != nil {
		return nil, err
	}
	out := &openInvitationOutput{CacheControl: "no-store"}
	out.Body.Company, out.Body.Name, out.Body.Email, out.Body.Account = asked.Company, asked.Name, asked.Email, asked.Account
	return out, nil
}

type acceptAnewInput struct {
	browser
	Body struct {
		Token    string `json:"token" maxLength:"200"`
		Password string `json:"password" maxLength:"200"`
		Language string `json:"language" enum:"ru,en"`
	}
}

func (e *Entry) acceptAnew(ctx context.Context, actor access.Actor, in *acceptAnewInput) (*struct{}, error) {
	return nil, e.accounts.AcceptAnew(ctx, account.NewAccount{
		Token: in.Body.Token, Password: in.Body.Password, Language: in.Body.Language, Origin: in.origin(actor),
	})
}

type acceptInput struct {
	Body struct {
		Token string `json:"token" maxLength:"200"`
	}
}

func (e *Entry) accept(ctx context.Context, actor access.Actor, in *acceptInput) (*struct{}, error) {
	return nil, e.accounts.Accept(ctx, actor, in.Body.Token)
}
