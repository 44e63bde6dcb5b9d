// Package archtest keeps the shape of the code: who may import whom, who
// writes which table, that every statement on a tenant's table names the
// company, that files and functions stay readable. It has only tests; their
// messages say what to do instead.
package archtest
