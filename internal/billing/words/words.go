// Package words writes amounts of money in words, as papers want them: "Сто
// двадцать один рубль 05 копеек", "One hundred twenty-one US dollars and 05
// cents".
package words

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/internal/money"
)

// coin is a currency's name in a language. The forms are those for 1, 2–4 and 5
// or more; English uses the first and the last.
type coin struct {
	whole, part [3]string
	feminine    bool // of whole
}

var russian = map[string]coin{
	"RUB": {[3]string{"рубль", "рубля", "рублей"}, [3]string{"копейка", "копейки", "копеек"}, false},
	"USD": {[3]string{"доллар США", "доллара США", "долларов США"}, [3]string{"цент", "цента", "центов"}, false},
	"EUR": {[3]string{"евро", "евро", "евро"}, [3]string{"цент", "цента", "центов"}, false},
	"KZT": {[3]string{"тенге", "тенге", "тенге"}, [3]string{"тиын", "тиына", "тиынов"}, false},
	"UAH": {[3]string{"гривна", "гривны", "гривен"}, [3]string{"копейка", "копейки", "копеек"}, true},
}

var english = map[string]coin{
	"RUB": {[3]string{"Russian ruble", "", "Russian rubles"}, [3]string{"kopeck", "", "kopecks"}, false},
	"USD": {[3]string{"US dollar", "", "US dollars"}, [3]string{"cent", "", "cents"}, false},
	"EUR": {[3]string{"euro", "", "euros"}, [3]string{"cent", "", "cents"}, false},
	"KZT": {[3]string{"tenge", "", "tenge"}, [3]string{"tiyn", "", "tiyn"}, false},
	"GBP": {[3]string{"pound sterling", "", "pounds sterling"}, [3]string{"penny", "", "pence"}, false},
}

// Amount writes an amount of whole hundredths in "ru" or "en", beginning with a
// capital letter, hundredths in digits. A currency that it has no names for is
// written by its code. What is finer than a hundredth is left out.
func Amount(m money.Money, language string) string {
	hundredths := int64(m.Amount / (money.Unit / 100))
	sign := ""
	if hundredths < 0 {
		hundredths = -hundredths
		sign = map[string]string{"ru": "минус ", "en": "minus "}[language]
	}
	whole, part := hundredths/100, hundredths%100
	if language == "ru" {
		c, ok := russian[m.Currency]
		if !ok {
			return capital(fmt.Sprintf("%s%s %s %02d/100", sign, Russian(whole, false), m.Currency, part))
		}
		return capital(fmt.Sprintf("%s%s %s %02d %s", sign, Russian(whole, c.feminine), c.whole[russianForm(whole)], part, c.part[russianForm(part)]))
	}
	c, ok := english[m.Currency]
	if !ok {
		return capital(fmt.Sprintf("%s%s %s and %02d/100", sign, English(whole), m.Currency, part))
	}
	return capital(fmt.Sprintf("%s%s %s and %02d %s", sign, English(whole), c.whole[englishForm(whole)], part, c.part[englishForm(part)]))
}

func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// russianForm chooses among the forms for 1, 2–4 and 5: the last two digits
// decide, and 11–14 are many.
func russianForm(n int64) int {
	switch {
	case n%100 >= 11 && n%100 <= 14:
		return 2
	case n%10 == 1:
		return 0
	case n%10 >= 2 && n%10 <= 4:
		return 1
	}
	return 2
}

func englishForm(n int64) int {
	if n == 1 {
		return 0
	}
	return 2
}

var (
	russianOnes = [20]string{
		"", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять", "одиннадцать", "двенадцать",
		"тринадцать", "четырнадцать", "пятнадцать", "шестнадцать", "семнадцать", "восемнадцать", "девятнадцать",
	}
	russianTens     = [10]string{"", "", "двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят", "девяносто"}
	russianHundreds = [10]string{"", "сто", "двести", "триста", "четыреста", "пятьсот", "шестьсот", "семьсот", "восемьсот", "девятьсот"}
	russianThousand = []coin{
		{}, // the units, whose name the caller adds
		{whole: [3]string{"тысяча", "тысячи", "тысяч"}, feminine: true},
		{whole: [3]string{"миллион", "миллиона", "миллионов"}},
		{whole: [3]string{"миллиард", "миллиарда", "миллиардов"}},
		{whole: [3]string{"триллион", "триллиона", "триллионов"}},
		{whole: [3]string{"квадриллион", "квадриллиона", "квадриллионов"}},
		{whole: [3]string{"квинтиллион", "квинтиллиона", "квинтиллионов"}},
	}
	englishOnes = [20]string{
		"", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
		"thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
	}
	englishTens     = [10]string{"", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"}
	englishThousand = []string{"", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion"}
)

// Russian writes a number that is not negative; feminine is what is counted.
func Russian(n int64, feminine bool) string {
	if n == 0 {
		return "ноль"
	}
	var words []string
	for i, group := range groups(n) {
		if group == 0 {
			continue
		}
		name := russianThousand[i]
		if i == 0 {
			name.feminine = feminine
		}
		part := russianGroup(group, name.feminine)
		if i > 0 {
			part = append(part, name.whole[russianForm(group)])
		}
		words = append(part, words...)
	}
	return strings.Join(words, " ")
}

func russianGroup(n int64, feminine bool) (words []string) {
	add := func(w string) {
		if w != "" {
			words = append(words, w)
		}
	}
	add(russianHundreds[n/100])
	rest := n % 100
	if rest >= 20 {
		add(russianTens[rest/10])
		rest %= 10
	}
	switch {
	case feminine && rest == 1:
		add("одна")
	case feminine && rest == 2:
		add("две")
	default:
		add(russianOnes[rest])
	}
	return words
}

// English writes a number that is not negative.
func English(n int64) string {
	if n == 0 {
		return "zero"
	}
	var words []string
	for i, group := range groups(n) {
		if group == 0 {
			continue
		}
		part := englishGroup(group)
		if i > 0 {
			part = append(part, englishThousand[i])
		}
		words = append(part, words...)
	}
	return strings.Join(words, " ")
}

func englishGroup(n int64) (words []string) {
	if n >= 100 {
		words = append(words, englishOnes[n/100], "hundred")
	}
	switch rest := n % 100; {
	case rest == 0:
	case rest < 20:
		words = append(words, englishOnes[rest])
	case rest%10 == 0:
		words = append(words, englishTens[rest/10])
	default:
		words = append(words, englishTens[rest/10]+"-"+englishOnes[rest%10])
	}
	return words
}

// groups splits a number into groups of three digits, the lowest first.
func groups(n int64) (out []int64) {
	for ; n > 0; n /= 1000 {
		out = append(out, n%1000)
	}
	return out
}
