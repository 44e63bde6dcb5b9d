// Package backup copies an installation into one file and brings it back: all
// rows of all tables as one moment saw them, and the files of companies.
//
// The file is a gzipped tar that other programs can open too:
//
//	about.json                  what this is: form, program, schema, keys, tables
//	tables/<table>/<part>.copy  rows in the text form of COPY, some megabytes each
//	sequences.json              where counters stand
//	files/<company>/<id>        stored files
//	end.json                    a hash over all before, so that nothing is missing or changed
//
// What is not in it: the keys that seal credentials. They are kept apart, and
// the file only knows their fingerprints.
//
// # Invariants
//
//   - The copy is one snapshot; the program works on meanwhile. Files follow the
//     rows, so each file that a row knows is there.
//   - Rows that a policy would hide are not left out: such a copy is refused.
//   - Restoring needs the schema that the copy was made on, an installation
//     without companies, users and files, and nobody at work in it.
//   - All rows come back or none: they are committed after the hash was seen.
//   - What counts in the transactions of one Postgres is counted anew: an event's
//     place, so that subscribers read on where they stood.
//
// Memory does not grow with the installation.
package backup
