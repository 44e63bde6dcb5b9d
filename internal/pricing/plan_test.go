package pricing

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Cut into pieces, ranges say of any number what the narrowest of them says.
func TestNarrowestRangeCounts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var all []located
		for n := range rapid.IntRange(1, 12).Draw(t, "n") {
			first, last, ok := fill(rapid.StringMatching(`[0-9]{1,3}`).Draw(t, "prefix"))
			require.True(t, ok)
			if !sameRange(all, first, last) {
				all = append(all, located{Range{First: first, Last: last, Network: fmt.Sprintf("%05d", n%3)}, "RU"})
			}
		}
		pieces := segments(all)
		for range 50 {
			number, _, _ := fill(rapid.StringMatching(`[0-9]{4}`).Draw(t, "number"))
			var want *located
			for i, r := range all {
				if r.First <= number && number <= r.Last && (want == nil || r.Last-r.First < want.Last-want.First) {
					want = &all[i]
				}
			}
			got, ok := lookUp(pieces, number)
			require.Equal(t, want != nil, ok, number)
			if ok {
				require.Equal(t, want.Network, got.network, number)
			}
		}
		for i := 1; i < len(pieces); i++ {
			require.Greater(t, pieces[i].first, pieces[i-1].last, "pieces lie beside each other")
		}
	})
}

func sameRange(all []located, first, last int64) bool {
	for _, r := range all {
		if r.First == first && r.Last == last {
			return true
		}
	}
	return false
}

func TestBuiltInPlan(t *testing.T) {
	t.Parallel()
	var all []located
	lines := 0
	for country, plan := range builtIn {
		lines += len(plan)
		for _, r := range plan {
			require.Regexp(t, networkForm, r.Network)
			all = append(all, located{r, country})
		}
	}
	require.Equal(t, strings.Count(builtInTable, "\n")-1, lines, "each line was read")
	pieces := segments(all)
	for number, want := range map[string]string{
		"79123456789": "RU 25001", "79261234567": "RU 25002", "79991234567": "RU 25011", "77051234567": "KZ 40101", "375291234567": "BY 25701",
	} {
		full, _, _ := fill(number)
		got, ok := lookUp(pieces, full)
		require.True(t, ok, number)
		require.Equal(t, want, got.country+" "+got.network, number)
	}
	full, _, _ := fill("12125550100")
	_, ok := lookUp(pieces, full)
	require.False(t, ok)
}

func TestReadPlan(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		country, table string
		want           []Range
		wrong          []string // "line column"
	}{
		"prefixes": {"KZ", "prefix,mcc,mnc,name\n7705,401,01,Beeline\n+7701,401,02,\"Kcell, Activ\"\n", []Range{
			{770500000000000, 770599999999999, "40101", "Beeline"}, {770100000000000, 770199999999999, "40102", "Kcell, Activ"},
		}, nil},
		"ranges": {"RU", "from;to;mcc;mnc;name\r\n79120000000;79120009999;250;01;MTS\r\n", []Range{
			{791200000000000, 791200099999999, "25001", "MTS"},
		}, nil},
		"open data": {"RU", "\ufeffАВС/ DEF;От;До;Емкость;Оператор;Регион;ИНН\n900;0;61999;62000;ООО \"Т2 Мобайл\";Краснодарский край;7743895280\n901;1110000;1119999;10000;ООО \"Никто\";Москва;1\n", []Range{
			{790000000000000, 790000619999999, "25020", "ООО \"Т2 Мобайл\""}, {790111100000000, 790111199999999, "", "ООО \"Никто\""},
		}, nil},
		"the later of the same": {"KZ", "prefix,mcc,mnc\n7705,401,01\n7705,401,02\n", []Range{{770500000000000, 770599999999999, "40102", ""}}, nil},
		"without a network":     {"US", "prefix,mcc,mnc,name\n1212,,,New York\n", []Range{{121200000000000, 121299999999999, "", "New York"}}, nil},
		"several wrong lines": {"RU", "from,to,mcc,mnc\nx,79120009999,250,01\n79120000000,7912,250,01\n79120009999,79120000000,250,01\n79120000000,79120009999,2,1\n", nil,
			[]string{"2 from", "3 to", "4 to", "5 mnc"}},
		"no header":            {"RU", "7912,250,01,MTS\n", nil, []string{"1 "}},
		"nothing":              {"RU", "", nil, []string{"1 "}},
		"a header only":        {"RU", "prefix,mcc,mnc,name\n", nil, []string{"1 "}},
		"another country":      {"KZ", "АВС/ DEF;От;До;Емкость;Оператор;Регион\n900;0;1;2;МТС;x\n", nil, []string{"1 "}},
		"another code of text": {"RU", "prefix,mcc,mnc,name\n7912,250,01,\xcc\xd2\xd1\n", nil, []string{"1 "}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, wrong := ReadPlan(x.country, []byte(x.table))
			require.Equal(t, x.want, got)
			var lines []string
			for _, w := range wrong {
				require.NotEmpty(t, w.Message)
				lines = append(lines, fmt.Sprintf("%d %s", w.Line, w.Column))
			}
			require.Equal(t, x.wrong, lines)
		})
	}
}

func FuzzReadPlan(f *testing.F) {
	f.Add("prefix,mcc,mnc,name\n7705,401,01,Beeline\n")
	f.Add("\ufeffАВС/ DEF;От;До;Емкость;Оператор;Регион\n900;0000000;0061999;62000;Т2 Мобайл;x\n")
	f.Add("from;to;mcc;mnc\n\"1;2")
	f.Fuzz(func(t *testing.T, table string) {
		ranges, wrong := ReadPlan("RU", []byte(table))
		require.NotEqual(t, len(ranges) == 0, len(wrong) == 0)
		for _, r := range ranges {
			require.LessOrEqual(t, r.First, r.Last)
			require.GreaterOrEqual(t, r.First, int64(0))
		}
	})
}
