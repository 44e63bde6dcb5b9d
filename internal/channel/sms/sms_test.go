package sms_test

import (
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"parley/internal/channel/sms"
)

func TestEncode(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text     string
		encoding sms.Encoding
		parts    []int // length of each body: septets, or UTF-16 units
	}{
		"one letter":                    {"a", sms.GSM, []int{1}},
		"160 of GSM are one part":       {strings.Repeat("a", 160), sms.GSM, []int{160}},
		"161 are two":                   {strings.Repeat("a", 161), sms.GSM, []int{153, 8}},
		"306 are two":                   {strings.Repeat("a", 306), sms.GSM, []int{153, 153}},
		"307 are three":                 {strings.Repeat("a", 307), sms.GSM, []int{153, 153, 1}},
		"the extension table is double": {strings.Repeat("€", 80), sms.GSM, []int{160}},
		"an escape is not cut":          {strings.Repeat("a", 152) + strings.Repeat("€", 10), sms.GSM, []int{152, 20}},
		"marks of GSM":                  {"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./", sms.GSM, []int{47}},
		"70 of UCS-2 are one part":      {strings.Repeat("ж", 70), sms.UCS2, []int{70}},
		"71 are two":                    {strings.Repeat("ж", 71), sms.UCS2, []int{67, 4}},
		"one letter makes all UCS-2":    {strings.Repeat("a", 70) + "ж", sms.UCS2, []int{67, 4}},
		"a small c with cedilla too":    {"ç", sms.UCS2, []int{1}},
		"35 pairs are one part":         {strings.Repeat("😀", 35), sms.UCS2, []int{70}},
		"a pair is not cut":             {strings.Repeat("ж", 66) + strings.Repeat("😀", 4), sms.UCS2, []int{66, 8}},
		"what is no UTF-8 is replaced":  {"a\xff", sms.UCS2, []int{2}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := sms.Encode(c.text, 7)
			require.NoError(t, err)
			require.Equal(t, c.encoding, got.Encoding)
			var lengths []int
			joined := ""
			for i, p := range got.Parts {
				n := len(p.Body)
				if c.encoding == sms.UCS2 {
					n /= 2
				}
				lengths = append(lengths, n)
				joined += sms.Decode(got.Encoding, p.Body)
				if len(got.Parts) == 1 {
					require.Nil(t, p.Header)
					continue
				}
				reference, parts, number, ok := sms.Joins(p.Header)
				require.True(t, ok)
				require.Equal(t, []int{7, len(got.Parts), i + 1}, []int{reference, parts, number})
			}
			require.Equal(t, c.parts, lengths)
			require.Equal(t, strings.ToValidUTF8(c.text, "\uFFFD"), joined)
		})
	}
	_, err := sms.Encode("", 1)
	require.ErrorIs(t, err, sms.ErrEmpty)
	_, err = sms.Encode(strings.Repeat("a", 255*153+1), 1)
	require.ErrorIs(t, err, sms.ErrTooLong)
	longest, err := sms.Encode(strings.Repeat("a", 255*153), 1)
	require.NoError(t, err)
	require.Len(t, longest.Parts, 255)
}

func TestForcesUCS2(t *testing.T) {
	t.Parallel()
	_, _, ok := sms.ForcesUCS2("Your code: 123456 {€}")
	require.False(t, ok)
	at, r, ok := sms.ForcesUCS2("naïve")
	require.True(t, ok)
	require.Equal(t, 2, at)
	require.Equal(t, 'ï', r)
}

// Whatever the text, its parts fit on the air and say the same when joined.
func FuzzEncode(f *testing.F) {
	for _, seed := range []string{"a", "€", "ж", "😀", strings.Repeat("a€", 200), strings.Repeat("ж😀", 99), "\xff", "\x1b", "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := sms.Encode(text, 1)
		if err != nil {
			return
		}
		joined := ""
		for _, p := range got.Parts {
			octets := len(p.Header) + len(p.Body)
			if got.Encoding == sms.GSM {
				octets = (len(p.Header)*8 + 6) / 7
				octets = (octets + len(p.Body)) * 7 / 8
			}
			require.LessOrEqual(t, octets, 140)
			if got.Encoding == sms.UCS2 {
				require.Zero(t, len(p.Body)%2)
				first := rune(p.Body[0])<<8 | rune(p.Body[1])
				require.False(t, utf16.IsSurrogate(first) && first >= 0xdc00, "a pair was cut")
			}
			joined += sms.Decode(got.Encoding, p.Body)
		}
		require.Equal(t, strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x1b", " "), joined)
	})
}
