package billing

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"parley/internal/access"
	"parley/internal/billing/internal/billingdb"
	"parley/internal/platform/blob"
	"parley/internal/platform/fault"
)

// largestPaper is more bytes than any paper has.
const largestPaper = 32 << 20

// File is the paper of an invoice.
type File struct {
	Name string
	Tag  string // the same as long as the content is
	io.ReadSeekCloser
}

// OpenFile opens the paper of an invoice of the actor's company. One that is
// not there yet, or not any more, is made from the invoice.
func (s *Service) OpenFile(ctx context.Context, actor access.Actor, invoiceID uuid.UUID) (File, error) {
	i, err := s.ByID(ctx, actor, invoiceID)
	if err != nil {
		return File{}, err
	}
	return s.open(ctx, i)
}

// OpenSoldFile is OpenFile for the seller.
func (s *Service) OpenSoldFile(ctx context.Context, actor access.Actor, companyID int64, invoiceID uuid.UUID) (File, error) {
	i, err := s.SoldByID(ctx, actor, companyID, invoiceID)
	if err != nil {
		return File{}, err
	}
	return s.open(ctx, i)
}

func (s *Service) open(ctx context.Context, i Invoice) (File, error) {
	key := blob.Key{CompanyID: i.CompanyID, ID: i.ID}
	if i.FileSize > 0 {
		f, err := s.files.Get(ctx, key)
		if err == nil {
			return File{Name: i.FileName(), Tag: i.ID.String(), ReadSeekCloser: f}, nil
		}
		if !fault.Is(err, fault.NotFound) {
			return File{}, err
		}
	}
	if _, err := s.makeFile(ctx, i); err != nil {
		return File{}, err
	}
	f, err := s.files.Get(ctx, key)
	if err != nil {
		return File{}, err
	}
	return File{Name: i.FileName(), Tag: i.ID.String(), ReadSeekCloser: f}, nil
}

// makeFile draws the paper of an invoice, stores it and notes its size and hash.
func (s *Service) makeFile(ctx context.Context, i Invoice) (int, error) {
	data, err := s.draw(ctx, i)
	if err != nil {
		return 0, err
	}
	hash := sha256.Sum256(data)
	if _, err := s.files.Put(ctx, blob.Key{CompanyID: i.CompanyID, ID: i.ID}, bytes.NewReader(data), largestPaper); err != nil {
		return 0, err
	}
	err = s.q.FileStored(ctx, s.db.Worker(), billingdb.FileStoredParams{CompanyID: i.CompanyID, ID: i.ID, Size: len(data), Hash: hash[:]})
	if err != nil {
		return 0, fmt.Errorf("note invoice's file: %w", err)
	}
	return len(data), nil
}

// MakeFiles makes papers that are missing, at most so many, and says how many
// it has made. Two nodes that make the same make the same file.
func (s *Service) MakeFiles(ctx context.Context, most int) (int, error) {
	rows, err := s.q.Paperless(ctx, s.db.Worker(), int32(most))
	if err != nil {
		return 0, fmt.Errorf("look for invoices without a paper: %w", err)
	}
	failures := make([]error, len(rows))
	var group errgroup.Group
	group.SetLimit(filesAtOnce)
	for n, r := range rows {
		group.Go(func() error {
			i, err := s.viewed(ctx, r.CompanyID, r.ID)
			if err == nil {
				_, err = s.makeFile(ctx, i)
			}
			if err != nil {
				failures[n] = fmt.Errorf("invoice %s: %w", r.ID, err)
			}
			return nil
		})
	}
	_ = group.Wait()
	made := 0
	for _, err := range failures {
		if err == nil {
			made++
		}
	}
	return made, errors.Join(failures...)
}

// Run bills months that have ended and makes papers, until ctx ends. Any number
// of nodes may run it.
func (s *Service) Run(ctx context.Context) {
	for {
		pause := runEvery
		if _, err := s.Bill(ctx); err != nil && ctx.Err() == nil {
			s.options.Log.ErrorContext(ctx, "billing failed and is tried again", "error", err)
		}
		n, err := s.MakeFiles(ctx, papersAtOnce)
		switch {
		case err != nil && ctx.Err() == nil:
			s.options.Log.ErrorContext(ctx, "making papers of invoices failed and is tried again", "error", err)
		case n == papersAtOnce:
			pause = time.Millisecond
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

const (
	runEvery     = time.Minute
	papersAtOnce = 200
	filesAtOnce  = 4
)
