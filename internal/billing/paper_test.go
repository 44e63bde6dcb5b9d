package billing_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/account"
	"parley/internal/billing"
	"parley/internal/money"
	"parley/internal/pricing"
)

var update = flag.Bool("update", false, "write the golden files anew")

var russianSeller = account.Requisites{
	Country: "RU", Kind: "company", ShortName: "ООО «Парлей»", LegalName: "Общество с ограниченной ответственностью «Парлей»",
	INN: "7707083893", KPP: "770701001", OGRN: "1027700132195", TaxRegime: "general", VATRate: "22",
	Signatory: account.Signatory{Name: "Соколова А. В.", Position: "Генеральный директор", Basis: "Устав"},
	Bank: account.Bank{
		Name: "ПАО Сбербанк, г. Москва", BIK: "044525225", Account: "40702810938000012345", CorrespondentAccount: "30101810400000000225",
	},
	LegalAddress: account.Address{Country: "RU", PostalCode: "117997", City: "Москва", Street: "ул. Вавилова, д. 19"}, PostalSame: true,
}

var russianBuyer = account.Requisites{
	Country: "RU", Kind: "company", ShortName: "ООО «Синяя булочная»", LegalName: "Общество с ограниченной ответственностью «Синяя булочная»",
	INN: "5024002119", KPP: "502401001", OGRN: "1025002863049", TaxRegime: "simplified", VATRate: "none",
	Signatory: account.Signatory{Name: "Иванов И. И.", Position: "Директор", Basis: "Устав"}, ContractNumber: "17/2026", ContractDate: "2026-03-02",
	Bank:         account.Bank{Name: "АО «Банк»", BIK: "044525974", Account: "40702810500000000001", CorrespondentAccount: "30101810145250000974"},
	LegalAddress: account.Address{Country: "RU", PostalCode: "143401", Region: "Московская область", City: "Красногорск", Street: "ул. Ленина, д. 3, оф. 12"}, PostalSame: true,
}

var germanSeller = account.Requisites{
	Country: "DE", Kind: "company", LegalName: "Northwind Resale GmbH", RegistrationNumber: "HRB 123456 B", TaxNumber: "30/123/45678",
	VATNumber: "DE123456789", VATRate: "19", Signatory: account.Signatory{Name: "Anna Müller", Position: "Geschäftsführerin"},
	Bank:         account.Bank{Name: "Deutsche Bank AG", IBAN: "DE89 3704 0044 0532 0130 00", SWIFT: "DEUTDEFF"},
	LegalAddress: account.Address{Country: "DE", PostalCode: "10115", City: "Berlin", Street: "Invalidenstraße 44"}, PostalSame: true,
}

var frenchBuyer = account.Requisites{
	Country: "FR", Kind: "company", LegalName: "Boulangerie de l’Étoile Bleue SARL", RegistrationNumber: "RCS Paris 123 456 789", VATNumber: "FR12345678901",
	Signatory: account.Signatory{Name: "Hélène Dupont"}, LegalAddress: account.Address{Country: "FR", PostalCode: "75002", City: "Paris", Street: "12 rue de la Paix"}, PostalSame: true,
}

func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

// samples are one invoice of each kind that looks different.
func samples() map[string]billing.Invoice {
	issued := time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC)
	base := billing.Invoice{
		ID: uuid.MustParse("019a0000-0000-7000-8000-000000000001"), CompanyID: 1003, SellerID: 1000, Kind: billing.TopUp, Number: "T2026-000123",
		IssuedAt: issued, IssuedOn: day("2026-11-21"), DueOn: day("2026-11-27"), Form: billing.RussianForm, Currency: "RUB",
		Total: 10_000 * money.Unit, ToPay: 10_000 * money.Unit, State: billing.Issued,
		Seller: billing.Party{CompanyID: 1000, Name: "Parley", Requisites: russianSeller}, Buyer: billing.Party{CompanyID: 1003, Name: "Blue Bakery", Requisites: russianBuyer},
		Lines: []billing.Line{{
			N: 1, Name: "Пополнение баланса (аванс за услуги), компания № 1003", Unit: "усл.", Quantity: 1, UnitPrice: 10_000 * money.Unit,
			Exact: 10_000 * money.Unit, Amount: 10_000 * money.Unit, VATRate: "22", VAT: 1_803_280_000,
		}},
	}
	november := day("2026-11-01")
	monthly := base
	monthly.Kind, monthly.Number, monthly.Period = billing.Monthly, "M2026-000017", &november
	monthly.IssuedOn, monthly.DueOn = day("2026-12-01"), day("2026-12-15")
	monthly.Lines, monthly.Total = nil, 0
	for n, item := range pricing.Items[:6] {
		amount := money.Amount(n+1) * 123_450_000
		monthly.Lines = append(monthly.Lines, billing.Line{
			N: n + 1, Item: item, Name: "Сообщения операторов в чатах", Unit: "сообщ.", Quantity: int64(12_345 * (n + 1)), UnitPrice: 10_000,
			Exact: amount, Amount: amount, VATRate: "22", VAT: amount * 22 / 122 / 10_000 * 10_000,
		})
		monthly.Total += amount
	}
	monthly.ToPay = 500 * money.Unit
	monthly.Covered = monthly.Total - monthly.ToPay

	long := monthly
	long.Number, long.Lines, long.Total = "M2026-999999", nil, 0
	long.Seller.Requisites.LegalName = strings.Repeat("Общество с ограниченной ответственностью с очень длинным названием ", 4)
	long.Seller.Requisites.ShortName, long.Buyer.Requisites.LegalName = long.Seller.Requisites.LegalName, long.Seller.Requisites.LegalName
	long.Seller.Requisites.VATRate = "none"
	for n := range 50 {
		amount := 987_654_321 * money.Unit / 100
		long.Lines = append(long.Lines, billing.Line{
			N: n + 1, Name: fmt.Sprintf("Услуга № %d с названием, которое не помещается в одну строку столбца и переносится", n+1), Unit: "сообщ.",
			Quantity: 987_654_321, UnitPrice: 12_345, Exact: amount, Amount: amount, VATRate: billing.NoVAT,
		})
		long.Total += amount
	}
	long.Covered, long.ToPay = long.Total, 0

	euro := base
	euro.Form, euro.Currency, euro.Number, euro.Total, euro.ToPay = billing.InternationalForm, "EUR", "T2026-000007", 500*money.Unit, 500*money.Unit
	euro.Seller.Requisites, euro.Buyer.Requisites = germanSeller, frenchBuyer
	euro.Lines = []billing.Line{{
		N: 1, Name: "Balance top-up (prepayment for services)", Unit: "service", Quantity: 1, UnitPrice: 500 * money.Unit,
		Exact: 500 * money.Unit, Amount: 500 * money.Unit, VATRate: "19", VAT: 79_830_000,
	}}
	return map[string]billing.Invoice{"top_up": base, "monthly": monthly, "long": long, "international": euro}
}

// Papers are golden by their hash; with -update they are also left in the folder
// that PAPERS names, to be looked at.
func TestPapersAreTheSameByteForByte(t *testing.T) {
	t.Parallel()
	const golden = "testdata/papers.json"
	hashes := map[string]string{}
	signed := billing.Pictures{Stamp: stamp(t), Signature: signature(t)}
	papers := samples()
	papers["signed"], papers["signed_international"] = papers["monthly"], papers["international"]
	for name, i := range papers {
		pictures := billing.Pictures{}
		if strings.HasPrefix(name, "signed") {
			pictures = signed
		}
		data, err := billing.Paper(i, pictures)
		require.NoError(t, err)
		again, err := billing.Paper(i, pictures)
		require.NoError(t, err)
		require.Equal(t, sha256.Sum256(data), sha256.Sum256(again), name)
		hash := sha256.Sum256(data)
		hashes[name] = hex.EncodeToString(hash[:])
		if folder := os.Getenv("PAPERS"); *update && folder != "" {
			require.NoError(t, os.WriteFile(filepath.Join(folder, name+".pdf"), data, 0o644))
		}
	}
	if *update {
		text, err := json.MarshalIndent(hashes, "", "  ")
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(golden, append(text, '\n'), 0o644))
	}
	text, err := os.ReadFile(golden)
	require.NoError(t, err)
	var want map[string]string
	require.NoError(t, json.Unmarshal(text, &want))
	require.Equal(t, want, hashes, "a paper looks different: look at it, then run with -update")
}

func BenchmarkPaper(b *testing.B) {
	i := samples()["monthly"]
	for b.Loop() {
		_, err := billing.Paper(i, billing.Pictures{})
		require.NoError(b, err)
	}
}
