package archtest_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	tableHead  = regexp.MustCompile(`(?m)^CREATE (?:UNLOGGED )?TABLE ([a-z_]+) \(`)
	secured    = regexp.MustCompile(`CALL secure_(tenant|global)\('([a-z_]+)'`)
	granted    = regexp.MustCompile(`(?m)^GRANT SELECT.* ON ([a-z_]+) TO parley_worker`)
	primaryKey = regexp.MustCompile(`PRIMARY KEY \(([^)]*)\)`)
	writes     = regexp.MustCompile(`(?i)\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+(?:ONLY\s+)?([a-z_]+)`)
)

// tables returns every table of the migrations with its definition, and which
// wall it stands behind.
func tables(t *testing.T) (definitions, wall map[string]string) {
	t.Helper()
	definitions, wall = map[string]string{}, map[string]string{}
	each(t, func(path string) bool {
		return strings.HasSuffix(path, ".sql") && strings.Contains(filepath.ToSlash(path), "/migrations/")
	}, func(_ string, text []byte) {
		for _, m := range tableHead.FindAllSubmatchIndex(text, -1) {
			name := string(text[m[2]:m[3]])
			body := string(text[m[0]:])
			body = body[:strings.Index(body, ";")]
			definitions[name] = body
		}
		for _, m := range granted.FindAllSubmatch(text, -1) {
			wall[string(m[1])] = "worker"
		}
		for _, m := range secured.FindAllSubmatch(text, -1) {
			wall[string(m[2])] = string(m[1])
		}
	})
	return definitions, wall
}

// Every table stands behind a wall; a tenant's has its company first in the
// primary key.
func TestTables(t *testing.T) {
	t.Parallel()
	definitions, wall := tables(t)
	require.NotEmpty(t, definitions)
	for name, definition := range definitions {
		require.NotEmpty(t, wall[name], "table %s: CALL secure_tenant or secure_global after it, or grant it to the worker alone", name)
		if wall[name] != "tenant" || name == "company" {
			continue
		}
		require.Contains(t, definition, "company_id", "tenant table %s", name)
		if m := primaryKey.FindStringSubmatch(definition); m != nil {
			require.True(t, strings.HasPrefix(m[1], "company_id"), "table %s: company_id stands first in the primary key", name)
		}
	}
}

// Each table is written by one feature, and each statement on a tenant's table
// names the company or says why not.
func TestStatements(t *testing.T) {
	t.Parallel()
	definitions, wall := tables(t)
	writer := map[string]string{}
	each(t, func(path string) bool {
		return strings.HasSuffix(path, ".sql") && strings.Contains(filepath.ToSlash(path), "/internal/")
	}, func(path string, text []byte) {
		for _, statement := range strings.Split(string(text), "-- name: ")[1:] {
			name, body, _ := strings.Cut(statement, "\n")
			code := withoutComments(body)
			for _, m := range writes.FindAllStringSubmatch(code, -1) {
				table := strings.ToLower(m[1])
				if definitions[table] == "" {
					continue // a CTE, or the SET of ON CONFLICT DO UPDATE
				}
				home := filepath.Dir(path)
				if was := writer[table]; was != "" {
					require.Equal(t, was, home, "%s: %s writes table %s, which %s owns; ask its feature", path, name, table, was)
				}
				writer[table] = home
			}
			if touchesTenant(code, wall) && !strings.Contains(code, "company_id") {
				require.Contains(t, statement, "-- any company: ", "%s: %s names no company_id; name it or say why not", path, name)
			}
		}
	})
}

func touchesTenant(code string, wall map[string]string) bool {
	for _, word := range regexp.MustCompile(`[a-z_]+`).FindAllString(strings.ToLower(code), -1) {
		if wall[word] == "tenant" && word != "company" {
			return true
		}
	}
	return false
}

func withoutComments(sql string) string {
	return regexp.MustCompile(`(?m)--.*$`).ReplaceAllString(sql, "")
}
