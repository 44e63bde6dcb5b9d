package chat

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"parley/internal/platform/fault"
	"parley/internal/platform/plain"
)

// Paging says which page of a list is asked for: the one after a cursor, of 1 to 100 lines.
type Paging struct {
	Cursor string
	Limit  int // 0 is 50
}

func (p Paging) limit() int {
	if p.Limit <= 0 {
		return 50
	}
	return min(p.Limit, 100)
}

// List is a part of a list. NextCursor leads to the next one and is nil on the last.
type List[T any] struct {
	Items      []T     `json:"items"`
	NextCursor *string `json:"next_cursor"`
}

// listOf makes a page of one line more than fits, which says that there are more.
func listOf[T any](items []T, limit int, after func(last T) string) List[T] {
	if items == nil {
		items = []T{}
	}
	if len(items) <= limit {
		return List[T]{Items: items}
	}
	items = items[:limit]
	next := after(items[limit-1])
	return List[T]{items, &next}
}

// problems collects what is wrong with the fields of an input.
type problems struct{ fault *fault.Error }

func (p *problems) add(field, code, sentence string) {
	if p.fault == nil {
		p.fault = fault.Field(field, code, sentence)
		return
	}
	p.fault = p.fault.And(field, code, sentence)
}

func (p *problems) err() error {
	if p.fault == nil {
		return nil
	}
	return p.fault
}

// between adds a problem when a number is out of its range.
func (p *problems) between(field string, n, least, most int) {
	if n < least || n > most {
		p.add(field, fault.OutOfRange, fmt.Sprintf("From %d to %d.", least, most))
	}
}

// oneOf adds a problem when a word is not one of those known.
func (p *problems) oneOf(field, word string, known ...string) {
	if !slices.Contains(known, word) {
		p.add(field, fault.UnknownName, "One of "+strings.Join(known, ", ")+".")
	}
}

// length adds a problem when a text has more characters than fit, or none where some must be.
func (p *problems) length(field, text string, required bool, most int) {
	switch n := plain.Length(text); {
	case n == 0 && required:
		p.add(field, fault.Required, "This must not be empty.")
	case n > most:
		p.add(field, fault.TooLong, fmt.Sprintf("No more than %d characters.", most))
	}
}

// unique adds a problem when an id is there twice.
func (p *problems) unique(field string, ids []uuid.UUID) {
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			p.add(field+"."+strconv.Itoa(i), fault.Taken, "This is in the list twice.")
		}
	}
}
