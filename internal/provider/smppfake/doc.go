// Package smppfake is an SMSC that delivers nothing: it speaks real SMPP 3.4, keeps the
// short messages it takes in memory for people and tests to look at, tells receipts, and
// misbehaves on request.
package smppfake
