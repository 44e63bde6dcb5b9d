// Package sms knows how a text becomes short messages: its alphabet, and where
// it is cut when it needs several.
//
// A part carries 140 octets (3GPP TS 23.040). In the default alphabet of GSM
// 03.38 (3GPP TS 23.038), packed by the network into seven bits, that is 160
// characters, those of the extension table counting twice; anything else makes
// the whole text UCS-2 with 70. The header that joins parts leaves 153 and 67.
// Neither an escape sequence nor a surrogate pair is ever cut.
package sms
