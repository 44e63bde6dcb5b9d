package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/require"

	"parley/internal/platform/config"
)

type program struct {
	File kong.ConfigFlag `name:"config" env:"PARLEY_CONFIG"`
	config.Config
}

func parse(t *testing.T, args ...string) (*program, *kong.Kong, error) {
	t.Helper()
	var p program
	parser, err := kong.New(&p, config.Vars(), kong.Configuration(config.LoadFile), kong.ExplicitGroups(config.Groups()))
	require.NoError(t, err)
	_, err = parser.Parse(args)
	return &p, parser, err
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "parley.env")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// t.Setenv forbids parallel tests; these are quick.
func TestFlagGoesBeforeEnvironmentBeforeFileBeforeDefault(t *testing.T) {
	file := write(t, `
# comment
PARLEY_ADDRESS=127.0.0.1:1
export PARLEY_PUBLIC_URL="https://file.example/"
PARLEY_LOG_LEVEL='warn'
PARLEY_ROLES=worker
`)
	t.Setenv("PARLEY_ADDRESS", "127.0.0.1:2")
	t.Setenv("PARLEY_LOG_LEVEL", "error")
	p, _, err := parse(t, "--config", file, "--log-level", "debug")
	require.NoError(t, err)
	require.Equal(t, "debug", p.LogLevel, "flag")
	require.Equal(t, "127.0.0.1:2", p.Address, "environment")
	require.Equal(t, "https://file.example", p.PublicURL, "file")
	require.True(t, p.Secure())
	require.Equal(t, []string{"worker"}, p.Roles)
	require.False(t, p.Does("web"))
	require.Equal(t, 20*time.Second, p.Grace, "default")
	require.Equal(t, filepath.Join(p.Data, "secret.key"), p.KeyFile)

	t.Setenv("PARLEY_CONFIG", file)
	p, _, err = parse(t)
	require.NoError(t, err)
	require.Equal(t, "https://file.example", p.PublicURL)
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	p, _, err := parse(t)
	require.NoError(t, err)
	require.Equal(t, "http://127.0.0.1:8080", p.PublicURL)
	require.False(t, p.Secure())
	require.True(t, p.Does("web"))
	require.True(t, p.Does("worker"))
	require.Empty(t, p.DatabaseURL)
	require.True(t, filepath.IsAbs(p.Data))
}

func TestBadSettings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"--public-url", "chat.example"}, "PARLEY_PUBLIC_URL"},
		{[]string{"--trusted-proxies", "here"}, "PARLEY_TRUSTED_PROXIES"},
		{[]string{"--trace-share", "2"}, "PARLEY_TRACE_SHARE"},
		{[]string{"--low-balance", "0"}, "PARLEY_LOW_BALANCE"},
		{[]string{"--low-balance", "51"}, "PARLEY_LOW_BALANCE"},
		{[]string{"--roles", "web,boss"}, "--roles"},
		{[]string{"--log-level", "loud"}, "--log-level"},
		{[]string{"--database-conns", "1"}, "PARLEY_DATABASE_CONNECTIONS"},
		{[]string{"--config", write(t, "PARLEY_ADRESS=x")}, "PARLEY_ADRESS, which is no setting"},
		{[]string{"--config", write(t, "x")}, "line 1"},
		{[]string{"--config", write(t, "PARLEY_DATA='x")}, "open quote"},
		{[]string{"--config", write(t, "PARLEY_DATA=1\nPARLEY_DATA=2")}, "line 2 sets PARLEY_DATA again"},
		{[]string{"--config", "/nowhere/parley.env"}, "/nowhere/parley.env"},
	} {
		_, _, err := parse(t, c.args...)
		require.ErrorContains(t, err, c.says, "%v", c.args)
	}
}

func TestProxies(t *testing.T) {
	t.Parallel()
	p, _, err := parse(t, "--trusted-proxies", "10.1.2.3/8,192.168.0.1,::1")
	require.NoError(t, err)
	networks, err := p.Proxies()
	require.NoError(t, err)
	require.Len(t, networks, 3)
	require.Equal(t, "10.0.0.0/8", networks[0].String())
	require.Equal(t, "192.168.0.1/32", networks[1].String())
	require.Equal(t, "::1/128", networks[2].String())
}

func TestListIsAFileThatLoads(t *testing.T) {
	t.Parallel()
	_, parser, err := parse(t, "--database-url", "postgres://u:hush@db/parley", "--address", "0.0.0.0:80", "--trusted-proxies", "10.0.0.0/8")
	require.NoError(t, err)
	var out strings.Builder
	require.NoError(t, config.List(&out, parser.Model))
	text := out.String()
	require.NotContains(t, text, "hush")
	require.Contains(t, text, "\nPARLEY_ADDRESS=0.0.0.0:80\n")
	require.Contains(t, text, "\n#PARLEY_LOG_LEVEL=info\n")
	require.Contains(t, text, "\n#PARLEY_PUBLIC_URL=http://0.0.0.0:80\n", "made of another setting")
	require.Contains(t, text, "\nPARLEY_TRUSTED_PROXIES=10.0.0.0/8\n")
	require.Contains(t, text, "## Data\n")

	p, _, err := parse(t, "--config", write(t, text))
	require.NoError(t, err)
	require.Equal(t, "0.0.0.0:80", p.Address)
	// Every setting is listed with what it means.
	for _, flag := range parser.Model.Flags {
		if flag.Name != "help" && flag.Name != "config" {
			require.NotEmpty(t, flag.Help, flag.Name)
			require.Contains(t, text, flag.Envs[0]+"=", flag.Name)
		}
	}
}

func TestUntouchedListIsAllComments(t *testing.T) {
	t.Parallel()
	_, parser, err := parse(t)
	require.NoError(t, err)
	var out strings.Builder
	require.NoError(t, config.List(&out, parser.Model))
	for line := range strings.Lines(out.String()) {
		require.True(t, line == "\n" || strings.HasPrefix(line, "#"), line)
	}
}
