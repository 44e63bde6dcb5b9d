package db_test

import (
	"context"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
)

// door stands before a Postgres and can be shut.
type door struct {
	mu    sync.Mutex
	shut  bool
	conns []net.Conn
}

// doorBefore listens on a port of its own and returns the database's URL through it.
func doorBefore(t *testing.T, database string) (*door, string) {
	t.Helper()
	config, err := pgx.ParseConfig(database)
	require.NoError(t, err)
	network, address := "tcp", net.JoinHostPort(config.Host, "5432")
	if strings.HasPrefix(config.Host, "/") {
		network, address = "unix", config.Host+"/.s.PGSQL.5432"
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	d := &door{}
	go func() {
		for {
			in, err := listener.Accept()
			if err != nil {
				return
			}
			go d.pass(in, network, address)
		}
	}()
	through := url.URL{Scheme: "postgres", User: url.UserPassword(config.User, config.Password), Host: listener.Addr().String(), Path: "/" + config.Database, RawQuery: "sslmode=disable"}
	return d, through.String()
}

func (d *door) pass(in net.Conn, network, address string) {
	defer in.Close() //nolint:errcheck // a test's connection
	out, err := net.Dial(network, address)
	if err != nil {
		return
	}
	defer out.Close() //nolint:errcheck // as above
	d.mu.Lock()
	shut := d.shut
	d.conns = append(d.conns, in, out)
	d.mu.Unlock()
	if shut {
		return
	}
	go io.Copy(out, in) //nolint:errcheck // it ends with the connection
	_, _ = io.Copy(in, out)
}

func (d *door) set(shut bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shut = shut
	for _, c := range d.conns {
		_ = c.Close()
	}
	d.conns = nil
}

func TestWatchTellsOfAnOutageAndOfItsEnd(t *testing.T) {
	t.Parallel()
	door, url := doorBefore(t, dbtest.NewURL(t))
	d, err := db.Open(t.Context(), url, db.Options{})
	require.NoError(t, err)
	t.Cleanup(d.Close)
	ctx, stop := context.WithCancel(t.Context())
	told, ended := make(chan bool, 10), make(chan struct{})
	go func() { d.Watch(ctx, func(answers bool) { told <- answers }); close(ended) }()
	heard := func() bool {
		select {
		case answers := <-told:
			return answers
		case <-time.After(30 * time.Second):
			require.FailNow(t, "nothing was told")
			return false
		}
	}
	for range 2 {
		door.set(true)
		require.False(t, heard())
		require.True(t, db.Unavailable(d.Ping(ctx)))
		door.set(false)
		require.True(t, heard())
		require.NoError(t, d.Ping(ctx))
	}
	stop()
	<-ended
	require.Empty(t, told)
}

func TestConnectionThatEndsInTheMiddleIsAnOutage(t *testing.T) {
	t.Parallel()
	door, url := doorBefore(t, dbtest.NewURL(t))
	d, err := db.Open(t.Context(), url, db.Options{})
	require.NoError(t, err)
	t.Cleanup(d.Close)
	err = d.AsWorker(t.Context(), func(tx *db.Tx) error {
		door.set(true)
		_, err := tx.Exec(t.Context(), "SELECT 1")
		return err
	})
	require.Error(t, err)
	require.True(t, db.Unavailable(err), "%v", err)
	require.False(t, db.DiskFull(err))
}
