package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/internal/provider/smppfake"
	"parley/internal/provider/smtpfake"
)

const longestWait = 60 * time.Second

var texts = func() map[string]map[string]string {
	data, err := files.ReadFile("page/texts.json")
	all := map[string]map[string]string{}
	if err == nil {
		err = json.Unmarshal(data, &all)
	}
	if err != nil {
		panic(err) // the file is in the program
	}
	return all
}()

// frame is what the pages of all networks show.
type frame struct {
	Language          string
	Network           string // whose page it is
	Address           string // where that network listens
	Newest            string // the newest item of that network
	Letters, Messages int
}

// T returns a text in the reader's language.
func (f frame) T(key string) string { return texts[f.Language][key] }

// frame reads the language from ?language=, else from what was chosen before, else from
// what the browser asks for.
func (n networks) frame(w http.ResponseWriter, r *http.Request, network string) frame {
	f := frame{
		Language: "en", Network: network, Address: n.mail.Address(), Newest: n.newestLetter(),
		Letters: len(n.mail.List(smtpfake.Filter{})), Messages: len(n.sms.List(smppfake.Filter{})),
	}
	if network == "sms" {
		f.Address, f.Newest = n.sms.Address(), n.newestMessage()
	}
	if strings.HasPrefix(strings.ToLower(r.Header.Get("Accept-Language")), "ru") {
		f.Language = "ru"
	}
	if c, err := r.Cookie("language"); err == nil && texts[c.Value] != nil {
		f.Language = c.Value
	}
	if chosen := r.FormValue("language"); texts[chosen] != nil {
		f.Language = chosen
		http.SetCookie(w, &http.Cookie{Name: "language", Value: chosen, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
	}
	return f
}

func (n networks) newestLetter() string {
	for _, l := range n.mail.List(smtpfake.Filter{}) {
		return l.ID
	}
	return ""
}

// newestMessage changes with what came last: a message, a part or a receipt.
func (n networks) newestMessage() string {
	for _, m := range n.sms.List(smppfake.Filter{}) {
		return fmt.Sprint(m.ID, m.Missing, m.Receipt)
	}
	return ""
}

// seconds reads how long a caller wants to wait.
func seconds(r *http.Request) (time.Duration, error) {
	text := r.FormValue("seconds")
	if text == "" {
		return 10 * time.Second, nil
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n < 0 || n > longestWait.Seconds() {
		return 0, errors.New("seconds is not between 0 and 60")
	}
	return time.Duration(n * float64(time.Second)), nil
}

func after(r *http.Request) (time.Time, error) {
	text := r.FormValue("after")
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return at, fmt.Errorf("after is no time such as %s", time.Now().UTC().Format(time.RFC3339))
	}
	return at, nil
}

// knobs reads and checks knobs, and answers what is wrong with them.
func knobs(w http.ResponseWriter, r *http.Request, into any, check func() error) error {
	body := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16))
	body.DisallowUnknownFields()
	err := body.Decode(into)
	if err == nil {
		err = check()
	}
	if err != nil {
		problem(w, http.StatusBadRequest, err.Error())
	}
	return err
}
