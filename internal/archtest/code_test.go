package archtest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	root   = "../.."
	module = "parley/"
)

// features stand in one order: each may import only those to its left, and
// tells those to its right by events.
var features = []string{
	"account", "contact", "pricing", "ledger", "metering", "connection", "messaging", "notify",
	"fee", "billing", "chat", "bot", "telephony", "support", "partner", "report",
}

var base = []string{"internal/access", "internal/money", "internal/phone", "migrations", "web"}

// kind tells the room of a package: app, api, feature, provider, words (what
// lies between us and networks), platform, base.
func kind(pkg string) string {
	segments := strings.Split(strings.TrimPrefix(pkg, "internal/"), "/")
	switch {
	case slices.Contains(base, pkg):
		return "base"
	case strings.HasPrefix(pkg, "cmd/"), pkg == "bench",
		slices.Contains([]string{"app", "backup", "bench", "doctor", "seed"}, segments[0]):
		return "app"
	case segments[0] == "platform":
		return "platform"
	case segments[0] == "provider":
		return "provider"
	case segments[0] == "channel", segments[0] == "voice":
		return "words"
	case segments[0] == "audit":
		return "audit"
	case strings.HasSuffix(segments[len(segments)-1], "api"):
		return "api"
	case slices.Contains(features, segments[0]):
		return "feature"
	}
	return ""
}

var mayImport = map[string][]string{
	"app":      {"app", "audit", "api", "feature", "provider", "words", "platform", "base"},
	"audit":    {"audit", "feature", "platform", "base"},
	"api":      {"api", "feature", "words", "platform", "base"},
	"feature":  {"feature", "words", "platform", "base"},
	"provider": {"words", "platform", "base"},
	"words":    {"words", "base"},
	"platform": {"platform", "base"},
	"base":     {"base"},
}

func feature(pkg string) int {
	return slices.Index(features, strings.Split(strings.TrimPrefix(pkg, "internal/"), "/")[0])
}

func TestImports(t *testing.T) {
	t.Parallel()
	walk(t, func(f file) {
		from := kind(f.pkg)
		require.NotEmpty(t, from, "%s: archtest does not know where package %s belongs; add it to its lists", f.path, f.pkg)
		for _, spec := range f.ast.Imports {
			path := strings.Trim(spec.Path.Value, `"`)
			to, ours := strings.CutPrefix(path, module)
			if !ours {
				continue
			}
			require.Contains(t, mayImport[from], kind(to), "%s: %s (%s) may not import %s (%s)", f.path, f.pkg, from, to, kind(to))
			if a, b := feature(f.pkg), feature(to); a >= 0 && b >= 0 {
				require.LessOrEqual(t, b, a, "%s: %s may not import %s, which comes after it; publish an event and let it subscribe", f.path, f.pkg, to)
			}
		}
	})
}

// libraries with one home, so that they can be replaced in one place.
var homes = map[string][]string{
	"github.com/danielgtaylor/huma":     {"internal/platform/httpx", "*api", "internal/app"},
	"github.com/riverqueue/river":       {"internal/platform/jobs"},
	"github.com/centrifugal/centrifuge": {"internal/platform/realtime"},
	"github.com/jackc/pgx":              {"internal/platform", "*db", "*bench", "internal/audit"},
}

func TestLibrariesHaveOneHome(t *testing.T) {
	t.Parallel()
	walk(t, func(f file) {
		for _, spec := range f.ast.Imports {
			path := strings.Trim(spec.Path.Value, `"`)
			for library, allowed := range homes {
				if !strings.HasPrefix(path, library) {
					continue
				}
				ok := slices.ContainsFunc(allowed, func(home string) bool {
					suffix, any := strings.CutPrefix(home, "*")
					return any && strings.HasSuffix(f.pkg, suffix) || !any && strings.HasPrefix(f.pkg, home)
				})
				require.True(t, ok, "%s: only %v may import %s", f.path, allowed, library)
			}
		}
	})
}

func TestSizes(t *testing.T) {
	t.Parallel()
	walk(t, func(f file) {
		require.LessOrEqual(t, f.set.Position(f.ast.End()).Line, 500, "%s: split it by idea", f.path)
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				lines := f.set.Position(fn.End()).Line - f.set.Position(fn.Pos()).Line + 1
				require.LessOrEqual(t, lines, 60, "%s: func %s has %d lines; name its steps", f.path, fn.Name.Name, lines)
			}
		}
	})
	each(t, func(path string) bool { return strings.HasSuffix(path, "_test.go") }, func(path string, text []byte) {
		require.LessOrEqual(t, strings.Count(string(text), "\n"), 800, "%s: split it by subject", path)
	})
}

// Each package says in doc.go (or its only file) what it is.
func TestPackagesAreExplained(t *testing.T) {
	t.Parallel()
	explained := map[string]bool{}
	walk(t, func(f file) {
		explained[f.pkg] = explained[f.pkg] || f.ast.Doc != nil
	})
	for pkg, ok := range explained {
		require.True(t, ok, "package %s has no package comment", pkg)
	}
}

// No init() registrations and no sleeping tests.
func TestHabits(t *testing.T) {
	t.Parallel()
	allowedInit := []string{"internal/platform/httpx"} // huma's error constructor is a package variable
	walk(t, func(f file) {
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == "init" && fn.Recv == nil {
				require.Contains(t, allowedInit, f.pkg, "%s: no init(); wire it in internal/app", f.path)
			}
		}
	})
	each(t, func(path string) bool {
		return strings.HasSuffix(path, "_test.go") && !strings.Contains(path, "internal/archtest/")
	}, func(path string, text []byte) {
		// Not rt.Skip: that is how rapid drops an action which cannot be tried.
		found := regexp.MustCompile(`\b(time\.Sleep|t\.Skip|t\.SkipNow|t\.Skipf)\(`).FindString(string(text))
		require.Empty(t, found, path)
	})
}

type file struct {
	path, pkg string
	ast       *ast.File
	set       *token.FileSet
}

// walk visits our hand-written Go files but tests.
func walk(t *testing.T, visit func(f file)) {
	t.Helper()
	each(t, func(path string) bool {
		return strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go")
	}, func(path string, text []byte) {
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, path, text, parser.ParseComments)
		require.NoError(t, err)
		pkg, err := filepath.Rel(root, filepath.Dir(path))
		require.NoError(t, err)
		if ast.IsGenerated(parsed) || strings.HasSuffix(parsed.Name.Name, "test") {
			return
		}
		visit(file{path, filepath.ToSlash(pkg), parsed, set})
	})
}

func each(t *testing.T, want func(path string) bool, visit func(path string, text []byte)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); name == "node_modules" || name == ".git" || name == "dist" || name == "bin" {
				return filepath.SkipDir
			}
			return nil
		}
		if !want(path) {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		visit(path, text)
		return nil
	})
	require.NoError(t, err)
}
