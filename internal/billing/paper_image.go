package billing

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/billing/internal/billingdb"
	"parley/internal/platform/blob"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
)

// ImageKind is what a picture on papers shows.
type ImageKind string

// The kinds of pictures on papers.
const (
	Stamp     ImageKind = "stamp"
	Signature ImageKind = "signature"
)

// PaperImage is a picture that a seller's invoices bear.
type PaperImage struct {
	ID            uuid.UUID
	Kind          ImageKind
	Width, Height int // pixels
	CreatedAt     time.Time
}

// Pictures are PNG files that a paper bears; nil is none.
type Pictures struct{ Stamp, Signature []byte }

func (p Pictures) any() bool { return p.Stamp != nil || p.Signature != nil }

// PaperImages lists the pictures that the next invoices of the actor's company
// will bear, at most one of each kind.
func (s *Service) PaperImages(ctx context.Context, actor access.Actor) ([]PaperImage, error) {
	if !actor.May(access.CompanyDetails) {
		return nil, fault.New(fault.Forbidden, "Your role does not allow this.")
	}
	return s.paperImages(ctx, actor.CompanyID)
}

func (s *Service) paperImages(ctx context.Context, companyID int64) (out []PaperImage, err error) {
	var rows []billingdb.PaperImage
	err = s.db.ViewCompany(ctx, companyID, func(tx *db.Tx) (err error) {
		rows, err = s.q.PaperImages(ctx, tx, companyID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read pictures of papers: %w", err)
	}
	for _, r := range rows {
		out = append(out, paperImageOf(r))
	}
	return out, nil
}

func paperImageOf(r billingdb.PaperImage) PaperImage {
	return PaperImage{ID: r.ID, Kind: ImageKind(r.Kind), Width: r.Width, Height: r.Height, CreatedAt: r.CreatedAt}
}

// SetPaperImage puts a PNG or JPEG file of at most [MaxPicture] bytes in the
// place of the actor's company's picture of a kind. Only companies that sell
// may: for others it is a conflict. What is kept is a PNG of at most 600 pixels
// a side, made anew, so that nothing but the picture is left of the file.
func (s *Service) SetPaperImage(ctx context.Context, actor access.Actor, kind ImageKind, from io.Reader) (PaperImage, error) {
	if !actor.May(access.CompanyDetails) {
		return PaperImage{}, fault.New(fault.Forbidden, "Your role does not allow this.")
	}
	if actor.Kind == access.Company {
		return PaperImage{}, fault.New(fault.Conflict, "Only a company that issues invoices has a stamp and a signature on them.")
	}
	p, err := s.readPicture(ctx, from)
	if err != nil {
		return PaperImage{}, err
	}
	now := s.now()
	out := PaperImage{ID: id.New(now), Kind: kind, Width: p.width, Height: p.height, CreatedAt: now}
	key := blob.Key{CompanyID: actor.CompanyID, ID: out.ID}
	if _, err := s.files.Put(ctx, key, bytes.NewReader(p.file), largestPaper); err != nil {
		return PaperImage{}, err
	}
	err = s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error { return s.setImageTx(ctx, tx, actor, out) })
	if err != nil {
		_ = s.files.Delete(context.WithoutCancel(ctx), key) // nobody knows of it
		return PaperImage{}, err
	}
	return out, nil
}

func (s *Service) setImageTx(ctx context.Context, tx *db.Tx, actor access.Actor, i PaperImage) error {
	if err := s.q.RetirePaperImages(ctx, tx, billingdb.RetirePaperImagesParams{CompanyID: actor.CompanyID, Kind: string(i.Kind), At: i.CreatedAt}); err != nil {
		return fmt.Errorf("retire picture of papers: %w", err)
	}
	err := s.q.InsertPaperImage(ctx, tx, billingdb.InsertPaperImageParams{
		CompanyID: actor.CompanyID, ID: i.ID, Kind: string(i.Kind), Width: i.Width, Height: i.Height, CreatedAt: i.CreatedAt,
	})
	if db.Unique(err, "paper_image_current") {
		return fault.New(fault.Conflict, "Somebody else has just put another picture there.")
	} else if err != nil {
		return fmt.Errorf("store picture of papers: %w", err)
	}
	return s.accounts.RecordTx(ctx, tx, actor, account.Change{
		Action: "paper_image.set", Subject: "paper_image:" + i.ID.String(), New: map[string]any{"kind": i.Kind},
	})
}

// RemovePaperImage takes a picture of the actor's company off the invoices to
// come. Those that were issued keep it.
func (s *Service) RemovePaperImage(ctx context.Context, actor access.Actor, imageID uuid.UUID) error {
	if !actor.May(access.CompanyDetails) {
		return fault.New(fault.Forbidden, "Your role does not allow this.")
	}
	return s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		row, err := s.q.RetirePaperImage(ctx, tx, billingdb.RetirePaperImageParams{CompanyID: actor.CompanyID, ID: imageID, At: s.now()})
		if db.NoRows(err) {
			return errNoImage
		} else if err != nil {
			return fmt.Errorf("retire picture of papers: %w", err)
		}
		return s.accounts.RecordTx(ctx, tx, actor, account.Change{
			Action: "paper_image.removed", Subject: "paper_image:" + imageID.String(), Old: map[string]any{"kind": row.Kind},
		})
	})
}

var errNoImage = fault.New(fault.NotFound, "There is no such picture.")

// OpenPaperImage opens a picture of the actor's company, an old one too. It is a
// PNG file.
func (s *Service) OpenPaperImage(ctx context.Context, actor access.Actor, imageID uuid.UUID) (File, error) {
	if !actor.May(access.CompanyDetails) {
		return File{}, fault.New(fault.Forbidden, "Your role does not allow this.")
	}
	var row billingdb.PaperImage
	err := s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) (err error) {
		row, err = s.q.PaperImageByID(ctx, tx, billingdb.PaperImageByIDParams{CompanyID: actor.CompanyID, ID: imageID})
		return err
	})
	if db.NoRows(err) {
		return File{}, errNoImage
	} else if err != nil {
		return File{}, fmt.Errorf("read picture of papers: %w", err)
	}
	f, err := s.files.Get(ctx, blob.Key{CompanyID: actor.CompanyID, ID: imageID})
	if err != nil {
		return File{}, err
	}
	return File{Name: row.Kind + ".png", Tag: imageID.String(), ReadSeekCloser: f}, nil
}

// seller is a party with the pictures that its papers bear now.
func (s *Service) seller(ctx context.Context, companyID int64) (Party, account.Company, error) {
	p, company, err := s.party(ctx, companyID)
	if err != nil {
		return p, company, err
	}
	images, err := s.paperImages(ctx, companyID)
	for _, i := range images {
		switch i.Kind {
		case Stamp:
			p.Stamp = i.ID
		case Signature:
			p.Signature = i.ID
		}
	}
	return p, company, err
}

// pictures reads what an invoice's paper bears beside its words. A picture whose
// file is gone is left out: the invoice must still reach its buyer.
func (s *Service) pictures(ctx context.Context, i Invoice) (out Pictures, err error) {
	if out.Stamp, err = s.picture(ctx, i, i.Seller.Stamp); err != nil {
		return out, err
	}
	out.Signature, err = s.picture(ctx, i, i.Seller.Signature)
	return out, err
}

func (s *Service) picture(ctx context.Context, i Invoice, imageID uuid.UUID) ([]byte, error) {
	if imageID == uuid.Nil {
		return nil, nil
	}
	f, err := s.files.Get(ctx, blob.Key{CompanyID: i.SellerID, ID: imageID})
	if fault.Is(err, fault.NotFound) {
		s.options.Log.ErrorContext(ctx, "a picture is missing, the paper is made without it", "invoice", i.ID, "company", i.SellerID, "image", imageID)
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	data, err := io.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("read picture of papers: %w", err)
	}
	return data, nil
}

// draw makes the paper of an invoice with its pictures, and without them when
// they cannot be drawn.
func (s *Service) draw(ctx context.Context, i Invoice) ([]byte, error) {
	p, err := s.pictures(ctx, i)
	if err != nil {
		return nil, err
	}
	data, err := Paper(i, p)
	if err != nil && p.any() {
		s.options.Log.ErrorContext(ctx, "pictures cannot be drawn, the paper is made without them", "invoice", i.ID, "error", err)
		data, err = Paper(i, Pictures{})
	}
	if err != nil {
		return nil, fmt.Errorf("draw invoice: %w", err)
	}
	return data, nil
}
