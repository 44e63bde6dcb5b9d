// Package pass makes and checks what visitors of a site show instead of a
// sign-in. Nothing of it is stored: a pass says who it is for and is signed.
//
//   - A visitor pass names a visitor of one widget for a year. The browser keeps
//     it; whoever holds it is that visitor.
//   - A connection pass, made from it, opens a socket for a quarter of an hour.
//   - A file pass lets one attachment be fetched by an address alone, since an
//     image cannot send headers. It is the same for a week, so that browsers
//     can keep the file.
//
// The form is base64url of kind, content and HMAC-SHA256 over both. The first
// key signs, all keys are tried, so that keys can be changed without sending
// every visitor away.
package pass
