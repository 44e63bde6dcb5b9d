package smtpfake

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jhillyerd/enmime/v2"
)

// keep is how many letters an inbox holds before it forgets the oldest.
const keep = 500

// Letter is one received letter.
type Letter struct {
	ID          string       `json:"id"`
	At          time.Time    `json:"at"`
	From        string       `json:"from"` // as the envelope says, like To
	To          []string     `json:"to"`
	Sender      string       `json:"sender"` // as the header From says
	Subject     string       `json:"subject"`
	Text        string       `json:"text"`
	HTML        string       `json:"html"`
	Attachments []Attachment `json:"attachments"`
	Size        int          `json:"size"`
	Problems    []string     `json:"problems"` // with its form, from the parser
	Raw         []byte       `json:"-"`
}

// Attachment is a file in a letter.
type Attachment struct {
	Name      string `json:"name"`
	MediaType string `json:"media_type"`
	Size      int    `json:"size"`
	Content   []byte `json:"-"`
}

// Filter says which letters are meant; its zero value means all.
type Filter struct {
	To      string    // part of a recipient's address
	Subject string    // part of the subject
	After   time.Time // received after
}

func (f Filter) fits(l Letter) bool {
	if !l.At.After(f.After) || !strings.Contains(strings.ToLower(l.Subject), strings.ToLower(f.Subject)) {
		return false
	}
	return f.To == "" || slices.ContainsFunc(l.To, func(to string) bool {
		return strings.Contains(strings.ToLower(to), strings.ToLower(f.To))
	})
}

// Inbox holds received letters, newest first. It is safe for concurrent use.
type Inbox struct {
	mu      sync.Mutex
	letters []Letter
	changed chan struct{} // closed and replaced when a letter comes
}

func newInbox() *Inbox { return &Inbox{changed: make(chan struct{})} }

// List returns the letters that fit, newest first.
func (b *Inbox) List(f Filter) []Letter {
	found, _ := b.look(f)
	return found
}

func (b *Inbox) look(f Filter) ([]Letter, <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	found := []Letter{}
	for _, l := range b.letters {
		if f.fits(l) {
			found = append(found, l)
		}
	}
	return found, b.changed
}

// Wait returns the newest letter that fits as soon as there is one, or false when ctx ends.
func (b *Inbox) Wait(ctx context.Context, f Filter) (Letter, bool) {
	for {
		found, changed := b.look(f)
		if len(found) > 0 {
			return found[0], true
		}
		select {
		case <-ctx.Done():
			return Letter{}, false
		case <-changed:
		}
	}
}

// ByID returns a letter.
func (b *Inbox) ByID(id string) (Letter, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.letters {
		if l.ID == id {
			return l, true
		}
	}
	return Letter{}, false
}

// Clear forgets all letters.
func (b *Inbox) Clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.letters = nil
}

func (b *Inbox) add(l Letter) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.letters = slices.Insert(b.letters, 0, l)
	b.letters = b.letters[:min(len(b.letters), keep)]
	close(b.changed)
	b.changed = make(chan struct{})
}

// parse reads a letter as far as it can be read; what cannot stays in Raw.
func parse(from string, to []string, raw []byte) Letter {
	l := Letter{
		ID: uuid.NewString(), At: time.Now().UTC(), From: from, To: to, Raw: raw, Size: len(raw),
		Attachments: []Attachment{}, Problems: []string{},
	}
	envelope, err := enmime.ReadEnvelope(bytes.NewReader(raw))
	if err != nil {
		l.Problems = append(l.Problems, err.Error())
		return l
	}
	l.Subject, l.Sender = envelope.GetHeader("Subject"), envelope.GetHeader("From")
	l.Text, l.HTML = envelope.Text, envelope.HTML
	for _, parts := range [][]*enmime.Part{envelope.Attachments, envelope.Inlines, envelope.OtherParts} {
		for _, p := range parts {
			l.Attachments = append(l.Attachments, Attachment{p.FileName, p.ContentType, len(p.Content), p.Content})
		}
	}
	for _, problem := range envelope.Errors {
		l.Problems = append(l.Problems, problem.Error())
	}
	return l
}
