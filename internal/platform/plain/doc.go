// Package plain makes text that people typed fit to store and show.
//
// It takes out what has no place in a name or a message and only serves to deceive: control
// characters, zero-width characters, and marks that turn the direction of writing. It never
// escapes: text is kept as typed, and whoever shows it escapes for where it is shown.
package plain
