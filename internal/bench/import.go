package bench

import (
	"archive/zip"
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"
)

// Import measures a file of contacts from the first byte of its upload to the last contact in
// a list: phone, e-mail address, name and two variables a row, all of them new.
type Import struct {
	Contacts int
	XLSX     bool
}

// Run measures on a durable database of its own.
func (b Import) Run(ctx context.Context, progress func(string, ...any)) (Result, error) {
	format := map[bool]string{true: "xlsx"}[b.XLSX]
	if format == "" {
		format = "csv"
	}
	r := Result{Name: "import-" + format, Metric: fmt.Sprintf("%d contacts from %s into a list", b.Contacts, format), Unit: "s"}
	s, err := newStand(ctx)
	if err != nil {
		return r, err
	}
	defer s.close()
	firms, err := s.prepare(ctx, 1, 0)
	if err != nil {
		return r, err
	}
	path := filepath.Join(s.folder, "contacts."+format)
	progress("writing %s", path)
	size, err := b.write(path)
	if err != nil {
		return r, err
	}
	if err := s.serve(ctx); err != nil {
		return r, err
	}
	owner := newBrowser(s.address)
	owner.http.Timeout = 10 * time.Minute
	if err := owner.signIn(ctx, "user0@company0.example", benchPassword); err != nil {
		return r, err
	}
	progress("importing %d contacts", b.Contacts)
	began := time.Now()
	api := fmt.Sprintf("/api/v1/companies/%d/contact-imports", firms[0].id)
	done, peak, err := s.bringIn(ctx, owner, api, path)
	if err != nil {
		return r, err
	}
	took := time.Since(began)
	server, postgres := s.usage()
	r.Value, r.RSS, r.CPUSeconds = hundredths(took.Seconds()), round(peak), round((server.CPU + postgres.CPU).Seconds())
	r.Lost, r.Duplicated = int64(b.Contacts-done.Added), int64(done.Updated+done.Doubles)
	load, _ := os.ReadFile("/proc/loadavg")
	r.Notes = map[string]any{
		"contacts": b.Contacts, "file_mb": round(float64(size) / (1 << 20)), "contacts_per_s": round(float64(b.Contacts) / took.Seconds()),
		"server_cpu_s": round(server.CPU.Seconds()), "postgres_cpu_s": round(postgres.CPU.Seconds()), "load_average": string(load[:min(len(load), 14)]),
	}
	return r, nil
}

// brought is what the API says of an import.
type brought struct {
	ID      uuid.UUID `json:"id"`
	State   string    `json:"state"`
	Reason  string    `json:"reason"`
	Added   int       `json:"added"`
	Updated int       `json:"updated"`
	Doubles int       `json:"doubles"`
}

// bringIn uploads a file, starts it as it was understood, and waits for its end. It returns
// the most memory that the server had meanwhile, in MB.
func (s *stand) bringIn(ctx context.Context, by *browser, api, path string) (i brought, peak float64, err error) {
	if i, err = by.upload(ctx, api, path); err != nil {
		return i, 0, err
	}
	var preview struct {
		Reading json.RawMessage `json:"reading"`
		Mapping json.RawMessage `json:"mapping"`
	}
	if err := by.do(ctx, http.MethodGet, api+"/"+i.ID.String()+"/preview", nil, &preview); err != nil {
		return i, 0, err
	}
	start := map[string]any{"list_name": "Load", "reading": preview.Reading, "mapping": preview.Mapping}
	if err := by.do(ctx, http.MethodPost, api+"/"+i.ID.String()+"/start", start, &i); err != nil {
		return i, 0, err
	}
	for i.State == "running" {
		server, _ := s.usage()
		peak = max(peak, server.RSS)
		select {
		case <-ctx.Done():
			return i, peak, ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
		if err := by.do(ctx, http.MethodGet, api+"/"+i.ID.String(), nil, &i); err != nil {
			return i, peak, err
		}
	}
	if i.State != "finished" {
		return i, peak, fmt.Errorf("the import ended as %s: %s", i.State, i.Reason)
	}
	return i, peak, nil
}

// upload sends a file as a form does.
func (b *browser) upload(ctx context.Context, path, file string) (i brought, err error) {
	f, err := os.Open(file)
	if err != nil {
		return i, err
	}
	defer func() { _ = f.Close() }()
	body, form := io.Pipe()
	w := multipart.NewWriter(form)
	go func() {
		part, err := w.CreateFormFile("file", filepath.Base(file))
		if err == nil {
			_, err = io.Copy(part, f)
		}
		if err == nil {
			err = w.Close()
		}
		_ = form.CloseWithError(err)
	}()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, b.address+path, body)
	if err != nil {
		return i, err
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	answer, err := b.http.Do(r)
	if err != nil {
		return i, err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return i, err
	}
	if answer.StatusCode != http.StatusCreated {
		return i, fmt.Errorf("upload: %d %s", answer.StatusCode, text)
	}
	return i, json.Unmarshal(text, &i)
}

// write makes the file and returns its size.
func (b Import) write(path string) (int64, error) {
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	out := bufio.NewWriterSize(f, 1<<20)
	if b.XLSX {
		err = b.workbook(out)
	} else {
		err = b.table(out)
	}
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), f.Close()
}

func (b Import) cells(n int) [5]string {
	return [5]string{
		fmt.Sprintf("+79%09d", n), fmt.Sprintf("person%d@shop.example", n), fmt.Sprintf("Анна Петрова %d", n),
		[]string{"Москва", "Пермь", "Казань", "Уфа"}[n%4], fmt.Sprint(n % 1000),
	}
}

var benchColumns = [5]string{"phone", "email", "name", "city", "points"}

func (b Import) table(out io.Writer) error {
	if _, err := fmt.Fprintln(out, "phone,email,name,city,points"); err != nil {
		return err
	}
	for n := range b.Contacts {
		c := b.cells(n)
		if _, err := fmt.Fprintf(out, "%s,%s,%s,%s,%s\n", c[0], c[1], c[2], c[3], c[4]); err != nil {
			return err
		}
	}
	return nil
}

// workbook writes what a spreadsheet would: every text in the part that cells share.
func (b Import) workbook(out io.Writer) error {
	z := zip.NewWriter(out)
	for name, text := range map[string]string{
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="Contacts" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`,
	} {
		w, err := z.Create(name)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, text); err != nil {
			return err
		}
	}
	if err := b.part(z, "xl/sharedStrings.xml", "<sst>", "</sst>", func(w io.Writer, _ int, cells [5]string) error {
		for _, text := range cells {
			if _, err := fmt.Fprintf(w, "<si><t>%s</t></si>", text); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	err := b.part(z, "xl/worksheets/sheet1.xml", "<worksheet><sheetData>", "</sheetData></worksheet>", func(w io.Writer, row int, _ [5]string) error {
		if _, err := fmt.Fprintf(w, `<row r="%d">`, row+1); err != nil {
			return err
		}
		for column := range 5 {
			if _, err := fmt.Fprintf(w, `<c r="%c%d" t="s"><v>%d</v></c>`, 'A'+column, row+1, row*5+column); err != nil {
				return err
			}
		}
		_, err := io.WriteString(w, "</row>")
		return err
	})
	if err != nil {
		return err
	}
	return z.Close()
}

// part writes a part with the header's cells and those of every contact.
func (b Import) part(z *zip.Writer, name, before, after string, row func(w io.Writer, row int, cells [5]string) error) error {
	part, err := z.Create(name)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(part, 1<<20)
	if _, err := w.WriteString(before); err != nil {
		return err
	}
	for n := range b.Contacts + 1 {
		cells := benchColumns
		if n > 0 {
			cells = b.cells(n - 1)
		}
		if err := row(w, n, cells); err != nil {
			return err
		}
	}
	if _, err := w.WriteString(after); err != nil {
		return err
	}
	return w.Flush()
}
