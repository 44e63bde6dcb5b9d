package billing

import (
	"fmt"
	"strings"

	"parley/internal/platform/pdf"
)

// russian draws "счёт на оплату": the bank's block as payment orders have it,
// parties, lines, the amount in words and places for signatures and the stamp.
func (s *sheet) russian() error {
	s.page()
	s.bankBlock()
	s.y += 7
	text := fmt.Sprintf("Счёт на оплату № %s", s.i.Number)
	s.Text(margin, s.y, inner, text, head)
	s.y += 8.5
	under := "от " + russianDate(s.i.IssuedOn)
	if s.i.Period != nil {
		under += fmt.Sprintf(" · услуги за %s %d\u00a0г.", russianMonthNames[s.i.Period.Month()-1], s.i.Period.Year())
	}
	s.Text(margin, s.y, inner, under, pdf.Style{Size: 10, Colour: grey})
	s.y += 9
	s.russianParties()
	s.table()
	s.totals()
	s.inWords()
	s.russianTerms()
	return s.russianEnd()
}

// bankBlock is laid out as in a payment order, so that a clerk copies it field
// by field.
func (s *sheet) bankBlock() {
	r := s.i.Seller.Requisites
	x, w, top := margin, inner, s.y
	half := x + 100
	rows := [][2]string{{"БИК", r.Bank.BIK}, {"Сч. №", r.Bank.CorrespondentAccount}, {"Сч. №", r.Bank.Account}}
	name := s.Lines(receiver(s.i.Seller), 96, body)
	last := max(15, body.Tall(len(name))+10)
	s.Fill(x, top, w, 14+6.5+last, shade)
	s.Box(x, top, w, 14+6.5+last, 0.2, pale)
	s.Rule(half, top, half, top+14+6.5+last, 0.2, pale)
	s.Rule(x, top+14, x+w, top+14, 0.2, pale)
	s.Rule(half, top+7, x+w, top+7, 0.2, pale)
	s.Rule(x, top+20.5, half, top+20.5, 0.2, pale)
	s.Rule(x+50, top+14, x+50, top+20.5, 0.2, pale)
	s.Paragraph(x+2, top+1.2, 96, r.Bank.Name, body)
	s.Text(x+2, top+9.5, 96, "Банк получателя", small)
	for n, row := range rows {
		y := top + float64(n)*7 + 1.2
		s.Text(half+2, y, 14, row[0], label)
		s.Text(half+16, y, 56, row[1], body)
	}
	s.Text(x+2, top+15, 46, labelled("ИНН", r.INN), body)
	s.Text(x+52, top+15, 46, labelled("КПП", r.KPP), body)
	for n, part := range name {
		s.Text(x+2, top+21.7+body.Tall(n), 96, part, body)
	}
	s.Text(x+2, top+20.5+last-5, 96, "Получатель", small)
	s.y = top + 20.5 + last
}

func (s *sheet) russianParties() {
	for _, one := range []struct {
		name  string
		party Party
	}{{"Поставщик", s.i.Seller}, {"Покупатель", s.i.Buyer}} {
		s.Text(margin, s.y, 26, one.name, label)
		s.y += s.Paragraph(margin+26, s.y, inner-26, russianParty(one.party), body) + 2.5
	}
	basis := "Публичная оферта"
	if r := s.i.Buyer.Requisites; r.ContractNumber != "" {
		basis = "Договор № " + r.ContractNumber
		if day, err := parseDate(r.ContractDate); err == nil {
			basis += " от " + russianDate(day)
		}
	}
	s.Text(margin, s.y, 26, "Основание", label)
	s.y += s.Paragraph(margin+26, s.y, inner-26, basis, body) + 7
}

func russianParty(p Party) string {
	r := p.Requisites
	name := r.LegalName
	if name == "" {
		name = p.Name
	}
	return strings.Join(nonEmpty(name, labelled("ИНН", r.INN), labelled("КПП", r.KPP), labelled("ОГРН", r.OGRN), addressOf(r.LegalAddress)), ", ")
}

func (s *sheet) russianTerms() {
	text := fmt.Sprintf("Счёт действителен для оплаты до %s включительно. В назначении платежа укажите: «%s».", russianDate(s.i.DueOn), s.purpose())
	switch {
	case s.i.Kind == Monthly && s.i.ToPay == 0:
		text = "Услуги оплачены с баланса полностью. Счёт не требует оплаты."
	case s.i.Kind == Monthly:
		text = fmt.Sprintf("Срок оплаты — до %s включительно. В назначении платежа укажите: «%s».", russianDate(s.i.DueOn), s.purpose())
	}
	lines := s.Lines(text, inner, label)
	s.room(label.Tall(len(lines)) + 4)
	s.y += s.Paragraph(margin, s.y, inner, text, label) + 5
}

func (s *sheet) purpose() string {
	if s.i.Form != RussianForm {
		return "Invoice " + s.i.Number
	}
	text := fmt.Sprintf("Оплата по счёту № %s от %s.", s.i.Number, s.i.IssuedOn.Format("02.01.2006"))
	for _, v := range s.i.VAT() {
		if v.Rate == NoVAT {
			return text + " Без НДС."
		}
		if s.i.ToPay == s.i.Total {
			return text + fmt.Sprintf(" В т. ч. НДС %s %% — %s руб.", v.Rate, strings.Replace(v.Amount.String(), ".", "-", 1))
		}
	}
	return text
}

// russianEnd draws who signs, where the stamp goes, and the square code.
func (s *sheet) russianEnd() error {
	height := 46.0
	if s.p.Stamp != nil {
		height = 55 // it reaches below its letters
	}
	s.room(height)
	// Before the words, so that they and the lines stay readable.
	if err := s.picture(margin+38, s.y-3, 36, 13, s.p.Signature); err != nil {
		return err
	}
	if err := s.picture(margin+25, s.y+17, 38, 38, s.p.Stamp); err != nil {
		return err
	}
	r := s.i.Seller.Requisites
	position := r.Signatory.Position
	if position == "" {
		position = "Руководитель"
	}
	for n, one := range [][2]string{{position, r.Signatory.Name}, {"Бухгалтер", ""}} {
		y := s.y + float64(n)*16
		s.Paragraph(margin, y+4, 34, one[0], body)
		s.Rule(margin+36, y+9, margin+76, y+9, 0.2, grey)
		s.Rule(margin+80, y+9, margin+126, y+9, 0.2, grey)
		s.Text(margin+80, y+4, 46, one[1], body)
		s.Text(margin+36, y+9.6, 40, "подпись", small)
		s.Text(margin+80, y+9.6, 46, "расшифровка подписи", small)
	}
	s.Text(margin+40, s.y+34, 30, "М. П.", label)
	if err := s.square(pdf.Width-margin-36, s.y, 36, s.purpose()); err != nil {
		return err
	}
	if paymentCode(s.i, s.purpose()) != "" {
		s.Text(pdf.Width-margin-46, s.y+37.5, 46, "Оплата по QR-коду", right(small))
	}
	return nil
}
