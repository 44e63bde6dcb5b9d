package pricing

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/internal/platform/fault"
)

// LineError says what is wrong with a line of an imported table.
type LineError struct {
	Line    int    `json:"line"` // the first is 1
	Column  string `json:"column"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// mostLineErrors is how many are listed; who has more has another kind of file.
const mostLineErrors = 100

// ReadPlan reads a numbering plan of a country from CSV, in one of three forms
// known by the header:
//
//	prefix,mcc,mnc,name          international prefixes, such as 7912
//	from,to,mcc,mnc,name         ranges of whole international numbers
//	АВС/ DEF;От;До;Емкость;Оператор;Регион   the open data of Rossvyaz
//
// Separators are commas or semicolons; more columns are let be. In the last form
// networks are known by the names of operators; where a name is unknown, only
// the country is.
func ReadPlan(country string, table []byte) ([]Range, []LineError) {
	rows, wrong := readTable(table)
	if wrong != nil {
		return nil, []LineError{*wrong}
	}
	read, problem := planReader(country, rows[0].fields)
	if problem != "" {
		return nil, []LineError{{1, "", fault.BadFormat, problem}}
	}
	var out []Range
	var all []LineError
	for _, row := range rows[1:] {
		r, column, problem := read(row.fields)
		if problem != "" {
			if all = append(all, LineError{row.line, column, fault.BadFormat, problem}); len(all) == mostLineErrors {
				break
			}
			continue
		}
		out = append(out, r)
	}
	if len(all) > 0 {
		return nil, all
	}
	if len(out) == 0 {
		return nil, []LineError{{1, "", fault.Required, "The table has no ranges."}}
	}
	return distinctRanges(out), nil
}

// distinctRanges drops what is said twice; the later line counts.
func distinctRanges(all []Range) []Range {
	type ends struct{ first, last int64 }
	places := make(map[ends]int, len(all))
	out := all[:0]
	for _, r := range all {
		if n, known := places[ends{r.First, r.Last}]; known {
			out[n] = r
			continue
		}
		places[ends{r.First, r.Last}] = len(out)
		out = append(out, r)
	}
	return out
}

type tableRow struct {
	line   int
	fields []string
}

// readTable reads CSV with commas or semicolons, whichever the first line has
// more of.
func readTable(table []byte) ([]tableRow, *LineError) {
	table = bytes.TrimPrefix(table, []byte("\ufeff"))
	if !utf8.Valid(table) {
		return nil, &LineError{1, "", fault.BadFormat, "The table is not in UTF-8."}
	}
	head, _, _ := bytes.Cut(table, []byte("\n"))
	r := csv.NewReader(bytes.NewReader(table))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	if bytes.Count(head, []byte(";")) > bytes.Count(head, []byte(",")) {
		r.Comma = ';'
	}
	var out []tableRow
	for {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		line, _ := r.FieldPos(0)
		if err != nil {
			return nil, &LineError{line, "", fault.BadFormat, fmt.Sprintf("This is no CSV: %s.", err)}
		}
		for i := range fields {
			fields[i] = strings.TrimSpace(fields[i])
		}
		out = append(out, tableRow{line, fields})
	}
	if len(out) == 0 {
		return nil, &LineError{1, "", fault.Required, "The table is empty."}
	}
	return out, nil
}

type readRange func(fields []string) (r Range, column, problem string)

// planReader knows a form by its header.
func planReader(country string, header []string) (readRange, string) {
	at := map[string]int{}
	for i, name := range header {
		at[strings.ToLower(strings.ReplaceAll(name, " ", ""))] = i
	}
	has := func(names ...string) bool {
		return !slices.ContainsFunc(names, func(n string) bool { _, ok := at[n]; return !ok })
	}
	pick := func(fields []string, name string) string {
		if i, ok := at[name]; ok && i < len(fields) {
			return fields[i]
		}
		return ""
	}
	switch {
	case has("авс/def", "от", "до", "оператор"):
		if country != "RU" {
			return nil, "This is the plan of Russia."
		}
		return func(fields []string) (Range, string, string) {
			code := "7" + pick(fields, "авс/def")
			return rangeOf(code+filled(pick(fields, "от")), code+filled(pick(fields, "до")), networkNamed(pick(fields, "оператор")), pick(fields, "оператор"))
		}, ""
	case has("from", "to", "mcc", "mnc"):
		return func(fields []string) (Range, string, string) {
			return rangeOf(pick(fields, "from"), pick(fields, "to"), pick(fields, "mcc")+pick(fields, "mnc"), pick(fields, "name"))
		}, ""
	case has("prefix", "mcc", "mnc"):
		return func(fields []string) (Range, string, string) {
			prefix := pick(fields, "prefix")
			return rangeOf(prefix, prefix, pick(fields, "mcc")+pick(fields, "mnc"), pick(fields, "name"))
		}, ""
	}
	return nil, "The first line names the columns: prefix,mcc,mnc,name or from,to,mcc,mnc,name."
}

// filled gives a subscriber's number back the zeros that spreadsheets take.
func filled(digits string) string { return strings.Repeat("0", max(0, 7-len(digits))) + digits }

const longestNetworkName = 200

func rangeOf(from, to, network, name string) (r Range, column, problem string) {
	first, _, ok := fill(from)
	if !ok {
		return r, "from", "A number has up to 15 digits and begins with the country's code."
	}
	_, last, ok := fill(to)
	switch {
	case !ok || len(strings.TrimPrefix(from, "+")) != len(strings.TrimPrefix(to, "+")):
		return r, "to", "Both ends of a range have the same number of digits."
	case last < first:
		return r, "to", "The range ends before it begins."
	case network != "" && !networkForm.MatchString(network):
		return r, "mnc", "MCC has three digits and MNC two or three."
	case utf8.RuneCountInString(name) > longestNetworkName:
		return r, "name", "The name has more than 200 characters."
	}
	return Range{First: first, Last: last, Network: network, Name: name}, "", ""
}

// russianNetworks knows operators of the open data by a part of their names.
var russianNetworks = []struct{ part, network string }{
	{"мобильные телесистемы", "25001"}, {"мегафон", "25002"}, {"вымпел", "25099"}, {"т2 мобайл", "25020"}, {"теле2", "25020"},
	{"скартел", "25011"}, {"екатеринбург-2000", "25035"}, {"вайнах телеком", "25008"}, {"ктк телеком", "25032"}, {"миранда", "25054"},
}

func networkNamed(operator string) string {
	lower := strings.ToLower(operator)
	for _, x := range russianNetworks {
		if strings.Contains(lower, x.part) {
			return x.network
		}
	}
	return ""
}
