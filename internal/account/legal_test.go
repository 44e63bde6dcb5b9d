package account_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/platform/fault"
)

func newText(kind string, replaces int) account.NewText {
	return account.NewText{Kind: kind, Replaces: replaces, Texts: map[string]account.LegalText{
		"ru": {Title: "Условия", Body: "Первый абзац.\r\n\r\nВторой <b>абзац</b>.\n"}, "en": {Title: "Terms", Body: "First.\n\nSecond."},
	}}
}

func TestLegalTexts(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ctx, admin, owner := t.Context(), d.Platform.Actor(t, access.Owner), d.Direct.Actor(t, access.Owner)
	for _, language := range []string{"ru", "en"} {
		texts, err := d.Service.LegalTexts(ctx, language)
		require.NoError(t, err)
		require.Len(t, texts, 2)
		for _, kind := range []string{account.Terms, account.Privacy} {
			require.Equal(t, 1, texts[kind].Version)
			require.NotEmpty(t, texts[kind].Title)
			require.GreaterOrEqual(t, strings.Count(texts[kind].Body, "\n\n"), 3, "%s in %s has paragraphs", kind, language)
		}
	}
	me, err := d.Service.Me(ctx, owner)
	require.NoError(t, err)
	require.Empty(t, me.ConsentRequired)

	version, err := d.Service.PublishText(ctx, admin, newText(account.Terms, 1))
	require.NoError(t, err)
	require.Equal(t, 2, version)
	texts, err := d.Service.LegalTexts(ctx, "ru")
	require.NoError(t, err)
	require.Equal(t, account.LegalText{Kind: "terms", Version: 2, Title: "Условия", Body: "Первый абзац.\n\nВторой <b>абзац</b>."}, texts[account.Terms])
	me, err = d.Service.Me(ctx, owner)
	require.NoError(t, err)
	require.Equal(t, []account.Consent{{Kind: "terms", Version: 2}}, me.ConsentRequired)

	require.Equal(t, "expired", fieldCode(t, d.Service.Agree(ctx, owner, account.Consent{Kind: "terms", Version: 1}), "version"))
	require.Equal(t, "expired", fieldCode(t, d.Service.Agree(ctx, owner, account.Consent{Kind: "terms", Version: 3}), "version"))
	require.Equal(t, "unknown", fieldCode(t, d.Service.Agree(ctx, owner, account.Consent{Kind: "cookies", Version: 1}), "kind"))
	for range 2 {
		require.NoError(t, d.Service.Agree(ctx, owner, account.Consent{Kind: "terms", Version: 2}), "twice is fine")
	}
	me, err = d.Service.Me(ctx, owner)
	require.NoError(t, err)
	require.Empty(t, me.ConsentRequired)
	var ip string
	require.NoError(t, d.DB.Worker().QueryRow(ctx, "SELECT ip FROM consent WHERE user_id = $1 AND version = 2", owner.UserID).Scan(&ip))
	require.Equal(t, owner.IP, ip)

	versions, err := d.Service.TextVersions(ctx, admin)
	require.NoError(t, err)
	require.Len(t, versions, 3)
	require.Equal(t, []any{"terms", 2}, []any{versions[1].Kind, versions[1].Version})
	require.Len(t, versions[1].Texts, 2)
	require.NotEmpty(t, versions[1].PublishedBy)
	require.Empty(t, versions[2].PublishedBy)
	records, _, err := d.Service.Trail(ctx, admin, account.TrailFilter{Action: "legal_text"})
	require.NoError(t, err)
	require.Len(t, records, 1)
}

func TestPublishInput(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	admin := d.Platform.Actor(t, access.Owner)
	for field, wrong := range map[string]func(n *account.NewText){
		"texts.ru.title": func(n *account.NewText) { n.Texts["ru"] = account.LegalText{Body: "x"} },
		"texts.en.body":  func(n *account.NewText) { n.Texts["en"] = account.LegalText{Title: "x", Body: " \n\x00\n"} },
		"texts.ru.body": func(n *account.NewText) {
			n.Texts["ru"] = account.LegalText{Title: "x", Body: strings.Repeat("я", 100_001)}
		},
		"texts.en.title": func(n *account.NewText) { delete(n.Texts, "en") },
	} {
		n := newText(account.Privacy, 1)
		wrong(&n)
		_, err := d.Service.PublishText(t.Context(), admin, n)
		require.NotEmpty(t, fieldCode(t, err, field), field)
	}
	for _, replaces := range []int{0, 2, 99} {
		_, err := d.Service.PublishText(t.Context(), admin, newText(account.Privacy, replaces))
		require.Equal(t, fault.VersionConflict, code(err))
	}
	_, err := d.Service.PublishText(t.Context(), admin, newText("cookies", 0))
	require.Equal(t, fault.NotFound, code(err))
	for _, actor := range []access.Actor{{}, d.Direct.Actor(t, access.Owner), d.Reseller.Actor(t, access.Owner), d.Platform.Actor(t, access.Operator)} {
		_, err := d.Service.PublishText(t.Context(), actor, newText(account.Privacy, 1))
		require.Equal(t, fault.Forbidden, code(err))
		_, err = d.Service.TextVersions(t.Context(), actor)
		require.Equal(t, fault.Forbidden, code(err))
	}
}

func TestOneOfTwoPublishersWins(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	admin := d.Platform.Actor(t, access.Owner)
	var wg sync.WaitGroup
	codes := make(chan fault.Code, 6)
	for range cap(codes) {
		wg.Go(func() {
			_, err := d.Service.PublishText(t.Context(), admin, newText(account.Terms, 1))
			codes <- code(err)
		})
	}
	wg.Wait()
	close(codes)
	seen := map[fault.Code]int{}
	for c := range codes {
		seen[c]++
	}
	require.Equal(t, map[fault.Code]int{"in": 1, fault.VersionConflict: 5}, seen)
}

// Everybody who agreed before hears once of a new version, however many.
func TestNewTextsAreTold(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	admin := c.Platform.Actor(t, access.Owner)
	const people = 450
	_, err := c.DB.Worker().Exec(t.Context(), `WITH made AS (
		INSERT INTO users (name, email, email_confirmed, password_hash, language, created_at)
		SELECT 'x', 'x' || n || '@example.com', n % 10 > 0, 'x', 'en', now() FROM generate_series(1, 500) n RETURNING id)
		INSERT INTO consent (user_id, kind, version, given_at, ip) SELECT id, 'terms', 1, now(), '' FROM made`)
	require.NoError(t, err)
	_, err = c.Service.PublishText(t.Context(), admin, newText(account.Terms, 1))
	require.NoError(t, err)
	require.NoError(t, c.bus.Drain(t.Context()))
	told := map[string]int{}
	for _, l := range c.out.Letters() {
		require.Equal(t, "legal_texts_changed", l.Kind)
		told[l.To]++
	}
	require.Len(t, told, people+1, "with the administrator, and without those whose email is not confirmed")
	for to, n := range told {
		require.Equal(t, 1, n, to)
	}
}
