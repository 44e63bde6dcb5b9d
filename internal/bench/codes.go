package bench

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"parley/internal/account"
	"parley/internal/channel"
	"parley/internal/notify"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/jobs"
	"parley/internal/platform/secret"
	"parley/internal/provider/smpp"
	"parley/internal/provider/smppfake"
)

// Codes measures codes by SMS in two steps: asking for them, one transaction
// each with all its caps, and then sending the backlog over SMPP to a fake SMSC
// in the same process, to the receipt of each.
type Codes struct {
	Codes  int
	Askers int // who ask at once
}

// Run measures on a Postgres of its own.
func (b Codes) Run(ctx context.Context, progress func(string, ...any)) (Result, error) {
	s, err := newStand(ctx)
	if err != nil {
		return Result{}, err
	}
	defer s.close()
	d, err := db.Open(ctx, s.url, db.Options{AppConns: 2, WorkerConns: int32(b.Askers) + 12, SearchConns: 1})
	if err != nil {
		return Result{}, err
	}
	defer d.Close()
	smsc, err := smppfake.Listen("127.0.0.1:0")
	if err != nil {
		return Result{}, err
	}
	defer smsc.Close() //nolint:errcheck // it held nothing
	service, err := codeService(d, smsc.Address())
	if err != nil {
		return Result{}, err
	}
	progress("%d codes, %d askers", b.Codes, b.Askers)
	began := time.Now()
	if err := b.ask(ctx, d, service); err != nil {
		return Result{}, err
	}
	asked := time.Since(began)
	progress("asked for; sending")
	running, stop := context.WithCancel(ctx)
	defer stop()
	began = time.Now()
	go service.Run(running)
	left, err := b.await(ctx, d)
	if err != nil {
		return Result{}, err
	}
	return Result{
		Name: "codes", Metric: "codes by SMS sent from a backlog by SMPP, each confirmed by a receipt", Unit: "codes/s",
		Value: float64(b.Codes) / time.Since(began).Seconds(), Lost: left, Duplicated: int64(smsc.Count() - b.Codes),
		Notes: map[string]any{"asked_per_s": float64(b.Codes) / asked.Seconds(), "codes": b.Codes, "askers": b.Askers, "window": window, "fake_smsc": "same process"},
	}, nil
}

const window = 200

func codeService(d *db.DB, smsc string) (*notify.Service, error) {
	keys, err := secret.New(secret.NewKey(1))
	if err != nil {
		return nil, err
	}
	quiet := slog.New(slog.DiscardHandler)
	queue, err := jobs.New(d, jobs.Options{Log: quiet})
	if err != nil {
		return nil, err
	}
	const many = 1 << 30
	return notify.New(notify.Deps{
		DB: d, Clock: clock.Real{}, Accounts: account.New(d, clock.Real{}, account.Options{}), Queue: queue,
	}, notify.Options{
		Platform: "Parley", Address: "http://localhost", Secrets: keys, Log: quiet,
		SMS:      notify.SMSRoute{URL: fmt.Sprintf("smpp://bench:bench@%s?window=%d", smsc, window), Sender: "Parley"},
		Caps:     notify.Caps{PerNumber: 5, PerOrigin: many, PerPrefix: many, PerDay: many},
		OpenMail: func(string) (notify.Mailer, error) { return nil, errors.New("no letters here") },
		OpenSMS: func(url string) (channel.Adapter, string, error) {
			settings, err := smpp.Parse(url)
			return smpp.New(settings, smpp.Options{Log: quiet}), settings.Name(), err
		},
	})
}

// ask asks for all codes, each for a number of its own.
func (b Codes) ask(ctx context.Context, d *db.DB, s *notify.Service) error {
	var next atomic.Int64
	var group sync.WaitGroup
	failed := make(chan error, b.Askers)
	for asker := range b.Askers {
		group.Go(func() {
			for n := next.Add(1); n <= int64(b.Codes); n = next.Add(1) {
				err := d.AsWorker(ctx, func(tx *db.Tx) error {
					return s.SMSCodeTx(ctx, tx, account.SMSCode{
						Fact: uuid.New(), Phone: fmt.Sprintf("+79%09d", n), Code: "123456", Language: "ru",
						IP: fmt.Sprintf("10.0.%d.%d", asker, n%250), ExpiresAt: time.Now().Add(10 * time.Minute),
					})
				})
				if err != nil {
					failed <- err
					return
				}
			}
		})
	}
	group.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

const confirmWithin = time.Minute

// await waits until all codes are delivered and returns how many are not after
// a minute.
func (b Codes) await(ctx context.Context, d *db.DB) (left int64, err error) {
	for deadline := time.Now().Add(confirmWithin); ; {
		err = d.Worker().QueryRow(ctx, "SELECT $1 - count(*) FROM sms_code WHERE state = 'delivered'", b.Codes).Scan(&left)
		if err != nil || left == 0 || time.Now().After(deadline) {
			return left, err
		}
		select {
		case <-ctx.Done():
			return left, ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}
