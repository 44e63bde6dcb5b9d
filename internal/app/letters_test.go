package app_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
)

// Platform administrators see how letters look, and nothing in them runs.
func TestLettersAreShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.people.Platform.Person(t, access.Administrator)
	got := w.ask(t, &admin, "GET", "/api/v1/back-office/letters", "")
	require.Equal(t, 200, got.Code, got.Body)
	var list struct {
		Items []struct {
			Kind     string
			Subjects map[string]string
		}
	}
	require.NoError(t, json.Unmarshal(got.Body.Bytes(), &list))
	require.NotEmpty(t, list.Items)
	for _, l := range list.Items {
		require.NotEqual(t, l.Subjects["ru"], l.Subjects["en"], l.Kind)
		for _, query := range []string{"", "?language=ru", "?language=ru&format=text"} {
			got := w.ask(t, &admin, "GET", "/api/v1/back-office/letters/"+l.Kind+query, "")
			require.Equal(t, 200, got.Code, got.Body)
			require.NotEmpty(t, got.Body.String())
			if query != "?language=ru&format=text" {
				require.Contains(t, got.Header().Get("Content-Security-Policy"), "sandbox; default-src 'none'")
			}
		}
	}
	for path, status := range map[string]int{"nothing": 404, "code?language=fr": 404, "code?format=pdf": 422} {
		got := w.ask(t, &admin, "GET", "/api/v1/back-office/letters/"+path, "")
		require.Equal(t, status, got.Code, path)
	}
}
