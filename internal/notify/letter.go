package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/mail"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/channel"
	"parley/internal/notify/internal/notifydb"
	"parley/internal/platform/blob"
	"parley/internal/platform/db"
	"parley/internal/platform/events"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
	"parley/internal/platform/jobs"
	"parley/internal/platform/secret"
)

// File is attached to a letter; it must be in the store when the letter is
// sent, not before.
type File struct {
	Name      string   `json:"name"`
	MediaType string   `json:"media_type"`
	Key       blob.Key `json:"key"`
}

type sendLetter struct {
	LetterID uuid.UUID `json:"letter_id"`
}

func (sendLetter) Kind() string { return "notify.send_letter" }

// unproven are the kinds that may go to an address nobody has confirmed.
var unproven = []string{"email_confirmation", "recovery", "address_in_use", "invitation", "code", "test"}

// toAnyone are the kinds that also go to addresses which are no user's: those
// that a company has named for its documents.
var toAnyone = append([]string{"invoice", "payment_received", "documents_of_month"}, unproven...)

// LetterTx stores a letter and the job that sends it; it implements
// account.Outbox. tx is of trusted work. A kind that needs a confirmed address
// is left unwritten when it is not, which is no error: the fact stands anyway.
func (s *Service) LetterTx(ctx context.Context, tx *db.Tx, l account.Letter) error {
	return s.LetterWithFilesTx(ctx, tx, l)
}

// LetterWithFilesTx is LetterTx with attached files.
func (s *Service) LetterWithFilesTx(ctx context.Context, tx *db.Tx, l account.Letter, files ...File) error {
	name := ""
	if l.UserID != nil {
		user, err := s.accounts.RecipientTx(ctx, tx, *l.UserID)
		if err != nil {
			return fmt.Errorf("recipient of letter %s: %w", l.Kind, err)
		}
		name = user.Name
		if !slices.Contains(unproven, l.Kind) && !(user.EmailConfirmed && user.Email == l.To) {
			return nil
		}
	} else if !slices.Contains(toAnyone, l.Kind) {
		return fmt.Errorf("letter %s to an address that is no user's", l.Kind)
	}
	return s.writeTx(ctx, tx, l, name, files)
}

// CompanyLetter is a letter to those of a company who hold one of the roles.
type CompanyLetter struct {
	CompanyID int64
	Roles     []access.Role
	Kind      string
	Fact      uuid.UUID
	Files     []File
	// Data makes the values for one reader, whose language and time zone they
	// are written in.
	Data func(r account.Recipient) map[string]string
}

// CompanyLetterTx writes a letter to each of the company's people with one of
// the roles and a confirmed address, each in their own language.
func (s *Service) CompanyLetterTx(ctx context.Context, tx *db.Tx, l CompanyLetter) error {
	people, err := s.accounts.RecipientsTx(ctx, tx, l.CompanyID, l.Roles...)
	if err != nil {
		return err
	}
	for _, r := range people {
		err := s.writeTx(ctx, tx, account.Letter{
			Fact: l.Fact, Kind: l.Kind, UserID: &r.UserID, CompanyID: &l.CompanyID, To: r.Email, Language: r.Language, Data: l.Data(r),
		}, r.Name, l.Files)
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) writeTx(ctx context.Context, tx *db.Tx, l account.Letter, name string, files []File) error {
	if err := s.letters.check(l.Kind, l.Language, l.Data, l.Secret); err != nil {
		return err
	}
	now := s.clock.Now()
	row := notifydb.InsertLetterParams{
		ID: id.New(now), UserID: l.UserID, CompanyID: l.CompanyID, Kind: l.Kind, Fact: l.Fact,
		Recipient: l.To, Language: l.Language, CreatedAt: now,
	}
	values := map[string]string{"Name": name}
	maps.Copy(values, l.Data)
	var err error
	if row.Data, err = json.Marshal(values); err != nil {
		return fmt.Errorf("letter %s: %w", l.Kind, err)
	}
	if row.Files, err = json.Marshal(append([]File{}, files...)); err != nil {
		return fmt.Errorf("letter %s: %w", l.Kind, err)
	}
	if len(l.Secret) > 0 {
		if row.Secret, err = s.seal(row.ID, l.Secret); err != nil {
			return err
		}
	}
	made, err := notifydb.New(tx).InsertLetter(ctx, row)
	if err != nil {
		return fmt.Errorf("insert letter: %w", err)
	}
	if made == 0 {
		return nil
	}
	return s.queue.InsertOnTx(ctx, tx, sendLetter{row.ID}, jobs.Terms{Attempts: attempts})
}

func letterPlace(letterID uuid.UUID) secret.Place {
	return secret.Place{Table: "letter", Row: letterID.String()}
}

func (s *Service) seal(letterID uuid.UUID, values map[string]string) ([]byte, error) {
	plain, err := json.Marshal(values)
	if err != nil {
		return nil, err
	}
	return s.options.Secrets.Seal(plain, letterPlace(letterID))
}

// send sends a waiting letter. A crash between the mail server's answer and
// our note sends it again with the same Message-ID.
func (s *Service) send(ctx context.Context, letterID uuid.UUID) error {
	mailer, from, err := s.mailer(ctx)
	if err != nil {
		return err
	}
	row, err := s.q.WaitingLetter(ctx, letterID)
	if db.NoRows(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read letter: %w", err)
	}
	l, err := s.compose(ctx, row, from)
	if err != nil {
		return err
	}
	err = mailer.Send(ctx, l)
	if err == nil || wayFails(err) {
		s.noteWay(ctx, "mail", err)
	}
	switch {
	case err == nil:
		now := s.clock.Now()
		return s.q.LetterSent(ctx, notifydb.LetterSentParams{ID: row.ID, SentAt: &now})
	case channel.Retryable(err):
		return err
	}
	s.log.WarnContext(ctx, "letter was refused", "letter", row.ID, "kind", row.Kind, "error", err)
	return s.q.LetterFailed(ctx, notifydb.LetterFailedParams{ID: row.ID, Reason: err.Error()})
}

// compose makes the letter of a row.
func (s *Service) compose(ctx context.Context, row notifydb.Letter, from string) (channel.Letter, error) {
	values := map[string]string{}
	if err := json.Unmarshal(row.Data, &values); err != nil {
		return channel.Letter{}, fmt.Errorf("read letter: %w", err)
	}
	if row.Secret != nil {
		plain, err := s.options.Secrets.Open(row.Secret, letterPlace(row.ID))
		if err != nil {
			return channel.Letter{}, fmt.Errorf("open letter: %w", err)
		}
		if err := json.Unmarshal(plain, &values); err != nil {
			return channel.Letter{}, fmt.Errorf("open letter: %w", err)
		}
	}
	brand, err := s.brand(ctx, row.CompanyID)
	if err != nil {
		return channel.Letter{}, err
	}
	values["Platform"], values["Address"] = brand, s.options.Address
	values["Cabinet"] = s.options.Address
	if row.CompanyID != nil {
		values["Cabinet"] += "/c/" + strconv.FormatInt(*row.CompanyID, 10)
	}
	text, err := s.letters.render(row.Kind, row.Language, values)
	if err != nil {
		return channel.Letter{}, err
	}
	l := channel.Letter{
		ID: row.ID.String() + "@" + channel.Domain(from), From: named(from, brand), To: row.Recipient,
		Subject: text.Subject, Text: text.Text, HTML: text.HTML, Language: row.Language,
	}
	l.Files, err = s.attach(ctx, row.Files)
	return l, err
}

// brand is the name that a company's people know the service by: that of their
// reseller, or the platform's.
func (s *Service) brand(ctx context.Context, companyID *int64) (string, error) {
	for companyID != nil {
		c, err := s.accounts.Company(ctx, *companyID)
		if err != nil {
			return "", fmt.Errorf("brand of letter: %w", err)
		}
		if c.Kind == access.Reseller {
			return c.Name, nil
		}
		companyID = c.ParentID
	}
	return s.options.Platform, nil
}

// named puts a brand before the sender's address.
func named(from, brand string) string {
	a, err := mail.ParseAddress(from)
	if err != nil {
		return from
	}
	return (&mail.Address{Name: brand, Address: a.Address}).String()
}

func (s *Service) attach(ctx context.Context, data json.RawMessage) ([]channel.File, error) {
	var files []File
	if err := json.Unmarshal(data, &files); err != nil {
		return nil, fmt.Errorf("files of letter: %w", err)
	}
	var out []channel.File
	for _, f := range files {
		stored, err := s.options.Files.Get(ctx, f.Key)
		if err != nil {
			return nil, fmt.Errorf("file of letter: %w", err)
		}
		content, err := io.ReadAll(stored)
		_ = stored.Close()
		if err != nil {
			return nil, fmt.Errorf("file of letter: %w", err)
		}
		out = append(out, channel.File{Name: f.Name, MediaType: f.MediaType, Content: content})
	}
	return out, nil
}

func (s *Service) signInLocked(ctx context.Context, tx *db.Tx, e events.Of[account.Locked]) error {
	user, err := s.accounts.RecipientTx(ctx, tx, e.Event.UserID)
	if fault.Is(err, fault.NotFound) {
		return nil // a locked login that nobody has, or a user who is gone: nobody to write to
	}
	if err != nil {
		return fmt.Errorf("recipient of letter: %w", err)
	}
	return s.LetterTx(ctx, tx, account.Letter{
		Fact: e.ID, Kind: "sign_in_locked", UserID: &user.UserID, To: user.Email, Language: user.Language,
		Data: map[string]string{"Until": ClockTime(e.Event.Until, user.TimeZone), "IP": e.Event.IP},
	})
}
