package checkdigit

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	iban  = regexp.MustCompile(`^[A-Z]{2}\d{2}[0-9A-Z]{11,30}$`)
	swift = regexp.MustCompile(`^[A-Z]{4}[A-Z]{2}[0-9A-Z]{2}([0-9A-Z]{3})?$`)
	nine  = regexp.MustCompile(`^\d{9}$`)
)

// ibanLengths are those of the countries that use the IBAN (SWIFT, IBAN
// registry, release 99).
const ibanLengths = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 " +
	"ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 " +
	"LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 " +
	"SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30 "

// IBAN checks length and check digits (ISO 13616, ISO 7064 mod 97-10).
func IBAN(s string) bool {
	if !iban.MatchString(s) || !strings.Contains(ibanLengths, s[:2]+strconv.Itoa(len(s))+" ") {
		return false
	}
	rest := 0
	for _, c := range []byte(s[4:] + s[:4]) {
		if c >= 'A' {
			rest = (rest*100 + int(c-'A') + 10) % 97
			continue
		}
		rest = (rest*10 + int(c-'0')) % 97
	}
	return rest == 1
}

// SWIFT checks the form of a bank's identifier (ISO 9362).
func SWIFT(s string) bool { return swift.MatchString(s) }

// ABA checks a routing number of the United States: nine digits, weighted 3, 7
// and 1, make a multiple of ten.
func ABA(s string) bool {
	if !nine.MatchString(s) || s == "000000000" {
		return false
	}
	sum, weights := 0, [3]int{3, 7, 1}
	for i := range len(s) {
		sum += int(s[i]-'0') * weights[i%3]
	}
	return sum%10 == 0
}

// DUNS checks the form of a number of Dun & Bradstreet: nine digits, the last
// of which has been no check digit since 2006.
func DUNS(s string) bool { return nine.MatchString(s) }
