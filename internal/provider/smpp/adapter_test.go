package smpp_test

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/provider/smpp"
	"parley/internal/provider/smppfake"
)

var message = channel.Message{To: "+79123456789", From: "Parley", Text: "Your code: 123456", Lifetime: 10 * time.Minute}

// quick are options for tests, in which nobody is far away.
var quick = smpp.Options{Answer: 5 * time.Second, Patience: 2 * time.Second, Again: 10 * time.Millisecond, Log: slog.New(slog.DiscardHandler)}

func listen(t *testing.T, address string) *smppfake.Server {
	t.Helper()
	s, err := smppfake.Listen(address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func adapter(t *testing.T, s *smppfake.Server, parameters string, o smpp.Options) *smpp.Adapter {
	t.Helper()
	settings, err := smpp.Parse("smpp://parley:secret@" + s.Address() + "?" + parameters)
	require.NoError(t, err)
	return smpp.New(settings, o)
}

// run runs an adapter and returns its receipts as they come.
func run(t *testing.T, a *smpp.Adapter) <-chan channel.Receipt {
	t.Helper()
	got := make(chan channel.Receipt, 1000)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		a.Run(ctx, func(_ context.Context, list []channel.Receipt) error {
			for _, r := range list {
				got <- r
			}
			return nil
		})
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
	return got
}

func TestContract(t *testing.T) {
	t.Parallel()
	for _, parameters := range []string{"", "receipt_ids=decimal"} {
		t.Run(parameters, func(t *testing.T) {
			t.Parallel()
			channeltest.Run(t, func(t *testing.T) channeltest.Network { return network(t, parameters) })
		})
	}
}

func network(t *testing.T, parameters string) channeltest.Network {
	s := listen(t, "127.0.0.1:0")
	good := smppfake.Knobs{Decimal: parameters != ""}
	s.Turn(good)
	turn := func(change func(k *smppfake.Knobs)) func() {
		return func() {
			k := good
			change(&k)
			s.Turn(k)
		}
	}
	o := quick
	o.Patience = 300 * time.Millisecond
	var back *smppfake.Server
	received := func() (texts []string) {
		servers := []*smppfake.Server{s}
		if back != nil {
			servers = append(servers, back)
		}
		for _, one := range servers {
			for _, m := range slices.Backward(one.List(smppfake.Filter{})) {
				texts = append(texts, m.Text)
			}
		}
		return texts
	}
	a := adapter(t, s, parameters, o)
	return channeltest.Network{
		Adapter: a, Message: message, Received: received,
		Behave:   turn(func(*smppfake.Knobs) {}),
		Refuse:   turn(func(k *smppfake.Knobs) { k.Status = 11 }),
		Throttle: turn(func(k *smppfake.Knobs) { k.Status = 88 }),
		Leave: func() {
			require.NoError(t, s.Close())
			require.Eventually(t, func() bool { up, _ := a.State(); return !up }, 10*time.Second, time.Millisecond)
		},
		Return:           func() { back = listen(t, s.Address()) },
		CutAfterHandOver: turn(func(k *smppfake.Knobs) { k.Cut = true }),
		Fail:             turn(func(k *smppfake.Knobs) { k.Receipt = "UNDELIV" }),
		RepeatReceipts:   turn(func(k *smppfake.Knobs) { k.Repeat = true }),
	}
}

func TestWireForms(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		parameters, from, text string
		sender, encoding       string
		parts                  int
	}{
		"GSM":                        {"", "Parley", "Code {1}", "Parley", "gsm", 1},
		"UCS-2":                      {"", "Parley", "Код 1", "Parley", "ucs2", 1},
		"Latin-1 where it is wanted": {"alphabet=latin1", "Parley", "Codé 1", "Parley", "latin1", 1},
		"what Latin-1 lacks":         {"alphabet=latin1", "Parley", "10 €", "Parley", "gsm", 1},
		"the route's own sender":     {"sender=Demo", "", "a", "Demo", "gsm", 1},
		"a number as sender":         {"", "+79990001122", "a", "79990001122", "gsm", 1},
		"a short number":             {"", "1234", "a", "1234", "gsm", 1},
		"160 of GSM":                 {"", "Parley", strings.Repeat("a", 160), "Parley", "gsm", 1},
		"several parts are joined":   {"", "Parley", strings.Repeat("€a", 200), "Parley", "gsm", 4},
		"several parts of Latin-1":   {"alphabet=latin1", "Parley", strings.Repeat("éa", 100), "Parley", "latin1", 2},
		"pairs of UTF-16 stay whole": {"", "Parley", strings.Repeat("ж", 66) + strings.Repeat("😀", 40), "Parley", "ucs2", 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := listen(t, "127.0.0.1:0")
			a := adapter(t, s, c.parameters, quick)
			receipts := run(t, a)
			sent, err := a.Send(t.Context(), channel.Message{To: "+79123456789", From: c.from, Text: c.text, Lifetime: 90 * time.Minute})
			require.NoError(t, err)
			require.Len(t, sent.IDs, c.parts)
			got := s.List(smppfake.Filter{To: "+7 912 345-67-89"})
			require.Len(t, got, 1)
			require.Equal(t, []any{c.sender, c.text, c.encoding, c.parts, 0}, []any{got[0].From, got[0].Text, got[0].Encoding, got[0].Parts, got[0].Missing})
			require.Equal(t, "000000013000000R", got[0].Validity)
			for range c.parts {
				require.Contains(t, sent.IDs, (<-receipts).ID)
			}
		})
	}
}

func TestRefusedBeforeTheWire(t *testing.T) {
	t.Parallel()
	s := listen(t, "127.0.0.1:0")
	a := adapter(t, s, "", quick)
	run(t, a)
	for name, c := range map[string]struct {
		message channel.Message
		reason  channel.Reason
	}{
		"no number":            {channel.Message{To: "anna", Text: "a"}, channel.InvalidRecipient},
		"nothing":              {channel.Message{To: "+79123456789"}, channel.ContentRefused},
		"too much":             {channel.Message{To: "+79123456789", Text: strings.Repeat("ж", 20_000)}, channel.ContentRefused},
		"a sender too long":    {channel.Message{To: "+79123456789", Text: "a", From: "Parley Limited"}, channel.SenderRefused},
		"a sender of Cyrillic": {channel.Message{To: "+79123456789", Text: "a", From: "Парли"}, channel.SenderRefused},
	} {
		_, err := a.Send(t.Context(), c.message)
		var e *channel.SendError
		require.ErrorAs(t, err, &e, name)
		require.Equal(t, c.reason, e.Reason, name)
		require.False(t, e.Retry, name)
	}
	require.Zero(t, s.Count())
}

// However many send at once, no more wait for an answer than the window has places.
func TestWindow(t *testing.T) {
	t.Parallel()
	s := listen(t, "127.0.0.1:0")
	s.Turn(smppfake.Knobs{Delay: 100})
	a := adapter(t, s, "window=3", quick)
	run(t, a)
	_, err := a.Send(t.Context(), message)
	require.NoError(t, err)
	var group sync.WaitGroup
	began := time.Now()
	for range 9 {
		group.Go(func() {
			_, err := a.Send(t.Context(), message)
			require.NoError(t, err)
		})
	}
	group.Wait()
	require.GreaterOrEqual(t, time.Since(began), 300*time.Millisecond, "nine through three places, 100 ms each")
	require.Equal(t, 10, s.Count())
}

func TestRate(t *testing.T) {
	t.Parallel()
	s := listen(t, "127.0.0.1:0")
	a := adapter(t, s, "rate=20&window=50", quick)
	run(t, a)
	began := time.Now()
	for range 12 { // two at once, then one each 50 ms
		_, err := a.Send(t.Context(), message)
		require.NoError(t, err)
	}
	require.GreaterOrEqual(t, time.Since(began), 450*time.Millisecond)
}

// A part that is refused for a while after the first was taken is waited for.
func TestLaterPartsAreNotLost(t *testing.T) {
	t.Parallel()
	s := listen(t, "127.0.0.1:0")
	a := adapter(t, s, "", quick)
	run(t, a)
	_, err := a.Send(t.Context(), message)
	require.NoError(t, err)
	long := message
	long.Text = strings.Repeat("a", 300)
	sent := make(chan error, 1)
	s.Turn(smppfake.Knobs{Delay: 50})
	go func() {
		_, err := a.Send(t.Context(), long)
		sent <- err
	}()
	require.Eventually(t, func() bool { return s.Count() == 2 }, 10*time.Second, time.Millisecond)
	s.Turn(smppfake.Knobs{Status: 8, Times: 1})
	require.NoError(t, <-sent)
	got := s.List(smppfake.Filter{})[0]
	require.Equal(t, long.Text, got.Text)
	require.Equal(t, 3, s.Count(), "no part twice")
}

func TestRefusedBind(t *testing.T) {
	t.Parallel()
	s := listen(t, "127.0.0.1:0")
	s.Turn(smppfake.Knobs{RefuseBind: true})
	var log bytes.Buffer
	o := quick
	o.Patience, o.Log = 200*time.Millisecond, slog.New(slog.NewTextHandler(&locked{w: &log}, nil))
	a := adapter(t, s, "", o)
	run(t, a)
	require.Eventually(t, func() bool { _, reason := a.State(); return reason != nil }, 10*time.Second, time.Millisecond)
	_, err := a.Send(t.Context(), message)
	var e *channel.SendError
	require.ErrorAs(t, err, &e)
	require.Equal(t, channel.BadCredentials, e.Reason)
	s.Turn(smppfake.Knobs{})
	require.Eventually(t, func() bool { up, _ := a.State(); return up }, 10*time.Second, time.Millisecond, "somebody corrected the password")
	_, err = a.Send(t.Context(), message)
	require.NoError(t, err)
}

// locked lets a test read a log while others write it.
type locked struct {
	mu sync.Mutex
	w  *bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

func TestCredentialsAreNotLogged(t *testing.T) {
	t.Parallel()
	s := listen(t, "127.0.0.1:0")
	w := &locked{w: &bytes.Buffer{}}
	o := quick
	o.Log = slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug}))
	a := adapter(t, s, "", o)
	run(t, a)
	_, err := a.Send(t.Context(), message)
	require.NoError(t, err)
	s.Drop()
	require.Eventually(t, func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return strings.Contains(w.w.String(), "away")
	}, 10*time.Second, time.Millisecond)
	w.mu.Lock()
	defer w.mu.Unlock()
	require.NotContains(t, w.w.String(), "secret")
	require.NotContains(t, w.w.String(), "123456")
	for _, bad := range []string{"smpp://parley:secret@", "smpp://parley:secret@host:x", "http://parley:secret@host", "smpp://parley:secret@host?window=0", "%smpp://parley:secret@host"} {
		_, err := smpp.Parse(bad)
		require.Error(t, err, bad)
		require.NotContains(t, err.Error(), "secret")
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	s, err := smpp.Parse("smpps://me:p%40ss@smsc.example.com?window=50&rate=100&sender=Parley&enquire=10s&alphabet=latin1&receipt_ids=hex&system_type=x")
	require.NoError(t, err)
	require.Equal(t, smpp.Settings{
		Address: "smsc.example.com:3550", TLS: true, SystemID: "me", Password: "p@ss", SystemType: "x", Sender: "Parley",
		Window: 50, Rate: 100, Enquire: 10 * time.Second, Latin1: true, ReceiptIDs: smpp.HexIDs,
	}, s)
	s, err = smpp.Parse("smpp://127.0.0.1")
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:2775", s.Address)
	for _, bad := range []string{"", "smpp://", "smpp://h?window=256", "smpp://h?rate=x", "smpp://h?enquire=1ms", "smpp://h?alphabet=ebcdic", "smpp://h?receipt_ids=x", "smpp://h?colour=red", "smpp://h?sender=Парли"} {
		_, err := smpp.Parse(bad)
		require.Error(t, err, bad)
	}
}

// A silent SMSC that keeps the connection open is noticed.
func TestSilenceIsNoticed(t *testing.T) {
	t.Parallel()
	s := listen(t, "127.0.0.1:0")
	o := quick
	o.Answer = 100 * time.Millisecond
	a := adapter(t, s, "enquire=1s", o)
	run(t, a)
	s.Turn(smppfake.Knobs{Delay: 60_000})
	_, err := a.Send(t.Context(), message)
	var e *channel.SendError
	require.ErrorAs(t, err, &e)
	require.Equal(t, channel.InDoubt, e.Reason)
	up, _ := a.State()
	require.True(t, up, "it answers enquiries, so the bind stays")
}
