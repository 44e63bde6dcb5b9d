package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"parley/internal/connection"
	"parley/internal/platform/db"
	"parley/internal/platform/id"
	"parley/internal/provider/smppfake"
)

// Texts measures a campaign from its start to the last message that was handed
// over, or, where the network tells, to the last receipt: through the running
// program to a fake network in this process.
type Texts struct {
	Channel  string // sms or email
	Messages int
	Kills    int // how often the server is killed meanwhile
}

// Run starts a server of its own.
func (b Texts) Run(ctx context.Context, progress func(string, ...any)) (Result, error) {
	st, err := newStand(ctx)
	if err != nil {
		return Result{}, err
	}
	defer st.close()
	firms, err := st.prepare(ctx, 1, 0)
	if err != nil {
		return Result{}, err
	}
	t := &texting{Texts: b, stand: st, firm: firms[0], got: map[string]int{}}
	if err := t.network(); err != nil {
		return Result{}, err
	}
	defer t.close()
	if t.d, err = db.Open(ctx, st.url, db.Options{AppConns: 1, WorkerConns: 2, SearchConns: 1}); err != nil {
		return Result{}, err
	}
	defer t.d.Close()
	if err := t.serve(ctx); err != nil {
		return Result{}, err
	}
	if err := t.prepareCompany(ctx); err != nil {
		return Result{}, err
	}
	progress("a campaign of %d messages to warm up", warmUp)
	if err := t.campaignTo(ctx, warmUp, 0); err != nil {
		return Result{}, err
	}
	if _, err := t.measure(ctx, 0, func(string, ...any) {}); err != nil {
		return Result{}, err
	}
	if err := t.analyze(ctx); err != nil {
		return Result{}, err
	}
	progress("a campaign of %d messages", b.Messages)
	t.forget()
	if err := t.campaignTo(ctx, b.Messages, warmUp); err != nil {
		return Result{}, err
	}
	return t.measure(ctx, b.Kills, progress)
}

// warmUp is how many messages are sent before those that are measured: a fresh
// database has not looked at its tables yet.
const warmUp = 2000

// texting is a running bench.
type texting struct {
	Texts
	*stand
	firm     *firmUnderLoad
	d        *db.DB
	gateway  string // its address
	wanted   int    // messages of the campaign that runs
	close    func()
	campaign uuid.UUID

	mu  sync.Mutex
	got map[string]int // messages at the network by recipient
}

func (t *texting) heard(to string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.got[to]++
}

func (t *texting) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.got = map[string]int{}
}

func (t *texting) network() error {
	if t.Channel == connection.SMS {
		smsc, err := smppfake.Listen("127.0.0.1:0")
		if err != nil {
			return err
		}
		smsc.Hear(t.heard)
		t.gateway, t.close = fmt.Sprintf("smpp://bench:bench@%s?window=255", smsc.Address()), func() { _ = smsc.Close() }
		return nil
	}
	s, err := newSink(t.heard)
	if err != nil {
		return err
	}
	t.gateway, t.close = "smtp+plain://"+s.address, s.close
	return nil
}

// fill makes a contact list, as an import would leave it.
func (t *texting) fill(ctx context.Context, contacts, after int) (uuid.UUID, error) {
	list := id.New(time.Now())
	return list, t.d.AsWorker(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO contact_list (company_id, id, number, name, columns, contacts, last_n, created_at)
VALUES ($1, $2, $4, 'List ' || $4::bigint, '{sum}', $3, $3, now())`, t.firm.id, list, contacts, after+1); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `WITH made AS (
    INSERT INTO contact (company_id, id, number, name, created_at)
    SELECT $1, gen_random_uuid(), 1000000 + $4::int + n, 'Client ' || n, now() FROM generate_series(1, $3::int) n
    RETURNING id, number - 1000000 - $4::int AS n
)
INSERT INTO contact_list_entry (company_id, list_id, n, contact_id, name, phone, email, variables)
SELECT $1, $2, n, id, 'Client ' || n, '+7912' || lpad(($4::int + n)::text, 7, '0'), 'client' || n || '@example.org', jsonb_build_object('sum', n::text)
FROM made`, t.firm.id, list, contacts, after)
		return err
	})
}

// prepareCompany adds the gateway through the API and says who the company is.
func (t *texting) prepareCompany(ctx context.Context) error {
	admin := newBrowser(t.address)
	if err := admin.signIn(ctx, "admin@bench.example", benchPassword); err != nil {
		return err
	}
	form := map[string]any{"channel": t.Channel, "name": "Bench", "url": t.gateway, "sender": map[string]string{"sms": "Parley", "email": "Parley <news@bench.example>"}[t.Channel]}
	if err := admin.do(ctx, http.MethodPost, "/api/v1/back-office/gateways", form, nil); err != nil {
		return err
	}
	const details = `{"country":"RU","kind":"entrepreneur","legal_name":"ИП Bench","inn":"500100732259","ogrn":"304500116000157",
		"tax_regime":"simplified","vat_rate":"none","postal_same":true,"bank":{"name":"Bank","bik":"044525225","account":"40802810900000000001",
		"correspondent_account":"30101810400000000225"},"legal_address":{"country":"RU","postal_code":"101000","city":"Москва","street":"1"}}`
	_, err := t.d.Worker().Exec(ctx, `INSERT INTO company_details (company_id, email, phone, requisites) VALUES ($1, 'a@b.example', '+79001234567', $2)`, t.firm.id, details)
	return err
}

// analyze does what autovacuum would have done within a minute.
func (t *texting) analyze(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, t.stand.url)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, "VACUUM ANALYZE")
	return err
}

// campaignTo makes a list and starts a campaign to it through the API.
func (t *texting) campaignTo(ctx context.Context, contacts, after int) error {
	t.wanted = contacts
	list, err := t.fill(ctx, contacts, after)
	if err != nil {
		return err
	}
	owner := newBrowser(t.address)
	if err := owner.signIn(ctx, "user0@company0.example", benchPassword); err != nil {
		return err
	}
	path := fmt.Sprintf("/api/v1/companies/%d/campaigns", t.firm.id)
	step := map[string]any{
		"channel": t.Channel, "sender": "", "subject": "News for {name}", "html": "<p>Hello, <b>{name|friend}</b>!</p><p>You have {sum} points.</p>",
		"text": "Hello, {name|friend}! You have {sum} points.",
	}
	var made struct {
		ID uuid.UUID `json:"id"`
	}
	form := map[string]any{"name": "Bench", "purpose": "service", "list": list, "steps": []any{step}}
	if err := owner.do(ctx, http.MethodPost, path, form, &made); err != nil {
		return err
	}
	t.campaign = made.ID
	return owner.do(ctx, http.MethodPost, path+"/"+made.ID.String()+"/orders", map[string]any{"order": "start"}, nil)
}

// standing is how far a campaign has come.
type standing struct {
	state                               string
	queued, sent, delivered, doubt, bad int64
}

func (t *texting) look(ctx context.Context) (s standing, err error) {
	err = t.d.Worker().QueryRow(ctx, `SELECT c.state,
    coalesce(sum(n.attempts) FILTER (WHERE n.state = 'queued'), 0)::bigint, coalesce(sum(n.attempts) FILTER (WHERE n.state = 'sent'), 0)::bigint,
    coalesce(sum(n.attempts) FILTER (WHERE n.state = 'delivered'), 0)::bigint, coalesce(sum(n.attempts) FILTER (WHERE n.state = 'in_doubt'), 0)::bigint,
    coalesce(sum(n.attempts) FILTER (WHERE n.state NOT IN ('queued', 'sent', 'delivered', 'in_doubt')), 0)::bigint
FROM campaign c LEFT JOIN campaign_count n ON n.company_id = c.company_id AND n.campaign_id = c.id
WHERE c.company_id = $1 AND c.id = $2
GROUP BY c.state`, t.firm.id, t.campaign).Scan(&s.state, &s.queued, &s.sent, &s.delivered, &s.doubt, &s.bad)
	return s, err
}

// done says whether nothing more will come.
func (t *texting) done(s standing) bool {
	return s.state == "finished" && s.queued == 0 && (t.Channel == connection.Email || s.sent == 0)
}

const stuck = 2 * time.Minute // without any progress

func (t *texting) measure(ctx context.Context, killed int, progress func(string, ...any)) (Result, error) {
	began, moved := time.Now(), time.Now()
	usedServer, usedPostgres := t.usage()
	kills, next := 0, time.Now().Add(time.Second)
	var last standing
	var peak float64
	for tick := 0; ; tick++ {
		now, err := t.look(ctx)
		if err != nil {
			return Result{}, err
		}
		if now != last {
			last, moved = now, time.Now()
		}
		if tick%100 == 0 {
			progress("%s: %d queued, %d sent, %d delivered, %d in doubt, %d failed", now.state, now.queued, now.sent, now.delivered, now.doubt, now.bad)
		}
		if t.done(now) {
			break
		}
		if time.Since(moved) > stuck {
			return Result{}, fmt.Errorf("stuck at %+v", now)
		}
		server, _ := t.usage()
		peak = max(peak, server.RSS)
		if kills < killed && time.Now().After(next) {
			kills++
			t.kill()
			if err := t.serve(ctx); err != nil {
				return Result{}, err
			}
			next = time.Now().Add(time.Second + rand.N(2*time.Second))
		}
		time.Sleep(50 * time.Millisecond)
	}
	took := time.Since(began)
	server, postgres := t.usage()
	if kills == 0 { // a killed process takes its account with it
		server.CPU -= usedServer.CPU
	}
	postgres.CPU -= usedPostgres.CPU
	r := Result{
		Value: float64(t.wanted) / took.Seconds(), CPUSeconds: (server.CPU + postgres.CPU).Seconds(), RSS: peak,
		Notes: map[string]any{
			"messages": t.wanted, "kills": kills, "in_doubt": last.doubt, "failed": last.bad,
			"cpu_server_s": server.CPU.Seconds(), "cpu_postgres_s": postgres.CPU.Seconds(), "network": "in the process that measures",
		},
	}
	return t.verdict(ctx, r, kills, last)
}

func (t *texting) verdict(ctx context.Context, r Result, kills int, last standing) (Result, error) {
	differences, err := t.audit(ctx)
	if err != nil {
		return Result{}, err
	}
	r.Name, r.Unit = t.Channel, "messages/s"
	r.Metric = "messages of a campaign, each with a record, priced, charged and followed"
	r.Lost, r.Duplicated = t.tally()
	r.Notes["audit_differences"] = differences
	// Who is in doubt was perhaps not reached; nobody else may miss a message,
	// and without kills nobody may get two.
	if r.Lost > last.doubt || kills == 0 && r.Duplicated > 0 || differences > 0 {
		return r, errors.New("messages were lost or doubled, or the books are wrong")
	}
	return r, nil
}

// tally counts recipients whom nothing has reached, and messages too many.
func (t *texting) tally() (lost, doubled int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, n := range t.got {
		doubled += int64(n - 1)
	}
	return int64(t.wanted - len(t.got)), doubled
}
