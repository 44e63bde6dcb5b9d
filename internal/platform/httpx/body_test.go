package httpx

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/platform/fault"
)

// A body that drips is given up; one that comes at a phone's pace is not.
func TestSteadyBody(t *testing.T) {
	t.Parallel()
	var last time.Time
	b := &steadyBody{
		ReadCloser: io.NopCloser(bytes.NewReader(make([]byte, 10*bodyRate))), begun: time.Now(),
		deadline: func(at time.Time) error { last = at; return nil },
	}
	for i := range 10 {
		n, err := io.ReadFull(b, make([]byte, bodyRate))
		require.NoError(t, err)
		require.Equal(t, bodyRate, n)
		require.Equal(t, b.begun.Add(bodyPatience+time.Duration(i)*time.Second), last, "each second's worth earns a second")
	}
	_, err := b.Read(make([]byte, 1))
	require.ErrorIs(t, err, io.EOF)
	require.True(t, last.IsZero(), "the handler may go on")

	b.ReadCloser = io.NopCloser(errReader{os.ErrDeadlineExceeded})
	_, err = b.Read(make([]byte, 1))
	require.True(t, fault.Is(err, fault.Invalid), "%v", err)
	b.ReadCloser = io.NopCloser(errReader{errors.New("cable")})
	_, err = b.Read(make([]byte, 1))
	require.EqualError(t, err, "cable")
}

type nobody struct{}

var errNobody = fault.New(fault.Unauthenticated, "Sign in first.")

func (nobody) Authenticate(*http.Request) (access.Actor, error) { return access.Actor{}, errNobody }

func (nobody) InCompany(context.Context, access.Actor, int64) (access.Actor, error) {
	return access.Actor{}, errNobody
}

func (nobody) InPlatform(context.Context, access.Actor) (access.Actor, error) {
	return access.Actor{}, errNobody
}

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }

// Handlers that read for themselves get a watched body, through a real server.
func TestRawBodiesAreWatched(t *testing.T) {
	t.Parallel()
	api := New(nobody{}, nil)
	ended := make(chan error, 1)
	api.HandleRaw(Op{ID: "upload", Method: http.MethodPost, Path: "/api/v1/upload", Tag: "T", Permission: access.Public},
		func(_ http.ResponseWriter, r *http.Request, _ access.Actor) error {
			body, ok := r.Body.(*steadyBody)
			if !ok {
				ended <- errors.New("nobody watches")
				return nil
			}
			body.begun = body.begun.Add(-bodyPatience + 50*time.Millisecond) // nearly over
			_, err := io.ReadAll(body)
			ended <- err
			return err
		})
	server := httptest.NewServer(api.Mux())
	t.Cleanup(server.Close)
	c, err := net.Dial("tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	_, err = c.Write([]byte("POST /api/v1/upload HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\na"))
	require.NoError(t, err)
	select {
	case err := <-ended:
		require.True(t, fault.Is(err, fault.Invalid), "%v", err)
	case <-time.After(10 * time.Second):
		require.Fail(t, "it waits for ever")
	}
}
