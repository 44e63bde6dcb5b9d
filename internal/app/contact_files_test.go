package app_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/contact"
)

// files gives each household's contact list a contact, an excluded address and a file that
// waits to be imported.
func (w *world) files(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	for _, h := range []*household{w.ours, w.theirs} {
		owner, list := h.Actor(t, access.Owner), uuid.MustParse(h.ids["list"])
		upload := func() contact.Import {
			i, err := w.Importer.Upload(ctx, owner, h.Name+".csv", strings.NewReader("phone,shop\n+79120000001,"+h.Name+"\nno phone,"+h.Name+"\n"))
			require.NoError(t, err)
			return i
		}
		first := upload()
		_, err := w.Importer.Start(ctx, owner, first.ID, contact.Start{ListID: &list, Reading: first.Reading, Mapping: first.Mapping})
		require.NoError(t, err)
		worked, err := w.Importer.WorkOne(ctx)
		require.NoError(t, err)
		require.True(t, worked)
		entries, err := w.Contacts.Entries(ctx, h.ID, list, 0, 10)
		require.NoError(t, err)
		require.Len(t, entries, 1)
		_, err = w.Contacts.Blacklist(ctx, owner, "email", []string{"nobody@" + strings.ToLower(strings.Fields(h.Name)[0]) + ".example"})
		require.NoError(t, err)
		excluded, err := w.Contacts.Exclusions(ctx, owner, contact.ExclusionFilter{Limit: 1})
		require.NoError(t, err)
		h.ids["listed"], h.ids["exclusion"] = entries[0].ContactID.String(), excluded[0].ID.String()
		h.ids["import"] = upload().ID.String()
	}
}
