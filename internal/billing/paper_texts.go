package billing

import (
	"fmt"
	"strings"
	"time"

	"parley/internal/account"
	"parley/internal/money"
)

// paperTexts are the words and the ways of writing of a form.
type paperTexts struct {
	language                               string
	title, footer, pageOf                  string
	n, item, quantity, unit, price, amount string
	total, vat, noVAT, covered, toPay      string
	lines                                  string
	group, point                           string // of numbers
	date                                   func(time.Time) string
}

var russianPaper = paperTexts{
	language: "ru", title: "Счёт %s", footer: "Счёт № %s от %s · %s", pageOf: "Страница %d из %d",
	n: "№", item: "Товары, работы, услуги", quantity: "Количество", unit: "Ед.", price: "Цена", amount: "Сумма",
	total: "Итого", vat: "В том числе НДС %s %%", noVAT: "Без налога (НДС)", covered: "Оплачено с баланса", toPay: "Всего к оплате",
	lines: "Всего наименований %d, на сумму %s", group: "\u00a0", point: ",", date: russianDate,
}

var englishPaper = paperTexts{
	language: "en", title: "Invoice %s", footer: "Invoice %s of %s · %s", pageOf: "Page %d of %d",
	n: "#", item: "Description", quantity: "Qty", unit: "", price: "Unit price", amount: "Amount",
	total: "Total", vat: "Including VAT %s %%", noVAT: "VAT is not charged", covered: "Covered by balance", toPay: "Amount due",
	lines: "%d item(s), total %s", group: ",", point: ".", date: englishDate,
}

var russianMonths = [12]string{
	"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря",
}

var russianMonthNames = [12]string{
	"январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
}

func russianDate(t time.Time) string {
	return fmt.Sprintf("%d %s %d\u00a0г.", t.Day(), russianMonths[t.Month()-1], t.Year())
}

func englishDate(t time.Time) string { return t.Format("January 2, 2006") }

// number writes an amount with two places after the point.
func (t paperTexts) number(a money.Amount) string { return t.decimal(rounded(a).String()) }

// price6 writes a price with as many places as it has.
func (t paperTexts) price6(a money.Amount) string { return t.decimal(a.String()) }

func (t paperTexts) count(n int64) string { return t.grouped(fmt.Sprint(n)) }

func (t paperTexts) decimal(s string) string {
	whole, part, _ := strings.Cut(s, ".")
	return t.grouped(whole) + t.point + part
}

// grouped puts a sign between groups of three digits.
func (t paperTexts) grouped(whole string) string {
	digits, negative := strings.CutPrefix(whole, "-")
	var b strings.Builder
	if negative {
		b.WriteString("−")
	}
	for n, d := range digits {
		if n > 0 && (len(digits)-n)%3 == 0 {
			b.WriteString(t.group)
		}
		b.WriteRune(d)
	}
	return b.String()
}

var signs = map[string]string{"RUB": "₽", "KZT": "₸", "USD": "$", "EUR": "€", "GBP": "£"}

// money writes an amount with its currency the way the language does: 1 000,00 ₽,
// $1,000.00, 1,000.00 CHF.
func (t paperTexts) money(a money.Amount, currency string) string {
	sign, known := signs[currency]
	if t.language == "en" && known && currency != "RUB" && currency != "KZT" {
		return strings.Replace(sign+t.number(a), sign+"−", "−"+sign, 1)
	}
	if !known || t.language == "en" {
		sign = currency
	}
	return t.number(a) + "\u00a0" + sign
}

// addressOf is an address on one line, as Russian papers have it.
func addressOf(a account.Address) string {
	var parts []string
	for _, p := range []string{a.PostalCode, a.Region, a.City, a.Street} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ", ")
}

func nonEmpty(parts ...string) []string {
	out := parts[:0:0]
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return out
}

// labelled is "name value", or nothing without a value.
func labelled(name, value string) string {
	if value == "" {
		return ""
	}
	return name + " " + value
}
