package billing

import (
	"fmt"
	"strings"
	"time"

	"parley/internal/platform/pdf"
)

// international draws an invoice in English for buyers outside of Russia.
func (s *sheet) international() error {
	s.page()
	s.Text(margin, s.y, inner, "Invoice", head)
	name := pdf.Style{Size: 11, Bold: true, Colour: grey, Align: pdf.Right}
	s.Paragraph(margin+70, s.y+2, inner-70, title(s.i.Seller), name)
	s.y += 14
	s.facts()
	s.internationalParties()
	s.due()
	s.table()
	s.totals()
	s.inWords()
	return s.bankDetails()
}

func (s *sheet) facts() {
	rows := [][2]string{{"Invoice number", s.i.Number}, {"Date of issue", englishDate(s.i.IssuedOn)}}
	if s.i.ToPay > 0 {
		rows = append(rows, [2]string{"Date due", englishDate(s.i.DueOn)})
	}
	if s.i.Period != nil {
		rows = append(rows, [2]string{"Billing period", s.i.Period.Format("January 2006")})
	}
	for n, row := range rows {
		style := body
		if n == 0 {
			style = strong
		}
		s.Text(margin, s.y, 34, row[0], style)
		s.Text(margin+34, s.y, inner-34, row[1], style)
		s.y += 5
	}
	s.y += 6
}

func (s *sheet) internationalParties() {
	const w = inner/2 - 6
	deepest := s.y
	for n, one := range []struct {
		name  string
		party Party
	}{{"From", s.i.Seller}, {"Bill to", s.i.Buyer}} {
		x, y := margin+float64(n)*(inner/2), s.y
		s.Text(x, y, w, one.name, label)
		y += 5
		for row, text := range partyLines(one.party) {
			style := body
			if row == 0 {
				style = strong
			}
			y += s.Paragraph(x, y, w, text, style)
		}
		deepest = max(deepest, y)
	}
	s.y = deepest + 8
}

func partyLines(p Party) []string {
	r := p.Requisites
	name := r.LegalName
	if name == "" {
		name = p.Name
	}
	a := r.LegalAddress
	return nonEmpty(
		name, a.Street, strings.Join(nonEmpty(a.PostalCode, a.City), " "), a.Region, country(a.Country),
		labelled("Registration number", r.RegistrationNumber), labelled("Tax number", r.TaxNumber), labelled("VAT", r.VATNumber),
		labelled("D-U-N-S", r.DUNS), labelled("INN", r.INN), labelled("OGRN", r.OGRN),
	)
}

// due says in one large line what is to be done.
func (s *sheet) due() {
	text := fmt.Sprintf("%s due %s", s.t.money(s.i.ToPay, s.i.Currency), englishDate(s.i.DueOn))
	if s.i.ToPay == 0 {
		text = fmt.Sprintf("%s paid from the balance, nothing is due", s.t.money(s.i.Total, s.i.Currency))
	}
	s.y += s.Paragraph(margin, s.y, inner, text, pdf.Style{Size: 14, Bold: true, Colour: ink}) + 6
}

func (s *sheet) bankDetails() error {
	r := s.i.Seller.Requisites
	rows := [][2]string{
		{"Beneficiary", receiver(s.i.Seller)}, {"Bank", r.Bank.Name}, {"IBAN", r.Bank.IBAN}, {"Account", r.Bank.Account}, {"SWIFT / BIC", r.Bank.SWIFT},
		{"Routing number (ABA)", r.Bank.ABA}, {"BIK", r.Bank.BIK}, {"Correspondent account", r.Bank.CorrespondentAccount}, {"Payment reference", s.purpose()},
	}
	if s.i.ToPay == 0 {
		rows = nil
	}
	signing := 12.0 // above the line to sign on
	if s.p.Signature != nil {
		signing = 20
	}
	height := 14.0 + signing + 6
	for _, row := range rows {
		height += body.Tall(len(s.Lines(row[1], inner-82, body)))
	}
	s.room(max(height, 58))
	if rows != nil {
		if err := s.square(pdf.Width-margin-34, s.y+2, 34, s.purpose()); err != nil {
			return err
		}
		if paymentCode(s.i, s.purpose()) != "" {
			s.Text(margin, s.y+37, inner, "Scan with your bank’s app to pay", right(small))
		}
		s.Text(margin, s.y, inner, "Payment details", strong)
		s.y += 6
	}
	for _, row := range rows {
		if row[1] != "" {
			s.Text(margin, s.y, 40, row[0], label)
			s.y += s.Paragraph(margin+40, s.y, inner-82, row[1], body) + 0.6
		}
	}
	s.y += signing
	if err := s.picture(margin+4, s.y-15, 48, 17, s.p.Signature); err != nil {
		return err
	}
	s.Rule(margin, s.y, margin+60, s.y, 0.2, grey)
	s.Text(margin, s.y+1, inner, strings.Join(nonEmpty(r.Signatory.Name, r.Signatory.Position), ", "), small)
	return nil
}

// country names the few countries that most buyers are in; others are shown by
// their code.
func country(code string) string {
	names := map[string]string{
		"RU": "Russia", "KZ": "Kazakhstan", "BY": "Belarus", "AM": "Armenia", "KG": "Kyrgyzstan", "UZ": "Uzbekistan", "GE": "Georgia",
		"DE": "Germany", "FR": "France", "NL": "Netherlands", "GB": "United Kingdom", "US": "United States", "IN": "India", "CY": "Cyprus",
		"AE": "United Arab Emirates", "TR": "Türkiye", "RS": "Serbia", "CN": "China",
	}
	if name, ok := names[code]; ok {
		return name
	}
	return code
}

func parseDate(text string) (time.Time, error) { return time.Parse(time.DateOnly, text) }
