package accountapi

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/platform/httpx"
)

const tagRecovery = "Recovery"

func (e *Entry) registerRecovery(api *httpx.API) {
	httpx.Handle(api, httpx.Op{
		ID: "confirm-email", Method: http.MethodPost, Path: "/api/v1/email-confirmations", Tag: tagSignUp,
		Summary: "Confirm an email by the token of its link; field codes of token: wrong, expired, used", Permission: access.Public,
		Errors: []int{http.StatusUnprocessableEntity},
	}, e.confirmEmail)
	httpx.Handle(api, httpx.Op{
		ID: "send-email-confirmation", Method: http.MethodPost, Path: "/api/v1/me/email-confirmation", Tag: tagMe,
		Summary: "Send the link that confirms one's email again", Permission: access.Self,
		Errors: []int{http.StatusConflict, http.StatusTooManyRequests},
	}, e.sendEmailConfirmation)
	httpx.Handle(api, httpx.Op{
		ID: "recover", Method: http.MethodPost, Path: "/api/v1/recovery", Tag: tagRecovery,
		Summary: "Ask for a way back in; the answer is the same whether or not anybody has the login", Permission: access.Public,
		Errors: []int{http.StatusUnprocessableEntity, http.StatusTooManyRequests},
	}, e.recover)
	httpx.Handle(api, httpx.Op{
		ID: "recover-by-code", Method: http.MethodPost, Path: "/api/v1/recovery/code", Tag: tagRecovery,
		Summary: "Turn the right code into a token; field codes of code: wrong (with tries_left), expired, used", Permission: access.Public,
		Errors: []int{http.StatusUnprocessableEntity},
	}, e.recoverByCode)
	httpx.Handle(api, httpx.Op{
		ID: "set-recovered-password", Method: http.MethodPost, Path: "/api/v1/recovery/password", Tag: tagRecovery,
		Summary: "Set a new password by a token, once and within an hour; all sign-ins end", Permission: access.Public,
		Errors: []int{http.StatusUnprocessableEntity},
	}, e.setRecovered)
}

type confirmEmailInput struct {
	Body struct {
		Token string `json:"token" maxLength:"200" doc:"What stands behind the # of the link"`
	}
}

func (e *Entry) confirmEmail(ctx context.Context, _ access.Actor, in *confirmEmailInput) (*struct{}, error) {
	return nil, e.accounts.ConfirmEmail(ctx, in.Body.Token)
}

func (e *Entry) sendEmailConfirmation(ctx context.Context, actor access.Actor, in *hostInput) (*struct{}, error) {
	return nil, e.accounts.SendEmailConfirmation(ctx, actor, in.request.Host)
}

type recoverInput struct {
	browser
	Body struct {
		Login    string `json:"login" maxLength:"320" doc:"Email, or phone in any usual form"`
		Language string `json:"language" enum:"ru,en"`
	}
}

type recoverOutput struct {
	Body struct {
		By          string     `json:"by" enum:"email,phone"`
		CodeID      *uuid.UUID `json:"code_id,omitempty" doc:"With phone"`
		ResendAfter int        `json:"resend_after_s"`
	}
}

func (e *Entry) recover(ctx context.Context, actor access.Actor, in *recoverInput) (*recoverOutput, error) {
	r, err := e.accounts.Recover(ctx, account.RecoveryRequest{Login: in.Body.Login, Language: in.Body.Language, Origin: in.origin(actor)})
	if err != nil {
		return nil, err
	}
	out := &recoverOutput{}
	out.Body.By, out.Body.ResendAfter = string(r.By), int(r.ResendAfter.Seconds())
	if r.By == account.ByPhone {
		out.Body.CodeID = &r.CodeID
	}
	return out, nil
}

type recoverByCodeInput struct {
	Body struct {
		CodeID uuid.UUID `json:"code_id"`
		Code   string    `json:"code" maxLength:"20" doc:"Six digits"`
	}
}

type recoveredOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Token string `json:"token"`
	}
}

func (e *Entry) recoverByCode(ctx context.Context, _ access.Actor, in *recoverByCodeInput) (*recoveredOutput, error) {
	token, err := e.accounts.RecoverByCode(ctx, in.Body.CodeID, in.Body.Code)
	if err != nil {
		return nil, err
	}
	out := &recoveredOutput{CacheControl: "no-store"}
	out.Body.Token = token
	return out, nil
}

type setRecoveredInput struct {
	browser
	Body struct {
		Token    string `json:"token" maxLength:"200"`
		Password string `json:"password" maxLength:"200"`
	}
}

func (e *Entry) setRecovered(ctx context.Context, actor access.Actor, in *setRecoveredInput) (*struct{}, error) {
	return nil, e.accounts.SetRecovered(ctx, account.NewPassword{Token: in.Body.Token, Password: in.Body.Password, Origin: in.origin(actor)})
}
