package account_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/platform/fault"
)

// russian is a complete company; the numbers are a real bank's.
func russian() account.Requisites {
	return account.Requisites{
		Country: "RU", Kind: "company", LegalName: "Общество с ограниченной ответственностью «Красный робот»", ShortName: "ООО «Красный робот»",
		INN: "7707083893", KPP: "773601001", OGRN: "1027700132195", TaxRegime: "general", VATRate: "22",
		Signatory: account.Signatory{Name: "Орлов Роман Ильич", Position: "генеральный директор", Basis: "Устав"},
		Bank: account.Bank{
			Name: "ПАО Сбербанк", BIK: "044525225", Account: "40702810438000060473", CorrespondentAccount: "30101810400000000225",
		},
		LegalAddress:   account.Address{Country: "RU", PostalCode: "117997", City: "Москва", Street: "ул. Вавилова, д. 19"},
		PostalSame:     true,
		DocumentEmails: []string{},
	}
}

func german() account.Requisites {
	return account.Requisites{
		Country: "DE", Kind: "company", LegalName: "Söhne GmbH", RegistrationNumber: "HRB 12345", VATNumber: "DE136695976", DUNS: "804735132",
		Signatory:      account.Signatory{Name: "Jürgen Söhne"},
		Bank:           account.Bank{Name: "Commerzbank", IBAN: "DE89370400440532013000", SWIFT: "COBADEFFXXX"},
		LegalAddress:   account.Address{Country: "DE", PostalCode: "10115", City: "Berlin", Street: "Invalidenstraße 1"},
		PostalSame:     true,
		DocumentEmails: []string{},
	}
}

func information(r account.Requisites) account.Information {
	return account.Information{
		Name: "Red Robot", Email: "office@red.example", Phone: "+74950000000", TimeZone: "Europe/Moscow", MaxDialogs: 300, Requisites: r,
	}
}

func TestMissing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		of      func() account.Requisites
		without func(r *account.Requisites)
		missing []string
	}{
		"a complete Russian company": {russian, func(*account.Requisites) {}, []string{}},
		"a complete German company":  {german, func(*account.Requisites) {}, []string{}},
		"nothing": {func() account.Requisites { return account.Requisites{} }, func(*account.Requisites) {}, []string{
			"country", "kind", "legal_name", "legal_address.country", "legal_address.postal_code", "legal_address.city", "legal_address.street",
			"postal_address.country", "postal_address.postal_code", "postal_address.city", "postal_address.street",
		}},
		"a postal code":   {russian, func(r *account.Requisites) { r.LegalAddress.PostalCode = "" }, []string{"legal_address.postal_code"}},
		"its bank's code": {russian, func(r *account.Requisites) { r.Bank.BIK, r.KPP = "", "" }, []string{"kpp", "bank.bik"}},
		"another address": {russian, func(r *account.Requisites) { r.PostalSame = false; r.PostalAddress.Country = "RU" }, []string{"postal_address.postal_code", "postal_address.city", "postal_address.street"}},
		"an entrepreneur's INN": {russian, func(r *account.Requisites) {
			r.Kind, r.INN, r.KPP, r.Signatory = "entrepreneur", "", "", account.Signatory{}
		}, []string{"inn"}},
		"a person's name":     {russian, func(r *account.Requisites) { r.Kind, r.LegalName, r.INN = "person", "", "" }, []string{"legal_name"}},
		"a register's number": {german, func(r *account.Requisites) { r.RegistrationNumber = "" }, []string{"registration_number"}},
		"Hong Kong has no postal codes": {german, func(r *account.Requisites) {
			r.LegalAddress.Country, r.LegalAddress.PostalCode, r.LegalAddress.Street = "HK", "", ""
		}, []string{"legal_address.street"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := c.of()
			c.without(&r)
			require.Equal(t, c.missing, r.Missing())
		})
	}
}

func TestInformation(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ctx, owner := t.Context(), d.Direct.Actor(t, access.Owner)
	info, err := d.Service.Information(ctx, owner)
	require.NoError(t, err)
	require.Equal(t, []string{"email", "phone", "requisites.country"}, info.Missing()[:3])
	empty, err := d.Service.Requisites(ctx, d.Direct.ID)
	require.NoError(t, err)
	require.Zero(t, empty)
	var f *fault.Error
	require.ErrorAs(t, d.Service.RequireInformation(ctx, d.Direct.ID), &f)
	require.Equal(t, fault.CompanyIncomplete, f.Code)
	require.Equal(t, info.Missing(), f.Extra["missing"])

	typed := information(russian())
	typed.Phone, typed.Email = "8 (495) 000-00-00", " Office@Red.Example "
	typed.Requisites.INN, typed.Requisites.Bank.Account = " 7707 083893 ", "40702.810.4.3800-0060473"
	typed.Requisites.DocumentEmails = []string{"A@red.example", " a@red.example", ""}
	stored, err := d.Service.ChangeInformation(ctx, owner, typed)
	require.NoError(t, err)
	want := information(russian())
	want.Requisites.DocumentEmails, want.Version = []string{"a@red.example"}, info.Version+1
	require.Equal(t, want, stored)
	again, err := d.Service.Information(ctx, owner)
	require.NoError(t, err)
	require.Equal(t, want, again)
	require.NoError(t, d.Service.RequireInformation(ctx, d.Direct.ID))
	kept, err := d.Service.Requisites(ctx, d.Direct.ID)
	require.NoError(t, err)
	require.Equal(t, want.Requisites, kept)

	same, err := d.Service.ChangeInformation(ctx, owner, again)
	require.NoError(t, err)
	require.Equal(t, again.Version, same.Version, "nothing changed")
	stale := again
	stale.Version--
	_, err = d.Service.ChangeInformation(ctx, owner, stale)
	require.True(t, fault.Is(err, fault.VersionConflict), err)
	other, err := d.Service.Requisites(ctx, d.First.ID)
	require.NoError(t, err)
	require.Zero(t, other)
}

func TestInformationInTheTrail(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ctx, owner := t.Context(), d.Direct.Actor(t, access.Owner)
	first, err := d.Service.ChangeInformation(ctx, owner, information(russian()))
	require.NoError(t, err)
	first.Requisites.KPP, first.Requisites.LegalAddress.PostalCode = "997950001", "101000"
	_, err = d.Service.ChangeInformation(ctx, owner, first)
	require.NoError(t, err)
	records, _, err := d.Service.Trail(ctx, owner, account.TrailFilter{Action: "company.changed"})
	require.NoError(t, err)
	require.Len(t, records, 2)
	require.JSONEq(t, `{"requisites.kpp":"773601001","requisites.legal_address.postal_code":"117997"}`, string(records[0].Old))
	require.JSONEq(t, `{"requisites.kpp":"997950001","requisites.legal_address.postal_code":"101000"}`, string(records[0].New))
	require.NotContains(t, string(records[1].New), "max_dialogs")
}

// The month before keeps the zone it was counted in.
func TestInformationKeepsTheZoneThatWas(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	owner := d.Direct.Actor(t, access.Owner)
	d.clock.Step(time.Hour)
	next := information(russian())
	next.TimeZone = "Pacific/Chatham"
	_, err := d.Service.ChangeInformation(t.Context(), owner, next)
	require.NoError(t, err)
	for at, zone := range map[time.Time]string{noon: "Europe/Moscow", noon.Add(time.Hour): "Pacific/Chatham"} {
		era, err := d.Service.At(t.Context(), d.Direct.ID, at)
		require.NoError(t, err)
		require.Equal(t, zone, era.TimeZone, at)
	}
	c, err := d.Service.Company(t.Context(), d.Direct.ID)
	require.NoError(t, err)
	require.Equal(t, "Pacific/Chatham", c.TimeZone)
}

func TestAccountantChangesBillingDetailsOnly(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	accountant := d.Direct.Actor(t, access.Accountant)
	require.True(t, accountant.May(access.CompanyDetails))
	next := information(german())
	_, err := d.Service.ChangeInformation(t.Context(), accountant, next)
	require.NoError(t, err)
	for _, change := range []func(i *account.Information){
		func(i *account.Information) { i.Name = "Mine" },
		func(i *account.Information) { i.TimeZone = "UTC" },
		func(i *account.Information) { i.MaxDialogs = 1 },
	} {
		changed := next
		change(&changed)
		_, err := d.Service.ChangeInformation(t.Context(), accountant, changed)
		require.True(t, fault.Is(err, fault.Forbidden), err)
	}
}

func TestInformationInput(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	owner := d.Direct.Actor(t, access.Owner)
	for name, c := range map[string]struct {
		of    func() account.Requisites
		wrong func(i *account.Information)
		field string
	}{
		"INN":                       {russian, func(i *account.Information) { i.Requisites.INN = "7707083892" }, "requisites.inn"},
		"a person's INN":            {russian, func(i *account.Information) { i.Requisites.INN = "500100732259" }, "requisites.inn"},
		"a company's INN":           {russian, func(i *account.Information) { i.Requisites.Kind = "self_employed" }, "requisites.inn"},
		"KPP":                       {russian, func(i *account.Information) { i.Requisites.KPP = "77360100" }, "requisites.kpp"},
		"OGRN":                      {russian, func(i *account.Information) { i.Requisites.OGRN = "1027700132196" }, "requisites.ogrn"},
		"OGRNIP of a company":       {russian, func(i *account.Information) { i.Requisites.OGRN = "304500116000157" }, "requisites.ogrn"},
		"BIK":                       {russian, func(i *account.Information) { i.Requisites.Bank.BIK = "44525225" }, "requisites.bank.bik"},
		"another bank's BIK":        {russian, func(i *account.Information) { i.Requisites.Bank.BIK = "044525974" }, "requisites.bank.correspondent_account"},
		"an account's digit":        {russian, func(i *account.Information) { i.Requisites.Bank.Account = "40702810838000060473" }, "requisites.bank.account"},
		"regime":                    {russian, func(i *account.Information) { i.Requisites.TaxRegime = "none" }, "requisites.tax_regime"},
		"VAT rate":                  {russian, func(i *account.Information) { i.Requisites.VATRate = "19" }, "requisites.vat_rate"},
		"postal code":               {russian, func(i *account.Information) { i.Requisites.LegalAddress.PostalCode = "11799" }, "requisites.legal_address.postal_code"},
		"contract's date":           {russian, func(i *account.Information) { i.Requisites.ContractDate = "2026-02-29" }, "requisites.contract_date"},
		"kind":                      {german, func(i *account.Information) { i.Requisites.Kind = "entrepreneur" }, "requisites.kind"},
		"country":                   {german, func(i *account.Information) { i.Requisites.Country = "XX" }, "requisites.country"},
		"an old name of a country":  {german, func(i *account.Information) { i.Requisites.Country = "UK" }, "requisites.country"},
		"a continent":               {german, func(i *account.Information) { i.Requisites.Country = "150" }, "requisites.country"},
		"IBAN":                      {german, func(i *account.Information) { i.Requisites.Bank.IBAN = "DE89370400440532013001" }, "requisites.bank.iban"},
		"SWIFT":                     {german, func(i *account.Information) { i.Requisites.Bank.SWIFT = "COBADE" }, "requisites.bank.swift"},
		"ABA":                       {german, func(i *account.Information) { i.Requisites.Bank.ABA = "021000020" }, "requisites.bank.aba"},
		"VAT number":                {german, func(i *account.Information) { i.Requisites.VATNumber = "FR40303265045" }, "requisites.vat_number"},
		"DUNS":                      {german, func(i *account.Information) { i.Requisites.DUNS = "12345678" }, "requisites.duns"},
		"no name":                   {german, func(i *account.Information) { i.Name = " " }, "name"},
		"a company's email":         {german, func(i *account.Information) { i.Email = "office" }, "email"},
		"a company's phone":         {german, func(i *account.Information) { i.Phone = "12" }, "phone"},
		"a zone on Mars":            {german, func(i *account.Information) { i.TimeZone = "Mars/Olympus" }, "time_zone"},
		"the machine's own zone":    {german, func(i *account.Information) { i.TimeZone = "Local" }, "time_zone"},
		"more dialogs than any":     {german, func(i *account.Information) { i.MaxDialogs = 10_001 }, "max_dialogs"},
		"an email for papers":       {german, func(i *account.Information) { i.Requisites.DocumentEmails = []string{"a@b.example", "x"} }, "requisites.document_emails"},
		"eleven emails for papers":  {german, func(i *account.Information) { i.Requisites.DocumentEmails = times(11, "a@b.example") }, "requisites.document_emails"},
		"a name that turns round":   {german, func(i *account.Information) { i.Requisites.LegalName = "HbmG \u202e" }, "requisites.legal_name"},
		"a bank with a bell":        {german, func(i *account.Information) { i.Requisites.Bank.Name = "a\x07" }, "requisites.bank.name"},
		"a street without an end":   {german, func(i *account.Information) { i.Requisites.LegalAddress.Street = strings.Repeat("я", 301) }, "requisites.legal_address.street"},
		"broken bytes":              {german, func(i *account.Information) { i.Requisites.ShortName = "\xff" }, "requisites.short_name"},
		"a signatory as long as it": {german, func(i *account.Information) { i.Requisites.Signatory.Name = strings.Repeat("x", 1<<20) }, "requisites.signatory.name"},
	} {
		t.Run(name, func(t *testing.T) {
			i := information(c.of())
			c.wrong(&i)
			_, err := d.Service.ChangeInformation(t.Context(), owner, i)
			require.NotEmpty(t, fieldCode(t, err, c.field))
		})
	}
	empty, err := d.Service.Requisites(t.Context(), d.Direct.ID)
	require.NoError(t, err)
	require.Zero(t, empty, "nothing of all this was stored")
}

// What the other side of the border has is emptied, not stored in the dark.
func TestCountryDecidesTheFields(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	owner := d.Direct.Actor(t, access.Owner)
	mixed := information(russian())
	foreign := german()
	mixed.Requisites.VATNumber, mixed.Requisites.DUNS, mixed.Requisites.Bank.IBAN = foreign.VATNumber, foreign.DUNS, foreign.Bank.IBAN
	stored, err := d.Service.ChangeInformation(t.Context(), owner, mixed)
	require.NoError(t, err)
	require.Equal(t, russian(), stored.Requisites)
	mixed.Requisites.Country = "KZ"
	mixed.Requisites.Kind = "company"
	stored, err = d.Service.ChangeInformation(t.Context(), owner, mixed)
	require.NoError(t, err)
	require.Empty(t, stored.Requisites.INN+stored.Requisites.KPP+stored.Requisites.OGRN+stored.Requisites.Bank.BIK)

	person := information(russian())
	person.Requisites.Kind, person.Requisites.INN = "self_employed", "500100732259"
	stored, err = d.Service.ChangeInformation(t.Context(), owner, person)
	require.NoError(t, err)
	require.Equal(t, []string{"professional", "none", "", ""}, []string{stored.Requisites.TaxRegime, stored.Requisites.VATRate, stored.Requisites.KPP, stored.Requisites.OGRN})
	data, err := json.Marshal(stored.Requisites)
	require.NoError(t, err)
	require.NotContains(t, string(data), "null")
}
