package checkdigit

import "regexp"

// vat has the forms of VAT numbers behind the country's prefix (European
// Commission, VIES, question 11; the last four outside of the Union).
var vat = map[string]*regexp.Regexp{
	"AT": regexp.MustCompile(`^ATU\d{8}$`),
	"BE": regexp.MustCompile(`^BE[01]\d{9}$`),
	"BG": regexp.MustCompile(`^BG\d{9,10}$`),
	"CY": regexp.MustCompile(`^CY\d{8}[A-Z]$`),
	"CZ": regexp.MustCompile(`^CZ\d{8,10}$`),
	"DE": regexp.MustCompile(`^DE\d{9}$`),
	"DK": regexp.MustCompile(`^DK\d{8}$`),
	"EE": regexp.MustCompile(`^EE\d{9}$`),
	"ES": regexp.MustCompile(`^ES([A-Z]\d{7}[0-9A-Z]|\d{8}[A-Z])$`),
	"FI": regexp.MustCompile(`^FI\d{8}$`),
	"FR": regexp.MustCompile(`^FR[0-9A-HJ-NP-Z]{2}\d{9}$`),
	"GR": regexp.MustCompile(`^EL\d{9}$`),
	"HR": regexp.MustCompile(`^HR\d{11}$`),
	"HU": regexp.MustCompile(`^HU\d{8}$`),
	"IE": regexp.MustCompile(`^IE(\d{7}[A-W][A-I]?|\d[A-Z+*]\d{5}[A-W])$`),
	"IT": regexp.MustCompile(`^IT\d{11}$`),
	"LT": regexp.MustCompile(`^LT(\d{9}|\d{12})$`),
	"LU": regexp.MustCompile(`^LU\d{8}$`),
	"LV": regexp.MustCompile(`^LV\d{11}$`),
	"MT": regexp.MustCompile(`^MT\d{8}$`),
	"NL": regexp.MustCompile(`^NL[0-9A-Z+*]{10}\d{2}$`),
	"PL": regexp.MustCompile(`^PL\d{10}$`),
	"PT": regexp.MustCompile(`^PT\d{9}$`),
	"RO": regexp.MustCompile(`^RO\d{2,10}$`),
	"SE": regexp.MustCompile(`^SE\d{10}01$`),
	"SI": regexp.MustCompile(`^SI[1-9]\d{7}$`),
	"SK": regexp.MustCompile(`^SK\d{10}$`),
	"GB": regexp.MustCompile(`^(GB(\d{9}|\d{12}|(GD|HA)\d{3})|XI(\d{9}|\d{12}|(GD|HA)\d{3}))$`),
	"CH": regexp.MustCompile(`^CHE\d{9}(MWST|TVA|IVA)?$`),
	"NO": regexp.MustCompile(`^(NO)?\d{9}(MVA)?$`),
	"IS": regexp.MustCompile(`^(IS)?\d{5,6}$`),
}

// VAT checks the form of a VAT number of the country (ISO 3166-1 alpha-2).
// known is false for countries whose form is not known; any will do there.
func VAT(s, country string) (ok, known bool) {
	form, known := vat[country]
	return !known || form.MatchString(s), known
}
