package checkdigit

import "regexp"

var (
	kpp = regexp.MustCompile(`^\d{4}[\dA-Z]{2}\d{3}$`)
	bik = regexp.MustCompile(`^0\d{8}$`)
)

// INN checks a Russian taxpayer's number: 10 digits of a company, 12 of a
// person (order of the Federal Tax Service ED-7-14/559@, annex 1).
func INN(s string) bool {
	switch {
	case !digits(s) || s[:2] == "00":
		return false
	case len(s) == 10:
		return innDigit(s, 2, 4, 10, 3, 5, 9, 4, 6, 8)
	case len(s) == 12:
		return innDigit(s, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) && innDigit(s, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
	}
	return false
}

// innDigit checks the digit that follows those with weights.
func innDigit(s string, weights ...int) bool {
	sum := 0
	for i, w := range weights {
		sum += w * int(s[i]-'0')
	}
	return sum%11%10 == int(s[len(weights)]-'0')
}

// KPP checks the form of a tax registration code; it has no check digit.
func KPP(s string) bool { return kpp.MatchString(s) }

// OGRN checks a state registration number of a company: 13 digits, the last is
// the remainder of the others by 11.
func OGRN(s string) bool {
	return len(s) == 13 && digits(s) && (s[0] == '1' || s[0] == '5') && remainder(s[:12], 11)%10 == int(s[12]-'0')
}

// OGRNIP checks that of an entrepreneur: 15 digits, by 13.
func OGRNIP(s string) bool {
	return len(s) == 15 && digits(s) && s[0] == '3' && remainder(s[:14], 13)%10 == int(s[14]-'0')
}

// BIK checks the form of a Russian bank's code; it has no check digit of its
// own, accounts have one that includes it.
func BIK(s string) bool { return bik.MatchString(s) && s != "000000000" }

// SettlementAccount checks an account of 20 characters in the bank with the
// BIK (Bank of Russia, 515, 08.09.1997).
func SettlementAccount(account, bik string) bool {
	if len(account) != 20 || !digits(account) || !BIK(bik) {
		return false
	}
	if centralBank(bik) {
		return accountKey("0" + bik[4:6] + account)
	}
	return accountKey(bik[6:] + account)
}

// CorrespondentAccount checks a bank's own account in the Bank of Russia: it
// begins with 301 and ends like the BIK.
func CorrespondentAccount(account, bik string) bool {
	return len(account) == 20 && digits(account) && BIK(bik) && account[:3] == "301" && account[17:] == bik[6:] &&
		accountKey("0"+bik[4:6]+account)
}

// centralBank says whether the code is of a part of the Bank of Russia.
func centralBank(bik string) bool { return bik[6:] == "000" || bik[6:] == "001" || bik[6:] == "002" }

func accountKey(s string) bool {
	sum, weights := 0, [3]int{7, 1, 3}
	for i := range len(s) {
		sum += int(s[i]-'0') * weights[i%3] % 10
	}
	return sum%10 == 0
}

func remainder(s string, by int) int {
	rest := 0
	for i := range len(s) {
		rest = (rest*10 + int(s[i]-'0')) % by
	}
	return rest
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return len(s) > 1
}
