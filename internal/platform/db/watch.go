package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	watchEvery = time.Second
	watchWait  = 5 * time.Second // a busy machine is no outage
	watchTries = 2               // in a row without an answer; one may be a restart of a moment
)

// Watch tells changed when the database has stopped answering, and again when
// it answers, until ctx ends. It asks over a connection of its own: pools that
// are full are no outage.
func (d *DB) Watch(ctx context.Context, changed func(answers bool)) {
	w := watcher{config: d.worker.Config().ConnConfig}
	defer w.drop()
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	answers, failures := true, 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := w.ask(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err == nil:
			failures = 0
		default:
			failures++
		}
		// One answer ends an outage, several silences begin one.
		if now := failures < watchTries; now != answers {
			answers = now
			changed(answers)
		}
	}
}

type watcher struct {
	config *pgx.ConnConfig
	conn   *pgx.Conn
}

func (w *watcher) ask(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, watchWait)
	defer cancel()
	var err error
	if w.conn == nil {
		if w.conn, err = pgx.ConnectConfig(ctx, w.config.Copy()); err != nil {
			w.conn = nil
			return err
		}
	}
	if err = w.conn.Ping(ctx); err != nil {
		w.drop()
	}
	return err
}

func (w *watcher) drop() {
	if w.conn != nil {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = w.conn.Close(ctx)
		w.conn = nil
	}
}
