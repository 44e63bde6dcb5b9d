package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/smtp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/provider/smppfake"
	"parley/internal/provider/smtpfake"
)

type bundle struct {
	mail *smtpfake.Server
	sms  *smppfake.Server
	url  string
}

func setup(t *testing.T) bundle {
	t.Helper()
	mail, err := smtpfake.Listen("127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, mail.Close()) })
	sms, err := smppfake.Listen("127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, sms.Close()) })
	web := httptest.NewServer(handler(networks{mail, sms}))
	t.Cleanup(web.Close)
	return bundle{mail, sms, web.URL}
}

func (b bundle) send(to, subject, html string) error {
	text := "From: Parley <no-reply@parley.example>\r\nTo: " + to + "\r\nSubject: " + subject +
		"\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html + "\r\n"
	return smtp.SendMail(b.mail.Address(), nil, "no-reply@parley.example", []string{to}, []byte(text))
}

func (b bundle) do(t *testing.T, method, path, body string) (int, http.Header, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, b.url+path, strings.NewReader(body))
	require.NoError(t, err)
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer answer.Body.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return answer.StatusCode, answer.Header, string(text)
}

func TestLettersAreListedAwaitedAndCleared(t *testing.T) {
	t.Parallel()
	b := setup(t)
	waited := make(chan string, 1)
	go func() {
		_, _, text := b.do(t, "GET", "/api/smtp/letters/wait?to=anna&seconds=20", "")
		waited <- text
	}()
	require.NoError(t, b.send("boris@example.com", "First", "<p>1</p>"))
	require.NoError(t, b.send("anna@example.com", "=?utf-8?q?=D0=92=D1=82=D0=BE=D1=80=D0=BE=D0=B5?=", "<p>2</p>"))

	var letter smtpfake.Letter
	require.NoError(t, json.Unmarshal([]byte(<-waited), &letter))
	require.Equal(t, "Второе", letter.Subject)
	require.Equal(t, []string{"anna@example.com"}, letter.To)
	require.Equal(t, "<p>2</p>", strings.TrimSpace(letter.HTML))

	var list struct{ Items []smtpfake.Letter }
	_, _, text := b.do(t, "GET", "/api/smtp/letters", "")
	require.NoError(t, json.Unmarshal([]byte(text), &list))
	require.Len(t, list.Items, 2)
	require.Equal(t, "Второе", list.Items[0].Subject, "newest first")
	_, _, text = b.do(t, "GET", "/api/smtp/letters?subject=first&after="+time.Now().Add(time.Hour).UTC().Format(time.RFC3339), "")
	require.JSONEq(t, `{"items":[]}`, text)

	status, _, _ := b.do(t, "GET", "/api/smtp/letters/wait?to=nobody&seconds=0", "")
	require.Equal(t, 404, status)
	status, _, _ = b.do(t, "DELETE", "/api/smtp/letters", "")
	require.Equal(t, 204, status)
	require.Empty(t, b.mail.List(smtpfake.Filter{}))
}

func TestPageShowsLettersAndRunsNothingOfTheirs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, _, text := b.do(t, "GET", "/smtp", "")
	require.Contains(t, text, "No letters yet")

	require.NoError(t, b.send("anna@example.com", "<script>alert(1)</script>", "<script>alert(2)</script><b>hi</b>"))
	id := b.mail.List(smtpfake.Filter{})[0].ID
	status, headers, text := b.do(t, "GET", "/smtp/letters/"+id, "")
	require.Equal(t, 200, status)
	require.NotContains(t, text, "<script>alert")
	require.Contains(t, text, `<iframe sandbox`)
	require.Contains(t, headers.Get("Content-Security-Policy"), "script-src 'self'")

	_, headers, text = b.do(t, "GET", "/smtp/letters/"+id+"/html", "")
	require.Contains(t, text, "<b>hi</b>")
	require.True(t, strings.HasPrefix(headers.Get("Content-Security-Policy"), "sandbox; default-src 'none'"))
	_, headers, text = b.do(t, "GET", "/smtp/letters/"+id+"/raw", "")
	require.Contains(t, text, "Subject: <script>")
	require.Contains(t, headers.Get("Content-Type"), "text/plain")

	for _, path := range []string{"/smtp/letters/none", "/smtp/letters/none/html", "/smtp/letters/" + id + "/attachments/0", "/page/none.css"} {
		status, _, _ = b.do(t, "GET", path, "")
		require.Equal(t, 404, status, path)
	}
	for _, path := range []string{"/page/style.css", "/page/script.js"} {
		status, _, _ = b.do(t, "GET", path, "")
		require.Equal(t, 200, status, path)
	}
}

func TestKnobs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for body, status := range map[string]int{
		`{"refuse_code":451,"refuse_at":"rcpt","times":1}`: 200,
		`{"refuse_code":200}`:                              400,
		`{"refuse_at":"helo"}`:                             400,
		`{"delay_ms":-1}`:                                  400,
		`{"times":-1}`:                                     400,
		`{"hang":true}`:                                    400,
		`nothing`:                                          400,
	} {
		got, _, text := b.do(t, "PUT", "/api/smtp/knobs", body)
		require.Equal(t, status, got, "%s: %s", body, text)
	}
	require.ErrorContains(t, b.send("anna@example.com", "1", "x"), "451")
	require.NoError(t, b.send("anna@example.com", "2", "x"), "once only")

	_, _, _ = b.do(t, "PUT", "/api/smtp/knobs", `{"refuse_code":554}`)
	for range 3 {
		require.ErrorContains(t, b.send("anna@example.com", "3", "x"), "554")
	}
	status, _, _ := b.do(t, "POST", "/api/reset", "")
	require.Equal(t, 204, status)
	require.Empty(t, b.mail.List(smtpfake.Filter{}))
	require.NoError(t, b.send("anna@example.com", "4", "x"))
}

func TestHangKeepsTheLetterAndTellsNobody(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.mail.Turn(smtpfake.Knobs{Hang: true})
	sent := make(chan error, 1)
	go func() { sent <- b.send("anna@example.com", "in doubt", "x") }()
	_, ok := b.mail.Wait(t.Context(), smtpfake.Filter{Subject: "in doubt"})
	require.True(t, ok)
	require.Empty(t, sent)
	require.NoError(t, b.mail.Close())
	require.Error(t, <-sent)
}

func TestAnotherSiteCannotUseIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.url+"/api/reset", nil)
	require.NoError(t, err)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, 403, answer.StatusCode)
}
