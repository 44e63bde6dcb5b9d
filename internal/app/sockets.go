package app

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/platform/fault"
	"parley/internal/platform/httpx"
	"parley/internal/platform/realtime"
)

// recheckEvery is how often an open socket's right is looked at again, for the
// case that the word of its end was lost.
const recheckEvery = time.Minute

// recheckFirst is when it is looked at first: what ended while the socket was
// being opened found none to end, and a node may remember for two seconds.
const recheckFirst = 3 * time.Second

type browserKey struct{}

// browser is the signed-in browser behind a socket: enough of its request to
// ask again whether it still is.
type browser struct {
	user  access.Actor
	again func(ctx context.Context) (access.Actor, error)
}

// signedIn lets only signed-in browsers open a socket.
func (a *App) signedIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, err := a.API.User(r)
		if err != nil {
			httpx.WriteProblem(w, r, err)
			return
		}
		cookies, from := r.Header["Cookie"], r.RemoteAddr
		b := &browser{user: user, again: func(ctx context.Context) (access.Actor, error) {
			shadow := (&http.Request{Header: http.Header{"Cookie": cookies}, RemoteAddr: from}).WithContext(ctx)
			return a.API.User(shadow)
		}}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), browserKey{}, b)))
	})
}

// acceptOperator decides about a socket of the web app.
func (a *App) acceptOperator(ctx context.Context, _ string, data []byte) (realtime.Connection, error) {
	b, ok := ctx.Value(browserKey{}).(*browser)
	if !ok {
		return realtime.Connection{}, fault.New(fault.Unauthenticated, "Sign in first.")
	}
	var in struct {
		Company int64 `json:"company"`
	}
	if err := json.Unmarshal(data, &in); err != nil {
		return realtime.Connection{}, fault.New(fault.Invalid, "Name the company.")
	}
	actor, err := a.Accounts.InCompany(ctx, b.user, in.Company)
	if err != nil {
		return realtime.Connection{}, err
	}
	hears := channels(actor)
	c := realtime.Connection{
		Company: in.Company, User: actor.UserID, Channels: hears,
		Expires: time.Now().Add(recheckFirst),
		Refresh: func(ctx context.Context, _ string) (time.Time, error) {
			user, err := b.again(ctx)
			if err != nil {
				return time.Time{}, err
			}
			actor, err := a.Accounts.InCompany(ctx, user, in.Company)
			if err == nil && !slices.Equal(channels(actor), hears) {
				err = fault.New(fault.Forbidden, "Your rights have changed. Connect again.")
			}
			return time.Now().Add(recheckEvery), err
		},
		May: func(ctx context.Context, channel string) error { return a.mayHear(ctx, b.user, in.Company, channel) },
		Call: func(ctx context.Context, method string, data []byte) (any, error) {
			return a.operatorCall(ctx, b.user, in.Company, method, data)
		},
	}
	return c, nil
}

// channels lists what an actor hears without asking.
func channels(actor access.Actor) []string {
	out := []string{realtime.UserChannel(actor.CompanyID, actor.UserID)}
	if actor.May(access.PanelUse) {
		out = append(out, realtime.TeamChannel(actor.CompanyID))
	}
	if actor.May(access.BalanceView) {
		out = append(out, realtime.MoneyChannel(actor.CompanyID))
	}
	return out
}

// mayHear asks anew for every channel: roles may have changed since the socket
// was opened. nil is yes.
func (a *App) mayHear(ctx context.Context, user access.Actor, company int64, channel string) error {
	actor, err := a.Accounts.InCompany(ctx, user, company)
	if err != nil {
		return err
	}
	if channel == realtime.AllChannel(company) && actor.May(access.PanelSupervise) {
		return nil
	}
	dialog, ok := realtime.DialogOf(channel, company)
	if !ok || !actor.May(access.PanelUse) {
		return fault.New(fault.Forbidden, "You may not hear this channel.")
	}
	return a.Chats.MaySee(ctx, actor, dialog)
}

// operatorCall answers what the web app asks over its socket: typing marks,
// which are not worth a request.
func (a *App) operatorCall(ctx context.Context, user access.Actor, company int64, method string, data []byte) (any, error) {
	if method != "typing" {
		return nil, fault.New(fault.NotFound, "There is no such method.")
	}
	actor, err := a.Accounts.InCompany(ctx, user, company)
	if err != nil {
		return nil, err
	}
	if !actor.May(access.PanelUse) {
		return nil, fault.New(fault.Forbidden, "Your role does not allow this.")
	}
	var in struct {
		Dialog uuid.UUID `json:"dialog"`
	}
	if err := json.Unmarshal(data, &in); err != nil {
		return nil, fault.New(fault.Invalid, "Name the dialog.")
	}
	return struct{}{}, a.Chats.Typing(ctx, actor, in.Dialog)
}
