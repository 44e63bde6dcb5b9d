package contact

import (
	"encoding/json"
	"strings"

	"parley/internal/platform/plain"
	"parley/internal/platform/sheet"
)

// What may be wrong with a row besides what package sheet says; the codes are part of the API.
const (
	noAddress       = "no_address"
	badPhone        = "bad_phone"
	badEmail        = "bad_email"
	longClientID    = "long_client_id"
	longVariable    = "long_variable"
	maxClientID     = 100
	maxVariable     = 1000
	maxErrorCell    = 200
	maxImportErrors = 100_000 // kept of one import
)

// candidate is what a row says of a contact, or several rows joined.
type candidate struct {
	clientID, phone, email, name string
	values                       []string // of the variables, in the order of their columns
	joined                       int      // rows beyond the first
}

// refused is a row that was not taken.
type refused struct {
	n, line int
	problem string
	cells   []string
}

// reader makes candidates of rows by a mapping.
type reader struct {
	mapping []Column
	keys    [][]byte // of variables, as JSON with the colon
}

func newReader(mapping []Column) reader {
	r := reader{mapping: mapping}
	for _, c := range mapping {
		if c.To == ToVariable {
			key, _ := json.Marshal(c.Name) // a string always has a form
			r.keys = append(r.keys, append(key, ':'))
		}
	}
	return r
}

// candidate returns what a row says, or what is wrong with it.
func (r reader) candidate(row sheet.Row) (c candidate, problem string) {
	if row.Problem != "" {
		return c, row.Problem
	}
	c.values = make([]string, 0, len(r.keys))
	for i, column := range r.mapping {
		cell := ""
		if i < len(row.Cells) {
			cell = row.Cells[i]
		}
		if problem := c.read(column.To, cell); problem != "" {
			return c, problem
		}
	}
	if c.phone == "" && c.email == "" && c.clientID == "" {
		return c, noAddress
	}
	return c, ""
}

func (c *candidate) read(to, cell string) (problem string) {
	ok := true
	switch to {
	case ToPhone:
		if strings.TrimSpace(cell) != "" {
			if c.phone, ok = parsePhone(cell); !ok {
				return badPhone
			}
		}
	case ToEmail:
		if strings.TrimSpace(cell) != "" {
			if c.email, ok = parseEmail(cell); !ok {
				return badEmail
			}
		}
	case ToName:
		c.name = plain.Cut(tidy(cell), maxName)
	case ToClientID:
		if c.clientID = tidy(cell); len(c.clientID) > maxClientID {
			return longClientID
		}
	case ToVariable:
		value := tidy(cell)
		if len(value) > maxVariable && plain.Length(value) > maxVariable {
			return longVariable
		}
		c.values = append(c.values, value)
	}
	return ""
}

// tidy is [plain.Line] with a short way for what is tidy already.
func tidy(s string) string {
	for i := range len(s) {
		if b := s[i]; b < ' ' || b >= 0x7F || b == ' ' && (i == 0 || i == len(s)-1 || s[i-1] == ' ') {
			return plain.Line(s)
		}
	}
	return s
}

// variables returns the values that are not empty as a JSON object.
func (r reader) variables(c candidate) string {
	out := []byte{'{'}
	for i, value := range c.values {
		if value == "" {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		text, _ := json.Marshal(value)
		out = append(append(out, r.keys[i]...), text...)
	}
	return string(append(out, '}'))
}

// learn takes over what another row says of the same contact: the later word counts.
func (c *candidate) learn(other candidate) {
	take := func(to *string, from string) {
		if from != "" {
			*to = from
		}
	}
	take(&c.clientID, other.clientID)
	take(&c.phone, other.phone)
	take(&c.email, other.email)
	take(&c.name, other.name)
	for i := range c.values {
		take(&c.values[i], other.values[i])
	}
	c.joined += other.joined + 1
}

// join makes one candidate of rows that are about the same contact: the same client's id,
// else the same phone, else the same e-mail address, as long as they have no two phones. A
// family may share a mailbox.
func join(rows []candidate) (people []candidate, doubles int) {
	byID, byPhone, byEmail := map[string]int{}, map[string]int{}, map[string]int{}
	for _, row := range rows {
		at, found := -1, false
		if row.clientID != "" {
			at, found = place(byID, row.clientID)
		}
		if !found && row.phone != "" {
			at, found = place(byPhone, row.phone)
			found = found && (row.clientID == "" || people[at].clientID == "")
		}
		if !found && row.email != "" {
			at, found = place(byEmail, row.email)
			found = found && (row.phone == "" || people[at].phone == "") && (row.clientID == "" || people[at].clientID == "")
		}
		if found {
			people[at].learn(row)
			doubles++
		} else {
			at = len(people)
			people = append(people, row)
		}
		index(byID, row.clientID, at)
		index(byPhone, row.phone, at)
		index(byEmail, row.email, at)
	}
	return people, doubles
}

func place(in map[string]int, key string) (int, bool) {
	at, found := in[key]
	return at, found
}

// index remembers who had an address first.
func index(in map[string]int, key string, at int) {
	if _, found := in[key]; !found && key != "" {
		in[key] = at
	}
}
