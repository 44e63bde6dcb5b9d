package money_test

import (
	"encoding/json"
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"parley/internal/money"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]money.Amount{
		"0": 0, "1": 1_000_000, "-1": -1_000_000, "0.000001": 1, "12.34": 12_340_000,
		"1000000000": money.Max, "-0.5": -500_000, "007": 7_000_000,
	} {
		got, err := money.Parse(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{
		"", "-", ".", "1.", ".5", "1e3", "+1", " 1", "1 ", "1,5", "0x1", "1.0000001", "--1", "1.-1",
		"1000000000.000001", "99999999999", "١", "NaN", "1_000",
	} {
		_, err := money.Parse(text)
		require.ErrorIs(t, err, money.ErrSyntax, "%q", text)
	}
}

func TestString(t *testing.T) {
	t.Parallel()
	for amount, want := range map[money.Amount]string{
		0: "0.00", 1: "0.000001", 1_500_000: "1.50", -12_345_600: "-12.3456", math.MinInt64: "-9223372036854.775808",
	} {
		require.Equal(t, want, amount.String())
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	data, err := json.Marshal(money.Money{Amount: 1_230_000, Currency: "RUB"})
	require.NoError(t, err)
	require.JSONEq(t, `{"amount":"1.23","currency":"RUB"}`, string(data))

	var m money.Money
	require.NoError(t, json.Unmarshal(data, &m))
	require.Equal(t, money.Amount(1_230_000), m.Amount)
	require.Error(t, json.Unmarshal([]byte(`{"amount":1.23}`), &m), "a JSON number is no amount")
}

func TestParseReadsWhatStringWrites(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := money.Amount(rapid.Int64Range(-int64(money.Max), int64(money.Max)).Draw(t, "amount"))
		got, err := money.Parse(a.String())
		require.NoError(t, err)
		require.Equal(t, a, got)
	})
}

func TestMulDivRoundsHalfToEven(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ a, n, d, want int64 }{
		{5, 1, 10, 0}, {15, 1, 10, 2}, {25, 1, 10, 2}, {-15, 1, 10, -2}, {-25, 1, 10, -2}, {7, 3, 2, 10}, {9, 3, 2, 14}, {1, 0, 3, 0},
	} {
		require.Equal(t, money.Amount(c.want), money.Amount(c.a).MulDiv(c.n, c.d), "%+v", c)
	}
}

func TestMulDivIsWithinHalfAUnit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.Int64Range(-1e12, 1e12).Draw(t, "a")
		n := rapid.Int64Range(-1e6, 1e6).Draw(t, "n")
		d := rapid.Int64Range(1, 1e9).Draw(t, "d")
		got := money.Amount(a).MulDiv(n, d)
		exact := new(big.Int).Mul(big.NewInt(a), big.NewInt(n))
		diff := exact.Sub(exact, new(big.Int).Mul(big.NewInt(int64(got)), big.NewInt(d)))
		require.LessOrEqual(t, diff.Abs(diff).Lsh(diff, 1).Cmp(big.NewInt(d)), 0)
	})
}

func FuzzParse(f *testing.F) {
	f.Add("12.34")
	f.Add("-0.000001")
	f.Fuzz(func(t *testing.T, s string) {
		a, err := money.Parse(s)
		if err != nil {
			return
		}
		back, err := money.Parse(a.String())
		require.NoError(t, err)
		require.Equal(t, a, back)
	})
}
