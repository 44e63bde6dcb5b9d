package chat

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/chat/internal/chatdb"
	"parley/internal/chat/internal/filetype"
	"parley/internal/chat/pass"
	"parley/internal/platform/blob"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
)

// MaxAttachment is how large a file may be, in bytes.
const MaxAttachment = 20 << 20

const (
	unsentFor     = 24 * time.Hour // then an upload that was not sent is removed
	cleanAtOnce   = 500
	cleanEvery    = time.Hour
	visitorSpan   = time.Hour
	visitorFiles  = 60 // in that span
	visitorVolume = 200 << 20
)

// Upload is a file on its way in.
type Upload struct {
	Name    string
	From    io.Reader
	Address string // of the network, from which a visitor uploads
}

// UploadLimits are what visitors may upload in a day (UTC); zero values get
// defaults. Bytes are counted when a file has come, so that those of files under
// way may come on top.
type UploadLimits struct {
	AddressFiles, CompanyFiles int   // from one address of the network, and to one company
	AddressBytes, CompanyBytes int64 // the same
}

func (l UploadLimits) orDefaults() UploadLimits {
	return UploadLimits{
		AddressFiles: cmp.Or(l.AddressFiles, 200), AddressBytes: cmp.Or(l.AddressBytes, 500<<20),
		CompanyFiles: cmp.Or(l.CompanyFiles, 20_000), CompanyBytes: cmp.Or(l.CompanyBytes, 10<<30),
	}
}

// uploader is who uploads: a visitor or a user.
type uploader struct {
	companyID int64
	visitor   *uuid.UUID
	address   string // of a visitor
	user      *int64
}

// UploadByOperator keeps a file that the actor is going to send.
func (s *Service) UploadByOperator(ctx context.Context, actor access.Actor, u Upload) (Attachment, error) {
	return s.upload(ctx, uploader{companyID: actor.CompanyID, user: &actor.UserID}, u)
}

// UploadByVisitor keeps a file that a visitor is going to send.
func (s *Service) UploadByVisitor(ctx context.Context, v pass.Visitor, u Upload) (Attachment, error) {
	err := s.asVisitor(ctx, v, func(tx *db.Tx, _ *rules, _ *chatdb.Dialog) error { return s.mayUploadTx(ctx, tx, v) })
	if err != nil {
		return Attachment{}, err
	}
	a, err := s.upload(ctx, uploader{companyID: v.CompanyID, visitor: &v.ID, address: cmp.Or(u.Address, "unknown")}, u)
	a.URL = s.visitorFileURL(v.CompanyID, a.ID)
	return a, err
}

// mayUploadTx bounds what one visitor can fill the disk with.
func (s *Service) mayUploadTx(ctx context.Context, tx *db.Tx, v pass.Visitor) error {
	used, err := s.q.UploadedByVisitor(ctx, tx, chatdb.UploadedByVisitorParams{
		CompanyID: v.CompanyID, VisitorID: v.ID, Since: s.clock.Now().Add(-visitorSpan),
	})
	if err != nil {
		return fmt.Errorf("read uploads of visitor: %w", err)
	}
	if used.Files >= visitorFiles || used.Bytes >= visitorVolume {
		return fault.New(fault.RateLimited, "Too many files in a short time. Try again later.").After(visitorSpan / 4)
	}
	return nil
}

// upload stores a row first, so that a file of which nobody knows is never left behind, then
// the file, and then what the file is.
func (s *Service) upload(ctx context.Context, by uploader, u Upload) (Attachment, error) {
	head := make([]byte, filetype.HeadSize)
	n, err := io.ReadFull(u.From, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return Attachment{}, fmt.Errorf("read upload: %w", err)
	}
	head = head[:n]
	if n == 0 {
		return Attachment{}, fault.Field("file", fault.TooShort, "The file is empty.")
	}
	kind, name, err := filetype.Of(u.Name, head)
	if err != nil {
		return Attachment{}, err
	}
	now := s.clock.Now()
	key := blob.Key{CompanyID: by.companyID, ID: id.New(now)}
	err = s.db.InCompany(ctx, by.companyID, func(tx *db.Tx) error {
		if err := s.countUploadTx(ctx, tx, by, now); err != nil {
			return err
		}
		return s.q.BeginUpload(ctx, tx, chatdb.BeginUploadParams{
			CompanyID: key.CompanyID, ID: key.ID, Name: name, MediaType: kind.MediaType, VisitorID: by.visitor, UserID: by.user, CreatedAt: now,
		})
	})
	if err != nil {
		return Attachment{}, wrap("begin upload", err)
	}
	a, err := s.keep(ctx, key, kind, io.MultiReader(bytes.NewReader(head), u.From))
	if err != nil {
		// The request may be over; the cleaner would come for it a day later.
		s.forget(context.WithoutCancel(ctx), key)
		return Attachment{}, err
	}
	return a, s.weighUpload(ctx, by, now, a.Size)
}

// countUploadTx counts a file of a visitor, and refuses it when the day's are
// used up. Operators are trusted.
func (s *Service) countUploadTx(ctx context.Context, tx *db.Tx, by uploader, now time.Time) error {
	if by.visitor == nil {
		return nil
	}
	rows, err := s.q.CountUpload(ctx, tx, chatdb.CountUploadParams{CompanyID: by.companyID, At: now, Address: by.address})
	if err != nil {
		return fmt.Errorf("count upload: %w", err)
	}
	tomorrow := now.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour).Sub(now)
	for _, row := range rows {
		switch {
		case row.Address == "" && (row.Files > s.uploads.CompanyFiles || row.Bytes >= s.uploads.CompanyBytes):
			return fault.New(fault.QuotaExceeded, "This chat takes no more files today.").After(tomorrow)
		case row.Address != "" && (row.Files > s.uploads.AddressFiles || row.Bytes >= s.uploads.AddressBytes):
			return fault.New(fault.RateLimited, "Too many files today. Try again tomorrow.").After(tomorrow)
		}
	}
	return nil
}

func (s *Service) weighUpload(ctx context.Context, by uploader, at time.Time, size int64) error {
	if by.visitor == nil {
		return nil
	}
	err := s.db.InCompany(ctx, by.companyID, func(tx *db.Tx) error {
		return s.q.WeighUpload(ctx, tx, chatdb.WeighUploadParams{CompanyID: by.companyID, At: at, Address: by.address, Bytes: size})
	})
	return wrap("weigh upload", err)
}

func (s *Service) keep(ctx context.Context, key blob.Key, kind filetype.Type, from io.Reader) (Attachment, error) {
	info, err := s.files.Put(ctx, key, from, MaxAttachment)
	if err != nil {
		return Attachment{}, err
	}
	p := chatdb.EndUploadParams{CompanyID: key.CompanyID, ID: key.ID, MediaType: kind.MediaType, Size: info.Size, Sha256: info.SHA256[:]}
	if kind.Picture() {
		width, height, err := s.pictureSize(ctx, key)
		switch {
		case errors.Is(err, filetype.ErrPicture):
			p.MediaType = filetype.Unshown.MediaType
		case err != nil:
			return Attachment{}, err
		default:
			p.Width, p.Height = &width, &height
		}
	}
	var out Attachment
	err = s.db.InCompany(ctx, key.CompanyID, func(tx *db.Tx) error {
		row, err := s.q.EndUpload(ctx, tx, p)
		if err != nil {
			return fmt.Errorf("end upload: %w", err)
		}
		out = attachmentOf(row)
		return nil
	})
	return out, err
}

func (s *Service) pictureSize(ctx context.Context, key blob.Key) (width, height int, err error) {
	f, err := s.files.Get(ctx, key)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close() //nolint:errcheck // only read
	return filetype.Size(f)
}

func (s *Service) forget(ctx context.Context, key blob.Key) {
	if err := s.files.Delete(ctx, key); err != nil {
		return // the cleaner finds it by its row
	}
	_ = s.db.InCompany(ctx, key.CompanyID, func(tx *db.Tx) error {
		return s.q.ForgetUpload(ctx, tx, chatdb.ForgetUploadParams{CompanyID: key.CompanyID, ID: key.ID})
	})
}

// Download is a stored file open for reading. Close it.
type Download struct {
	*blob.File
	Name      string
	MediaType string // what an answer may call it
	Shown     bool   // a page may draw or play it; else it is for download
	SHA256    []byte
}

// OpenAttachment opens a file of a dialog that the actor may see, or one that they uploaded
// and have not sent yet.
func (s *Service) OpenAttachment(ctx context.Context, actor access.Actor, attachmentID uuid.UUID) (Download, error) {
	return s.open(ctx, actor.CompanyID, attachmentID, func(tx *db.Tx, row chatdb.Attachment) error {
		if row.DialogID == nil {
			if row.UserID == nil || *row.UserID != actor.UserID {
				return errNoFile
			}
			return nil
		}
		_, err := s.seenDialogTx(ctx, tx, actor, *row.DialogID)
		return err
	})
}

// OpenForVisitor opens the file that a pass was written for; whoever has it may read the file
// until it runs out.
func (s *Service) OpenForVisitor(ctx context.Context, filePass string, attachmentID uuid.UUID) (Download, error) {
	companyID, err := s.passes.OpenFile(filePass, attachmentID, s.clock.Now())
	if err != nil {
		return Download{}, err
	}
	return s.open(ctx, companyID, attachmentID, func(*db.Tx, chatdb.Attachment) error { return nil })
}

var errNoFile = fault.New(fault.NotFound, "There is no such file.")

// visitorFileURL is where a visitor's browser finds a file; an address that gets about is of
// use for as long as its pass.
func (s *Service) visitorFileURL(companyID int64, attachmentID uuid.UUID) string {
	return "/widget/v1/attachments/" + attachmentID.String() + "?t=" + s.passes.File(companyID, attachmentID, s.clock.Now())
}

func (s *Service) open(ctx context.Context, companyID int64, attachmentID uuid.UUID, may func(tx *db.Tx, row chatdb.Attachment) error) (Download, error) {
	var row chatdb.Attachment
	err := s.db.ViewCompany(ctx, companyID, func(tx *db.Tx) (err error) {
		row, err = s.q.AttachmentByID(ctx, tx, chatdb.AttachmentByIDParams{CompanyID: companyID, ID: attachmentID})
		if db.NoRows(err) {
			return errNoFile
		} else if err != nil {
			return fmt.Errorf("read attachment: %w", err)
		}
		return may(tx, row)
	})
	if fault.Is(err, fault.NotFound) {
		return Download{}, errNoFile // whatever was not there
	} else if err != nil {
		return Download{}, err
	}
	f, err := s.files.Get(ctx, blob.Key{CompanyID: companyID, ID: attachmentID})
	if err != nil {
		return Download{}, err
	}
	kind := filetype.Type{MediaType: row.MediaType}
	return Download{File: f, Name: row.Name, MediaType: kind.Served(), Shown: kind.Shown(), SHA256: row.Sha256}, nil
}

// CleanUploads removes files that were uploaded a day ago and never sent, and what uploads
// that were cut off have left. A stop on the way costs nothing: the next run goes on.
func (s *Service) CleanUploads(ctx context.Context) error {
	if err := s.q.ForgetUploadCounts(ctx, s.db.Worker(), s.clock.Now()); err != nil {
		return fmt.Errorf("forget counts of uploads: %w", err)
	}
	for {
		var batch []chatdb.AbandonUploadsRow
		err := s.db.AsWorker(ctx, func(tx *db.Tx) (err error) {
			batch, err = s.q.AbandonUploads(ctx, tx, chatdb.AbandonUploadsParams{Before: s.clock.Now().Add(-unsentFor), MaxRows: cleanAtOnce})
			return err
		})
		if err != nil {
			return fmt.Errorf("abandon uploads: %w", err)
		}
		var failures []error
		for _, one := range batch {
			failures = append(failures, s.cleanUpload(ctx, one)) // one that fails does not keep the others
		}
		if err := errors.Join(failures...); err != nil {
			return err
		}
		if len(batch) < cleanAtOnce {
			return nil
		}
	}
}

func (s *Service) cleanUpload(ctx context.Context, one chatdb.AbandonUploadsRow) error {
	if err := s.files.Delete(ctx, blob.Key{CompanyID: one.CompanyID, ID: one.ID}); err != nil {
		return err
	}
	err := s.db.InCompany(ctx, one.CompanyID, func(tx *db.Tx) error {
		return s.q.ForgetUpload(ctx, tx, chatdb.ForgetUploadParams(one))
	})
	return wrap("forget upload", err)
}
