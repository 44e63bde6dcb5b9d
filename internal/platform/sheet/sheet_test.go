package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"parley/internal/platform/fault"
	"parley/internal/platform/sheet"
)

func detect(t *testing.T, file string) sheet.Known {
	t.Helper()
	known, err := sheet.Detect(strings.NewReader(file), int64(len(file)))
	require.NoError(t, err)
	return known
}

func read(t *testing.T, file string, how sheet.Reading) []sheet.Row {
	t.Helper()
	r, err := sheet.Open(strings.NewReader(file), int64(len(file)), how)
	require.NoError(t, err)
	var rows []sheet.Row
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			require.InDelta(t, 1, r.Progress(), 0.01)
			return rows
		}
		require.NoError(t, err)
		rows = append(rows, row)
	}
}

func encoded(t *testing.T, encode func(string) (string, error), s string) string {
	t.Helper()
	out, err := encode(s)
	require.NoError(t, err)
	return out
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	const text = "имя;город\nАнна;Пермь\nЗоя;\n"
	le := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String
	for name, c := range map[string]struct{ file, encoding string }{
		"UTF-8":                        {text, sheet.UTF8},
		"UTF-8 with a mark":            {"\uFEFF" + text, sheet.UTF8},
		"UTF-16 with a mark":           {encoded(t, le, text), sheet.UTF16LE},
		"UTF-16, big end first":        {encoded(t, unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String, text), sheet.UTF16BE},
		"Windows-1251":                 {encoded(t, charmap.Windows1251.NewEncoder().String, text), sheet.Windows1251},
		"Windows-1251 that comes late": {strings.Repeat("a;b\n", 100_000) + encoded(t, charmap.Windows1251.NewEncoder().String, text), sheet.Windows1251},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			known := detect(t, c.file)
			require.Equal(t, sheet.Reading{Format: sheet.CSV, Encoding: c.encoding, Delimiter: ";"}, known.Reading)
			rows := read(t, c.file, known.Reading)
			rows = rows[len(rows)-3:]
			require.Equal(t, []string{"имя", "город"}, rows[0].Cells)
			require.Equal(t, []string{"Анна", "Пермь"}, rows[1].Cells)
			require.Equal(t, []string{"Зоя", ""}, rows[2].Cells)
		})
	}
	plain := encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String, "phone,n\n+79120000001,1\n")
	require.Equal(t, sheet.UTF16LE, detect(t, plain).Encoding, "without a mark it is known by its zeros")
}

func TestDelimiters(t *testing.T) {
	t.Parallel()
	for file, delimiter := range map[string]string{
		"a,b\n1,2\n":                   ",",
		"a;b\n1,5;2,5\n":               ";",
		"a\tb\n1,5\t2\n":               "\t",
		"a|b|c\n1|2|3\n":               "|",
		"\"x;y\",b\n\"1;2\",3\n":       ",",
		"+79120000001\n+79120000002\n": ",",
		"name;note\nA;\"one, two, three, four\"\nB;x\n": ";",
	} {
		require.Equal(t, delimiter, detect(t, file).Delimiter, file)
	}
}

var commas = sheet.Reading{Format: sheet.CSV, Encoding: sheet.UTF8, Delimiter: ","}

func TestCSV(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 10<<20)
	for name, c := range map[string]struct {
		file string
		want []sheet.Row
	}{
		"quotes":              {"\"a \"\"b\"\"\",\"c\nd\"\r\ne,f", []sheet.Row{{N: 1, Line: 1, Cells: []string{`a "b"`, "c\nd"}}, {N: 2, Line: 3, Cells: []string{"e", "f"}}}},
		"quotes inside":       {"a \"b\" c,d\n", []sheet.Row{{N: 1, Line: 1, Cells: []string{`a "b" c`, "d"}}}},
		"blank lines":         {"\n\na,\n , \n\r\nb,c\n", []sheet.Row{{N: 1, Line: 3, Cells: []string{"a", ""}}, {N: 2, Line: 6, Cells: []string{"b", "c"}}}},
		"old ends of lines":   {"a,b\rc,d\r", []sheet.Row{{N: 1, Line: 1, Cells: []string{"a", "b"}}, {N: 2, Line: 1, Cells: []string{"c", "d"}}}},
		"formula":             {"=1+1,@x\n", []sheet.Row{{N: 1, Line: 1, Cells: []string{"=1+1", "@x"}}}},
		"NUL":                 {"a,b\x00\nc,d\n", []sheet.Row{{N: 1, Line: 1, Cells: []string{"a", "b\x00"}, Problem: sheet.NotText}, {N: 2, Line: 2, Cells: []string{"c", "d"}}}},
		"another encoding":    {"\xcf,b\nc,d\n", []sheet.Row{{N: 1, Line: 1, Cells: []string{"\uFFFD", "b"}, Problem: sheet.BadEncoding}, {N: 2, Line: 2, Cells: []string{"c", "d"}}}},
		"stray quote":         {"a,\"b\"c\nd,e\n", []sheet.Row{{N: 1, Line: 1, Cells: []string{`a,"b"c`}, Problem: sheet.StrayQuote}, {N: 2, Line: 2, Cells: []string{"d", "e"}}}},
		"unclosed quote":      {"a,\"b\nc,d\ne,f\n", []sheet.Row{{N: 1, Line: 1, Cells: []string{`a,"b`}, Problem: sheet.UnclosedQuote}, {N: 2, Line: 2, Cells: []string{"c", "d"}}, {N: 3, Line: 3, Cells: []string{"e", "f"}}}},
		"a line of 10 MB":     {"a,b\n" + long + "\nc,d\n", []sheet.Row{{N: 1, Line: 1, Cells: []string{"a", "b"}}, {N: 2, Line: 2, Cells: []string{long[:1024]}, Problem: sheet.TooLong}, {N: 3, Line: 3, Cells: []string{"c", "d"}}}},
		"too long at the end": {"a,b\n" + long, []sheet.Row{{N: 1, Line: 1, Cells: []string{"a", "b"}}, {N: 2, Line: 2, Cells: []string{long[:1024]}, Problem: sheet.TooLong}}},
		"many columns":        {strings.Repeat("x,", 200) + "x\nc,d\n", []sheet.Row{{N: 1, Line: 1, Cells: strings.Split(strings.Repeat("x,", 199)+"x", ","), Problem: sheet.TooManyColumns}, {N: 2, Line: 2, Cells: []string{"c", "d"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, read(t, c.file, commas))
		})
	}
}

// A quote that is never closed costs its own line, also before a million others.
func TestUnclosedQuoteBeforeManyLines(t *testing.T) {
	t.Parallel()
	rows := read(t, "a,\"b\n"+strings.Repeat("c,d\n", 1_000_000), commas)
	require.Len(t, rows, 1_000_001)
	require.Equal(t, sheet.UnclosedQuote, rows[0].Problem)
	require.Equal(t, sheet.Row{N: 1_000_001, Line: 1_000_001, Cells: []string{"c", "d"}}, rows[1_000_000])
}

// workbook packs parts into an XLSX file; sheet is the content of its only sheet's data.
func workbook(t *testing.T, data string, others map[string]string) string {
	t.Helper()
	parts := map[string]string{
		"xl/workbook.xml":            `<workbook xmlns:r="R"><workbookPr/><sheets><sheet name="People &amp; more" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   `<worksheet><sheetData>` + data + `</sheetData></worksheet>`,
		"xl/sharedStrings.xml":       `<sst><si><t>phone</t></si><si><r><t>na</t></r><r><t>me</t></r><rPh><t>spoken</t></rPh></si><si><t xml:space="preserve"> Зоя &lt;3 </t></si></sst>`,
		"xl/styles.xml":              `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd\.mm\.yyyy"/><numFmt numFmtId="165" formatCode="&quot;days&quot; 0"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="22"/><xf numFmtId="165"/></cellXfs></styleSheet>`,
	}
	for name, text := range others {
		parts[name] = text
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		if text == "" {
			continue
		}
		w, err := z.Create(name)
		require.NoError(t, err)
		_, err = io.WriteString(w, text)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.String()
}

func TestXLSX(t *testing.T) {
	t.Parallel()
	file := workbook(t, `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>
		<row r="3"><c r="A3"><v>79123456789</v></c><c r="B3" t="s"><v>2</v></c><c r="D3" t="inlineStr"><is><t>inline</t></is></c></row>
		<row/><row r="9"><c><v>7.9123456789E10</v></c><c t="str"><f>A1&amp;B1</f><v>=kept</v></c><c><f>1+1</f><v>2.5000000000001</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c><c s="1"><v>45000</v></c><c s="2"><v>45000.5</v></c><c s="3"><v>7</v></c></row>`, nil)
	known := detect(t, file)
	require.Equal(t, sheet.Known{Reading: sheet.Reading{Format: sheet.XLSX}, Sheets: []string{"People & more"}}, known)
	require.Equal(t, []sheet.Row{
		{N: 1, Line: 1, Cells: []string{"phone", "name"}},
		{N: 2, Line: 3, Cells: []string{"79123456789", " Зоя <3 ", "", "inline"}},
		{N: 3, Line: 9, Cells: []string{"79123456789", "=kept", "2.5", "TRUE", "", "2023-03-15", "2023-03-15 12:00:00", "7"}},
	}, read(t, file, known.Reading))
}

func TestXLSXRefusals(t *testing.T) {
	t.Parallel()
	const row = `<row><c><v>1</v></c></row>`
	cut := workbook(t, row, nil)
	for name, c := range map[string]struct {
		file string
		code fault.Code
	}{
		"no workbook":        {workbook(t, row, map[string]string{"xl/workbook.xml": "", "word/document.xml": "<x/>"}), fault.UnsupportedMedia},
		"no sheet":           {workbook(t, row, map[string]string{"xl/worksheets/sheet1.xml": ""}), fault.UnsupportedMedia},
		"a way out":          {workbook(t, row, map[string]string{"xl/_rels/workbook.xml.rels": `<r><Relationship Id="rId1" Target="../../etc/passwd"/></r>`}), fault.UnsupportedMedia},
		"cut off":            {cut[:len(cut)-40], fault.UnsupportedMedia},
		"broken mark-up":     {workbook(t, `<row><c><v>1</c`+"\x00", nil), fault.UnsupportedMedia},
		"a foreign text":     {workbook(t, `<row><c t="s"><v>99</v></c></row>`, nil), fault.UnsupportedMedia},
		"an endless token":   {workbook(t, `<row><c><v>`+strings.Repeat("1", 2<<20)+`</v></c></row>`, nil), fault.TooLarge},
		"a bomb of blanks":   {workbook(t, strings.Repeat(" ", 100<<20), nil), fault.TooLarge},
		"a bomb of texts":    {workbook(t, row, map[string]string{"xl/sharedStrings.xml": "<sst>" + strings.Repeat("<si><t>"+strings.Repeat("x", 1000)+"</t></si>", 200_000) + "</sst>"}), fault.TooLarge},
		"a bomb of rows":     {workbook(t, strings.Repeat("<row/>", 6_100_000), nil), fault.TooLarge},
		"a long directory":   {crowd(t, 40_000), fault.TooLarge},
		"entities that grow": {workbook(t, `<row><c><v>&a;</v></c></row>`, map[string]string{"xl/sharedStrings.xml": `<!DOCTYPE x [<!ENTITY a "b">]><sst/>`}), fault.UnsupportedMedia},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.True(t, fault.Is(readAll(c.file), c.code), "%v", readAll(c.file))
		})
	}
}

// crowd is an archive with a very long directory.
func crowd(t *testing.T, parts int) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for n := range parts {
		_, err := z.Create(fmt.Sprintf("xl/%d.xml", n))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.String()
}

// readAll reads a file whatever it is, up to the end or to what is wrong with it.
func readAll(file string) error {
	known, err := sheet.Detect(strings.NewReader(file), int64(len(file)))
	if err != nil {
		return err
	}
	r, err := sheet.Open(strings.NewReader(file), int64(len(file)), known.Reading)
	for err == nil {
		_, err = r.Next()
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func FuzzRead(f *testing.F) {
	t := &testing.T{}
	for _, seed := range []string{
		"phone,name\n+79120000001,\"Anna\"\n", "a;\"b", "\uFEFFa\tb\r\n", "a\x00b\n", "\xff\xfea\x00\n\x00", "\xcf\xf0;\xe8\n",
		workbook(t, `<row r="2"><c r="AB2" t="s"><v>2</v></c><c t="inlineStr"><is><t>x</t></is></c></row>`, nil),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, file string) {
		known, err := sheet.Detect(strings.NewReader(file), int64(len(file)))
		if err != nil {
			return
		}
		r, err := sheet.Open(strings.NewReader(file), int64(len(file)), known.Reading)
		if err != nil {
			return
		}
		for n := 1; ; n++ {
			row, err := r.Next()
			if err != nil {
				return
			}
			require.Equal(t, n, row.N)
			require.LessOrEqual(t, len(row.Cells), sheet.MostColumns)
			require.Positive(t, row.Line)
			require.LessOrEqual(t, n, len(file)+1)
		}
	})
}
