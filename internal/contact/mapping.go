package contact

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"parley/internal/platform/fault"
	"parley/internal/platform/plain"
	"parley/internal/platform/sheet"
)

// What a column of a file may be.
const (
	ToNothing  = "skip"
	ToPhone    = "phone"
	ToEmail    = "email"
	ToName     = "name"
	ToClientID = "client_id" // the company's own id of the person
	ToVariable = "variable"
)

// Column says what a column of a file is.
type Column struct {
	To   string `json:"to"`
	Name string `json:"name"` // of a variable
}

const (
	maxVariables    = 100
	maxVariableName = 60
)

// known are names of columns, in small letters without anything but letters and digits.
var known = map[string][]string{
	ToPhone: {"phone", "phonenumber", "mobile", "mobilephone", "tel", "telephone", "msisdn", "cell", "телефон", "номертелефона", "номер",
		"мобильный", "мобильныйтелефон", "тел", "сотовый"},
	ToEmail:    {"email", "mail", "emailaddress", "почта", "электроннаяпочта", "эпочта", "имейл", "емейл", "адресэлектроннойпочты"},
	ToName:     {"name", "fullname", "client", "contact", "имя", "фио", "клиент", "контакт", "имяклиента", "полноеимя"},
	ToClientID: {"clientid", "customerid", "externalid", "idклиента", "кодклиента", "номерклиента", "внешнийid"},
}

// guess says what the columns are, by their names where there are some and else by what
// stands in them.
func guess(names []string, rows [][]string, columns int) []Column {
	out := make([]Column, columns)
	taken := map[string]bool{}
	for i := range out {
		if i < len(names) {
			out[i].To = byName(names[i])
		}
		if taken[out[i].To] {
			out[i].To = ""
		}
		taken[out[i].To] = true
	}
	for i := range out {
		if out[i].To == "" {
			if to := byContent(rows, i); to != "" && !taken[to] {
				out[i].To, taken[to] = to, true
			}
		}
	}
	used := map[string]bool{}
	for i := range out {
		if out[i].To != "" {
			continue
		}
		name := ""
		if i < len(names) {
			name = plain.Cut(variableName(names[i]), maxVariableName-4)
		}
		if name == "" && emptyColumn(rows, i) {
			out[i].To = ToNothing
			continue
		}
		out[i] = Column{ToVariable, unused(used, name, i)}
	}
	return out
}

func byName(name string) string {
	bare := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" _-.:№#*()", r) {
			return -1
		}
		return r
	}, strings.ReplaceAll(strings.ToLower(plain.Line(name)), "ё", "е"))
	for to, names := range known {
		if slices.Contains(names, bare) {
			return to
		}
	}
	return ""
}

// byContent knows phones and e-mail addresses when most cells are some.
func byContent(rows [][]string, column int) string {
	filled, phones, emails := 0, 0, 0
	for _, cells := range rows {
		if column >= len(cells) || strings.TrimSpace(cells[column]) == "" {
			continue
		}
		filled++
		if _, ok := parsePhone(cells[column]); ok {
			phones++
		} else if _, ok := parseEmail(cells[column]); ok {
			emails++
		}
	}
	switch {
	case filled == 0:
		return ""
	case phones*2 > filled:
		return ToPhone
	case emails*2 > filled:
		return ToEmail
	}
	return ""
}

func emptyColumn(rows [][]string, column int) bool {
	for _, cells := range rows {
		if column < len(cells) && strings.TrimSpace(cells[column]) != "" {
			return false
		}
	}
	return true
}

// unused makes a name for a variable that no other has.
func unused(used map[string]bool, name string, column int) string {
	if name == "" {
		name = "column " + strconv.Itoa(column+1)
	}
	for n, base := 2, name; used[strings.ToLower(name)]; n++ {
		name = base + " " + strconv.Itoa(n)
	}
	used[strings.ToLower(name)] = true
	return name
}

// variableName leaves out what has a meaning in templates.
func variableName(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if strings.ContainsRune("{}|", r) {
			return -1
		}
		return r
	}, plain.Line(s)))
}

// hasHeader says that the first row names columns: nothing in it is an address, and it says
// something.
func hasHeader(first []string) bool {
	said := false
	for _, cell := range first {
		cell = strings.TrimSpace(cell)
		if _, ok := parsePhone(cell); ok {
			return false
		}
		if _, ok := parseEmail(cell); ok {
			return false
		}
		said = said || cell != "" && strings.Trim(cell, "0123456789.,- ") != ""
	}
	return said
}

// checkMapping brings a mapping to the form that is kept, or says what is wrong with it.
func checkMapping(mapping []Column) ([]Column, error) {
	if len(mapping) > sheet.MostColumns {
		return nil, fault.Field("mapping", fault.TooLong, fmt.Sprintf("No more than %d columns.", sheet.MostColumns))
	}
	out := slices.Clone(mapping)
	seen := map[string]bool{}
	for i := range out {
		c := &out[i]
		field := "mapping." + strconv.Itoa(i)
		what := c.To
		switch c.To {
		case ToNothing:
			c.Name = ""
			continue
		case ToPhone, ToEmail, ToName, ToClientID:
			c.Name = ""
		case ToVariable:
			c.Name = variableName(c.Name)
			what = "variable " + strings.ToLower(c.Name)
			if n := plain.Length(c.Name); n == 0 {
				return nil, fault.Field(field, fault.Required, "A variable needs a name.")
			} else if n > maxVariableName {
				return nil, fault.Field(field, fault.TooLong, fmt.Sprintf("No more than %d characters.", maxVariableName))
			}
		default:
			return nil, fault.Field(field, fault.UnknownName, "A column is skip, phone, email, name, client_id or variable.")
		}
		if seen[what] {
			return nil, fault.Field(field, fault.Taken, "Another column is this already.")
		}
		seen[what] = true
	}
	if !seen[ToPhone] && !seen[ToEmail] && !seen[ToClientID] {
		return nil, fault.Field("mapping", fault.Required, "Say which column has the phone, the email or the client's id.")
	}
	return out, nil
}

// withColumns adds a mapping's variables to the columns of a list.
func withColumns(columns []string, mapping []Column) []string {
	out := slices.Clone(columns)
	for _, c := range mapping {
		if c.To == ToVariable && !slices.Contains(out, c.Name) {
			out = append(out, c.Name)
		}
	}
	return out
}
