package pricing

import (
	"cmp"
	_ "embed" // the plan that is there before any import
	"slices"
	"strconv"
	"strings"
)

// Range is a stretch of telephone numbers of one network.
type Range struct {
	First, Last int64  // filled up to 15 digits, both included
	Network     string // MCC and MNC; empty: unknown
	Name        string // of the network, for people
}

// numberDigits is the longest number of E.164.
const numberDigits = 15

// fill makes a number of digits comparable: it returns the first and the last
// full number that begins with them.
func fill(digits string) (first, last int64, ok bool) {
	digits = strings.TrimPrefix(digits, "+")
	if digits == "" || len(digits) > numberDigits || strings.IndexFunc(digits, func(r rune) bool { return r < '0' || r > '9' }) >= 0 {
		return 0, 0, false
	}
	missing := numberDigits - len(digits)
	first, _ = strconv.ParseInt(digits+strings.Repeat("0", missing), 10, 64)
	last, _ = strconv.ParseInt(digits+strings.Repeat("9", missing), 10, 64)
	return first, last, true
}

// located is a range with the country whose plan it is from.
type located struct {
	Range
	country string
}

// segment says whose the numbers up to last are; those before belong to the
// segment before.
type segment struct {
	first, last      int64
	country, network string
}

// segments cuts ranges that contain each other into pieces that don't: of
// several the narrowest counts. Neighbours of one network become one piece.
func segments(ranges []located) []segment {
	slices.SortFunc(ranges, func(a, b located) int {
		return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(b.Last, a.Last))
	})
	var out []segment
	var open []located // each contains the next
	next := int64(0)   // the first number that no piece has yet
	emit := func(r located, until int64) {
		from := max(next, r.First)
		if until < from {
			return
		}
		next = until + 1
		if n := len(out); n > 0 && out[n-1].last+1 == from && out[n-1].country == r.country && out[n-1].network == r.Network {
			out[n-1].last = until
			return
		}
		out = append(out, segment{from, until, r.country, r.Network})
	}
	closeBefore := func(number int64) {
		for len(open) > 0 && open[len(open)-1].Last < number {
			emit(open[len(open)-1], open[len(open)-1].Last)
			open = open[:len(open)-1]
		}
	}
	for _, r := range ranges {
		closeBefore(r.First)
		if len(open) > 0 {
			emit(open[len(open)-1], r.First-1)
		}
		open = append(open, r)
	}
	for len(open) > 0 {
		closeBefore(open[len(open)-1].Last + 1)
	}
	return out
}

// lookUp returns the piece that a full number lies in.
func lookUp(all []segment, number int64) (segment, bool) {
	i, exact := slices.BinarySearchFunc(all, number, func(x segment, n int64) int { return cmp.Compare(x.first, n) })
	if !exact {
		i--
	}
	if i < 0 || all[i].last < number {
		return segment{}, false
	}
	return all[i], true
}

//go:embed plan.csv
var builtInTable string

// builtInSource names where the plan that is there before any import comes from.
const builtInSource = "Built in: prefixes after the national numbering plans (ITU-T E.164, E.212), shortened"

// builtIn returns the plans that hold for countries without an imported one.
var builtIn = readBuiltIn()

func readBuiltIn() map[string][]Range {
	out := map[string][]Range{}
	for line := range strings.Lines(strings.TrimSpace(builtInTable)) {
		x := strings.Split(strings.TrimSpace(line), ",")
		first, last, ok := fill(x[1])
		if ok {
			out[x[0]] = append(out[x[0]], Range{First: first, Last: last, Network: x[2], Name: x[3]})
		}
	}
	return out
}
