package bench

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/jackc/pgx/v5"
)

// walk turns all pages of some lists and compares what they brought with what the database
// has: a fast list that shows the wrong lines is worth nothing.
func (d Dialogs) walk(ctx context.Context, s *stand, users []*panelUser) (lost, doubled int64, err error) {
	conn, err := pgx.Connect(ctx, s.url)
	if err != nil {
		return 0, 0, err
	}
	defer conn.Close(ctx)         //nolint:errcheck // only read
	small := users[len(users)-3:] // the owner and two operators of the last company
	for _, c := range []struct {
		user  *panelUser
		query string
		count string
	}{
		{small[0], "view=all", "true"},
		{small[0], "view=all&order=waiting_longest", "true"},
		{small[0], "view=closed&tag=lead", "state = 'closed' AND tags @> '{lead}'"},
		{small[0], "view=all&chat=" + small[0].chats[0], "chat_id = '" + small[0].chats[0] + "'"},
		{small[0], "view=all&unanswered=true", "waiting_since IS NOT NULL"},
	} {
		seen, twice, err := pages(ctx, s.address, c.user, c.query)
		if err != nil {
			return 0, 0, err
		}
		var want int64
		company := strings.Split(c.user.path, "/")[4]
		// Only what this bench wrote itself is put in.
		err = conn.QueryRow(ctx, fmt.Sprintf("SELECT count(*) FROM dialog_head WHERE company_id = %s AND %s", company, c.count)).Scan(&want)
		if err != nil {
			return 0, 0, err
		}
		lost += max(0, want-seen)
		doubled += twice + max(0, seen-want)
	}
	return lost, doubled, nil
}

// pages turns all pages of a list and counts its lines, and those that came twice.
func pages(ctx context.Context, address string, u *panelUser, query string) (lines, twice int64, err error) {
	b := &browser{http: &http.Client{Transport: cookie(u.cookie)}, address: address}
	known := map[string]bool{}
	cursor := ""
	for {
		var page struct {
			Items []struct {
				DialogID string `json:"dialog_id"`
			} `json:"items"`
			NextCursor *string `json:"next_cursor"`
		}
		if err := b.do(ctx, http.MethodGet, u.path+"?limit=100&"+query+cursor, nil, &page); err != nil {
			return 0, 0, err
		}
		for _, item := range page.Items {
			if known[item.DialogID] {
				twice++
			}
			known[item.DialogID] = true
		}
		if page.NextCursor == nil {
			return int64(len(known)), twice, nil
		}
		cursor = "&cursor=" + *page.NextCursor
	}
}

// cookie is a transport that shows a sign-in.
type cookie string

func (c cookie) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Cookie", string(c))
	return http.DefaultTransport.RoundTrip(r)
}
