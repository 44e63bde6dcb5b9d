package money

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// Amount is a number of millionths of a currency unit: 1_000_000 is one rouble.
// In JSON and text it is a decimal string such as "12.34".
type Amount int64

// Unit is one whole currency unit.
const Unit Amount = 1_000_000

// Max is the largest amount that people may enter, in either direction.
const Max = 1_000_000_000 * Unit

// ErrSyntax says that a text is no decimal number of at most six places
// within [Max].
var ErrSyntax = errors.New("not an amount")

// Parse reads a decimal number with a point and at most six places, such as
// "-0.5" or "1200". It accepts no exponent, blank or group separator.
func Parse(s string) (Amount, error) {
	digits, negative := strings.CutPrefix(s, "-")
	whole, part, dotted := strings.Cut(digits, ".")
	if whole == "" || len(whole) > 10 || len(part) > 6 || (dotted && part == "") {
		return 0, ErrSyntax
	}
	all := whole + part + strings.Repeat("0", 6-len(part))
	for _, r := range all {
		if r < '0' || r > '9' {
			return 0, ErrSyntax
		}
	}
	n, err := strconv.ParseInt(all, 10, 64)
	if err != nil || Amount(n) > Max {
		return 0, ErrSyntax
	}
	if negative {
		n = -n
	}
	return Amount(n), nil
}

// String writes the amount with a point, at least two and at most six places.
func (a Amount) String() string {
	sign, n := "", uint64(a)
	if a < 0 {
		sign, n = "-", -uint64(a)
	}
	part := fmt.Sprintf("%06d", n%uint64(Unit))
	for len(part) > 2 && part[len(part)-1] == '0' {
		part = part[:len(part)-1]
	}
	return sign + strconv.FormatUint(n/uint64(Unit), 10) + "." + part
}

// MulDiv returns a × n / d, rounded once, half to even. It panics when d is
// not positive or when the result does not fit.
func (a Amount) MulDiv(n, d int64) Amount {
	if d <= 0 {
		panic("money: division by a number that is not positive")
	}
	product := new(big.Int).Mul(big.NewInt(int64(a)), big.NewInt(n))
	quotient, rest := new(big.Int).QuoRem(product, big.NewInt(d), new(big.Int))
	switch twice := new(big.Int).Abs(new(big.Int).Lsh(rest, 1)).Cmp(big.NewInt(d)); {
	case twice > 0 || (twice == 0 && quotient.Bit(0) == 1):
		quotient.Add(quotient, big.NewInt(int64(product.Sign())))
	}
	if !quotient.IsInt64() {
		panic("money: amount out of range")
	}
	return Amount(quotient.Int64())
}

// MarshalText implements encoding.TextMarshaler.
func (a Amount) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (a *Amount) UnmarshalText(text []byte) (err error) {
	*a, err = Parse(string(text))
	return err
}

// MarshalJSON writes a JSON string, since a JSON number would pass through a
// float in most readers.
func (a Amount) MarshalJSON() ([]byte, error) { return json.Marshal(a.String()) }

// UnmarshalJSON reads what MarshalJSON writes.
func (a *Amount) UnmarshalJSON(data []byte) error {
	var s string
	if err := json.Unmarshal(data, &s); err != nil {
		return ErrSyntax
	}
	return a.UnmarshalText([]byte(s))
}

// Money is an amount in a currency, an ISO 4217 code such as "RUB".
type Money struct {
	Amount   Amount `json:"amount"`
	Currency string `json:"currency"`
}

// String writes the amount and the code.
func (m Money) String() string { return m.Amount.String() + " " + m.Currency }
