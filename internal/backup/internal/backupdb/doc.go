// Package backupdb holds the statements of package backup. It works as the
// owner of the tables, by itself and over one connection.
package backupdb
