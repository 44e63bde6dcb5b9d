// Package smtp hands letters to a mail server (RFC 5321). It knows the words
// of package channel and nothing else of the program.
//
// A letter is accepted when the server has answered the end of its data. When
// that answer never comes, nobody can know: the error is in_doubt, and a
// second try carries the same Message-ID.
package smtp
