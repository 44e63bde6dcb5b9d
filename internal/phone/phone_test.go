package phone_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/phone"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for input, want := range map[string]string{
		"+79123456789":              "+79123456789",
		"89123456789":               "+79123456789",
		"8 (912) 345-67-89":         "+79123456789",
		" +7 912 345 67 89 ":        "+79123456789",
		"8-912-345-67-89":           "+79123456789",
		"8.912.345.67.89":           "+79123456789",
		"8\u00a0912\u2011345 67 89": "+79123456789",
		"9123456789":                "+79123456789",
		"79123456789":               "+79123456789",
		"+44 20 7946 0958":          "+442079460958",
		"+1 (212) 555-0100":         "+12125550100",
		"8-800-555-35-35":           "+78005553535",
	} {
		got, err := phone.Parse(input)
		require.NoError(t, err, input)
		require.Equal(t, want, got, input)
	}
	for _, input := range []string{
		"", " ", "+", "8", "112", "12345", "8 912 345-67-8", "8 912 345-67-890", "+7 912 345 67 89 ext. 5", "8-800-FLOWERS",
		"+999123456789", "++79123456789", "7+9123456789", "９１２３４５６７８９", "+79123456789\x00", "admin", "1' OR '1'='1",
		"+" + strings.Repeat("7", 100),
	} {
		got, err := phone.Parse(input)
		require.ErrorIs(t, err, phone.ErrSyntax, "%q gave %s", input, got)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"+79123456789", "8 (912) 345-67-89", "+44 20 7946 0958", "8-800-FLOWERS", "\xff+7"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		number, err := phone.Parse(s)
		if err != nil {
			return
		}
		require.Regexp(t, `^\+[1-9][0-9]{6,14}$`, number)
		again, err := phone.Parse(number)
		require.NoError(t, err)
		require.Equal(t, number, again)
	})
}

func TestPrefix(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{"+79123456789": "+7912", "+442079460958": "+44207", "+37120000000": "+371200", "+1": "+1", "": ""} {
		require.Equal(t, want, phone.Prefix(number, 3))
	}
}
