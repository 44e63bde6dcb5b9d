package bench

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"parley/internal/account"
	"parley/internal/billing"
	"parley/internal/money"
	"parley/internal/pricing"
)

// Invoices measures drawing papers: Russian ones with bank block, VAT, amount in
// words and square code, as many at once as there are cores.
type Invoices struct {
	Lines int // of an invoice
	Time  time.Duration
}

// Run measures in this process.
func (b Invoices) Run(ctx context.Context, progress func(string, ...any)) (Result, error) {
	r := Result{Name: "invoices", Metric: "invoices drawn as PDF, per core", Unit: "PDF/s"}
	progress("invoices of %d lines for %s on %d cores", b.Lines, b.Time, runtime.NumCPU())
	var drawn, bytes atomic.Int64
	var mu sync.Mutex
	var latency []time.Duration
	var failed error
	cpu, began := OwnCPU(), time.Now()
	var wait sync.WaitGroup
	for core := range runtime.NumCPU() {
		wait.Go(func() {
			for n := 0; time.Since(began) < b.Time && ctx.Err() == nil; n++ {
				at := time.Now()
				data, err := billing.Paper(paperOf(b.Lines, core*1_000_000+n), billing.Pictures{})
				mu.Lock()
				latency = append(latency, time.Since(at))
				failed = err
				mu.Unlock()
				if err != nil {
					return
				}
				drawn.Add(1)
				bytes.Add(int64(len(data)))
			}
		})
	}
	wait.Wait()
	if failed != nil {
		return r, failed
	}
	used := OwnCPU() - cpu
	r.Value = round(float64(drawn.Load()) / used.Seconds())
	r.P50, r.P99 = Percentile(latency, 50), Percentile(latency, 99)
	r.CPUSeconds, r.RSS = round(used.Seconds()), round(UsageOf(os.Getpid()).RSS)
	r.Notes = map[string]any{
		"lines": b.Lines, "drawn": drawn.Load(), "per_s_on_all_cores": round(float64(drawn.Load()) / time.Since(began).Seconds()),
		"kb_each": hundredths(float64(bytes.Load()) / float64(drawn.Load()) / 1024),
	}
	return r, ctx.Err()
}

// paperOf is an invoice that differs from others in number and amounts.
func paperOf(lines, n int) billing.Invoice {
	period := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	issued := time.Date(2026, 11, 1, 0, 0, 0, n*1000, time.UTC)
	i := billing.Invoice{
		ID: uuid.UUID{15: byte(n)}, CompanyID: int64(1000 + n), SellerID: 1000, Kind: billing.Monthly, Number: fmt.Sprintf("M2026-%06d", n), Period: &period,
		IssuedAt: issued, IssuedOn: issued.Truncate(24 * time.Hour), DueOn: issued.AddDate(0, 0, 14), Form: billing.RussianForm, Currency: pricing.SeedCurrency,
		Seller: billing.Party{CompanyID: 1000, Name: "Parley", Requisites: requisites("Парлей")},
		Buyer:  billing.Party{CompanyID: int64(1000 + n), Name: "Buyer", Requisites: requisites(fmt.Sprintf("Покупатель %d", n))},
	}
	for k := range lines {
		amount := money.Amount(n+k+1) * money.Unit / 100
		i.Lines = append(i.Lines, billing.Line{
			N: k + 1, Item: pricing.ChatOperatorMessage, Name: "Сообщения операторов в чатах", Unit: "сообщ.", Quantity: int64(n + k + 1),
			UnitPrice: money.Unit / 100, Exact: amount, Amount: amount, VATRate: "22", VAT: amount.MulDiv(22, 122*10_000) * 10_000,
		})
		i.Total += amount
	}
	i.ToPay = i.Total
	return i
}

func requisites(name string) account.Requisites {
	return account.Requisites{
		Country: "RU", Kind: account.CompanyParty, ShortName: "ООО «" + name + "»", LegalName: "Общество с ограниченной ответственностью «" + name + "»",
		INN: "7707083893", KPP: "770701001", OGRN: "1027700132195", TaxRegime: "general", VATRate: "22",
		Signatory:    account.Signatory{Name: "Соколова А. В.", Position: "Генеральный директор", Basis: "Устав"},
		Bank:         account.Bank{Name: "ПАО Сбербанк, г. Москва", BIK: "044525225", Account: "40702810938000012345", CorrespondentAccount: "30101810400000000225"},
		LegalAddress: account.Address{Country: "RU", PostalCode: "117997", City: "Москва", Street: "ул. Вавилова, д. 19"}, PostalSame: true,
	}
}
