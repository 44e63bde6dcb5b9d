package config

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

// List writes all settings of a parsed program in the form of a settings file: meaning,
// flag, and the value in force, as a comment where it is the default. Secrets are masked.
func List(w io.Writer, app *kong.Application) error {
	var out strings.Builder
	title := ""
	err := kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		flag, ok := node.(*kong.Flag)
		if !ok || len(flag.Envs) == 0 || flag.Group == nil {
			return next(nil)
		}
		if flag.Group.Title != title {
			title = flag.Group.Title
			fmt.Fprintf(&out, "## %s\n\n", title)
		}
		fmt.Fprintf(&out, "# %s\n# Flag: --%s", flag.Help, flag.Name)
		if flag.Default != "" {
			fmt.Fprintf(&out, ". Default: %s", flag.Default)
		}
		value, mark := inForce(flag), ""
		if value == flag.Default || (flag.Default == "" && !flag.Set) {
			mark = "#"
		}
		fmt.Fprintf(&out, "\n%s%s=%s\n\n", mark, flag.Envs[0], value)
		return next(nil)
	})
	if err != nil {
		return fmt.Errorf("list settings: %w", err)
	}
	_, err = io.WriteString(w, strings.TrimRight(out.String(), "\n")+"\n")
	return err
}

func inForce(flag *kong.Flag) string {
	value := flag.Target.Interface()
	if list, ok := value.([]string); ok {
		return strings.Join(list, ",")
	}
	text := fmt.Sprint(value)
	if flag.Tag.Has("secret") && text != "" {
		return "********"
	}
	return text
}
