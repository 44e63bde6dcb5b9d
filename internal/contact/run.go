package contact

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"parley/internal/contact/internal/contactdb"
	"parley/internal/platform/blob"
	"parley/internal/platform/db"
	"parley/internal/platform/events"
	"parley/internal/platform/fault"
	"parley/internal/platform/plain"
	"parley/internal/platform/sheet"
)

const (
	atOnce       = 2    // imports that one node works on
	chunkRows    = 4000 // in one transaction; until it ends no other contact of the company is made
	lookEvery    = time.Second
	sweepEvery   = 10 * time.Minute
	unstartedFor = 24 * time.Hour // then an upload that was not started goes
	errorsFor    = 30 * 24 * time.Hour
	mostTries    = 20 // of one chunk
	pauseAfter   = 5  // seconds, when one has failed
)

// Run works on imports until ctx ends, and clears away what is left of ended ones and of
// deleted lists. Any number of nodes may run it. An import whose node died goes on elsewhere
// when its lease is over, behind the last row that was done.
func (m *Importer) Run(ctx context.Context) {
	var wait sync.WaitGroup
	for range atOnce {
		wait.Go(func() { m.every(ctx, lookEvery, m.workAll) })
	}
	wait.Go(func() { m.every(ctx, sweepEvery, m.Sweep) })
	wait.Wait()
}

func (m *Importer) every(ctx context.Context, pause time.Duration, do func(ctx context.Context) error) {
	for {
		if err := do(ctx); err != nil && ctx.Err() == nil {
			m.options.Log.ErrorContext(ctx, "import of contacts", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// workAll works on imports as long as there are any.
func (m *Importer) workAll(ctx context.Context) error {
	for {
		worked, err := m.WorkOne(ctx)
		if !worked || err != nil {
			return err
		}
	}
}

// WorkOne takes the import that waits longest and works on it to its end. It is false when
// none waits.
func (m *Importer) WorkOne(ctx context.Context) (bool, error) {
	row, err := m.q.ClaimImport(ctx, m.db.Worker())
	if db.NoRows(err) {
		return false, nil
	} else if err != nil {
		return false, fmt.Errorf("claim import: %w", err)
	}
	key := blob.Key{CompanyID: row.CompanyID, ID: row.ID}
	state, reason := ImportFinished, ""
	switch err := m.work(ctx, row); {
	case errors.Is(err, errGone):
		return true, nil
	case err != nil:
		if reason = reasonOf(err); reason == "" && row.Tries < mostTries {
			m.release(context.WithoutCancel(ctx), key, ctx.Err() == nil)
			return true, fmt.Errorf("import %s: %w", row.ID, err)
		}
		state = ImportFailed
		m.options.Log.WarnContext(ctx, "import failed", "import", row.ID, "error", err)
	}
	if reason == "" && state == ImportFailed {
		reason = string(fault.Internal)
	}
	err = m.end(ctx, row, state, reason)
	if err != nil {
		m.release(context.WithoutCancel(ctx), key, ctx.Err() == nil)
	}
	return true, err
}

// reasonOf returns the code of what a file itself is to blame for; all else is tried again.
func reasonOf(err error) string {
	var f *fault.Error
	if errors.As(err, &f) && f.Code != fault.Unavailable && f.Code != fault.DiskFull {
		return string(f.Code)
	}
	return ""
}

// release lets others go on: at once when this node stops, a little later when it failed.
func (m *Importer) release(ctx context.Context, key blob.Key, failed bool) {
	p := contactdb.ReleaseImportParams{CompanyID: key.CompanyID, ID: key.ID}
	if failed {
		p.PauseS = pauseAfter
	}
	err := m.db.InCompany(ctx, key.CompanyID, func(tx *db.Tx) error { return m.q.ReleaseImport(ctx, tx, p) })
	if err != nil {
		m.options.Log.WarnContext(ctx, "import waits until its lease ends", "import", key.ID, "error", err)
	}
}

func (m *Importer) end(ctx context.Context, row contactdb.ContactImport, state, reason string) error {
	now := m.clock.Now()
	err := m.db.InCompany(ctx, row.CompanyID, func(tx *db.Tx) error {
		n, err := m.q.EndImport(ctx, tx, contactdb.EndImportParams{CompanyID: row.CompanyID, ID: row.ID, State: state, Reason: reason, FinishedAt: &now})
		if err != nil || n == 0 {
			return err
		}
		e := ImportEnded{ImportID: row.ID, ListID: row.ListID, UserID: row.CreatedBy, State: state}
		return events.PublishTx(ctx, tx, row.CompanyID, e)
	})
	if err != nil {
		return fmt.Errorf("end import: %w", err)
	}
	return m.removeFile(ctx, blob.Key{CompanyID: row.CompanyID, ID: row.ID})
}

// work does the rows of a file that were not done yet.
func (m *Importer) work(ctx context.Context, row contactdb.ContactImport) error {
	i, err := importOf(row)
	if err != nil {
		return err
	}
	if i.ListID == nil {
		return errNoList
	}
	f, err := m.files.Get(ctx, blob.Key{CompanyID: row.CompanyID, ID: row.ID})
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	ctx, stop := context.WithCancel(ctx)
	t := &target{companyID: row.CompanyID, importID: row.ID, listID: *i.ListID, reader: newReader(i.Mapping), done: i.Rows, failed: i.Failed}
	chunks, failed := make(chan chunk, 1), make(chan error, 1)
	// Rows are read while the database works on those before.
	go func() {
		defer close(chunks)
		failed <- m.read(ctx, f, i, t.reader, chunks)
	}()
	// The reader is through with the file before it is closed.
	defer func() {
		stop()
		for range chunks { //nolint:revive // only waited for
		}
	}()
	for c := range chunks {
		if err := m.put(ctx, t, c); err != nil {
			return err
		}
	}
	return <-failed
}

func (m *Importer) put(ctx context.Context, t *target, c chunk) error {
	err := m.db.InCompany(ctx, t.companyID, func(tx *db.Tx) error { return m.putTx(ctx, tx, t, c) })
	if err != nil {
		return err
	}
	t.done, t.failed = c.upTo, t.failed+len(c.refused)
	m.afterChunk()
	return nil
}

// read cuts the rows of a file that were not done into chunks.
func (m *Importer) read(ctx context.Context, f *blob.File, i Import, rows reader, to chan<- chunk) error {
	r, err := sheet.Open(f, f.Size, i.Reading.Reading)
	if err != nil {
		return err
	}
	header := 0
	if i.Reading.Header {
		header = 1
	}
	c := cutter{from: r, rows: rows, to: to}
	for {
		row, err := r.Next()
		row.N -= header
		switch {
		case err == nil && row.N <= i.Rows: // the header, and what was done before
			continue
		case err == nil && row.N > m.options.MaxRows:
			err = errTooManyRows
		case err == nil:
			if err := c.add(ctx, row); err != nil {
				return err
			}
			continue
		}
		// What is whole is done, even when the rest is broken.
		if given := c.give(ctx); given != nil || errors.Is(err, io.EOF) {
			return given
		}
		return err
	}
}

// cutter gathers rows into chunks.
type cutter struct {
	from   *sheet.Reader
	rows   reader
	to     chan<- chunk
	next   chunk
	people []candidate
}

func (c *cutter) add(ctx context.Context, row sheet.Row) error {
	c.next.upTo = row.N
	if one, problem := c.rows.candidate(row); problem == "" {
		c.people = append(c.people, one)
	} else {
		c.next.refused = append(c.next.refused, refuse(row, problem))
	}
	if len(c.people)+len(c.next.refused) < chunkRows {
		return nil
	}
	return c.give(ctx)
}

func (c *cutter) give(ctx context.Context) error {
	if c.next.upTo == 0 {
		return nil
	}
	c.next.permille = int(c.from.Progress() * 1000)
	c.next.people, c.next.doubles = join(c.people)
	select {
	case c.to <- c.next:
		c.next, c.people = chunk{}, c.people[:0]
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

var errTooManyRows = fault.New("too_many_rows", "The file has more rows than an import takes.")

// refuse keeps what is needed to find and mend a row.
func refuse(row sheet.Row, problem string) refused {
	out := refused{n: row.N, line: row.Line, problem: problem, cells: make([]string, 0, len(row.Cells))}
	for _, cell := range row.Cells {
		out.cells = append(out.cells, plain.Cut(plain.Line(cell), maxErrorCell))
	}
	return out
}

// Sweep removes the files of imports that have ended or were never started, rows that were not
// taken a month ago, and what deleted lists have left.
func (m *Importer) Sweep(ctx context.Context) error {
	idle, err := m.q.IdleImportFiles(ctx, m.db.Worker(), m.clock.Now().Add(-unstartedFor))
	if err != nil {
		return fmt.Errorf("read files of imports: %w", err)
	}
	for _, one := range idle {
		m.drop(ctx, blob.Key{CompanyID: one.CompanyID, ID: one.ID})
	}
	before := m.clock.Now().Add(-errorsFor)
	if err := m.q.ForgetImportErrors(ctx, m.db.Worker(), &before); err != nil {
		return fmt.Errorf("forget errors of imports: %w", err)
	}
	return m.clearLists(ctx)
}
