// Package checkdigit tells numbers of companies and banks from mistyped ones.
//
// It knows form and check digits only: a number that passes may belong to
// nobody. Numbers come without blanks and in capitals.
package checkdigit
