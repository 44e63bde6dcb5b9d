package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"
)

// Chat measures messages from visitors' sockets to operators' screens: stored,
// metered, priced and charged on the way.
type Chat struct {
	Widgets   int           // connected at once
	Companies int           // that share them
	Operators int           // per company
	Rate      int           // messages a second
	Time      time.Duration // of the measured part
}

const (
	connectAtOnce = 32
	settleWithin  = 30 * time.Second
)

// load is a running chat bench.
type load struct {
	Chat
	*stand
	firms     []*firmUnderLoad
	widgets   []*socket
	began     []atomic.Int64 // when message n was due, in ns
	seen      []atomic.Int64 // when an operator's socket heard it
	acked     atomic.Int64
	failed    atomic.Int64
	doubled   atomic.Int64
	lastError atomic.Pointer[error]
}

// Run starts a server of its own and measures.
func (c Chat) Run(ctx context.Context, progress func(string, ...any)) (Result, error) {
	s, err := newStand(ctx)
	if err != nil {
		return Result{}, err
	}
	defer s.close()
	l := &load{Chat: c, stand: s}
	if err := l.ready(ctx); err != nil {
		return Result{}, err
	}
	before, _ := s.usage()
	progress("connecting %d widgets", c.Widgets)
	if err := l.connect(ctx); err != nil {
		return Result{}, fmt.Errorf("widgets: %w", err)
	}
	after, _ := s.usage()

	total := c.Rate * int(c.Time.Seconds())
	warm := c.Widgets // each widget's first message makes its dialog
	l.began, l.seen = make([]atomic.Int64, warm+total), make([]atomic.Int64, warm+total)
	progress("first message of each widget")
	start := time.Now()
	if err := l.greet(ctx); err != nil {
		return Result{}, fmt.Errorf("first messages: %w", err)
	}
	first := float64(warm) / time.Since(start).Seconds()
	l.waitSeen(0, warm)

	progress("%d messages a second for %s", c.Rate, c.Time)
	r, err := l.measure(ctx, warm, warm+total)
	if err != nil {
		return r, err
	}
	r.Notes["first_messages_per_s"] = first
	r.Notes["kb_per_socket"] = (after.RSS - before.RSS) * 1024 / float64(c.Widgets)
	if e := l.lastError.Load(); e != nil {
		r.Notes["last_error"] = (*e).Error()
	}
	r.Lost, r.Duplicated, err = l.account(ctx, r.Notes)
	return r, err
}

// ready prepares companies, starts the server and puts operators to work.
func (l *load) ready(ctx context.Context) (err error) {
	if l.firms, err = l.prepare(ctx, l.Companies, l.Operators); err != nil {
		return fmt.Errorf("prepare: %w", err)
	}
	if err := l.serve(ctx); err != nil {
		return err
	}
	if err := l.staff(ctx); err != nil {
		return fmt.Errorf("operators: %w", err)
	}
	return nil
}

// measure sends messages from..to and reports what came of them.
func (l *load) measure(ctx context.Context, from, to int) (Result, error) {
	serverBefore, postgresBefore := l.usage()
	loadBefore, start := OwnCPU(), time.Now()
	l.send(ctx, from, to)
	took := time.Since(start)
	l.waitSeen(from, to)
	serverAfter, postgresAfter := l.usage()

	r := Result{Name: "chat", Metric: "messages stored, metered, priced and delivered to the operator's screen", Unit: "1/s"}
	var late []time.Duration
	for n := from; n < to; n++ {
		if at := l.seen[n].Load(); at > 0 {
			late = append(late, time.Duration(at-l.began[n].Load()))
		}
	}
	r.Value = float64(len(late)) / took.Seconds()
	r.P50, r.P99 = Percentile(late, 50), Percentile(late, 99)
	r.CPUSeconds = (serverAfter.CPU - serverBefore.CPU).Seconds()
	r.RSS = serverAfter.RSS
	fsync50, fsync99, err := Fsync(l.folder)
	r.Notes = map[string]any{
		"widgets": l.Widgets, "companies": l.Companies, "operators_per_company": l.Operators, "offered_per_s": l.Rate,
		"seconds": took.Seconds(), "unseen_by_operators": to - from - len(late), "refused": l.failed.Load(),
		"postgres_cpu_s": (postgresAfter.CPU - postgresBefore.CPU).Seconds(), "postgres_rss_mb": postgresAfter.RSS,
		"load_cpu_s": (OwnCPU() - loadBefore).Seconds(), "fsync_p50_ms": fsync50, "fsync_p99_ms": fsync99,
	}
	return r, err
}

// staff signs the operators in, puts them online and opens their sockets.
func (l *load) staff(ctx context.Context) error {
	for _, f := range l.firms {
		for _, login := range f.logins {
			b := newBrowser(l.address)
			if err := b.signIn(ctx, login, benchPassword); err != nil {
				return err
			}
			path := fmt.Sprintf("/api/v1/companies/%d/operator-state", f.id)
			if err := b.do(ctx, http.MethodPut, path, map[string]any{"state": "online"}, nil); err != nil {
				return err
			}
			s, err := dial(ctx, l.address+"/realtime/websocket", b.cookies(), map[string]any{"data": map[string]any{"company": f.id}}, l.onScreen)
			if err != nil {
				return err
			}
			f.screens = append(f.screens, s)
		}
	}
	return nil
}

// onScreen notes when an operator's socket hears of a message.
func (l *load) onScreen(push []byte) {
	if !bytes.Contains(push, []byte(`"type":"message"`)) {
		return
	}
	if n := marked(push); n >= 0 && n < len(l.seen) {
		if !l.seen[n].CompareAndSwap(0, time.Now().UnixNano()) {
			l.doubled.Add(1)
		}
	}
}

func (l *load) connect(ctx context.Context) error {
	l.widgets = make([]*socket, l.Widgets)
	var group errgroup.Group
	group.SetLimit(connectAtOnce)
	for i := range l.widgets {
		group.Go(func() (err error) {
			l.widgets[i], err = l.visit(ctx, l.firms[i%len(l.firms)])
			return err
		})
	}
	return group.Wait()
}

// visit opens the widget as a new visitor.
func (l *load) visit(ctx context.Context, f *firmUnderLoad) (*socket, error) {
	var visit struct {
		ConnectionToken string `json:"connection_token"`
	}
	b := &browser{visitors, l.address}
	in := map[string]any{"key": f.key, "page": map[string]any{"url": "https://shop.example/", "title": "Shop"}, "referrer": "", "language": "en", "time_zone": "Europe/Moscow"}
	if err := b.do(ctx, http.MethodPost, "/widget/v1/visit", in, &visit); err != nil {
		return nil, err
	}
	return dial(ctx, l.address+"/widget/realtime/websocket", nil, map[string]any{"token": visit.ConnectionToken}, nil)
}

// greet sends the first message of each widget, which makes its dialog, as fast
// as some of them waiting for each other can.
func (l *load) greet(ctx context.Context) error {
	var group errgroup.Group
	group.SetLimit(connectAtOnce)
	for n := range l.widgets {
		group.Go(func() error {
			l.began[n].Store(time.Now().UnixNano())
			return l.one(ctx, n)
		})
	}
	return group.Wait()
}

var visitors = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connectAtOnce}, Timeout: 30 * time.Second}

// send offers messages from..to at the rate, each at its own instant whether
// or not earlier ones were answered, so that a slow server shows.
func (l *load) send(ctx context.Context, from, to int) {
	start := time.Now()
	var answers sync.WaitGroup
	for n := from; n < to; n++ {
		due := start.Add(time.Duration(n-from) * time.Second / time.Duration(l.Rate))
		if wait := time.Until(due); wait > time.Millisecond {
			time.Sleep(wait)
		}
		l.began[n].Store(due.UnixNano())
		answers.Add(1)
		go func() {
			defer answers.Done()
			_ = l.one(ctx, n) // counted
		}()
	}
	answers.Wait()
}

func (l *load) one(ctx context.Context, n int) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	err := l.widgets[n%len(l.widgets)].call(ctx, "send", map[string]any{
		"key": uuid.NewString(), "text": "Where is my order " + marker(n) + "? It was to come yesterday.", "attachments": []string{},
		"page": map[string]any{"url": "https://shop.example/orders", "title": "Orders"},
	})
	if err != nil {
		l.failed.Add(1)
		l.lastError.Store(&err)
		return err
	}
	l.acked.Add(1)
	return nil
}

// waitSeen gives the last hints time to arrive.
func (l *load) waitSeen(from, to int) {
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		missing := 0
		for n := from; n < to; n++ {
			if l.seen[n].Load() == 0 {
				missing++
			}
		}
		if missing == 0 {
			return
		}
	}
}

// account compares what was acknowledged with what is stored and charged.
func (l *load) account(ctx context.Context, notes map[string]any) (lost, doubled int64, err error) {
	stored, distinct, err := l.stored(ctx)
	if err != nil {
		return 0, 0, err
	}
	differences, err := l.audit(ctx)
	if err != nil {
		return 0, 0, err
	}
	notes["acknowledged"], notes["stored"], notes["audit_differences"] = l.acked.Load(), stored, differences
	if differences > 0 {
		err = errors.New("parley audit finds differences")
	}
	return max(0, l.acked.Load()-distinct), stored - distinct, err
}
