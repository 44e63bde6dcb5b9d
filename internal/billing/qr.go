package billing

import (
	"strings"

	"parley/internal/money"
)

// paymentCode is what a bank's application reads from the square code of an
// invoice: GOST R 56042-2014 for roubles to a Russian account, EPC069-12 for
// euros to an IBAN, nothing otherwise.
func paymentCode(i Invoice, purpose string) string {
	bank := i.Seller.Requisites.Bank
	switch {
	case i.ToPay <= 0:
		return ""
	case i.Currency == "RUB" && bank.BIK != "" && bank.Account != "":
		return gost(i, purpose)
	case i.Currency == "EUR" && bank.IBAN != "":
		return epc(i, purpose)
	}
	return ""
}

// gost lays out "ST00012|Name=…": format version 0001, UTF-8 (2). Sum is in
// kopecks. Values must not contain the separator.
func gost(i Invoice, purpose string) string {
	r := i.Seller.Requisites
	var b strings.Builder
	b.WriteString("ST00012")
	for _, one := range []struct {
		name, value string
		most        int // characters, by the standard's table
	}{
		{"Name", receiver(i.Seller), 160},
		{"PersonalAcc", r.Bank.Account, 20},
		{"BankName", r.Bank.Name, 45},
		{"BIC", r.Bank.BIK, 9},
		{"CorrespAcc", orZero(r.Bank.CorrespondentAccount), 20},
		{"PayeeINN", r.INN, 12},
		{"KPP", r.KPP, 9},
		{"Sum", kopecks(i.ToPay), 18},
		{"Purpose", purpose, 210},
	} {
		if one.value != "" {
			b.WriteString("|" + one.name + "=" + cut(strings.ReplaceAll(oneLine(one.value), "|", "/"), one.most))
		}
	}
	return b.String()
}

// orZero is what the standard wants where a bank has no correspondent account.
func orZero(account string) string {
	if account == "" {
		return "0"
	}
	return account
}

func kopecks(a money.Amount) string { return strings.TrimSuffix(money.Amount(a*100).String(), ".00") }

// epc lays out the European Payments Council's "SCT" code, version 002, UTF-8.
func epc(i Invoice, purpose string) string {
	bank := i.Seller.Requisites.Bank
	return strings.Join([]string{
		"BCD", "002", "1", "SCT", bank.SWIFT, cut(oneLine(receiver(i.Seller)), 70), strings.ReplaceAll(bank.IBAN, " ", ""),
		"EUR" + i.ToPay.String(), "", "", cut(oneLine(purpose), 140), "",
	}, "\n")
}

// receiver is who the bank knows as the owner of the account.
func receiver(p Party) string {
	if p.Requisites.Bank.Receiver != "" {
		return p.Requisites.Bank.Receiver
	}
	return title(p)
}

// title is what a party is called on paper.
func title(p Party) string {
	for _, name := range []string{p.Requisites.ShortName, p.Requisites.LegalName} {
		if name != "" {
			return name
		}
	}
	return p.Name
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}
