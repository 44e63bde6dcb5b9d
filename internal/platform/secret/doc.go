// Package secret keeps credentials of outside networks unreadable in the database.
//
// A [Box] seals with XChaCha20-Poly1305. The sealed bytes start with the number of the key
// that sealed them, so keys can be rotated while old rows are still read:
//
//	version (1 byte) · key id (4 bytes) · nonce (24 bytes) · ciphertext and tag
//
// What is sealed is bound to its place: a sealed value copied to another company, table or
// row does not open.
//
// Keys live in a file that only the program's user can read, one line per key, newest
// first: `<id> <base64 of 32 bytes>`. A new installation writes the file at its first start.
// Whoever has the database without the file has nothing; whoever loses the file loses the
// sealed values, so it belongs into the backup, apart from the database's.
package secret
