package messaging

import (
	"errors"
	"fmt"
	"html"
	"strings"
)

// errTemplate says that a campaign's text cannot be written for a recipient.
var errTemplate = errors.New("the text cannot be written for this recipient")

// text is a parsed text with variables: {name}, or {name|friend} with what
// stands there when the recipient has none. {{ and }} are braces.
type text []piece

type piece struct {
	literal  string
	variable string // empty: literal alone
	fallback string
}

// parseText reads a text; errors are sentences for people.
func parseText(s string) (text, error) {
	var out text
	var literal strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case (c == '{' || c == '}') && i+1 < len(s) && s[i+1] == c:
			literal.WriteByte(c)
			i++
		case c == '}':
			return nil, errors.New("A closing brace has no opening one. Write }} for a brace.")
		case c == '{':
			end := strings.IndexByte(s[i:], '}')
			if end < 0 {
				return nil, errors.New("A variable is not closed. Write {{ for a brace.")
			}
			name, fallback, _ := strings.Cut(s[i+1:i+end], "|")
			name = strings.TrimSpace(name)
			if name == "" || strings.ContainsAny(name, "{\n") || len(name) > longestVariable {
				return nil, fmt.Errorf("{%s} is no variable.", strings.TrimSpace(s[i+1:i+end]))
			}
			out = append(out, piece{literal: literal.String(), variable: name, fallback: fallback})
			literal.Reset()
			i += end
		default:
			literal.WriteByte(c)
		}
	}
	if literal.Len() > 0 {
		out = append(out, piece{literal: literal.String()})
	}
	return out, nil
}

const longestVariable = 100

// variables names the variables of a text, each as often as it stands there.
func (t text) variables() []string {
	var out []string
	for _, p := range t {
		if p.variable != "" {
			out = append(out, p.variable)
		}
	}
	return out
}

// write writes the text with values. A value that is missing or blank gives the
// fallback. What comes out longer than any text may be ends somewhere: a small
// text with many variables would fill the memory.
func (t text) write(values map[string]string) string {
	return t.join(values, func(s string) string { return s })
}

// writeHTML is write with values as text within HTML.
func (t text) writeHTML(values map[string]string) string { return t.join(values, html.EscapeString) }

func (t text) join(values map[string]string, escape func(string) string) string {
	var b strings.Builder
	for _, p := range t {
		b.WriteString(p.literal)
		if p.variable == "" {
			continue
		}
		value := values[p.variable]
		if strings.TrimSpace(value) == "" {
			value = p.fallback
		}
		b.WriteString(escape(value))
		if b.Len() > longestText {
			break
		}
	}
	return b.String()
}
