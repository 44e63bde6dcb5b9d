package words_test

import (
	"math"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"parley/internal/billing/words"
	"parley/internal/money"
)

func TestAmount(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ amount, currency, ru, en string }{
		{"0", "RUB", "Ноль рублей 00 копеек", "Zero Russian rubles and 00 kopecks"},
		{"1", "RUB", "Один рубль 00 копеек", "One Russian ruble and 00 kopecks"},
		{"2.02", "RUB", "Два рубля 02 копейки", "Two Russian rubles and 02 kopecks"},
		{"5.05", "RUB", "Пять рублей 05 копеек", "Five Russian rubles and 05 kopecks"},
		{"11.11", "RUB", "Одиннадцать рублей 11 копеек", "Eleven Russian rubles and 11 kopecks"},
		{"12.21", "RUB", "Двенадцать рублей 21 копейка", "Twelve Russian rubles and 21 kopecks"},
		{"14", "RUB", "Четырнадцать рублей 00 копеек", "Fourteen Russian rubles and 00 kopecks"},
		{"21.01", "RUB", "Двадцать один рубль 01 копейка", "Twenty-one Russian rubles and 01 kopeck"},
		{"22", "RUB", "Двадцать два рубля 00 копеек", "Twenty-two Russian rubles and 00 kopecks"},
		{"101", "RUB", "Сто один рубль 00 копеек", "One hundred one Russian rubles and 00 kopecks"},
		{"111", "RUB", "Сто одиннадцать рублей 00 копеек", "One hundred eleven Russian rubles and 00 kopecks"},
		{"1000", "RUB", "Одна тысяча рублей 00 копеек", "One thousand Russian rubles and 00 kopecks"},
		{"1001", "RUB", "Одна тысяча один рубль 00 копеек", "One thousand one Russian rubles and 00 kopecks"},
		{"2000", "RUB", "Две тысячи рублей 00 копеек", "Two thousand Russian rubles and 00 kopecks"},
		{"5000", "RUB", "Пять тысяч рублей 00 копеек", "Five thousand Russian rubles and 00 kopecks"},
		{"11000", "RUB", "Одиннадцать тысяч рублей 00 копеек", "Eleven thousand Russian rubles and 00 kopecks"},
		{"21000", "RUB", "Двадцать одна тысяча рублей 00 копеек", "Twenty-one thousand Russian rubles and 00 kopecks"},
		{"1000000", "RUB", "Один миллион рублей 00 копеек", "One million Russian rubles and 00 kopecks"},
		{"2002002", "RUB", "Два миллиона две тысячи два рубля 00 копеек", "Two million two thousand two Russian rubles and 00 kopecks"},
		{"1000000000", "RUB", "Один миллиард рублей 00 копеек", "One billion Russian rubles and 00 kopecks"},
		{"999999999.99", "RUB",
			"Девятьсот девяносто девять миллионов девятьсот девяносто девять тысяч девятьсот девяносто девять рублей 99 копеек",
			"Nine hundred ninety-nine million nine hundred ninety-nine thousand nine hundred ninety-nine Russian rubles and 99 kopecks"},
		{"-3.50", "RUB", "Минус три рубля 50 копеек", "Minus three Russian rubles and 50 kopecks"},
		{"1.01", "USD", "Один доллар США 01 цент", "One US dollar and 01 cent"},
		{"2342.50", "USD", "Две тысячи триста сорок два доллара США 50 центов", "Two thousand three hundred forty-two US dollars and 50 cents"},
		{"21", "EUR", "Двадцать один евро 00 центов", "Twenty-one euros and 00 cents"},
		{"1", "EUR", "Один евро 00 центов", "One euro and 00 cents"},
		{"502.02", "KZT", "Пятьсот два тенге 02 тиына", "Five hundred two tenge and 02 tiyn"},
		{"1", "UAH", "Одна гривна 00 копеек", "One UAH and 00/100"},
		{"2.10", "CHF", "Два CHF 10/100", "Two CHF and 10/100"},
	} {
		amount, err := money.Parse(c.amount)
		require.NoError(t, err)
		require.Equal(t, c.ru, words.Amount(money.Money{Amount: amount, Currency: c.currency}, "ru"))
		require.Equal(t, c.en, words.Amount(money.Money{Amount: amount, Currency: c.currency}, "en"))
	}
}

func TestTheLargestNumberHasWords(t *testing.T) {
	t.Parallel()
	require.Equal(t, "девять квинтиллионов двести двадцать три квадриллиона триста семьдесят два триллиона тридцать шесть миллиардов "+
		"восемьсот пятьдесят четыре миллиона семьсот семьдесят пять тысяч восемьсот семь", words.Russian(math.MaxInt64, false))
	require.Contains(t, words.English(math.MaxInt64), "nine quintillion two hundred twenty-three quadrillion")
}

// Two numbers never read the same, and no word is missing between two blanks.
func TestNumbersReadApart(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int64Range(0, math.MaxInt64).Draw(t, "a"), rapid.Int64Range(0, 3_000_000).Draw(t, "b")
		for _, write := range []func(int64) string{
			words.English,
			func(n int64) string { return words.Russian(n, false) },
			func(n int64) string { return words.Russian(n, true) },
		} {
			require.NotContains(t, write(a), "  ")
			require.Equal(t, a == b, write(a) == write(b))
			require.False(t, unicode.IsSpace(rune(write(a)[0])))
		}
	})
}
