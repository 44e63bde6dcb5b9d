package db

import "strings"

var likeSigns = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// Likely makes a text mean itself within a pattern of LIKE.
func Likely(s string) string { return likeSigns.Replace(s) }

// Containing returns the pattern of LIKE for texts that s stands in.
func Containing(s string) string { return "%" + Likely(s) + "%" }
