package contact_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"

	"parley/internal/access"
	"parley/internal/contact"
	"parley/internal/platform/blob"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

type importing struct {
	bundle
	importer *contact.Importer
	files    *blob.Store
	actor    access.Actor
}

func setupImport(t *testing.T, o contact.ImportOptions) importing {
	t.Helper()
	b := setup(t)
	files, err := blob.Open(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, files.Close()) })
	o.Log = slog.New(slog.DiscardHandler)
	return importing{b, contact.NewImporter(b.contacts, files, o), files, access.Actor{UserID: 1, CompanyID: 10}}
}

func (m importing) upload(t *testing.T, text string) contact.Import {
	t.Helper()
	i, err := m.importer.Upload(m.ctx, m.actor, "people.csv", strings.NewReader(text))
	require.NoError(t, err)
	return i
}

// run imports a text, as it is understood, into a list: nil is a new one.
func (m importing) run(t *testing.T, text string, list *uuid.UUID) contact.Import {
	t.Helper()
	i := m.upload(t, text)
	i, err := m.importer.Start(m.ctx, m.actor, i.ID, contact.Start{ListID: list, ListName: "People", Reading: i.Reading, Mapping: i.Mapping})
	require.NoError(t, err)
	return m.work(t, i)
}

func (m importing) work(t *testing.T, i contact.Import) contact.Import {
	t.Helper()
	worked, err := m.importer.WorkOne(m.ctx)
	require.NoError(t, err)
	require.True(t, worked)
	i, err = m.importer.Import(m.ctx, m.actor, i.ID)
	require.NoError(t, err)
	return i
}

func (m importing) entries(t *testing.T, list uuid.UUID) []contact.Entry {
	t.Helper()
	entries, err := m.contacts.Entries(m.ctx, 10, list, 0, contact.MostEntries)
	require.NoError(t, err)
	return entries
}

func (m importing) count(t *testing.T, query string) (n int) {
	t.Helper()
	require.NoError(t, m.db.Worker().QueryRow(m.ctx, query).Scan(&n))
	return n
}

func TestImport(t *testing.T) {
	t.Parallel()
	m := setupImport(t, contact.ImportOptions{})
	i := m.run(t, "Телефон;E-mail;Имя;Город;Баллы\n"+
		"8 (912) 000-00-01;Anna@SHOP.Example;Анна;Пермь;10\n"+
		"+7 912 000-00-02;;\"Пётр; младший\";;\n"+
		";only@mail.example;;Казань;5\n"+
		"нет;;Зоя;;\n"+
		";;Никто;;\n"+
		"+79120000001;;;Уфа;\n", nil)
	require.Equal(t, contact.ImportFinished, i.State)
	require.Equal(t, 6, i.Rows)
	require.Equal(t, 1000, i.Permille)
	require.Equal(t, []int{3, 3, 0, 1, 2}, []int{i.Created, i.Added, i.Updated, i.Doubles, i.Failed})

	entries := m.entries(t, *i.ListID)
	require.Len(t, entries, 3)
	for n, e := range entries {
		require.NotEqual(t, uuid.Nil, e.ContactID)
		entries[n].ContactID = uuid.Nil
	}
	require.Equal(t, []contact.Entry{
		{N: 1, Name: "Анна", Phone: "+79120000001", Email: "Anna@shop.example", Variables: map[string]string{"Город": "Уфа", "Баллы": "10"}},
		{N: 2, Name: "Пётр; младший", Phone: "+79120000002", Variables: map[string]string{}},
		{N: 3, Email: "only@mail.example", Variables: map[string]string{"Город": "Казань", "Баллы": "5"}},
	}, entries)

	list, err := m.contacts.ListByID(m.ctx, m.actor, *i.ListID)
	require.NoError(t, err)
	require.Equal(t, []string{"Город", "Баллы"}, list.Columns)
	require.Equal(t, 3, list.Contacts)
	require.Equal(t, 0, m.count(t, "SELECT count(*) FROM contact_import WHERE file_kept"), "the file has served")
	require.Equal(t, 1, m.count(t, "SELECT count(*) FROM event WHERE name = 'contact.import_ended' AND company_id = 10"))
	require.Equal(t, 3, m.count(t, "SELECT count(DISTINCT number) FROM contact WHERE company_id = 10"))
}

func TestImportFindsWhoIsThere(t *testing.T) {
	t.Parallel()
	m := setupImport(t, contact.ImportOptions{})
	first := m.run(t, "phone,email,name,client id,city\n"+
		"+79120000001,family@mail.example,Anna,,Perm\n"+
		",lone@mail.example,Lone,,\n"+
		"+79120000003,,Known,C-3,\n", nil)
	require.Equal(t, 3, first.Added)
	known := m.entries(t, *first.ListID)

	again := m.run(t, "phone,email,name,client id,city\n"+
		"+79120000001,,Hacker,,Ufa\n"+ // by phone: the list's name is the later one
		"+79120000009,family@mail.example,Ivan,,\n"+ // another phone in the same mailbox is another person
		"+79120000002,lone@mail.example,,,\n"+ // a mailbox of somebody without a phone
		"+79129999999,,,C-3,\n", first.ListID) // by the client's id, whatever the phone
	require.Equal(t, []int{1, 1, 3, 0, 0}, []int{again.Created, again.Added, again.Updated, again.Doubles, again.Failed})
	now := m.entries(t, *first.ListID)
	require.Len(t, now, 4)
	for n := range known {
		require.Equal(t, known[n].ContactID, now[n].ContactID)
	}
	require.Equal(t, "Hacker", now[0].Name)
	require.Equal(t, map[string]string{"city": "Ufa"}, now[0].Variables)
	require.Equal(t, "family@mail.example", now[0].Email, "what a row leaves empty stays")
	require.Equal(t, "+79120000002", now[1].Phone)
	require.Equal(t, "+79129999999", now[2].Phone)
	require.Equal(t, "Ivan", now[3].Name)

	require.NoError(t, m.db.ViewCompany(m.ctx, 10, func(tx *db.Tx) error {
		anna, err := m.contacts.ByIDTx(m.ctx, tx, 10, now[0].ContactID)
		require.NoError(t, err)
		require.Equal(t, "Anna", anna.Name, "an import must not rename a contact")
		lone, err := m.contacts.ByIDTx(m.ctx, tx, 10, now[1].ContactID)
		require.NoError(t, err)
		require.Equal(t, "+79120000002", lone.Phone, "what a contact lacks is filled in")
		return nil
	}))
	found, _ := m.find(t, 10, "v1", contact.Hints{})
	require.NoError(t, m.db.InCompany(m.ctx, 10, func(tx *db.Tx) error {
		same, _, err := m.contacts.FindOrCreateTx(m.ctx, tx, 10, contact.Address{Channel: "sms", Address: "+79120000009"}, contact.Hints{})
		require.NoError(t, err)
		require.Equal(t, now[3].ContactID, same.ID)
		require.NotEqual(t, found.ID, same.ID)
		return nil
	}))
}

// many makes rows about different people, two of every hundred broken.
func many(rows int) string {
	var b strings.Builder
	b.WriteString("phone,name,n\n")
	for n := range rows {
		if n%50 == 7 {
			fmt.Fprintf(&b, "broken %d,x,%d\n", n, n)
		} else {
			fmt.Fprintf(&b, "+7912%07d,Person %d,%d\n", n, n, n)
		}
	}
	return b.String()
}

// An import that is stopped between two chunks goes on behind the last of them: nothing is
// lost, nothing is there twice.
func TestImportGoesOnAfterAStop(t *testing.T) {
	t.Parallel()
	m := setupImport(t, contact.ImportOptions{})
	const rows = 9_500
	i := m.upload(t, many(rows))
	i, err := m.importer.Start(m.ctx, m.actor, i.ID, contact.Start{ListName: "Many", Reading: i.Reading, Mapping: i.Mapping})
	require.NoError(t, err)

	stops := 0
	for i.State == contact.ImportRunning {
		before := i.Rows
		ctx, stop := context.WithCancel(m.ctx)
		m.importer.AfterChunk(stop) // as a node that dies with a chunk done
		_, _ = m.importer.WorkOne(ctx)
		stop()
		i, err = m.importer.Import(m.ctx, m.actor, i.ID)
		require.NoError(t, err)
		require.True(t, i.Rows > before || i.State != contact.ImportRunning)
		stops++
	}
	require.Greater(t, stops, 2)
	require.Equal(t, contact.ImportFinished, i.State)
	require.Equal(t, []int{rows, 9_310, 9_310, 0, 190}, []int{i.Rows, i.Created, i.Added, i.Updated, i.Failed})
	entries := m.entries(t, *i.ListID)
	require.Len(t, entries, 9_310)
	seen := map[string]bool{}
	for _, e := range entries {
		require.False(t, seen[e.Phone])
		seen[e.Phone] = true
	}
	require.Equal(t, 190, m.count(t, "SELECT count(*) FROM contact_import_error"))
	require.Equal(t, 9_310, m.count(t, "SELECT count(*) FROM contact"))
}

// Of two workers on one import only one does each row.
func TestImportIsDoneOnceByTwo(t *testing.T) {
	t.Parallel()
	m := setupImport(t, contact.ImportOptions{})
	i := m.upload(t, many(8_500))
	i, err := m.importer.Start(m.ctx, m.actor, i.ID, contact.Start{ListName: "Many", Reading: i.Reading, Mapping: i.Mapping})
	require.NoError(t, err)
	taken := false
	m.importer.AfterChunk(func() {
		if taken {
			return
		}
		taken = true // the lease is over although its holder lives
		_, err := m.db.Worker().Exec(m.ctx, "UPDATE contact_import SET leased_until = now() - interval '1 second'")
		require.NoError(t, err)
		worked, err := m.importer.WorkOne(m.ctx)
		require.NoError(t, err)
		require.True(t, worked)
	})
	i = m.work(t, i)
	require.Equal(t, contact.ImportFinished, i.State)
	require.Equal(t, []int{8_500, 8_330, 8_330, 0, 170}, []int{i.Rows, i.Created, i.Added, i.Updated, i.Failed})
	require.Len(t, m.entries(t, *i.ListID), 8_330)
}

func TestImportErrorsAreNoFormulas(t *testing.T) {
	t.Parallel()
	m := setupImport(t, contact.ImportOptions{})
	i := m.run(t, "phone,note\nnot a phone,\"=HYPERLINK(\"\"http://evil.example\"\")\"\n-1,@SUM(A1)\n\"unclosed,+1\n", nil)
	require.Equal(t, 3, i.Failed)
	var b bytes.Buffer
	require.NoError(t, m.importer.WriteErrors(m.ctx, m.actor, i.ID, func(problem string) string { return problem }, &b))
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\uFEFF")))
	r.FieldsPerRecord = -1
	table, err := r.ReadAll()
	require.NoError(t, err)
	require.Equal(t, [][]string{
		{"line", "problem"},
		{"2", "bad_phone", "not a phone", `'=HYPERLINK("http://evil.example")`},
		{"3", "bad_phone", "'-1", "'@SUM(A1)"},
		{"4", "unclosed_quote", `"unclosed,+1`},
	}, table)

	b.Reset()
	require.NoError(t, m.importer.WriteErrors(m.ctx, access.Actor{UserID: 2, CompanyID: 11}, i.ID, func(problem string) string { return problem }, &b))
	require.NotContains(t, b.String(), "evil", "another company's rows")
}

func TestImportRefusals(t *testing.T) {
	t.Parallel()
	m := setupImport(t, contact.ImportOptions{MaxSize: 1 << 20, MaxRows: 5})
	for name, c := range map[string]struct {
		text string
		code fault.Code
	}{
		"empty":     {"", fault.UnsupportedMedia},
		"a picture": {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01", fault.UnsupportedMedia},
		"a page":    {"<html><table><tr><td>+79120000001</td></tr></table></html>", fault.UnsupportedMedia},
		"old Excel": {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", fault.UnsupportedMedia},
		"too large": {strings.Repeat("+79120000001\n", 100_000), fault.TooLarge},
		"blank":     {" \n \n", fault.Invalid},
	} {
		_, err := m.importer.Upload(m.ctx, m.actor, "people.xlsx", strings.NewReader(c.text))
		require.True(t, fault.Is(err, c.code), "%s: %v", name, err)
	}
	require.Equal(t, 0, m.count(t, "SELECT count(*) FROM contact_import WHERE file_kept"), "nothing stays of them")

	i := m.run(t, many(8), nil)
	require.Equal(t, contact.ImportFailed, i.State)
	require.Equal(t, "too_many_rows", i.Reason)
	require.Equal(t, 5, i.Rows, "what was done stays")

	i = m.upload(t, "phone,a\n1,2\n")
	_, err := m.importer.Start(m.ctx, m.actor, i.ID, contact.Start{ListName: "People", Reading: i.Reading, Mapping: i.Mapping})
	require.True(t, fault.Is(err, fault.Invalid), "the name is taken")
	for name, mapping := range map[string][]contact.Column{
		"no address":     {{To: contact.ToName}},
		"two phones":     {{To: contact.ToPhone}, {To: contact.ToPhone}},
		"one name":       {{To: contact.ToPhone}, {To: contact.ToVariable, Name: "City"}, {To: contact.ToVariable, Name: "city"}},
		"no name":        {{To: contact.ToPhone}, {To: contact.ToVariable, Name: " {} "}},
		"unknown":        {{To: contact.ToPhone}, {To: "password"}},
		"too many":       make([]contact.Column, 201),
		"nothing at all": nil,
	} {
		_, err := m.importer.Start(m.ctx, m.actor, i.ID, contact.Start{ListName: "Another", Reading: i.Reading, Mapping: mapping})
		require.True(t, fault.Is(err, fault.Invalid), name)
	}
	stranger := access.Actor{UserID: 2, CompanyID: 11}
	_, err = m.importer.Start(m.ctx, stranger, i.ID, contact.Start{ListName: "Theirs", Reading: i.Reading, Mapping: i.Mapping})
	require.True(t, fault.Is(err, fault.NotFound))
	_, err = m.importer.Preview(m.ctx, stranger, i.ID, nil)
	require.True(t, fault.Is(err, fault.NotFound))
	_, err = m.importer.Cancel(m.ctx, stranger, i.ID)
	require.True(t, fault.Is(err, fault.NotFound))
	i, err = m.importer.Cancel(m.ctx, m.actor, i.ID)
	require.NoError(t, err)
	require.Equal(t, contact.ImportCancelled, i.State)
	_, err = m.importer.Preview(m.ctx, m.actor, i.ID, nil)
	require.True(t, fault.Is(err, fault.Conflict))
}

func TestPreview(t *testing.T) {
	t.Parallel()
	m := setupImport(t, contact.ImportOptions{})
	cyrillic, err := charmap.Windows1251.NewEncoder().String("ФИО;Почта;Моб. телефон;Город;Город;\nАнна;a@b.example;89120000001;Пермь;Уфа;\n")
	require.NoError(t, err)
	p, err := m.importer.Preview(m.ctx, m.actor, m.upload(t, cyrillic).ID, nil)
	require.NoError(t, err)
	require.Equal(t, "windows-1251", p.Reading.Encoding)
	require.Equal(t, ";", p.Reading.Delimiter)
	require.True(t, p.Reading.Header)
	require.Equal(t, []contact.Column{
		{To: contact.ToName}, {To: contact.ToEmail}, {To: contact.ToPhone},
		{To: contact.ToVariable, Name: "Город"}, {To: contact.ToVariable, Name: "Город 2"}, {To: contact.ToNothing},
	}, p.Mapping)
	require.Equal(t, [][]string{{"Анна", "a@b.example", "89120000001", "Пермь", "Уфа", ""}}, p.Rows)
	require.False(t, p.More)

	// Without a header columns are known by what stands in them, and a person may say better.
	i := m.upload(t, strings.Repeat("Анна,+79120000001,x@y.example\n", 30))
	p, err = m.importer.Preview(m.ctx, m.actor, i.ID, nil)
	require.NoError(t, err)
	require.False(t, p.Reading.Header)
	require.Equal(t, []contact.Column{{To: contact.ToVariable, Name: "column 1"}, {To: contact.ToPhone}, {To: contact.ToEmail}}, p.Mapping)
	require.Len(t, p.Rows, 20)
	require.True(t, p.More)
	asked := p.Reading
	asked.Delimiter = ";"
	p, err = m.importer.Preview(m.ctx, m.actor, i.ID, &asked)
	require.NoError(t, err)
	require.Equal(t, []string{"Анна,+79120000001,x@y.example"}, p.Rows[0])
	asked.Encoding = "koi8-r"
	_, err = m.importer.Preview(m.ctx, m.actor, i.ID, &asked)
	require.True(t, fault.Is(err, fault.Invalid))
}
