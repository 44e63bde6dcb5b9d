package billing

import (
	"fmt"

	"parley/internal/billing/words"
	"parley/internal/money"
	"parley/internal/platform/pdf"
)

// Paper draws an invoice: the same invoice and pictures the same bytes.
func Paper(i Invoice, p Pictures) ([]byte, error) {
	language := englishPaper
	if i.Form == RussianForm {
		language = russianPaper
	}
	s := &sheet{
		Paper: pdf.New(pdf.Meta{Title: fmt.Sprintf(language.title, i.Number), Author: title(i.Seller), At: i.IssuedAt}), i: i, p: p, t: language,
	}
	draw := s.international
	if i.Form == RussianForm {
		draw = s.russian
	}
	if err := draw(); err != nil {
		return nil, err
	}
	s.numberPages()
	return s.Bytes()
}

// The layout of a page, in millimetres.
const (
	margin = 18.0
	inner  = pdf.Width - 2*margin
	bottom = pdf.Height - 20.0 // where the content ends
)

var (
	ink    = pdf.Colour{26, 31, 54}
	grey   = pdf.Colour{105, 115, 134}
	pale   = pdf.Colour{227, 232, 238}
	shade  = pdf.Colour{246, 248, 250}
	accent = pdf.Colour{79, 70, 229}

	body   = pdf.Style{Size: 9, Colour: ink}
	strong = pdf.Style{Size: 9, Bold: true, Colour: ink}
	small  = pdf.Style{Size: 7.5, Colour: grey}
	label  = pdf.Style{Size: 8, Colour: grey}
	head   = pdf.Style{Size: 18, Bold: true, Colour: ink, Lead: 1.25}
)

func right(s pdf.Style) pdf.Style {
	s.Align = pdf.Right
	return s
}

// sheet is a paper with the place that the next thing is drawn at.
type sheet struct {
	*pdf.Paper
	i Invoice
	p Pictures
	t paperTexts
	y float64
}

// page begins a page; a strip of colour runs along its top.
func (s *sheet) page() {
	s.Page()
	s.Fill(0, 0, pdf.Width, 2.4, accent)
	s.y = margin
}

// room makes sure that so much height is left, on a new page if it must be, and
// says whether it had to.
func (s *sheet) room(height float64) bool {
	if s.y+height <= bottom {
		return false
	}
	s.page()
	return true
}

func (s *sheet) numberPages() {
	n := s.Pages()
	for page := 1; page <= n; page++ {
		s.OnPage(page)
		s.Rule(margin, pdf.Height-14, pdf.Width-margin, pdf.Height-14, 0.15, pale)
		s.Text(margin, pdf.Height-12.5, inner, fmt.Sprintf(s.t.footer, s.i.Number, s.t.date(s.i.IssuedOn), s.t.money(s.i.Total, s.i.Currency)), small)
		s.Text(margin, pdf.Height-12.5, inner, fmt.Sprintf(s.t.pageOf, page, n), right(small))
	}
}

// column is a column of the table of lines.
type column struct {
	x, w  float64
	style pdf.Style
}

func columns() (n, name, quantity, unit, price, amount column) {
	return column{margin, 8, label}, column{margin + 8, 74, body}, column{margin + 84, 22, right(body)},
		column{margin + 108, 18, label}, column{margin + 124, 22, right(body)}, column{margin + 148, 26, right(strong)}
}

func (s *sheet) tableHead() {
	n, name, quantity, unit, price, amount := columns()
	for _, c := range []struct {
		column
		text string
	}{{n, s.t.n}, {name, s.t.item}, {quantity, s.t.quantity}, {unit, s.t.unit}, {price, s.t.price}, {amount, s.t.amount}} {
		style := label
		style.Align = c.style.Align
		s.Text(c.x, s.y, c.w, c.text, style)
	}
	s.y += 6
	s.Rule(margin, s.y, pdf.Width-margin, s.y, 0.3, ink)
	s.y += 2
}

// table draws the lines over as many pages as they need.
func (s *sheet) table() {
	s.room(24)
	s.tableHead()
	n, name, quantity, unit, price, amount := columns()
	for _, l := range s.i.Lines {
		text := s.Lines(l.Name, name.w, body)
		height := body.Tall(len(text)) + 3
		if s.room(height) {
			s.tableHead()
		}
		s.Text(n.x, s.y, n.w, fmt.Sprint(l.N), n.style)
		s.Text(quantity.x, s.y, quantity.w, s.t.count(l.Quantity), quantity.style)
		s.Text(unit.x, s.y, unit.w, l.Unit, unit.style)
		s.Text(price.x, s.y, price.w, s.t.price6(l.UnitPrice), price.style)
		s.Text(amount.x, s.y, amount.w, s.t.number(l.Amount), amount.style)
		for row, part := range text {
			s.Text(name.x, s.y+body.Tall(row), name.w, part, body)
		}
		s.y += height
		s.Rule(margin, s.y-1.5, pdf.Width-margin, s.y-1.5, 0.15, pale)
	}
	s.y += 2
}

// totals draws what the lines add up to, right below them.
func (s *sheet) totals() {
	type row struct {
		name   string
		amount money.Amount
		style  pdf.Style
	}
	rows := []row{{s.t.total, s.i.Total, body}}
	for _, v := range s.i.VAT() {
		if v.Rate == NoVAT {
			rows = append(rows, row{s.t.noVAT, 0, label})
			continue
		}
		rows = append(rows, row{fmt.Sprintf(s.t.vat, string(v.Rate)), v.Amount, label})
	}
	if s.i.Kind == Monthly {
		rows = append(rows, row{s.t.covered, s.i.Covered, body})
	}
	rows = append(rows, row{s.t.toPay, s.i.ToPay, pdf.Style{Size: 11, Bold: true, Colour: ink}})
	s.room(float64(len(rows))*6.5 + 4)
	x, w := margin+86, inner-86
	for n, r := range rows {
		if n == len(rows)-1 {
			s.Rule(x, s.y, pdf.Width-margin, s.y, 0.3, ink)
			s.y += 1.5
		}
		s.Text(x, s.y, w, r.name, r.style)
		amount := s.t.money(r.amount, s.i.Currency)
		if r.name == s.t.noVAT {
			amount = "—"
		}
		s.Text(x, s.y, w, amount, right(r.style))
		s.y += 6.5
	}
	s.y += 2
}

// inWords writes the amount once more, so that no digit can be added to it.
func (s *sheet) inWords() {
	text := words.Amount(money.Money{Amount: s.i.Total, Currency: s.i.Currency}, s.t.language)
	lines := s.Lines(text, inner, strong)
	s.room(strong.Tall(len(lines)) + 10)
	s.Text(margin, s.y, inner, fmt.Sprintf(s.t.lines, len(s.i.Lines), s.t.money(s.i.Total, s.i.Currency)), body)
	s.y += 5
	s.y += s.Paragraph(margin, s.y, inner, text, strong) + 4
}

// square draws the code that a bank's application pays by.
func (s *sheet) square(x, y, size float64, purpose string) error {
	code := paymentCode(s.i, purpose)
	if code == "" {
		return nil
	}
	return s.QR(x, y, size, code)
}

// picture draws a picture as large as it fits into a box; nil is none.
func (s *sheet) picture(x, y, w, h float64, file []byte) error {
	if file == nil {
		return nil
	}
	return s.Picture(x, y, w, h, file)
}
