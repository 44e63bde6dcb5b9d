// Package sheet reads tables that people upload: CSV in the encodings that spreadsheets
// write, and XLSX (ISO/IEC 29500-1). It streams: whatever a file holds or claims, memory
// stays bounded, and a broken row is reported and does not end the reading.
//
// What a file is, is decided by its content, never by its name. Rows are numbered in the
// order of the file, and reading the same file in the same way gives the same numbers.
package sheet
