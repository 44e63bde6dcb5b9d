package checkdigit_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/account/checkdigit"
)

// Real numbers of real companies and banks, and the same with a slip.
func TestNumbers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		check    func(string) bool
		good     []string
		bad      []string
		noDigits bool // a form only: other digits would do
	}{
		"INN": {check: checkdigit.INN,
			good: []string{"7707083893", "7736207543", "7736050003", "7702070139", "500100732259"},
			bad:  []string{"", "7707083892", "7707083839", "500100732258", "500100732269", "0000000000", "000000000000", "77070838931", "770708389", "77070838a3", "７７０７０８３８９３"}},
		"KPP": {check: checkdigit.KPP, noDigits: true,
			good: []string{"773601001", "770401001", "997950001", "7736AB001"},
			bad:  []string{"", "77360100", "7736010011", "7736ab001", "77360Я001"}},
		"OGRN": {check: checkdigit.OGRN,
			good: []string{"1027700132195", "1027700229193", "1027700070518", "1027739609391"},
			bad:  []string{"", "1027700132196", "1027700132159", "0000000000000", "102770013219", "304500116000157"}},
		"OGRNIP": {check: checkdigit.OGRNIP,
			good: []string{"304500116000157"},
			bad:  []string{"", "304500116000158", "304500116000517", "1027700132195", "000000000000000"}},
		"BIK": {check: checkdigit.BIK, noDigits: true,
			good: []string{"044525225", "044525187", "044525974", "042202824", "004525988"},
			bad:  []string{"", "04452522", "0445252255", "144525225", "000000000", "04452522O"}},
		"IBAN": {check: checkdigit.IBAN,
			good: []string{"DE89370400440532013000", "GB29NWBK60161331926819", "FR1420041010050500013M02606", "NL91ABNA0417164300", "MT84MALT011000012345MTLCAST001S", "NO9386011117947", "LC55HEMM000100010012001200023015"},
			bad: []string{"", "DE89370400440532013001", "DE8937040044053201300", "DE893704004405320130000", "GB29NWBK60161331926891", "XX89370400440532013000",
				"US64SVBKUS6S3300958879", "de89370400440532013000"}},
		"SWIFT": {check: checkdigit.SWIFT, noDigits: true,
			good: []string{"DEUTDEFF", "DEUTDEFF500", "SABRRUMM", "NEDSZAJJXXX"},
			bad:  []string{"", "DEUTDEF", "DEUTDEFF5", "DEUTDEFF50", "DEU1DEFF", "deutdeff"}},
		"ABA": {check: checkdigit.ABA,
			good: []string{"021000021", "011401533", "091000019", "121000248"},
			bad:  []string{"", "021000020", "012000021", "000000000", "02100002", "0210000211"}},
		"DUNS": {check: checkdigit.DUNS, noDigits: true, good: []string{"804735132"}, bad: []string{"", "80473513", "80-473-5132", "8047351321"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, s := range c.good {
				require.True(t, c.check(s), s)
				require.False(t, c.check(s+" "), "a blank is not cleaned here")
				if !c.noDigits {
					require.Zero(t, slips(s, c.check), "one other digit in %s passes", s)
				}
			}
			for _, s := range c.bad {
				require.False(t, c.check(s), "%q", s)
			}
		})
	}
}

// slips counts the single wrong digits at the end that the check lets through.
func slips(s string, check func(string) bool) (n int) {
	last := s[len(s)-1]
	if last < '0' || last > '9' {
		return 0
	}
	for d := byte('0'); d <= '9'; d++ {
		if d != last && check(s[:len(s)-1]+string(d)) {
			n++
		}
	}
	return n
}

func TestRussianAccounts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ bik, settlement, correspondent string }{
		{"044525225", "40702810438000060473", "30101810400000000225"}, // Sberbank
		{"044525974", "40702810110000000019", "30101810145250000974"}, // T-Bank
		{"044525593", "40702810101300000002", "30101810200000000593"}, // Alfa-Bank
	} {
		require.True(t, checkdigit.CorrespondentAccount(c.correspondent, c.bik), c.correspondent)
		require.True(t, checkdigit.SettlementAccount(c.settlement, c.bik), c.settlement)
		require.False(t, checkdigit.CorrespondentAccount(c.correspondent, "044525187"), "another bank's")
		require.False(t, checkdigit.CorrespondentAccount(c.settlement, c.bik), "not the bank's own")
		key := 0
		for d := '0'; d <= '9'; d++ {
			if account := c.settlement[:8] + string(d) + c.settlement[9:]; checkdigit.SettlementAccount(account, c.bik) {
				key++
			}
		}
		require.Equal(t, 1, key, "one of ten keys is right")
	}
	for _, s := range []string{"", "4070281093800006047", "407028109380000604733", "4070281093800006047x"} {
		require.False(t, checkdigit.SettlementAccount(s, "044525225"), "%q", s)
	}
	require.False(t, checkdigit.SettlementAccount("40702810938000060473", "44525225"))
}

func TestVAT(t *testing.T) {
	t.Parallel()
	good := "AT ATU13585627, BE BE0428759497, BG BG175074752, CY CY10259033P, CZ CZ25123891, DE DE136695976, DK DK13585628, EE EE100931558, " +
		"ES ESA12345674, ES ESX1234567L, FI FI20774740, FR FR40303265045, GR EL094259216, HR HR33392005961, HU HU12892312, IE IE6433435F, IE IE6433435OA, " +
		"IT IT00743110157, LT LT119511515, LT LT100001919017, LU LU15027442, LV LV40003521600, MT MT11679112, NL NL004495445B01, PL PL8567346215, " +
		"PT PT501964843, RO RO18547290, SE SE123456789701, SI SI50223054, SK SK2022749619, GB GB980780684, GB XI980780684, CH CHE116281710MWST, NO NO995525828MVA"
	for _, pair := range strings.Split(good, ", ") {
		country, number, _ := strings.Cut(pair, " ")
		ok, known := checkdigit.VAT(number, country)
		require.True(t, ok && known, pair)
		for _, wrong := range []string{number[:2], number + "99999", "XX" + number[2:], strings.ToLower(number), ""} {
			ok, _ := checkdigit.VAT(wrong, country)
			require.False(t, ok, "%s of %s", wrong, country)
		}
	}
	ok, known := checkdigit.VAT("whatever", "KZ")
	require.True(t, ok)
	require.False(t, known)
}

// Whatever is typed, nothing but digits and capital letters passes.
func FuzzNumbers(f *testing.F) {
	for _, seed := range []string{"", "7", "77", "7707083893", "500100732259", "044525225", "DE89370400440532013000", "\xff\xff\xff", "٠١٢٣٤٥٦٧٨٩", "NL++++++++++12"} {
		f.Add(seed, "044525225")
	}
	f.Fuzz(func(t *testing.T, s, other string) {
		plain := strings.Trim(s, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
		for name, check := range map[string]func(string) bool{
			"INN": checkdigit.INN, "KPP": checkdigit.KPP, "OGRN": checkdigit.OGRN, "OGRNIP": checkdigit.OGRNIP, "BIK": checkdigit.BIK,
			"IBAN": checkdigit.IBAN, "SWIFT": checkdigit.SWIFT, "ABA": checkdigit.ABA, "DUNS": checkdigit.DUNS,
		} {
			require.False(t, check(s) && !plain, "%s takes %q", name, s)
		}
		for _, bik := range []string{other, "044525225"} {
			require.False(t, checkdigit.SettlementAccount(s, bik) && !plain)
			require.False(t, checkdigit.CorrespondentAccount(s, bik) && !plain)
		}
		checkdigit.VAT(s, other)
	})
}
