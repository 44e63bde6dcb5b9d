// Package telemetry sets up what the person who runs the program looks at: log lines,
// metrics for Prometheus, and traces over OTLP if a collector is named.
//
// None of them carries personal data. Code logs ids, codes and durations; as a second net
// the logger masks attributes whose names promise more (email, text, token …) and e-mail
// addresses inside any string.
package telemetry
