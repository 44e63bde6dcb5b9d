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
	words, ok := Words(text)
	if !ok {
		return nil, nil
	}
	ids, err := s.q.Search(ctx, tx, contactdb.SearchParams{CompanyID: companyID, Typed: words, Most: int32(most)})
	if err != nil {
		return nil, fmt.Errorf("search contacts: %w", err)
	}
	return ids, nil
}

// Words returns the first words of what was typed into a search field, in which all words are
// asked for. It is false when nothing was typed that could be found.
func Words(typed string) (string, bool) {
	words := strings.FieldsFunc(plain.Line(typed), func(r rune) bool { return !unicode.In(r, unicode.L, unicode.N, unicode.M) })
	for i, word := range words {
		if runes := []rune(word); len(runes) > longestWord {
			words[i] = string(runes[:longestWord])
		}
	}
	return strings.Join(words[:min(len(words), mostWords)], " "), len(words) > 0
}
