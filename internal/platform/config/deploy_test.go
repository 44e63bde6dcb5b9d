package config_test

import (
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"parley/internal/platform/config"
)

const deploy = "../../../deploy"

// settings are the names that the program reads from its environment.
func settings(t *testing.T) []string {
	t.Helper()
	names := []string{"PARLEY_CONFIG"} // the file with the others
	for field := range reflect.TypeFor[config.Config]().Fields() {
		if name := field.Tag.Get("env"); name != "" {
			names = append(names, name)
		}
	}
	require.Greater(t, len(names), 20)
	return names
}

func readDeploy(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(deploy, name)) //nolint:gosec // a file of the repository
	require.NoError(t, err)
	return string(text)
}

// Whatever the files of a deployment set is a setting that there is.
func TestDeploymentSetsWhatThereIs(t *testing.T) {
	t.Parallel()
	known := settings(t)
	entries, err := os.ReadDir(deploy)
	require.NoError(t, err)
	found := 0
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		text := readDeploy(t, e.Name())
		for _, name := range regexp.MustCompile(`\b(PARLEY_[A-Z_]+|DATABASE_URL[A-Z_]*)\b`).FindAllString(text, -1) {
			require.Contains(t, known, name, "deploy/%s", e.Name())
			found++
		}
	}
	require.Greater(t, found, 15)
}

type service struct {
	Environment map[string]string `yaml:"environment"`
	Secrets     []string          `yaml:"secrets"`
	Volumes     []string          `yaml:"volumes"`
	Ports       []string          `yaml:"ports"`
	DependsOn   any               `yaml:"depends_on"`
	ReadOnly    bool              `yaml:"read_only"`
	Healthcheck *struct {
		Test []string `yaml:"test"`
	} `yaml:"healthcheck"`
}

type compose struct {
	Services map[string]service               `yaml:"services"`
	Volumes  map[string]any                   `yaml:"volumes"`
	Secrets  map[string]struct{ File string } `yaml:"secrets"`
}

func readCompose(t *testing.T) compose {
	t.Helper()
	var c compose
	require.NoError(t, yaml.Unmarshal([]byte(readDeploy(t, "compose.yaml")), &c))
	return c
}

// Every volume, secret and file that a service mounts is there, and every
// secret is one that secrets.sh makes.
func TestComposeHoldsTogether(t *testing.T) {
	t.Parallel()
	c := readCompose(t)
	made := readDeploy(t, "secrets.sh")
	for name, s := range c.Services {
		for _, secret := range s.Secrets {
			require.Contains(t, c.Secrets, secret, name)
		}
		for _, v := range s.Volumes {
			from, _, _ := strings.Cut(v, ":")
			if strings.HasPrefix(from, "./") {
				require.FileExists(t, filepath.Join(deploy, from), name)
				continue
			}
			require.Contains(t, c.Volumes, from, name)
		}
	}
	for name, secret := range c.Secrets {
		require.Equal(t, "secrets/"+name, secret.File)
		require.Contains(t, made, strings.TrimSuffix(name, "_password"), "secrets.sh makes it")
	}
	require.Equal(t, "/run/secrets/parley.env", c.Services["parley"].Environment["PARLEY_CONFIG"])
	require.Contains(t, c.Services["parley"].Secrets, "parley.env")
	require.NotNil(t, c.Services["postgres"].Healthcheck, "parley waits for it")
	for _, name := range regexp.MustCompile(`quoted ([a-z_]+)`).FindAllStringSubmatch(readDeploy(t, "postgres/logins.sh"), -1) {
		if name[1] != "() " {
			require.Contains(t, c.Services["postgres"].Secrets, name[1], "logins.sh reads it")
		}
	}
}

// The image listens where compose publishes, keeps its data where compose puts
// a volume, does not run as root, and asks a command that there is for health.
func TestImageFitsCompose(t *testing.T) {
	t.Parallel()
	c := readCompose(t).Services["parley"]
	image := readDeploy(t, "Dockerfile")
	env := map[string]string{}
	for _, pair := range regexp.MustCompile(`\b(PARLEY_[A-Z_]+)=(\S+)`).FindAllStringSubmatch(image, -1) {
		env[pair[1]] = pair[2]
	}
	_, port, ok := strings.Cut(env["PARLEY_ADDRESS"], ":")
	require.True(t, ok)
	require.True(t, slices.ContainsFunc(c.Ports, func(p string) bool { return strings.HasSuffix(p, ":"+port) }), "%v publishes %s", c.Ports, port)
	require.Contains(t, image, "EXPOSE "+port)
	require.True(t, slices.ContainsFunc(c.Volumes, func(v string) bool { return strings.HasSuffix(v, ":"+env["PARLEY_DATA"]) }), "%v has a volume at %s", c.Volumes, env["PARLEY_DATA"])
	require.Contains(t, image, "VOLUME "+env["PARLEY_DATA"])
	user := regexp.MustCompile(`(?m)^USER (\d+)$`).FindStringSubmatch(image)
	require.Len(t, user, 2, "not root, and by number")
	require.Contains(t, image, "--uid "+user[1])
	require.Contains(t, readDeploy(t, "secrets.sh"), "chown "+user[1]+" ", "it may read its settings")
	health := regexp.MustCompile(`HEALTHCHECK .*CMD \["parley", "([a-z]+)"\]`).FindStringSubmatch(image)
	require.Len(t, health, 2)
	program, err := os.ReadFile("../../../cmd/parley/main.go")
	require.NoError(t, err)
	require.Contains(t, strings.ToLower(string(program)), health[1], "there is such a command")
}

// What the image copies is what its build may see.
func TestImageSeesWhatItCopies(t *testing.T) {
	t.Parallel()
	ignored := strings.Split(readDeploy(t, "Dockerfile.dockerignore"), "\n")
	for _, m := range regexp.MustCompile(`(?m)^COPY (?:--from=\S+ )?(.+)$`).FindAllStringSubmatch(readDeploy(t, "Dockerfile"), -1) {
		if strings.Contains(m[0], "--from=") {
			continue
		}
		words := strings.Fields(m[1])
		for _, from := range words[:len(words)-1] {
			_, err := os.Stat(filepath.Join("../../..", from))
			require.NoError(t, err, m[0])
			top, _, _ := strings.Cut(from, "/")
			require.True(t, slices.Contains(ignored, "!"+top) || slices.Contains(ignored, "!"+path.Clean(from)), "%s is not let in", from)
		}
	}
}

// The role's passwords are read by Postgres's own user, as which its image runs
// what stands in docker-entrypoint-initdb.d.
func TestPostgresMayReadTheRolesPasswords(t *testing.T) {
	t.Parallel()
	require.Regexp(t, `chown 999 secrets/parley_password`, readDeploy(t, "secrets.sh"))
}

func TestUnitsStartTheProgram(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"parley.service", "parley-backup.service"} {
		unit := readDeploy(t, name)
		require.Contains(t, unit, "EnvironmentFile=/etc/parley/parley.env", name)
		require.Contains(t, unit, "User=parley\n", name)
		require.Contains(t, unit, "StateDirectory=parley", name)
		require.Contains(t, unit, "/usr/local/bin/parley ", name)
	}
	example := readDeploy(t, "parley.env.example")
	require.Contains(t, example, "PARLEY_DATA=/var/lib/parley\n")
	require.Contains(t, example, "PARLEY_CACHE=/var/cache/parley\n")
	require.Contains(t, readDeploy(t, "parley.service"), "CacheDirectory=parley\n")
}
