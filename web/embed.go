// Package web carries the built web app and the widget inside the binary.
//
// The folders app/dist and widget/dist are made by `npm run build`. Without it they hold one
// empty file, so that the Go code builds and tests without Node.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:app/dist all:widget/dist
var built embed.FS

// App returns the built files of the web app; index.html is there only after a build.
func App() fs.FS { return folder("app/dist") }

// Widget returns the built files of the widget.
func Widget() fs.FS { return folder("widget/dist") }

func folder(name string) fs.FS {
	files, err := fs.Sub(built, name)
	if err != nil {
		panic(err) // the name is a constant and embedded above
	}
	return files
}
