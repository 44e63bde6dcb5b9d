package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// Dialogs measures the operator panel's list over real HTTP, with signed-in browsers, the
// views, filters and pages that people use, and Postgres on the same machine.
type Dialogs struct {
	Dialogs     int           // of the largest company
	Companies   int           // in all; the others have a twentieth each
	Operators   int           // of each company
	Connections int           // kept alive, each asking again as soon as it has its answer
	Rate        int           // requests a second in the part that keeps to a rate
	Time        time.Duration // of each measured part
}

// ask is one kind of request. Its weight is its share of all.
type ask struct {
	name   string
	owner  bool // asked by who supervises
	query  string
	weight int
	pages  int // how many pages are turned, at most
}

// asks are the mix: mostly what an open panel asks by itself, then what people click.
var asks = []ask{
	{name: "mine", query: "view=mine", weight: 24},
	{name: "mine, waiting longest", query: "view=mine&order=waiting_longest", weight: 6},
	{name: "queue", query: "view=queue", weight: 8},
	{name: "unassigned", query: "view=unassigned&order=unanswered_oldest", weight: 4},
	{name: "all", query: "view=all", weight: 8, pages: 5},
	{name: "closed", query: "view=closed", weight: 6, pages: 5},
	{name: "all (supervisor)", owner: true, query: "view=all", weight: 10, pages: 20},
	{name: "all, waiting longest (supervisor)", owner: true, query: "view=all&order=waiting_longest", weight: 4, pages: 5},
	{name: "queue (supervisor)", owner: true, query: "view=queue", weight: 4},
	{name: "closed (supervisor)", owner: true, query: "view=closed", weight: 6, pages: 20},
	{name: "unanswered (supervisor)", owner: true, query: "view=all&unanswered=true", weight: 3, pages: 3},
	{name: "chat (supervisor)", owner: true, query: "view=all&chat={chat}", weight: 4, pages: 5},
	{name: "group (supervisor)", owner: true, query: "view=closed&group={group}", weight: 3, pages: 5},
	{name: "operator (supervisor)", owner: true, query: "view=all&operator={operator}", weight: 4, pages: 5},
	{name: "frequent tag (supervisor)", owner: true, query: "view=all&tag=lead", weight: 2, pages: 3},
	{name: "tag (supervisor)", owner: true, query: "view=all&tag=vip", weight: 2, pages: 3},
	{name: "rare tag (supervisor)", owner: true, query: "view=closed&tag=rare", weight: 1},
	{name: "period (supervisor)", owner: true, query: "view=all&from={from}&to={to}", weight: 1, pages: 3},
}

// searches are measured apart: they are looked for, not scrolled.
var searches = []ask{
	{name: "rare word", owner: true, query: "q=жирафик", weight: 1},
	{name: "number", owner: true, query: "q=%23{number}", weight: 1},
	{name: "frequent words", owner: true, query: "q=деньги+дважды", weight: 1},
	{name: "beginning of a frequent word", owner: true, query: "q=зака", weight: 1},
	{name: "a client's name", owner: true, query: "q=анна+{number}", weight: 1},
	{name: "frequent words, of an operator", query: "q=счёт", weight: 1},
}

// panelUser is a signed-in browser with what it can ask about.
type panelUser struct {
	owner     bool
	cookie    string
	path      string
	chats     []string
	groups    []string
	operators []int64
	dialogs   int
}

// sample is one answered request.
type sample struct {
	name string
	took time.Duration
}

// Run fills a database of its own, starts a server and measures.
func (d Dialogs) Run(ctx context.Context, progress func(string, ...any)) (Result, error) {
	s, err := newStand(ctx)
	if err != nil {
		return Result{}, err
	}
	defer s.close()
	firms, err := s.prepare(ctx, d.Companies, d.Operators)
	if err != nil {
		return Result{}, fmt.Errorf("prepare: %w", err)
	}
	sizes := make([]size, len(firms))
	for i := range sizes {
		sizes[i] = size{d.Dialogs / 20, false}
	}
	sizes[0] = size{d.Dialogs, true}
	began := time.Now()
	if err := s.fill(ctx, firms, sizes, progress); err != nil {
		return Result{}, err
	}
	filling := time.Since(began)
	if err := s.serve(ctx); err != nil {
		return Result{}, err
	}
	users, err := d.signIn(ctx, s, firms, sizes)
	if err != nil {
		return Result{}, fmt.Errorf("sign in: %w", err)
	}
	r := Result{Name: "dialogs", Metric: "pages of the operator panel's dialog list over " + fmt.Sprint(d.Dialogs) + " dialogs", Unit: "1/s"}
	r.Notes = map[string]any{
		"dialogs": d.Dialogs, "companies": d.Companies, "operators_per_company": d.Operators, "connections": d.Connections, "filling_s": filling.Seconds(),
	}
	if r.Lost, r.Duplicated, err = d.walk(ctx, s, users); err != nil {
		return r, fmt.Errorf("walk: %w", err)
	}
	return d.measure(ctx, s, users, r, progress)
}

func (d Dialogs) measure(ctx context.Context, s *stand, users []*panelUser, r Result, progress func(string, ...any)) (Result, error) {
	l := newLister(s.address, users, d.Connections)
	progress("warming up")
	if _, err := l.closed(ctx, asks, d.Connections, d.Time/4); err != nil {
		return r, err
	}
	progress("%d connections for %s", d.Connections, d.Time)
	serverBefore, postgresBefore := s.usage()
	loadBefore, start := OwnCPU(), time.Now()
	samples, err := l.closed(ctx, asks, d.Connections, d.Time)
	if err != nil {
		return r, err
	}
	took := time.Since(start)
	server, postgres := s.usage()
	r.Value = float64(len(samples)) / took.Seconds()
	r.P50, r.P99 = percentiles(samples)
	r.CPUSeconds, r.RSS = (server.CPU - serverBefore.CPU).Seconds(), server.RSS
	r.Notes["seconds"] = took.Seconds()
	r.Notes["postgres_cpu_s"], r.Notes["postgres_rss_mb"] = (postgres.CPU - postgresBefore.CPU).Seconds(), postgres.RSS
	r.Notes["load_cpu_s"] = (OwnCPU() - loadBefore).Seconds()
	r.Notes["p99_ms_by_kind"] = byKind(samples)

	progress("%d requests a second for %s", d.Rate, d.Time)
	steady, err := l.open(ctx, asks, d.Rate, d.Time)
	if err != nil {
		return r, err
	}
	p50, p99 := percentiles(steady)
	r.Notes["at_rate"] = map[string]any{"offered_per_s": d.Rate, "answered": len(steady), "p50_ms": p50, "p99_ms": p99}

	progress("searching")
	found, err := l.closed(ctx, searches, 1, d.Time/2)
	if err != nil {
		return r, err
	}
	p50, p99 = percentiles(found)
	r.Notes["search"] = map[string]any{"requests": len(found), "p50_ms": p50, "p99_ms": p99, "p99_ms_by_kind": byKind(found)}
	return r, nil
}

func percentiles(samples []sample) (p50, p99 float64) {
	took := make([]time.Duration, len(samples))
	for i, s := range samples {
		took[i] = s.took
	}
	return Percentile(took, 50), Percentile(took, 99)
}

func byKind(samples []sample) map[string]float64 {
	kinds := map[string][]time.Duration{}
	for _, s := range samples {
		kinds[s.name] = append(kinds[s.name], s.took)
	}
	out := map[string]float64{}
	for name, took := range kinds {
		out[name] = Percentile(took, 99)
	}
	return out
}

// signIn opens a browser for each operator of the largest company, a few of the others, and
// the owners.
func (d Dialogs) signIn(ctx context.Context, s *stand, firms []*firmUnderLoad, sizes []size) ([]*panelUser, error) {
	conn, err := pgx.Connect(ctx, s.url)
	if err != nil {
		return nil, err
	}
	defer conn.Close(ctx) //nolint:errcheck // only read
	var users []*panelUser
	for i, f := range firms {
		u := panelUser{path: fmt.Sprintf("/api/v1/companies/%d/dialogs", f.id), dialogs: sizes[i].dialogs}
		err := conn.QueryRow(ctx, `SELECT (SELECT array_agg(id::text) FROM chat WHERE company_id = $1 AND number > 100),
			(SELECT array_agg(id::text) FROM operator_group WHERE company_id = $1 AND name LIKE 'Group %'),
			(SELECT array_agg(DISTINCT user_id) FROM group_member WHERE company_id = $1)`, f.id).Scan(&u.chats, &u.groups, &u.operators)
		if err != nil {
			return nil, err
		}
		logins := append([]string{fmt.Sprintf("user0@company%d.example", i)}, f.logins...)
		if i > 0 {
			logins = logins[:min(3, len(logins))]
		}
		for n, login := range logins {
			b := newBrowser(s.address)
			if err := b.signIn(ctx, login, benchPassword); err != nil {
				return nil, err
			}
			one := u
			one.owner, one.cookie = n == 0, b.cookies().Get("Cookie")
			users = append(users, &one)
		}
	}
	return users, nil
}

// lister asks for pages over connections that it keeps.
type lister struct {
	address          string
	owners, everyone []*panelUser
	http             *http.Client
}

func newLister(address string, users []*panelUser, connections int) *lister {
	l := &lister{address: address, http: &http.Client{
		Transport: &http.Transport{MaxIdleConns: 0, MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections, DisableCompression: true},
		Timeout:   30 * time.Second,
	}}
	for _, u := range users {
		if u.owner {
			l.owners = append(l.owners, u)
		} else {
			l.everyone = append(l.everyone, u)
		}
	}
	return l
}

// visit is one user at one kind of list, on some page of it.
type visit struct {
	ask
	user   *panelUser
	query  string
	cursor string
	left   int
}

// choose begins at a list. Three of four requests go to the largest company.
func (l *lister) choose(r *rand.Rand, kinds []ask) *visit {
	total := 0
	for _, a := range kinds {
		total += a.weight
	}
	n := r.IntN(total)
	i := 0
	for n >= kinds[i].weight {
		n -= kinds[i].weight
		i++
	}
	users := l.everyone
	if kinds[i].owner {
		users = l.owners
	}
	u := users[r.IntN(len(users))]
	for range 2 {
		if u.dialogs < users[0].dialogs {
			u = users[r.IntN(len(users))]
		}
	}
	if len(kinds) == len(searches) {
		u = users[0] // only the largest company has words
	}
	v := &visit{ask: kinds[i], user: u, left: kinds[i].pages}
	from := time.Now().AddDate(0, 0, -r.IntN(300))
	v.query = fill(kinds[i].query, map[string]string{
		"chat": u.chats[r.IntN(len(u.chats))], "group": u.groups[r.IntN(len(u.groups))], "operator": fmt.Sprint(u.operators[r.IntN(len(u.operators))]),
		"from": from.UTC().Format(time.RFC3339), "to": from.AddDate(0, 0, 7).UTC().Format(time.RFC3339), "number": fmt.Sprint(1 + 3*r.IntN(u.dialogs/3)),
	})
	return v
}

func fill(query string, values map[string]string) string {
	for name, value := range values {
		query = string(bytes.ReplaceAll([]byte(query), []byte("{"+name+"}"), []byte(url.QueryEscape(value))))
	}
	return query
}

var nextCursor = []byte(`"next_cursor":"`)

// turn asks for the visit's page and makes it one of the next.
func (l *lister) turn(ctx context.Context, v *visit) (time.Duration, error) {
	target := l.address + v.user.path + "?" + v.query
	if v.cursor != "" {
		target += "&cursor=" + v.cursor
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Cookie", v.user.cookie)
	began := time.Now()
	answer, err := l.http.Do(r)
	if err != nil {
		return 0, err
	}
	body, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	took := time.Since(began)
	if err != nil {
		return 0, err
	}
	if answer.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("%s: %d %.200s", v.name, answer.StatusCode, body)
	}
	v.cursor = ""
	if _, rest, ok := bytes.Cut(body, nextCursor); ok {
		cursor, _, _ := bytes.Cut(rest, []byte(`"`))
		v.cursor = string(cursor)
	}
	v.left--
	return took, nil
}

// closed lets each connection ask again as soon as it has its answer.
func (l *lister) closed(ctx context.Context, kinds []ask, connections int, during time.Duration) ([]sample, error) {
	until := time.Now().Add(during)
	all := make([][]sample, connections)
	errs := make([]error, connections)
	var running sync.WaitGroup
	for c := range connections {
		running.Go(func() {
			r := rand.New(rand.NewPCG(uint64(c), 7))
			for time.Now().Before(until) && ctx.Err() == nil {
				v := l.choose(r, kinds)
				for {
					took, err := l.turn(ctx, v)
					if err != nil {
						errs[c] = err
						return
					}
					all[c] = append(all[c], sample{v.name, took})
					if v.left <= 0 || v.cursor == "" || !time.Now().Before(until) {
						break
					}
				}
			}
		})
	}
	running.Wait()
	return slices.Concat(all...), errors.Join(errs...)
}

// open begins requests at a rate, whether the ones before have their answers or not, and
// counts the wait for a free connection.
func (l *lister) open(ctx context.Context, kinds []ask, rate int, during time.Duration) ([]sample, error) {
	total := int(during.Seconds() * float64(rate))
	took := make([]sample, total)
	errs := make([]error, total)
	r := rand.New(rand.NewPCG(1, 7))
	began := time.Now()
	var running sync.WaitGroup
	for n := range total {
		due := began.Add(time.Duration(n) * time.Second / time.Duration(rate))
		v := l.choose(r, kinds)
		time.Sleep(time.Until(due))
		running.Go(func() {
			_, errs[n] = l.turn(ctx, v)
			took[n] = sample{v.name, time.Since(due)}
		})
	}
	running.Wait()
	return took, errors.Join(errs...)
}
