package contact

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"github.com/google/uuid"

	"parley/internal/contact/internal/contactdb"
	"parley/internal/platform/db"
	"parley/internal/platform/plain"
)

const (
	mostWords   = 8
	longestWord = 64
)

// TaggedTx returns at most so many contacts that have the tag.
func (s *Service) TaggedTx(ctx context.Context, tx *db.Tx, companyID int64, tag string, most int) ([]uuid.UUID, error) {
	ids, err := s.q.Tagged(ctx, tx, contactdb.TaggedParams{CompanyID: companyID, Tag: tag, Most: int32(most)})
	if err != nil {
		return nil, fmt.Errorf("read tagged contacts: %w", err)
	}
	return ids, nil
}

// SearchTx returns the newest contacts in whose name, phone or email every word of the text
// begins a word. The transaction is one of [db.DB.SearchAs].
func (s *Service) SearchTx(ctx context.Context, tx *db.Tx, companyID int64, text string, most int) ([]uuid.UUID, error) {
	query, ok := Query(strings.Map(func(r rune) rune {
		if strings.ContainsRune("@.+-", r) { // as the index has them apart
			return ' '
		}
		return r
	}, text))
	if !ok {
		return nil, nil
	}
	ids, err := s.q.Search(ctx, tx, contactdb.SearchParams{CompanyID: companyID, Query: query, Most: int32(most)})
	if err != nil {
		return nil, fmt.Errorf("search contacts: %w", err)
	}
	return ids, nil
}

// Query returns what to_tsquery shall look for: words that begin with every word that was
// typed. It is false when nothing was typed that could be found.
func Query(text string) (string, bool) {
	var words []string
	escape := strings.NewReplacer(`\`, `\\`, `'`, `''`, "ё", "е")
	for _, word := range strings.Fields(strings.ToLower(plain.Line(text))) {
		if !strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			continue
		}
		if runes := []rune(word); len(runes) > longestWord {
			word = string(runes[:longestWord])
		}
		// Quoted, so that the server's own parser takes it apart as it did the text.
		words = append(words, "'"+escape.Replace(word)+"':*")
		if len(words) == mostWords {
			break
		}
	}
	return strings.Join(words, " & "), len(words) > 0
}
