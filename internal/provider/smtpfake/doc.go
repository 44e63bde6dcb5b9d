// Package smtpfake is a mail server that delivers nothing: it speaks real SMTP, keeps what
// it receives in memory for people and tests to look at, and misbehaves on request.
package smtpfake
