package seed

import (
	"context"
	"fmt"

	"parley/internal/account"
)

// papers is what a demo company says of itself: numbers with right check
// digits that belong to nobody.
type papers struct {
	email, phone string
	requisites   account.Requisites
}

func moscow(postcode, street string) account.Address {
	return account.Address{Country: "RU", PostalCode: postcode, City: "Москва", Street: street}
}

func sberbank(settlement string) account.Bank {
	return account.Bank{Name: "ПАО Сбербанк", BIK: "044525225", Account: settlement, CorrespondentAccount: "30101810400000000225"}
}

func director(name string) account.Signatory {
	return account.Signatory{Name: name, Position: "Генеральный директор", Basis: "Устав"}
}

var (
	platformPapers = papers{"office@parley.example", "+74950000101", account.Requisites{
		Country: "RU", Kind: account.CompanyParty, LegalName: "Общество с ограниченной ответственностью «Парли»", ShortName: "ООО «Парли»",
		INN: "7701100207", KPP: "770101001", OGRN: "1247701100206", TaxRegime: "general", VATRate: "22", Signatory: director("Орлова Полина Сергеевна"),
		Bank: sberbank("40702810938000010020"), LegalAddress: moscow("101000", "ул. Мясницкая, д. 10"), PostalSame: true,
	}}
	resellerPapers = papers{"office@northwind.example", "+78120000202", account.Requisites{
		Country: "RU", Kind: account.CompanyParty, LegalName: "Общество с ограниченной ответственностью «Северный ветер»", ShortName: "ООО «Северный ветер»",
		INN: "7802200303", KPP: "780201001", OGRN: "1247702200305", TaxRegime: "simplified", VATRate: "5", Signatory: director("Зимина Нора Павловна"),
		Bank:         sberbank("40702810138000020030"),
		LegalAddress: account.Address{Country: "RU", PostalCode: "194044", City: "Санкт-Петербург", Street: "Большой Сампсониевский пр., д. 28"}, PostalSame: true,
	}}
	bakeryPapers = papers{"office@blue.example", "+74950000303", account.Requisites{
		Country: "RU", Kind: account.CompanyParty, LegalName: "Общество с ограниченной ответственностью «Синяя пекарня»", ShortName: "ООО «Синяя пекарня»",
		INN: "7723300400", KPP: "772301001", OGRN: "1247703300404", TaxRegime: "general", VATRate: "22", Signatory: director("Стоун Оливия"),
		Bank: sberbank("40702810338000030040"), LegalAddress: moscow("109044", "ул. Воронцовская, д. 4"), PostalSame: true,
		DocumentEmails: []string{"accountant@blue.example"},
	}}
	garagePapers = papers{"office@green.example", "+73430000404", account.Requisites{
		Country: "RU", Kind: account.EntrepreneurParty, LegalName: "Хилл Грета Ивановна", ShortName: "ИП Хилл Г. И.",
		INN: "667123456785", OGRN: "324665800123451", TaxRegime: "simplified", VATRate: "none", Bank: sberbank("40802810916540012345"),
		LegalAddress: account.Address{Country: "RU", PostalCode: "620014", City: "Екатеринбург", Street: "ул. Малышева, д. 36, кв. 12"}, PostalSame: true,
	}}
	robotPapers = papers{"office@red.example", "+74950000505", account.Requisites{
		Country: "RU", Kind: account.CompanyParty, LegalName: "Общество с ограниченной ответственностью «Красный робот»", ShortName: "ООО «Красный робот»",
		INN: "7704400505", KPP: "770401001", OGRN: "1247704400503", TaxRegime: "general", VATRate: "22", Signatory: director("Орлов Роман Андреевич"),
		Bank: sberbank("40702810538000040050"), LegalAddress: moscow("119019", "ул. Знаменка, д. 7"), PostalSame: true,
	}}
)

// describe fills in the information of every company.
func (s *seeder) describe(ctx context.Context) error {
	for _, one := range []struct {
		firm   *firm
		papers papers
	}{{&s.platform, platformPapers}, {s.reseller, resellerPapers}, {s.bakery, bakeryPapers}, {s.garage, garagePapers}, {s.robot, robotPapers}} {
		info, err := s.app.Accounts.Information(ctx, one.firm.owner)
		if err != nil {
			return fmt.Errorf("information of %s: %w", one.firm.Name, err)
		}
		info.Email, info.Phone, info.Requisites = one.papers.email, one.papers.phone, one.papers.requisites
		if _, err := s.app.Accounts.ChangeInformation(ctx, one.firm.owner, info); err != nil {
			return fmt.Errorf("information of %s: %w", one.firm.Name, err)
		}
		if err := s.app.Accounts.RequireInformation(ctx, one.firm.ID); err != nil {
			return fmt.Errorf("information of %s: %w", one.firm.Name, err)
		}
	}
	return nil
}
