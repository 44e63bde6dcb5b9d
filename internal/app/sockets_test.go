package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/account/accounttest"
	"parley/internal/platform/realtime"
	"parley/internal/platform/realtime/realtimetest"
)

const soon = 10 * time.Second

// line is the program behind a real listener, for sockets.
type line struct {
	*world
	url string
}

func newLine(t *testing.T) *line {
	t.Helper()
	w := newWorld(t)
	server := httptest.NewServer(w.Handler)
	t.Cleanup(func() {
		w.Leave(context.Background())
		server.Close()
	})
	return &line{w, server.URL}
}

// open opens a person's socket to a company.
func (l *line) open(t *testing.T, p *accounttest.Person, company any) (*realtimetest.Client, error) {
	t.Helper()
	header := http.Header{}
	if p != nil {
		header.Set("Cookie", l.cookie(t, *p).String())
	}
	c, err := realtimetest.Connect(t.Context(), l.url+"/realtime/websocket", header, map[string]any{"data": map[string]any{"company": company}})
	if err == nil {
		t.Cleanup(c.Close)
	}
	return c, err
}

func (l *line) mustOpen(t *testing.T, p accounttest.Person, f *accounttest.Firm) *realtimetest.Client {
	t.Helper()
	c, err := l.open(t, &p, f.ID)
	require.NoError(t, err)
	return c
}

// sayNo requires a refusal of the protocol: a socket that is merely dead
// refuses everything.
func sayNo(t *testing.T, err error, what string, args ...any) {
	t.Helper()
	var refusal *realtimetest.Error
	require.ErrorAs(t, err, &refusal, what, args)
}

func heard(t *testing.T, c *realtimetest.Client) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), soon)
	defer cancel()
	p, err := c.Next(ctx)
	require.NoError(t, err)
	return string(p.Data)
}

func ended(t *testing.T, c *realtimetest.Client) {
	t.Helper()
	select {
	case <-c.Closed():
	case <-time.After(soon):
		require.Fail(t, "the socket is still open")
	}
}

func TestSocketsNeedASignIn(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	owner := l.ours.Person(t, access.Owner)
	for name, company := range map[string]any{
		"another company": l.theirs.ID, "the platform": l.people.Platform.ID, "none": 0, "below none": -1, "nonsense": "x", "a list": []int{1}, "huge": 1e30,
	} {
		_, err := l.open(t, &owner, company)
		require.Error(t, err, name)
	}
	_, err := l.open(t, nil, l.ours.ID)
	require.Error(t, err, "nobody")
	for _, cookie := range []string{"parley_sign_in=x", "parley_sign_in=" + uuid.NewString(), "parley_sign_in="} {
		_, err := realtimetest.Connect(t.Context(), l.url+"/realtime/websocket", http.Header{"Cookie": {cookie}}, map[string]any{"data": map[string]any{"company": l.ours.ID}})
		require.Error(t, err, cookie)
	}
	_, err = realtimetest.Connect(t.Context(), l.url+"/realtime/websocket",
		http.Header{"Cookie": {l.cookie(t, owner).String()}, "Origin": {"https://evil.example"}}, map[string]any{"data": map[string]any{"company": l.ours.ID}})
	require.Error(t, err, "a page of another site has the browser's cookie, but no socket")
}

// No channel but those the server decides about, whoever asks and however it is
// spelled.
func TestStrangersChannels(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	dialog := func(h *household) uuid.UUID { return uuid.MustParse(h.ids["dialog"]) }
	strange := []string{
		realtime.UserChannel(l.theirs.ID, l.theirs.Person(t, access.Operator).ID), realtime.TeamChannel(l.theirs.ID),
		realtime.AllChannel(l.theirs.ID), realtime.MoneyChannel(l.theirs.ID),
		realtime.DialogChannel(l.theirs.ID, dialog(l.theirs)), realtime.DialogChannel(l.ours.ID, dialog(l.theirs)),
		realtime.DialogChannel(l.theirs.ID, dialog(l.ours)), realtime.VisitorChannel(l.theirs.ID, uuid.New()),
		realtime.DialogChannel(l.ours.ID, uuid.New()), realtime.VisitorChannel(l.ours.ID, uuid.New()),
		realtime.UserChannel(l.ours.ID, l.ours.Person(t, access.Administrator).ID+1000),
		fmt.Sprintf("all:%d ", l.ours.ID), fmt.Sprintf("all:0%d", l.ours.ID), "all:", "*", "$all", "@control", "dialog:", fmt.Sprintf("all:%d\x00", l.theirs.ID),
	}
	for _, role := range access.Roles {
		c := l.mustOpen(t, l.ours.Person(t, role), l.ours.Firm)
		for _, channel := range strange {
			sayNo(t, c.Subscribe(t.Context(), channel), "%s hears %q", role, channel)
			sayNo(t, c.Publish(t.Context(), channel, map[string]string{"type": "balance"}), "%s speaks in %q", role, channel)
		}
		granted := access.Actor{Permissions: access.Grant(access.Company, []access.Role{role}, false)}
		err := c.Subscribe(t.Context(), realtime.AllChannel(l.ours.ID))
		require.Equal(t, granted.May(access.PanelSupervise), err == nil, "%s and everybody's dialogs: %v", role, err)
		if !granted.May(access.PanelUse) {
			sayNo(t, c.Subscribe(t.Context(), realtime.DialogChannel(l.ours.ID, dialog(l.ours))), "%s and a dialog", role)
		}
		for _, method := range []string{"typing", "send", "history", "read", "sync", "publish", "rpc"} {
			for _, id := range []string{l.theirs.ids["dialog"], uuid.NewString(), "x"} {
				in := map[string]any{"dialog": id, "key": uuid.NewString(), "text": "x", "company": l.theirs.ID}
				sayNo(t, c.Call(t.Context(), method, in, nil), "%s calls %q about %s", role, method, id)
			}
		}
	}
	operator := l.mustOpen(t, l.ours.Person(t, access.Operator), l.ours.Firm)
	require.NoError(t, operator.Subscribe(t.Context(), realtime.DialogChannel(l.ours.ID, dialog(l.ours))), "one's own dialog")
	require.NoError(t, operator.Call(t.Context(), "typing", map[string]any{"dialog": l.ours.ids["dialog"]}, nil))
}

// What the server pushes unasked goes by role and by company.
func TestWhoHearsWhat(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	for _, role := range access.Roles {
		p := l.ours.Person(t, role)
		c := l.mustOpen(t, p, l.ours.Firm)
		may := access.Actor{Permissions: access.Grant(access.Company, []access.Role{role}, false)}
		var want []string
		for _, push := range []struct {
			channel string
			heard   bool
		}{
			{realtime.TeamChannel(l.theirs.ID), false},
			{realtime.MoneyChannel(l.theirs.ID), false},
			{realtime.UserChannel(l.theirs.ID, p.ID), false},
			{realtime.UserChannel(l.ours.ID, p.ID+1), false},
			{realtime.TeamChannel(l.ours.ID), may.May(access.PanelUse)},
			{realtime.MoneyChannel(l.ours.ID), may.May(access.BalanceView)},
			{realtime.UserChannel(l.ours.ID, p.ID), true},
		} {
			l.Live.Publish(push.channel, push.channel)
			if push.heard {
				want = append(want, fmt.Sprintf("%q", push.channel))
			}
		}
		for _, one := range want {
			require.Equal(t, one, heard(t, c), "%s", role)
		}
		c.Close()
	}
}

// A visitor is a guest: their socket reaches their own dialog and nothing that
// operators have.
func TestVisitorsSocket(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	visit := func(h *household) (token string) {
		got := l.ask(t, nil, "POST", "/widget/v1/visit", fmt.Sprintf(`{"key":%q}`, h.key))
		require.Equal(t, 200, got.Code, got.Body.String())
		return got.body["connection_token"].(string)
	}
	token := visit(l.ours)
	open := func(path, token string) (*realtimetest.Client, error) {
		c, err := realtimetest.Connect(t.Context(), l.url+path, nil, map[string]any{"token": token, "data": map[string]any{"company": l.ours.ID}})
		if err == nil {
			t.Cleanup(c.Close)
		}
		return c, err
	}
	for _, bad := range []string{"", "x", token[:len(token)-2], token + "A", "A" + token[1:]} {
		_, err := open("/widget/realtime/websocket", bad)
		require.Error(t, err, bad)
	}
	_, err := open("/realtime/websocket", token)
	require.Error(t, err, "a visitor's token opens no operator's socket")

	c, err := open("/widget/realtime/websocket", token)
	require.NoError(t, err)
	for _, channel := range []string{
		realtime.TeamChannel(l.ours.ID), realtime.AllChannel(l.ours.ID), realtime.MoneyChannel(l.ours.ID),
		realtime.DialogChannel(l.ours.ID, uuid.MustParse(l.ours.ids["dialog"])), realtime.UserChannel(l.ours.ID, l.ours.Person(t, access.Operator).ID),
		realtime.VisitorChannel(l.ours.ID, uuid.New()), realtime.VisitorChannel(l.theirs.ID, uuid.New()),
	} {
		sayNo(t, c.Subscribe(t.Context(), channel), channel)
		sayNo(t, c.Publish(t.Context(), channel, "x"), channel)
	}
	for _, attachment := range []string{l.ours.ids["unsent"], l.ours.ids["attachment"], l.theirs.ids["unsent"], uuid.NewString()} {
		in := map[string]any{"key": uuid.NewString(), "text": "x", "attachments": []string{attachment}}
		sayNo(t, c.Call(t.Context(), "send", in, nil), "somebody else's file")
	}
	for _, in := range []map[string]any{
		{"key": uuid.NewString(), "text": "x", "author": "operator"}, {"key": uuid.NewString(), "text": "x", "company_id": l.theirs.ID},
		{"key": uuid.NewString(), "text": "x", "dialog_id": l.theirs.ids["dialog"]}, {"key": "x", "text": "x"}, {"text": "x"},
	} {
		sayNo(t, c.Call(t.Context(), "send", in, nil), "%v", in)
	}
	for _, method := range []string{"take", "close", "reply", "note", "operator", "assign", "hand-over"} {
		sayNo(t, c.Call(t.Context(), method, map[string]any{"dialog": l.ours.ids["dialog"]}, nil), method)
	}
	var got struct{ Items []json.RawMessage }
	require.NoError(t, c.Call(t.Context(), "history", map[string]any{"before_seq": 1 << 40, "limit": 50}, &got))
	require.Empty(t, got.Items, "a new visitor has no past")
}

// Open sockets end at once when a block, a change of role or a sign-out takes
// the right away, and cannot be opened again by what was taken.
func TestSocketsEndWithTheRight(t *testing.T) {
	t.Parallel()
	yes := true
	for name, take := range map[string]func(t *testing.T, l *line, p accounttest.Person){
		"a block": func(t *testing.T, l *line, p accounttest.Person) {
			_, err := l.Accounts.ChangeMember(t.Context(), l.ours.Actor(t, access.Owner), p.ID, account.MemberChange{Blocked: &yes})
			require.NoError(t, err)
		},
		"another role": func(t *testing.T, l *line, p accounttest.Person) {
			_, err := l.Accounts.ChangeMember(t.Context(), l.ours.Actor(t, access.Owner), p.ID, account.MemberChange{Roles: []access.Role{access.Analyst}})
			require.NoError(t, err)
		},
		"a sign-out": func(t *testing.T, l *line, p accounttest.Person) {
			require.Equal(t, 204, l.ask(t, &p, "POST", "/api/v1/sign-out", "").Code)
		},
		"prices for operators": func(t *testing.T, l *line, _ accounttest.Person) {
			_, err := l.Accounts.ChangeCompany(t.Context(), l.ours.Actor(t, access.Owner), account.CompanyChange{OperatorsSeePrices: &yes})
			require.NoError(t, err)
		},
		"a word of it that was lost": func(t *testing.T, l *line, _ accounttest.Person) {
			_, err := l.DB.Worker().Exec(t.Context(), "UPDATE company SET operators_see_prices = true WHERE id = $1", l.ours.ID)
			require.NoError(t, err)
			l.now.Step(time.Minute) // nothing remembered is so old
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLine(t)
			p, bystander := l.ours.Person(t, access.Operator), l.ours.Person(t, access.Administrator)
			c, other := l.mustOpen(t, p, l.ours.Firm), l.mustOpen(t, bystander, l.ours.Firm)
			take(t, l, p)
			ended(t, c)
			l.Live.Publish(realtime.UserChannel(l.ours.ID, bystander.ID), "still here")
			require.Equal(t, `"still here"`, heard(t, other))
			again, err := l.open(t, &p, l.ours.ID)
			if name == "a block" || name == "a sign-out" {
				require.Error(t, err)
				return
			}
			require.NoError(t, err)
			if name == "another role" {
				require.Error(t, again.Subscribe(t.Context(), realtime.DialogChannel(l.ours.ID, uuid.MustParse(l.ours.ids["dialog"]))))
				return
			}
			l.Live.Publish(realtime.MoneyChannel(l.ours.ID), "the balance")
			require.Equal(t, `"the balance"`, heard(t, again), "what they may now")
		})
	}
}
