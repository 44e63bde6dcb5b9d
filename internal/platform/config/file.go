package config

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"
)

// LoadFile reads a settings file for kong: lines of NAME=value, where value may stand in
// quotes, and comments behind #.
func LoadFile(r io.Reader) (kong.Resolver, error) {
	f := file{}
	lines := bufio.NewScanner(r)
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, ok := strings.Cut(strings.TrimPrefix(line, "export "), "=")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if !ok || name == "" {
			return nil, fmt.Errorf("line %d is not NAME=value", number)
		}
		if _, twice := f[name]; twice {
			return nil, fmt.Errorf("line %d sets %s again", number, name)
		}
		unquoted, err := unquote(value)
		if err != nil {
			return nil, fmt.Errorf("line %d: %s has an open quote", number, name)
		}
		f[name] = unquoted
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read settings: %w", err)
	}
	return f, nil
}

func unquote(value string) (string, error) {
	switch {
	case strings.HasPrefix(value, `"`):
		return strconv.Unquote(value)
	case strings.HasPrefix(value, "'"):
		inner, ok := strings.CutSuffix(value[1:], "'")
		if !ok {
			return "", strconv.ErrSyntax
		}
		return inner, nil
	}
	return value, nil
}

// file maps variables' names to values.
type file map[string]string

// Validate refuses names that no setting has. Kong calls it.
func (f file) Validate(app *kong.Application) error {
	known := map[string]bool{}
	err := kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok {
			for _, name := range flag.Envs {
				known[name] = true
			}
		}
		return next(nil)
	})
	if err != nil {
		return err
	}
	for name := range f {
		if !known[name] {
			return fmt.Errorf("the settings file sets %s, which is no setting; parley config lists them", name)
		}
	}
	return nil
}

// Resolve returns the file's value for a flag unless the environment has one. Kong calls it.
func (f file) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, name := range flag.Envs {
		if _, ok := os.LookupEnv(name); ok {
			return nil, nil
		}
	}
	for _, name := range flag.Envs {
		if value, ok := f[name]; ok {
			return value, nil
		}
	}
	return nil, nil
}
