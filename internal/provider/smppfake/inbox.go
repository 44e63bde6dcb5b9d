package smppfake

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

// keep is how many messages an inbox holds before it forgets the oldest.
const keep = 500

// Message is one short message, joined from its parts.
type Message struct {
	ID       string    `json:"id"`
	At       time.Time `json:"at"`
	To       string    `json:"to"`   // digits of the number
	From     string    `json:"from"` // name or number
	Text     string    `json:"text"`
	Encoding string    `json:"encoding"` // gsm, latin1 or ucs2
	Parts    int       `json:"parts"`
	Missing  int       `json:"missing"`  // parts that have not come yet
	Validity string    `json:"validity"` // as the submit said
	Receipt  string    `json:"receipt"`  // stat of the last receipt, empty before there is one

	bodies []string
	names  []string // of the parts
	key    string   // what joins the parts
}

// Filter says which messages are meant; its zero value means all.
type Filter struct {
	To    string    // part of the number, in any form
	After time.Time // received after
}

func (f Filter) fits(m *Message) bool {
	return m.At.After(f.After) && strings.Contains(m.To, digits(f.To))
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// Inbox holds received messages. It is safe for concurrent use.
type Inbox struct {
	mu       sync.Mutex
	messages []*Message          // oldest first
	joining  map[string]*Message // those that miss parts
	named    map[string]*Message // by the name of a part
	parts    int
	changed  chan struct{} // closed and replaced when something comes
}

func newInbox() *Inbox {
	return &Inbox{changed: make(chan struct{}), joining: map[string]*Message{}, named: map[string]*Message{}}
}

// List returns the messages that fit, newest first.
func (b *Inbox) List(f Filter) []Message {
	found, _ := b.look(f)
	return found
}

// Count returns how many parts have come since the start.
func (b *Inbox) Count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.parts
}

func (b *Inbox) look(f Filter) ([]Message, <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	found := []Message{}
	for _, m := range slices.Backward(b.messages) {
		if f.fits(m) {
			found = append(found, *m)
		}
	}
	return found, b.changed
}

// Wait returns the newest whole message that fits as soon as there is one, or
// false when ctx ends.
func (b *Inbox) Wait(ctx context.Context, f Filter) (Message, bool) {
	for {
		found, changed := b.look(f)
		for _, m := range found {
			if m.Missing == 0 {
				return m, true
			}
		}
		select {
		case <-ctx.Done():
			return Message{}, false
		case <-changed:
		}
	}
}

// Clear forgets all messages.
func (b *Inbox) Clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.messages, b.joining, b.named = nil, map[string]*Message{}, map[string]*Message{}
	b.tell()
}

// part is what one submit brought.
type part struct {
	Message
	name              string
	reference, number int // number counts from 1; 0 for a message of one part
}

func (b *Inbox) add(p part) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.parts++
	m := b.joining[p.key]
	if p.number == 0 || m == nil || m.Parts != p.Parts || m.bodies[p.number-1] != "" {
		m = b.begin(p)
	}
	m.bodies[max(p.number, 1)-1] = p.Text
	m.Missing--
	m.Text = strings.Join(m.bodies, "")
	m.names = append(m.names, p.name)
	b.named[p.name] = m
	if m.Missing == 0 {
		delete(b.joining, m.key)
	}
	b.tell()
}

// begin makes the message of which p is the first part that came.
func (b *Inbox) begin(p part) *Message {
	m := p.Message
	m.ID, m.At = uuid.NewString(), time.Now().UTC()
	m.Parts = max(m.Parts, 1)
	m.Missing, m.bodies = m.Parts, make([]string, m.Parts)
	if p.number > 0 {
		b.joining[m.key] = &m
	}
	b.messages = append(b.messages, &m)
	if len(b.messages) >= 2*keep {
		for _, old := range b.messages[:keep] {
			for _, name := range old.names {
				delete(b.named, name)
			}
			delete(b.joining, old.key)
		}
		b.messages = slices.Clone(b.messages[keep:])
	}
	return &m
}

// receipt notes what a receipt said of a part.
func (b *Inbox) receipt(name, stat string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if m := b.named[name]; m != nil {
		m.Receipt = stat
		b.tell()
	}
}

func (b *Inbox) tell() {
	close(b.changed)
	b.changed = make(chan struct{})
}
