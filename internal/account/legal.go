package account

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"parley/internal/access"
	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/db"
	"parley/internal/platform/events"
	"parley/internal/platform/fault"
	"parley/internal/platform/plain"
)

// The kinds of texts that people agree to.
const (
	Terms   = "terms"
	Privacy = "privacy"
)

const (
	longestTitle = 200
	longestBody  = 100_000
)

// LegalText is a version of a text in one language. Body is plain: paragraphs
// with an empty line between them.
type LegalText struct {
	Kind    string
	Version int
	Title   string
	Body    string
}

// LegalTexts returns the texts in force, by kind.
func (s *Service) LegalTexts(ctx context.Context, language string) (map[string]LegalText, error) {
	rows, err := s.trusted().CurrentTexts(ctx, language)
	if err != nil {
		return nil, fmt.Errorf("read legal texts: %w", err)
	}
	texts := make(map[string]LegalText, len(rows))
	for _, row := range rows {
		texts[row.Kind] = LegalText{row.Kind, int(row.Version), row.Title, row.Body}
	}
	return texts, nil
}

// TextVersion is a version of a text in all languages.
type TextVersion struct {
	Kind        string
	Version     int
	PublishedAt time.Time
	PublishedBy string               // "" came with the program
	Texts       map[string]LegalText // by language
}

// TextVersions lists all versions, newest first within a kind.
func (s *Service) TextVersions(ctx context.Context, actor access.Actor) ([]TextVersion, error) {
	if !actor.May(access.PlatformTexts) {
		return nil, fault.New(fault.Forbidden, "Your role does not allow this.")
	}
	rows, err := s.trusted().TextVersions(ctx)
	if err != nil {
		return nil, fmt.Errorf("read legal texts: %w", err)
	}
	var versions []TextVersion
	for _, row := range rows {
		if n := len(versions); n == 0 || versions[n-1].Kind != row.Kind || versions[n-1].Version != int(row.Version) {
			versions = append(versions, TextVersion{
				Kind: row.Kind, Version: int(row.Version), PublishedAt: row.PublishedAt, PublishedBy: textOf(row.PublishedByName),
				Texts: map[string]LegalText{},
			})
		}
		versions[len(versions)-1].Texts[row.Language] = LegalText{row.Kind, int(row.Version), row.Title, row.Body}
	}
	return versions, nil
}

// NewText is a new version of a text.
type NewText struct {
	Kind     string
	Replaces int                  // the version that was seen
	Texts    map[string]LegalText // in "ru" and "en"; title and body
}

// PublishText makes a new version, which everybody is asked to agree to at the
// next sign-in.
func (s *Service) PublishText(ctx context.Context, actor access.Actor, n NewText) (int, error) {
	if !actor.May(access.PlatformTexts) {
		return 0, fault.New(fault.Forbidden, "Your role does not allow this.")
	}
	if err := n.check(); err != nil {
		return 0, err
	}
	version := n.Replaces + 1
	err := s.db.AsWorker(ctx, func(tx *db.Tx) error {
		q := accountdb.New(tx)
		current, err := q.CurrentTexts(ctx, "en")
		if err != nil {
			return fmt.Errorf("read legal texts: %w", err)
		}
		for _, row := range current {
			if row.Kind == n.Kind && int(row.Version) != n.Replaces {
				return fault.New(fault.VersionConflict, "Somebody else has published a version meanwhile.").With("version", row.Version)
			}
		}
		for _, language := range languages {
			err := q.InsertText(ctx, accountdb.InsertTextParams{
				Kind: n.Kind, Version: int32(version), Language: language, Title: n.Texts[language].Title, Body: n.Texts[language].Body,
				PublishedAt: s.now(), PublishedBy: &actor.UserID,
			})
			if db.Unique(err, "legal_text_pkey") {
				return fault.New(fault.VersionConflict, "Somebody else has published a version meanwhile.").With("version", version)
			}
			if err != nil {
				return fmt.Errorf("insert legal text: %w", err)
			}
		}
		if err := events.PublishTx(ctx, tx, 0, TextPublished{Kind: n.Kind, Version: version}); err != nil {
			return err
		}
		return s.RecordTx(ctx, tx, actor, Change{
			Action: "legal_text.published", Subject: "legal_text:" + n.Kind,
			Old: map[string]any{"version": n.Replaces}, New: map[string]any{"version": version},
		})
	})
	return version, err
}

// TextPublished says that there is a new version of a text, and that people up
// to one have a letter about it already.
type TextPublished struct {
	Kind    string `json:"kind"`
	Version int    `json:"version"`
	After   int64  `json:"after,omitempty"` // user
}

// EventName implements events.Event.
func (TextPublished) EventName() string { return "account.text_published" }

// tellAtOnce is how many people one transaction writes to.
const tellAtOnce = 200

// OnTextPublished writes to some of those who agreed to an older version, and
// hands the rest on to itself.
func (s *Service) OnTextPublished(ctx context.Context, tx *db.Tx, e events.Of[TextPublished]) error {
	rows, err := accountdb.New(tx).AgreedBefore(ctx, accountdb.AgreedBeforeParams{
		AfterID: e.Event.After, Kind: e.Event.Kind, Version: int32(e.Event.Version), MaxRows: tellAtOnce,
	})
	if err != nil {
		return fmt.Errorf("find who agreed: %w", err)
	}
	for _, row := range rows {
		err := s.options.Outbox.LetterTx(ctx, tx, Letter{Fact: e.ID, Kind: "legal_texts_changed", UserID: &row.ID, To: row.Email, Language: row.Language})
		if err != nil {
			return err
		}
	}
	if len(rows) < tellAtOnce {
		return nil
	}
	e.Event.After = rows[len(rows)-1].ID
	return events.PublishTx(ctx, tx, 0, e.Event)
}

var languages = []string{"ru", "en"}

func (n *NewText) check() error {
	var p problems
	if n.Kind != Terms && n.Kind != Privacy {
		return fault.New(fault.NotFound, "There is no such text.")
	}
	for _, language := range languages {
		t := n.Texts[language]
		t.Title = p.text("texts."+language+".title", t.Title, true, longestTitle)
		t.Body = plain.Text(t.Body)
		switch count := utf8.RuneCountInString(t.Body); {
		case count == 0:
			p.add("texts."+language+".body", fault.Required, "Enter this.")
		case count > longestBody:
			p.add("texts."+language+".body", fault.TooLong, "Use fewer characters.")
		}
		n.Texts[language] = t
	}
	return p.err()
}

// Consent is a text and the version of it that somebody agrees to.
type Consent struct {
	Kind    string
	Version int
}

// Agree stores that the acting user agrees to the version of a text that is in
// force.
func (s *Service) Agree(ctx context.Context, actor access.Actor, c Consent) error {
	texts, err := s.LegalTexts(ctx, "en")
	if err != nil {
		return err
	}
	var p problems
	if _, ok := texts[c.Kind]; !ok {
		return fault.Field("kind", fault.UnknownName, "There is no such text.")
	}
	p.inForce("version", texts[c.Kind], c.Version)
	if err := p.err(); err != nil {
		return err
	}
	return s.agree(ctx, s.trusted(), actor, c)
}

func (s *Service) agree(ctx context.Context, q *accountdb.Queries, actor access.Actor, c Consent) error {
	err := q.InsertConsent(ctx, accountdb.InsertConsentParams{
		UserID: actor.UserID, Kind: c.Kind, Version: int32(c.Version), GivenAt: s.now(), Ip: actor.IP,
	})
	if err != nil {
		return fmt.Errorf("note consent: %w", err)
	}
	return nil
}

// inForce refuses consent to anything but the newest version, which is what
// the person must have seen.
func (p *problems) inForce(field string, t LegalText, version int) {
	switch {
	case version == 0:
		p.add(field, fault.Required, "Agree to this.")
	case version != t.Version:
		p.add(field, fault.Expired, "There is a newer version. Read it first.")
	}
}
