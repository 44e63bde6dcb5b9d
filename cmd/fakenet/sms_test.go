package main

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/channel"
	"parley/internal/provider/smpp"
	"parley/internal/provider/smppfake"
)

func (b bundle) phone(t *testing.T) *smpp.Adapter {
	t.Helper()
	settings, err := smpp.Parse("smpp://parley:secret@" + b.sms.Address())
	require.NoError(t, err)
	a := smpp.New(settings, smpp.Options{Again: 10 * time.Millisecond})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		a.Run(ctx, func(context.Context, []channel.Receipt) error { return nil })
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
	return a
}

func TestShortMessagesAreListedAwaitedAndCleared(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.phone(t)
	waited := make(chan string, 1)
	go func() {
		_, _, text := b.do(t, "GET", "/api/sms/messages/wait?to=%2B7%20912&seconds=20", "")
		waited <- text
	}()
	_, err := a.Send(t.Context(), channel.Message{To: "+442079460958", From: "Parley", Text: "first"})
	require.NoError(t, err)
	long := strings.Repeat("Ваш код: 123456 😀 ", 10)
	_, err = a.Send(t.Context(), channel.Message{To: "+79123456789", From: "Parley", Text: long})
	require.NoError(t, err)

	var m smppfake.Message
	require.NoError(t, json.Unmarshal([]byte(<-waited), &m))
	require.Equal(t, long, m.Text)
	require.Equal(t, "79123456789", m.To)
	require.Greater(t, m.Parts, 1)

	var list struct{ Items []smppfake.Message }
	_, _, text := b.do(t, "GET", "/api/sms/messages", "")
	require.NoError(t, json.Unmarshal([]byte(text), &list))
	require.Len(t, list.Items, 2)
	require.Equal(t, long, list.Items[0].Text, "newest first")
	status, _, _ := b.do(t, "GET", "/api/sms/messages/wait?to=000&seconds=0", "")
	require.Equal(t, 404, status)
	status, _, _ = b.do(t, "GET", "/api/sms/messages?after=yesterday", "")
	require.Equal(t, 400, status)
	status, _, _ = b.do(t, "DELETE", "/api/sms/messages", "")
	require.Equal(t, 204, status)
	require.Empty(t, b.sms.List(smppfake.Filter{}))
}

func TestPageShowsShortMessagesInTwoLanguages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, _, text := b.do(t, "GET", "/sms?language=en", "")
	require.Contains(t, text, "No messages yet")
	_, headers, text := b.do(t, "GET", "/sms?language=ru", "")
	require.Contains(t, text, "Сообщений пока нет")
	require.Contains(t, headers.Get("Set-Cookie"), "language=ru")
	_, _, before := b.do(t, "GET", "/api/sms/messages/newest", "")

	_, err := b.phone(t).Send(t.Context(), channel.Message{To: "+79123456789", From: "Parley", Text: "<script>alert(1)</script>"})
	require.NoError(t, err)
	_, _, text = b.do(t, "GET", "/sms", "")
	require.Contains(t, text, "+79123456789")
	require.Contains(t, text, "&lt;script&gt;alert(1)")
	_, _, newest := b.do(t, "GET", "/api/sms/messages/newest", "")
	require.NotEqual(t, before, newest, "the page notices")
	_, _, text = b.do(t, "GET", "/smtp?language=ru", "")
	require.Contains(t, text, "Писем пока нет")
}

func TestTextsAreCompleteInBothLanguages(t *testing.T) {
	t.Parallel()
	require.Equal(t, len(texts["en"]), len(texts["ru"]))
	for key := range texts["en"] {
		require.NotEmpty(t, texts["ru"][key], key)
	}
	page, err := files.ReadFile("page/sms.html")
	require.NoError(t, err)
	mail, err := files.ReadFile("page/smtp.html")
	require.NoError(t, err)
	head, err := files.ReadFile("page/head.html")
	require.NoError(t, err)
	for _, piece := range strings.Split(string(page)+string(mail)+string(head), `.T "`)[1:] {
		key, _, _ := strings.Cut(piece, `"`)
		require.NotEmpty(t, texts["en"][key], key)
	}
}

func TestKnobsOfTheSMSC(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for body, status := range map[string]int{
		`{"refuse_status":11,"times":1}`: 200,
		`{"receipt":"LOST"}`:             400,
		`{"delay_ms":-1}`:                400,
		`{"hang":true}`:                  400,
	} {
		got, _, text := b.do(t, "PUT", "/api/sms/knobs", body)
		require.Equal(t, status, got, "%s: %s", body, text)
	}
	a := b.phone(t)
	_, err := a.Send(t.Context(), channel.Message{To: "+79123456789", Text: "1"})
	require.ErrorContains(t, err, "invalid_recipient")
	_, err = a.Send(t.Context(), channel.Message{To: "+79123456789", Text: "2"})
	require.NoError(t, err, "once only")
	status, _, _ := b.do(t, "POST", "/api/sms/drop", "")
	require.Equal(t, 204, status)
	require.Eventually(t, func() bool { return b.sms.Bound() == 1 }, 20*time.Second, 10*time.Millisecond, "it comes back")
	status, _, _ = b.do(t, "POST", "/api/reset", "")
	require.Equal(t, 204, status)
	require.Empty(t, b.sms.List(smppfake.Filter{}))
}
